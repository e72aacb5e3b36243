"""The shelf of money: how many reads each paid source has used, day by day (UTC, as the platforms bill)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from harvester.model import SourceName
from harvester.store.dialect import upsert
from harvester.store.tables import spend


class Spending:
    """Reads that were paid for, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, source: SourceName, day: date, reads: int) -> None:
        """Write down `reads` more on `day`; a negative number gives back what was charged in advance."""
        statement = upsert(self._db, spend).values(source=source, day=day, reads=reads)
        self._db.execute(
            statement.on_conflict_do_update(
                index_elements=["source", "day"], set_={"reads": spend.c.reads + statement.excluded.reads}
            )
        )

    def since(self, source: SourceName, day: date) -> int:
        """Give the reads used on `day` and after it."""
        used = select(func.coalesce(func.sum(spend.c.reads), 0)).where(spend.c.source == source, spend.c.day >= day)
        return int(self._db.scalar(used) or 0)
