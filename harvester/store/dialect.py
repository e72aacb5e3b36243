"""The one statement that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart: INSERT ... ON CONFLICT."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an insert that can be told what to do on a conflict."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def insert_or_ignore(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an insert that leaves a row alone which is there already."""
    return upsert(connection, table).on_conflict_do_nothing()
