"""Read the official list of supporters: each row of its CSV says that an organisation has signed.

The list is a template filled in without escaping quotation marks, so each line is read by itself: a broken row is set
aside and spoils no other. Nothing is ever concluded from a row that is missing; a list that shrinks is told to staff.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from babel.core import get_global
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harvester.collect import Surroundings
from harvester.collect._payload import Payload, Text, Url, domain, read_payload
from harvester.collect.web import Address, Answer, Validators, Web, open_web, shown
from harvester.config import Duration, Source
from harvester.errors import Unavailable, UnreadableItem
from harvester.model import OFFICIAL_LIST, START, Author, Cursor, NativeId, Page, Post, PostId, RawItem

NEEDED = ("name", "nationality")
SMALLEST_SHARE = 0.98
"""A list with a smaller share than this of the rows that it had is an alarm; the real one has only ever grown."""
VISITS_OF_ALARM = 12
"""For how many visits in a row the alarm is given before the smaller list is taken for the right one."""


class Options(BaseModel):
    """The list's own keys in `sources.toml`: the CSV, the page for people, and what its rows have signed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Address = "https://pariscall.international/supporters.csv"
    page: Address = "https://pariscall.international/en/supporters"
    pledge: str = "Paris Call for Trust and Security in Cyberspace"
    max_bytes: int = Field(default=4_000_000, ge=1_000, le=50_000_000)
    deadline: Duration = Field(default=timedelta(minutes=1), gt=timedelta(), le=timedelta(minutes=5))


class State(BaseModel):
    """What the list's cursor holds: how many rows it had, and for how many visits it has had fewer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    validators: Validators = Validators()
    count: int = 0
    alarms: int = 0


class Row(Payload):
    """A row of the list, as far as it is used; `nationality` is ISO 3166-1 alpha-3."""

    name: Text = ""
    category: Text = ""
    nationality: Text = ""
    nature: Text = ""
    website: Url = ""
    twitter: Text = ""
    date_signed: Text = ""
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Supporters:
    """The collector for the official list."""

    source: Source
    options: Options
    surroundings: Surroundings
    web: Web

    def fetch(self, cursor: Cursor) -> Iterator[Page]:
        """Yield one page with every row of the list, or with none if the list has not changed."""
        state = _state(cursor)
        answer = self.web.get(self.options.url, accept="text/csv, */*;q=0.5", validators=state.validators)
        if answer.status == 304:  # noqa: PLR2004 -- HTTP's "not modified"
            yield Page(items=(), cursor=cursor)
            return
        items = self._items(answer)
        state, note = _count(state, len(items), answer.validators)
        yield Page(items=items, cursor=Cursor(state.model_dump_json()), note=note)

    def read(self, item: RawItem) -> Post | None:
        """Turn a row into a post which says that its organisation signed; raise UnreadableItem for a broken row."""
        row = read_payload(Row, item)
        if row.broken or not row.name:
            raise UnreadableItem(row.broken or "a row without a name")
        handle = row.twitter.removeprefix("@") if re.fullmatch(r"@\w{1,50}", row.twitter) else ""
        return Post(
            id=PostId(f"{OFFICIAL_LIST}:{item.native_id}"),
            source=item.source,
            url=self.options.page,
            # The organisation is the author: names such as "X and Y, School of Z" survive whole only outside sentences.
            author=Author(
                platform=OFFICIAL_LIST,
                name=row.name,
                handle=handle,
                url=row.website,
                domain=domain(row.website),
                country=_country(row.nationality),
            ),
            title=f"{row.name} is on the official list of supporters of the {self.options.pledge}",
            text="\n".join((f"Officially joined the {self.options.pledge}.", *_facts(row))),
            language="en",
            published_at=_signed_at(row.date_signed, item.fetched_at),
            links=(row.website,) if row.website else (),
        )

    def _items(self, answer: Answer) -> tuple[RawItem, ...]:
        text = answer.body.decode("utf-8-sig", "replace").replace("\0", "\ufffd")
        head, *lines = (line.rstrip("\r") for line in text.split("\n"))
        columns = [name.strip() for name in head.split(",")]
        if not set(NEEDED) <= set(columns):
            raise Unavailable(
                f"{shown(answer.url)} is not the list of supporters: its first line has no {' and '.join(NEEDED)}"
            )
        now = self.surroundings.now()
        items = {}
        for line in filter(str.strip, lines):
            payload = _payload(columns, line)
            key = _native_id(payload)
            items[key] = RawItem(source=self.source.name, native_id=key, payload=payload, fetched_at=now)
        return tuple(items.values())


def open_source(source: Source, options: Options, surroundings: Surroundings) -> Supporters:
    """Make the collector for the official list; touches no network."""
    web = open_web(source, surroundings, deadline=options.deadline, max_bytes=options.max_bytes)
    return Supporters(source, options, surroundings, web)


def _state(cursor: Cursor) -> State:
    """Read `cursor`; begin anew if it is START or damaged."""
    try:
        return State() if cursor == START else State.model_validate_json(cursor)
    except ValidationError:
        return State()


def _count(state: State, count: int, validators: Validators) -> tuple[State, str]:
    """Give the next state, and a note if the list has shrunk too far.

    While it is too small its validators are not kept, so that each visit looks at it again.
    """
    if count >= state.count * SMALLEST_SHARE or state.alarms >= VISITS_OF_ALARM:
        return State(validators=validators, count=count), ""
    note = f"the official list had {state.count} rows and now has {count}; nothing was removed here, look at the list"
    return State(count=state.count, alarms=state.alarms + 1), note


def _payload(columns: Sequence[str], line: str) -> dict[str, str]:
    """Give a row as column -> text, or, if it cannot be taken apart, the whole line and what is wrong with it."""
    try:
        fields = next(csv.reader([line], strict=True))
    except csv.Error as error:
        return {"broken": f"a row that cannot be taken apart: {error}", "line": line}
    if len(fields) != len(columns):
        return {"broken": f"a row of {len(fields)} fields where {len(columns)} should stand", "line": line}
    return dict(zip(columns, fields, strict=True))


def _native_id(payload: Mapping[str, str]) -> NativeId:
    """Name a row by its name and nationality, whatever the case and spacing; one without a name by all of it."""
    named = payload.get("name", "").strip()
    key = "\x1f".join(payload[column] for column in NEEDED) if named else "\x1f".join(payload.values())
    folded = " ".join(unicodedata.normalize("NFKC", key).casefold().split())
    return NativeId(hashlib.sha256(folded.encode()).hexdigest()[:32])


def _country(nationality: str) -> str:
    """Give the two-letter code of a two- or three-letter one; the list has used both."""
    code = nationality.upper()
    known = code if len(code) == 2 else next(iter(get_global("territory_aliases").get(code, ())), "")  # noqa: PLR2004 -- as below
    return known if len(known) == 2 and known.isascii() else ""  # noqa: PLR2004 -- ISO 3166-1 alpha-2


def _facts(row: Row) -> list[str]:
    facts = {
        "Category": row.category,
        "Country": row.nationality,
        "Nature": row.nature,
        "Website": row.website,
        "Twitter": row.twitter,
        "Signed on": row.date_signed,
    }
    return [f"{name}: {value}" for name, value in facts.items() if value]


def _signed_at(day: str, fetched_at: datetime) -> datetime | None:
    """Give the day of signature as midnight in UTC; None if there is none or it cannot be true."""
    try:
        moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment <= fetched_at else None
