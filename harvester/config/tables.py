"""The tables of `config/*.toml`: what keys there are, and which values are allowed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from harvester.model import SourceName

ENVIRONMENT_DATABASE = "HARVESTER_DATABASE_URL"
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> object:
    found = re.fullmatch(r"\s*(\d+)\s*([smhd])\s*", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('a number and a unit, such as "90s", "15m", "6h" or "1d"')
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _time_zone(value: object) -> object:
    try:
        return ZoneInfo(value) if isinstance(value, str) else value
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('a name from the IANA list, such as "Africa/Nairobi" or "Europe/Brussels"') from None


def _without_password(url: str) -> str:
    if urlsplit(url).password:
        raise ValueError(f"an address without a password; put the whole address into {ENVIRONMENT_DATABASE} instead")
    return url


Duration = Annotated[timedelta, BeforeValidator(_duration)]
TimeZone = Annotated[ZoneInfo, BeforeValidator(_time_zone)]
Words = tuple[str, ...]


class Table(BaseModel):
    """A table of a TOML file; a key that nobody knows is an error, because it is a misspelling."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class DigestSettings(Table):
    """When the daily letter goes out, and to whom."""

    at: time = time(8, 0)
    sender: str = ""
    recipients: Words = ()
    reply_to: str = ""
    quiet_after: Duration = timedelta(days=1)


class SmtpSettings(Table):
    """The server that takes our mail. `security`: STARTTLS (587), TLS from the first byte (465), or none."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password_secret: str = "HARVESTER_SMTP_PASSWORD"  # noqa: S105 -- the name of the variable, not the password
    timeout: Duration = timedelta(minutes=2)


class SchedulerSettings(Table):
    """How the background job divides its time."""

    lease: Duration = timedelta(minutes=2)
    visit_limit: Duration = timedelta(minutes=10)


class Settings(Table):
    """`config/harvester.toml`: this installation."""

    database_url: Annotated[str, AfterValidator(_without_password)] = "sqlite:///harvester.db"
    time_zone: TimeZone = ZoneInfo("UTC")
    contact: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    keep_backups: int = Field(default=7, ge=0)
    digest: DigestSettings = DigestSettings()
    smtp: SmtpSettings = SmtpSettings()
    scheduler: SchedulerSettings = SchedulerSettings()


class Source(BaseModel):
    """One entry of `config/sources.toml`; keys beyond these are its kind's own and checked by its collector."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: SourceName = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    kind: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    every: Duration = timedelta(minutes=30)
    enabled: bool = True
    allow_private: bool = False

    @property
    def options(self) -> Mapping[str, Any]:
        """The keys that belong to the source's kind."""
        return self.model_extra or {}


class Segment(Table):
    """A focus group of the campaign, as the reviewer picks it and the progress page shows it."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    group: str = ""


class Terms(Table):
    """The words by which a post about the Call is known; `campaign.toml` says how each list is used.

    In all but `hashtags` and `links`, a word may begin or end with a star, and a bar separates alternatives.
    """

    names: Words = Field(min_length=1)
    weak_names: Words = ()
    hashtags: Words = ()
    links: Words = ()
    topic_words: Words = ()
    other_calls: Words = ()
    other_topics: Words = ()
    places: Words = ()
    launchers: Words = ()
    kinds: Words = ()


class Campaign(Table):
    """`config/campaign.toml`: the pledge that is watched, its names, its goal and its calendar."""

    name: str
    short_name: str
    official_site: str = ""
    goal: int = Field(ge=0)
    baseline: int = Field(ge=0)
    start: date
    end: date | None = None
    segments: tuple[Segment, ...] = ()
    terms: Terms


Ideas = tuple[Annotated[Words, Field(min_length=1)], ...]


class TranslationWords(Table):
    """`[translation]` in `config/organisations.toml`: which names of like meaning are one name in two languages."""

    everywhere: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    sole: frozenset[tuple[str, str]] = frozenset()
    twins: frozenset[str] = frozenset()
    synonyms: frozenset[str] = frozenset()


class OrganisationWords(Table):
    """`config/organisations.toml`: what names of organisations are made of; the file says what each list is for."""

    links: Words = ()
    articles: Words = ()
    legal: Words = ()
    not_legal: Words = ()
    legal_at: Ideas = ()
    group: Ideas = ()
    kinds: Ideas = ()
    units: Ideas = ()
    fields: Ideas = ()
    territories: Ideas = ()
    state_words: Words = ()
    realms: Words = ()
    governments: Words = ()
    not_states: Words = ()
    short_forms: tuple[tuple[str, str], ...] = ()
    states: Ideas = ()
    peoples: Ideas = ()
    cities: Ideas = ()
    formerly: Words = ()
    also: Words = ()
    shared_hosts: Words = ()
    han: str = ""
    translation: TranslationWords = TranslationWords()
