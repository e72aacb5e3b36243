"""The shelf of sources: where each one's next visit begins, when it is due, and how its visits went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from harvester.model import START, Cursor, Health, Run, SourceName
from harvester.store.dialect import insert_or_ignore
from harvester.store.tables import item, post, run, source_state

_RUN_FIELDS = ("source", "started_at", "ended_at", "pages", "fetched", "new", "edited", "unrelated", "unreadable")


class SourceState(NamedTuple):
    """What the database knows of one source."""

    source: SourceName
    next_due_at: datetime | None
    failures: int
    last_run_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    health: Health
    trouble: str


class Sources:
    """Cursors, due times and runs, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def cursor(self, source: SourceName) -> Cursor:
        """Give the cursor that the last stored page left, or START."""
        found = self._db.scalar(select(source_state.c.cursor).where(source_state.c.source == source))
        return Cursor(found) if found is not None else START

    def advance(self, source: SourceName, *, since: Cursor, to: Cursor) -> bool:
        """Move the cursor if it still stands at `since`; say False when another visitor has moved it."""
        self._make(source)
        moved = self._db.execute(
            update(source_state)
            .where(source_state.c.source == source, source_state.c.cursor == since)
            .values(cursor=to)
        )
        return moved.rowcount == 1

    def record(self, visit: Run, *, health: Health, next_due_at: datetime) -> None:
        """Write down how a visit went and when the next one is due."""
        self._db.execute(insert(run).values({f: getattr(visit, f) for f in (*_RUN_FIELDS, "trouble", "notes")}))
        self._make(visit.source)
        well = health is Health.WELL
        changes = {
            "next_due_at": next_due_at,
            "last_run_at": visit.ended_at,
            "health": health.value,
            "trouble": visit.trouble,
            "failures": source_state.c.failures + 1 if health is Health.TROUBLE else 0,
        }
        if well:
            changes["last_success_at"] = visit.ended_at
        if visit.new:
            changes["last_new_at"] = visit.ended_at
        self._db.execute(update(source_state).where(source_state.c.source == visit.source).values(changes))

    def states(self) -> dict[SourceName, SourceState]:
        """Give what is known of every source that was ever visited."""
        columns = [source_state.c[field] for field in SourceState._fields]
        rows = (SourceState(*row) for row in self._db.execute(select(*columns)))
        return {row.source: row._replace(health=Health(row.health)) for row in rows}

    def kept(self) -> dict[SourceName, int]:
        """Count the posts kept from each source."""
        counted = select(post.c.source, func.count()).group_by(post.c.source)
        return {SourceName(source): count for source, count in self._db.execute(counted)}

    def unreadable(self) -> dict[SourceName, int]:
        """Count the items of each source that are set aside."""
        counted = select(item.c.source, func.count()).where(item.c.unreadable.is_not(None)).group_by(item.c.source)
        return {SourceName(source): count for source, count in self._db.execute(counted)}

    def runs(self, source: SourceName, limit: int = 20) -> Sequence[Run]:
        """Give the latest visits to a source, newest first."""
        columns = [run.c[field] for field in (*_RUN_FIELDS, "trouble", "notes")]
        latest = select(*columns).where(run.c.source == source).order_by(run.c.id.desc()).limit(limit)
        return [Run(**row) for row in self._db.execute(latest).mappings()]

    def notes(self, since: datetime) -> list[tuple[SourceName, str]]:
        """Give what visits that ended after `since` noted for the operator, each note of a source once."""
        recent = select(run.c.source, run.c.notes).where(run.c.ended_at > since).order_by(run.c.id)
        found = {(SourceName(row.source), note): None for row in self._db.execute(recent) for note in row.notes}
        return list(found)

    def forget_runs(self, before: datetime) -> int:
        """Delete the records of visits that ended before a time; say how many."""
        return self._db.execute(delete(run).where(run.c.ended_at < before)).rowcount

    def _make(self, source: SourceName) -> None:
        self._db.execute(insert_or_ignore(self._db, source_state).values(source=source))
