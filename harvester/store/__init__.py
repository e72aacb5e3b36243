"""Keep everything: the only room that knows SQLAlchemy.

`Store.write()` and `Store.read()` give one transaction with a shelf for each noun. What is put on shelves within one
`write()` is there as a whole or not at all, whenever the process dies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from pydantic import SecretStr
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from harvester.errors import StoreError
from harvester.store import upkeep
from harvester.store.cases import Cases
from harvester.store.engine import WRITES, connect
from harvester.store.judgements import Judgements
from harvester.store.leases import Leases
from harvester.store.organisations import Organisations
from harvester.store.outbox import Outbox
from harvester.store.posts import Posts
from harvester.store.sources import Sources
from harvester.store.spending import Spending

__all__ = ["Shelves", "Store"]


@dataclass(frozen=True)
class Shelves:
    """One transaction, seen noun by noun."""

    connection: Connection

    @cached_property
    def sources(self) -> Sources:
        """Cursors, due times and runs."""
        return Sources(self.connection)

    @cached_property
    def posts(self) -> Posts:
        """Items, posts and findings."""
        return Posts(self.connection)

    @cached_property
    def organisations(self) -> Organisations:
        """The register."""
        return Organisations(self.connection)

    @cached_property
    def judgements(self) -> Judgements:
        """What staff say of who is who."""
        return Judgements(self.connection)

    @cached_property
    def cases(self) -> Cases:
        """The review queue: cases, evidence and decisions."""
        return Cases(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        """Letters, and what each has told."""
        return Outbox(self.connection)

    @cached_property
    def spending(self) -> Spending:
        """Reads that were paid for."""
        return Spending(self.connection)

    @cached_property
    def leases(self) -> Leases:
        """Who may do what only one may do."""
        return Leases(self.connection)


class Store:
    """The database; safe to use from several threads and, on the same database, several processes."""

    def __init__(self, database: SecretStr) -> None:
        """Connect lazily; raise ConfigError for an address that is neither SQLite nor PostgreSQL."""
        self.engine: Engine = connect(database)

    def ready(self) -> None:
        """Make the tables of a new database; raise StoreError when an old one waits for `harvester db upgrade`."""
        with _reached():
            upkeep.ready(self.engine)

    @contextmanager
    def write(self) -> Iterator[Shelves]:
        """Give shelves whose changes are kept as a whole when the block ends, or not at all."""
        with _reached(), self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            yield Shelves(connection)

    @contextmanager
    def read(self) -> Iterator[Shelves]:
        """Give shelves to look at, all as of one moment."""
        with _reached(), self.engine.connect() as connection, connection.begin():
            yield Shelves(connection)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


@contextmanager
def _reached() -> Iterator[None]:
    """Say in words that the database is away, full or locked; its address, which may hold a password, is not shown."""
    try:
        yield
    except DatabaseError as error:
        # Exactly DatabaseError is SQLite's "malformed"; its other subclasses, such as IntegrityError, are bugs of ours.
        if isinstance(error, OperationalError) or type(error) is DatabaseError:
            raise StoreError(f"the database cannot be used: {str(error.orig).strip()}") from error
        raise
