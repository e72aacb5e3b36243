"""Make, upgrade, back up and check the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select

from harvester.errors import StoreError
from harvester.store.engine import WRITES
from harvester.store.tables import metadata


def ready(engine: Engine) -> None:
    """Make the tables of an empty database; raise StoreError when it has another version than this program."""
    with engine.connect() as connection:
        empty, here = not inspect(connection).get_table_names(), _version(connection)
    if empty:
        upgrade(engine)
    elif here != newest():
        raise StoreError(
            f"the database has version {here or 'unknown'}, this program needs {newest()}; run `harvester db upgrade`"
        )


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Bring the database to the newest version, in one transaction; give the versions before and after."""
    settings = alembic_settings()
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        before = _version(connection)
        if before is not None and before not in {script.revision for script in _scripts().walk_revisions()}:
            raise StoreError(f"the database has version {before}, which is newer than this program; update the program")
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
    return before, newest()


def version(engine: Engine) -> str | None:
    """Give the database's version, or None when it has none."""
    with engine.connect() as connection:
        return _version(connection)


def newest() -> str:
    """Give the version that this program needs."""
    return str(_scripts().get_current_head())


def row_counts(engine: Engine) -> dict[str, int]:
    """Count the rows of every table."""
    with engine.connect() as connection, connection.begin():
        return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in metadata.sorted_tables}


def backup(engine: Engine, target: Path) -> dict[str, int]:
    """Copy a SQLite database to `target` while others work; give the rows of each table in the verified copy.

    Raises StoreError on PostgreSQL (pg_dump is its tool), when `target` exists, and when the copy is not whole: a copy
    made on a full disk looks like a backup (measured), so it bears another name until it has been read through.
    """
    if engine.dialect.name != "sqlite":
        raise StoreError("PostgreSQL is backed up with its own pg_dump: pg_dump --format=custom ... (see README)")
    if target.exists():
        raise StoreError(f"{target} exists already; name another file")
    target.parent.mkdir(parents=True, exist_ok=True)
    unverified = target.with_name(target.name + ".unverified")
    unverified.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(unverified)) as copy:
            source.backup(copy)
            rows = _verify(copy, _tables(source))
        unverified.rename(target)
    except (sqlite3.Error, OSError) as error:
        unverified.unlink(missing_ok=True)
        raise StoreError(f"the backup to {target} failed: {error}") from error
    return rows


def check(engine: Engine) -> list[str]:
    """Say what is wrong with the database, a sentence each; an empty list is a sound one."""
    if (here := version(engine)) != newest():
        return [f"it has version {here or 'unknown'}, this program needs {newest()}; run `harvester db upgrade`"]
    if engine.dialect.name != "sqlite":
        return []
    try:
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            return _faults(connection)
    except sqlite3.DatabaseError as error:
        return [f"{error}; put the latest sound backup in its place"]


def _tables(source: sqlite3.Connection) -> list[str]:
    """Name our tables that are there: before an upgrade a database lacks some that this program has."""
    there = {row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return [table.name for table in metadata.sorted_tables if table.name in there]


def _verify(copy: sqlite3.Connection, names: list[str]) -> dict[str, int]:
    if faults := _faults(copy):
        raise StoreError(f"the copy is not sound: {faults[0]}")
    return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 -- own names


def _faults(connection: sqlite3.Connection) -> list[str]:
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    return found + [f"table {table} row {row} points to a missing row of {parent}" for table, row, parent, _ in orphans]


def alembic_settings() -> Config:
    """Point Alembic at our migrations; it needs no ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return settings


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_settings())


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
