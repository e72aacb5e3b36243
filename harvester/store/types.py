"""Column types that tell the truth: aware UTC times, text that every database takes, nouns as JSON."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

LONGEST_KEY = 500  # characters, of at most four bytes each
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite drops the zone even when asked to keep it, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Take aware times only; a naive one is a bug in the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text in which NUL (refused by PostgreSQL) and lone surrogates (refused by both) are U+FFFD.

    One character stands for one character, so that spans into the text stay right.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what no database stores."""
        del dialect
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)


class Key(PlainText):
    """An id from outside. PostgreSQL refuses index entries over 2,704 bytes, so a longer one ends in its own hash."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Bound the id; the same id gives the same key."""
        if value is not None and len(value) > LONGEST_KEY:
            digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
            value = f"{value[:LONGEST_KEY]}#{digest}"
        return super().process_bind_param(value, dialect)


class Json(TypeDecorator[Any]):
    """A noun, or a tuple or mapping of nouns, as JSON text in ASCII; `Json(tuple[Claim, ...])` reads it back typed."""

    impl = Text
    cache_ok = True

    def __init__(self, noun: Any) -> None:
        super().__init__()
        self.noun = noun
        self._adapter: TypeAdapter[Any] = TypeAdapter(noun)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write JSON; escapes keep every character, even those that are no valid text."""
        del dialect
        return None if value is None else json.dumps(self._adapter.dump_python(value, mode="json"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the noun back."""
        del dialect
        return None if value is None else self._adapter.validate_python(json.loads(value))
