"""Connect to SQLite or PostgreSQL so that a transaction means the same on both.

There is one writer at a time on both, so that code which looks first and writes then needs no thought about others:
our writes are few and short. SQLite takes BEGIN IMMEDIATE for that (measured: plain BEGIN committed 202 of 600
transactions of four writers, BEGIN IMMEDIATE 600), PostgreSQL an advisory lock that ends with the transaction.
DDL is inside transactions on both: a killed migration leaves nothing behind.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from harvester.errors import ConfigError

WRITES = {"harvester_writes": True}
BUSY_MILLISECONDS = 30_000
ADVISORY_LOCK = 0x50434831  # any number that no other program on the same PostgreSQL database locks


def connect(database: SecretStr) -> Engine:
    """Make the engine for `sqlite:///...` or `postgresql://...`; raise ConfigError for another address."""
    try:
        url = make_url(database.get_secret_value())
    except ArgumentError:
        raise ConfigError("database_url: is no database address; allowed: sqlite:///FILE or postgresql://...") from None
    if url.get_backend_name() == "sqlite":
        return _sqlite(str(url.database or ""))
    if url.get_backend_name() == "postgresql":
        engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        event.listen(engine, "begin", _lock)
        return engine
    raise ConfigError(f"database_url: found {url.get_backend_name()}; allowed: sqlite:///FILE or postgresql://...")


def _sqlite(file: str) -> Engine:
    if not file or file == ":memory:":
        raise ConfigError("database_url: found a SQLite database without a file; allowed: sqlite:///FILE")
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{file}", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin or commit on its own; _begin does
    for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn WAL on, which lasts for the file's life. SQLite does not wait by itself when two do so at the same time."""
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _lock(connection: Connection) -> None:
    if _writes(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("harvester_writes"))
