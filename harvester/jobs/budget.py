"""The meter of a source that costs money: its reads, against the caps in its options."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from harvester.jobs import Office
from harvester.model import SourceName


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Counts in the database, at once, so that a crash forgets no spending. Days and months are UTC's."""

    office: Office
    source: SourceName
    a_day: int | None
    a_month: int | None

    def allowance(self) -> int:
        """Give how many reads are left, today and this month."""
        today = self.office.now().date()
        with self.office.store.read() as shelves:
            used_today = shelves.spending.since(self.source, today)
            used_this_month = shelves.spending.since(self.source, today.replace(day=1))
        left = [
            cap - used for cap, used in ((self.a_day, used_today), (self.a_month, used_this_month)) if cap is not None
        ]
        return max(0, min(left, default=sys.maxsize))

    def charge(self, reads: int) -> None:
        """Write down `reads` more."""
        with self.office.store.write() as shelves:
            shelves.spending.add(self.source, self.office.now().date(), reads)
