"""Bring the official list of supporters into the register; a supporter that is there already is left as it is."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from harvester.errors import ConfigError
from harvester.jobs import Office
from harvester.jobs.recheck import known_organisations, recheck
from harvester.model import UNREGISTERED, Category, Organisation, Standing
from harvester.store import Shelves
from harvester.text import clean

COLUMNS = ("name", "category", "country", "nature", "website", "twitter", "date_signed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import came to; `skipped` are line numbers of rows without a name.

    `proposed` counts the pairs of a new supporter and something that posts brought, which may be one organisation.
    """

    read: int
    added: int
    skipped: tuple[int, ...]
    proposed: int = 0


def first_start(office: Office, path: Path) -> Imported | None:
    """Import the list if the register has nothing of it yet; None when it has."""
    with office.store.read() as shelves:
        if shelves.organisations.listed():
            return None
    return import_list(office, path)


def import_list(office: Office, path: Path) -> Imported:
    """Import a CSV file with the columns of the official list; raise ConfigError when it is none."""
    rows = list(_rows(path))
    named = [(line, row) for line, row in rows if row["name"]]
    with office.store.write() as shelves:
        known = shelves.organisations.listed()
        listed = {list_key(row["name"], row["country"]): _supporter(row) for _, row in named}
        new = {key: supporter for key, supporter in listed.items() if key not in known}
        proposed = _recheck(office, shelves, shelves.organisations.add_listed(new))
    skipped = tuple(line for line, row in rows if not row["name"])
    return Imported(read=len(named), added=len(new), skipped=skipped, proposed=proposed)


def _recheck(office: Office, shelves: Shelves, new: list[Organisation]) -> int:
    """Compare new supporters with what posts have brought; on the first start there is nothing of that kind."""
    if not new or not shelves.organisations.are_from_posts():
        return 0
    return recheck(shelves, known_organisations(office, shelves), new, at=office.now())


def list_key(name: str, country: str) -> str:
    """Give what tells one row of the list from another: its name without case and accents' encoding, its country."""
    return f"{unicodedata.normalize('NFKC', name).casefold()}|{country.upper()}"


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := sorted(set(COLUMNS[:3]) - set(reader.fieldnames or ())):
                raise ConfigError(f"{path}: the first line lacks {', '.join(missing)}; allowed: {', '.join(COLUMNS)}")
            for row in reader:
                yield reader.line_num, {column: clean(row.get(column) or "") for column in COLUMNS}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read as a list of supporters: {error}") from None


def _supporter(row: dict[str, str]) -> Organisation:
    category: Category | None = None
    signed_on: date | None = None
    with suppress(ValueError):
        category = Category(row["category"])
    with suppress(ValueError):
        signed_on = date.fromisoformat(row["date_signed"])
    return Organisation(
        id=UNREGISTERED,
        name=row["name"],
        standing=Standing.SUPPORTER,
        handles=tuple(filter(None, [_handle(row["twitter"])])),
        domains=tuple(filter(None, [_host(row["website"])])),
        country=row["country"].upper() if len(row["country"]) == 2 else "",  # noqa: PLR2004 -- ISO 3166-1 alpha-2
        category=category,
        signed_on=signed_on,
    )


def _handle(given: str) -> str:
    """Give the handle of what the list has: a handle or the address of a profile."""
    return given.rstrip("/").rsplit("/", 1)[-1].lstrip("@")


def _host(website: str) -> str:
    with suppress(ValueError):
        return (urlsplit(website if "//" in website else f"//{website}").hostname or "").removeprefix("www.")
    return ""
