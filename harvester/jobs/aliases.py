"""Teach the register other names of its organisations from files that know them: ROR, Wikidata, GLEIF, or a plain list.

The files are read as streams, for they are large (GLEIF has three million bodies). A body of the file lends its names
to an entry only if entity resolution is sure that one of them is that entry, and no other body of the file is it too.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

from harvester.errors import ConfigError
from harvester.jobs import Office
from harvester.jobs.recheck import known_organisations, recheck
from harvester.model import Mention, OrganisationId
from harvester.resolve import Register
from harvester.text import clean

CHUNK = 1 << 20
"""Characters that are read at a time from a file of JSON."""
OTHER_NAMES = tuple(
    f"Entity.{kind}EntityNames.{kind}EntityName.{number}"
    for kind in ("Other", "TransliteratedOther")
    for number in range(1, 6)
)
"""Columns of GLEIF's CSV (LEI-CDF 3.1) beside the legal name."""
PARTS = frozenset({"BRANCH", "FUND", "SOLE_PROPRIETOR"})
"""GLEIF's categories that are no organisations of their own."""

_VALUE = re.compile(r"[^\s,]")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One organisation as a file knows it. `names` may say which entry it is; `acronyms` are only added."""

    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    country: str = ""
    domain: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What an import came to: bodies read, entries matched, aliases added, and entries that several bodies may be."""

    read: int
    matched: int
    added: int
    ambiguous: tuple[str, ...]


def import_aliases(office: Office, path: Path) -> Learnt:
    """Add to the register's entries the other names that a file knows; raise ConfigError if it is of no known kind."""
    with office.store.read() as shelves:
        entries = {entry.id: entry for entry in shelves.organisations.all()}
        register = known_organisations(office, shelves)
    meant: defaultdict[OrganisationId, list[Body]] = defaultdict(list)
    unsure: set[OrganisationId] = set()
    read = 0
    for read, body in enumerate(bodies(path), 1):  # noqa: B007 -- the last number is how many were read
        called = _entries_called(register, body)
        if len(called) > 1:
            unsure |= called
        for key in called:
            meant[key].append(body)
    sure = {key: found[0] for key, found in meant.items() if len(found) == 1 and key not in unsure}
    aliases = _new_aliases(register, sure)
    with office.store.write() as shelves:
        taught = []
        for key, names in aliases.items():
            entry = shelves.organisations.get(key)
            taught.append(replace(entry, aliases=(*entry.aliases, *names)))
            shelves.organisations.change(taught[-1])
            register.add(taught[-1])
        recheck(shelves, register, taught, at=office.now())
    return Learnt(
        read=read,
        matched=len(sure),
        added=sum(map(len, aliases.values())),
        ambiguous=tuple(sorted(entries[key].name for key in meant.keys() - sure.keys())),
    )


def _entries_called(register: Register, body: Body) -> set[OrganisationId]:
    """Give the entries that one of the body's names surely means."""
    mentions = [Mention(name=name, country=body.country, domain=body.domain, handle=body.handle) for name in body.names]
    found = (register.match(mention).organisation for mention in mentions if register.knows(mention))
    return {entry.id for entry in found if entry}


def _new_aliases(register: Register, sure: Mapping[OrganisationId, Body]) -> dict[OrganisationId, list[str]]:
    """Choose the names that are new, and go to one entry only."""
    wanted: defaultdict[str, dict[OrganisationId, str]] = defaultdict(dict)
    for key, body in sure.items():
        for name in (*body.names, *body.acronyms):
            if alias := register.new_alias(name):
                wanted[alias].setdefault(key, name)
    chosen: defaultdict[OrganisationId, list[str]] = defaultdict(list)
    for takers in wanted.values():
        if len(takers) == 1:
            ((key, name),) = takers.items()
            chosen[key].append(name)
    return chosen


