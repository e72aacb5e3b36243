"""One sample post of the demonstration, as its author wrote it, before a platform gives it its own form."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from harvester.model import Label

SAMPLES = Path(__file__).with_name("samples.toml")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Platform(StrEnum):
    """Which of the three kinds of server shows the post."""

    FEED = "feed"
    MASTODON = "mastodon"
    X = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the pipeline should make of a post: its label, and the organisations that it says have signed."""

    label: Label
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One post. `key` is unique; `place` is the feed's name, or the one Mastodon server that knows the post.

    `native_id` overrides the id that the platform would make from the time, for late posts and foreign servers;
    `mentions` are handles in the text with their display names; `without` names the fields that a broken item lacks;
    `html` says that `text` is HTML already.
    """

    key: str
    platform: Platform
    text: str
    published_at: datetime
    name: str = "Sample author"
    handle: str = "sample"
    place: str = ""
    about: str = ""
    title: str = ""
    language: str = "en"
    link: str = ""
    edited_at: datetime | None = None
    repost_of: Sample | None = None
    native_id: str = ""
    mentions: Mapping[str, str] = field(default_factory=dict)
    html: bool = False
    without: tuple[str, ...] = ()
    expect: Expectation | None = None

    def number(self, bits: int, salt: str = "") -> int:
        """Give a number below 2 to the power of `bits` that stays the same for this key."""
        return zlib.crc32(f"{salt}{self.key}".encode()) % (1 << bits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A website with a feed."""

    name: str
    title: str
    link: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporter:
    """One row of the official list, in the columns of its CSV; `nationality` is ISO 3166-1 alpha-3."""

    name: str
    category: str = ""
    nationality: str = ""
    nature: str = ""
    website: str = ""
    twitter: str = ""
    date_signed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """All that the demonstration's server shows."""

    posts: tuple[Sample, ...] = ()
    sites: tuple[Site, ...] = ()
    supporters: tuple[Supporter, ...] = ()


def read_samples(now: datetime, path: Path = SAMPLES) -> Samples:
    """Read the shipped samples, their ages counted back from `now` (aware UTC)."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    posts: dict[str, Sample] = {}
    for table in tables["post"]:
        posts[table["key"]] = _sample(table, now, posts)
    return Samples(
        posts=tuple(posts.values()),
        sites=tuple(Site(**table) for table in tables["site"]),
        supporters=tuple(_supporter(table, now) for table in tables["supporter"]),
    )


def _sample(table: Mapping[str, Any], now: datetime, earlier: Mapping[str, Sample]) -> Sample:
    values = dict(table)
    expect = values.pop("expect", None)
    edited, original = values.pop("edited", ""), values.pop("repost_of", "")
    return Sample(
        platform=Platform(values.pop("platform")),
        published_at=now - _age(values.pop("age")),
        edited_at=now - _age(edited) if edited else None,
        repost_of=earlier[original] if original else None,
        without=tuple(values.pop("without", ())),
        expect=_expectation(**expect) if expect else None,
        text=values.pop("text", "").strip(),
        **values,
    )


def _expectation(label: str, organisations: list[str] | None = None) -> Expectation:
    return Expectation(label=Label(label), organisations=tuple(organisations or ()))


def _supporter(table: Mapping[str, str], now: datetime) -> Supporter:
    values = dict(table)
    age = values.pop("age", "")
    return Supporter(date_signed=(now - _age(age)).date().isoformat() if age else "", **values)


def _age(text: str) -> timedelta:
    return timedelta(**{UNITS[text[-1]]: int(text[:-1])})
