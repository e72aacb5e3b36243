"""The shelf of leases: who may do what only one process may do at a time, and until when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from harvester.store.dialect import insert_or_ignore
from harvester.store.tables import lease


class Leases:
    """Named leases, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def take(self, name: str, holder: str, *, now: datetime, length: timedelta) -> bool:
        """Take or renew the lease; say False while somebody else holds it."""
        self._db.execute(insert_or_ignore(self._db, lease).values(name=name, holder=holder, expires_at=now))
        taken = self._db.execute(
            update(lease)
            .where(lease.c.name == name, or_(lease.c.holder == holder, lease.c.expires_at <= now))
            .values(holder=holder, expires_at=now + length)
        )
        return taken.rowcount == 1

    def release(self, name: str, holder: str) -> None:
        """Give the lease back, if it is ours."""
        self._db.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))

    def holder(self, name: str) -> tuple[str, datetime] | None:
        """Say who holds the lease and until when."""
        row = self._db.execute(select(lease.c.holder, lease.c.expires_at).where(lease.c.name == name)).first()
        return (row.holder, row.expires_at) if row else None

    def is_done(self, task: str, day: date) -> bool:
        """Say whether a daily task was marked as done for this day."""
        return self._db.scalar(select(lease.c.holder).where(lease.c.name == task)) == day.isoformat()

    def mark_done(self, task: str, day: date, *, now: datetime) -> None:
        """Mark a daily task as done for this day."""
        self._db.execute(delete(lease).where(lease.c.name == task))
        self._db.execute(insert(lease).values(name=task, holder=day.isoformat(), expires_at=now))
