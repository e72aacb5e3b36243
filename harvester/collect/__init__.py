"""Bring posts from platforms: one file a platform, found by its `kind`, nothing to register.

A module `collect/<kind>.py` has a class `Options` (pydantic: its own keys in `sources.toml`) and a function
`open_source(source, options, surroundings) -> Collector`. The contract, tested for every kind by the same test:

* each page's cursor is safe: a visit that begins there, after the page is stored, loses nothing; repeats are
  allowed, gaps are not; every visit reads again a window of what it has seen, because posts arrive late and back-dated;
* `fetch` raises `SourceError` and nothing else, never sleeps, and ends by itself after a bounded number of pages;
* `read` is pure; it raises `UnreadableItem` and nothing else, and gives None for what is no post.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from harvester.collect._turns import Turns
from harvester.config import Source, check_options
from harvester.errors import ConfigError
from harvester.model import Cursor, Page, Post, RawItem

__all__ = ["Collector", "Meter", "Surroundings", "Turns", "kinds", "open_source"]

NOT_KINDS = frozenset({"web"})


class Collector(Protocol):
    """What the harvest job needs to know of a platform."""

    def fetch(self, cursor: Cursor) -> Iterator[Page]:
        """Yield pages from `cursor` on, oldest gap first; raise SourceError."""
        ...

    def read(self, item: RawItem) -> Post | None:
        """Turn one item into a post, or None if it is none; raise UnreadableItem."""
        ...


class Meter(Protocol):
    """Counts the reads of a source that costs money, against the cap in its options."""

    def allowance(self) -> int:
        """Give how many posts may still be read, today and this month."""
        ...

    def charge(self, reads: int) -> None:
        """Write down that `reads` posts were paid for, at once; a negative number gives back what proved too much."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a collector gets from outside, so that it needs no clock, no environment and no database of its own."""

    user_agent: str
    now: Callable[[], datetime]
    secret: Callable[[str], SecretStr | None]
    meter: Callable[[int | None, int | None], Meter]
    """Give the source's meter for a cap a day and a cap a month (None: no cap)."""
    turns: Turns = field(default_factory=Turns)
    """The turns at each host: sources share them by sharing these surroundings."""


def kinds() -> list[str]:
    """Name the kinds of sources that there are: the modules of this package without an underscore in front."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if name not in NOT_KINDS and not name.startswith("_"))


def open_source(source: Source, surroundings: Surroundings) -> Collector:
    """Make the collector for `source`; raise ConfigError for an unknown kind or a wrong option. Touches no network."""
    if source.kind not in kinds():
        raise ConfigError(f"sources.toml [{source.name}]: kind: found {source.kind!r}; allowed: {', '.join(kinds())}")
    module = importlib.import_module(f"harvester.collect.{source.kind}")
    collector: Collector = module.open_source(source, check_options(module.Options, source), surroundings)
    return collector