def bodies(path: Path) -> Iterator[Body]:
    """Read a file of any of the four kinds, told apart by how it begins; raise ConfigError when it is none of them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if file.read(1) == "[":
                yield from filter(None, map(_from_ror, _json_items(file)))
                return
            file.seek(0)
            rows = csv.DictReader(file)
            yield from _kind_of(path, set(rows.fieldnames or ()))(rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read as a list of names: {error}") from None


def _kind_of(path: Path, columns: set[str]) -> Callable[[Iterable[Row]], Iterator[Body]]:
    if "Entity.LegalName" in columns:
        return _from_gleif
    if {"item", "name"} <= columns:
        return _from_wikidata
    if {"name", "alias"} <= columns:
        return _from_plain
    allowed = "a JSON dump of ROR, or a CSV file with the columns name,alias or item,name or GLEIF's Entity.LegalName"
    raise ConfigError(
        f"{path}: found the columns {', '.join(sorted(columns))[:200] or 'of no table'}; allowed: {allowed}"
    )


def _json_items(file: TextIO) -> Iterator[Any]:
    """Give the items of a JSON array, one by one, behind its opening bracket; raise ConfigError when it breaks off."""
    decoder = json.JSONDecoder()
    text = ""
    while chunk := file.read(CHUNK):
        text, at = text + chunk, 0
        # An item that goes on in the next chunk, or the end of the array, is no whole value yet.
        with suppress(ValueError):
            while start := _VALUE.search(text, at):
                item, at = decoder.raw_decode(text, start.start())
                yield item
        text = text[at:]
    if text.strip() != "]":
        raise ConfigError(f"{file.name}: the JSON breaks off at: {text[:60]!r}")


def _from_ror(record: Any) -> Body | None:
    """Read a record of ROR's schema 2 (https://ror.readme.io/docs/ror-data-structure)."""
    match record:
        case {"names": [*names], "locations": [*places]}:
            named = [(clean(str(name.get("value", ""))), name.get("types") or []) for name in names]
            country = next(((place.get("geonames_details") or {}).get("country_code") for place in places), "")
            sites = (link.get("value") for link in record.get("links") or [] if link.get("type") == "website")
            return _body(
                [name for name, kinds in named if "acronym" not in kinds],
                acronyms=tuple(name for name, kinds in named if "acronym" in kinds),
                country=country or "",
                domain=next(sites, None) or "",
            )
        case _:
            return None


def _from_wikidata(rows: Iterable[Row]) -> Iterator[Body]:
    """Read the answer to the query in docs/aliases.md: a row for each name, those of one item behind each other."""
    for _, group in groupby(rows, key=lambda row: row["item"]):
        first, *more = group
        body = _body(
            [row["name"] for row in (first, *more)],
            country=first.get("country") or "",
            domain=first.get("website") or "",
            handle=first.get("handle") or "",
        )
        if body:
            yield body


def _from_gleif(rows: Iterable[Row]) -> Iterator[Body]:
    """Read GLEIF's golden copy of level 1 as CSV; branches, funds and bodies that are no more are left out."""
    for row in rows:
        if row.get("Entity.EntityCategory") in PARTS or row.get("Entity.EntityStatus") == "INACTIVE":
            continue
        names = [row.get(column) or "" for column in ("Entity.LegalName", *OTHER_NAMES)]
        if body := _body(names, country=row.get("Entity.LegalAddress.Country") or ""):
            yield body


def _from_plain(rows: Iterable[Row]) -> Iterator[Body]:
    """Read name,alias and, if the column is there, country; the rows of one name stand behind each other."""
    for (name, country), group in groupby(rows, key=lambda row: (row["name"] or "", row.get("country") or "")):
        if body := _body([name, *(row["alias"] or "" for row in group)], country=country):
            yield body


def _body(
    names: Iterable[str], *, acronyms: tuple[str, ...] = (), country: str, domain: str = "", handle: str = ""
) -> Body | None:
    """Make a body with each name once, or nothing if the file gives only one: it has no other name to lend."""
    told = tuple(dict.fromkeys(filter(None, map(clean, names))))
    if len(told) + len(acronyms) < 2:  # noqa: PLR2004 -- the name, and another
        return None
    return Body(names=told, acronyms=acronyms, country=country, domain=domain, handle=handle)
