"""`harvester org match`: JSON lines of mentions in, a JSON line of an answer out for each at once, for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from harvester.cli.office import open_office

if TYPE_CHECKING:
    from harvester.model import Mention, Organisation
    from harvester.resolve import Register

_QUERY = {"text_name": "name", "country": "country", "domain": "domain", "handle": "handle"}


@dataclass(slots=True)
class Desk:
    """Answers lines with one register: the database's, read when first asked for, until a line brings another."""

    build: Callable[[list[Organisation]], Register]
    stored: Callable[[], Register]
    register: Register | None = None

    def answer(self, line: bytes) -> dict[str, Any] | None:
        """Answer one line; None for one that brings a register. Raise ValueError that says what is wrong with it."""
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError(f"found {type(row).__name__}; allowed: an object")  # noqa: TRY004 -- answered like the others
        match row.get("op"):
            case "registry":
                self.register = self.build(read_entries(row.get("entries")))
                return None
            case "match":
                return self._match(read_mention(row.get("query")))
            case other:
                raise ValueError(f'"op": found {other!r:.40}; allowed: "registry", "match"')

    def _match(self, mention: Mention) -> dict[str, Any]:
        if self.register is None:
            self.register = self.stored()
        found = self.register.match(mention)
        best = found.candidates[0] if found.candidates else None
        return {
            "name": best.organisation.name if best and found.outcome != "new" else None,
            "score": best.score if best else 0.0,
            "decision": found.outcome.value,
            "candidates": [[one.organisation.name, one.score] for one in found.candidates],
            "reasons": [{"rule": one.rule, "detail": one.detail} for one in (best.reasons if best else ())],
        }


def match(
    context: typer.Context,
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="A file of JSON lines, or - for standard input.")],
) -> None:
    """Say which organisation each mention means, line by line, for other programs.

    A line {"op": "match", "query": {"text_name", "country", "domain", "handle"}} is answered at once.
    A line {"op": "registry", "entries": [{"name", "category", "country", "aliases", "domain", "handle"}]} replaces
    the database's register for this run. A bad line is answered with an error in its place, and exit code 1.

    Example: harvester org match queries.jsonl
    """
    from harvester.config import find_folder, load_organisation_words
    from harvester.resolve import Register

    def build(entries: list[Organisation]) -> Register:
        return Register(entries, load_organisation_words(find_folder(context.obj, os.environ)))

    def stored() -> Register:
        from harvester.jobs.recheck import known_organisations

        office = open_office(context)
        with office.store.read() as shelves:
            return known_organisations(office, shelves)

    if not converse(Desk(build, stored), file, sys.stdout.buffer):
        raise typer.Exit(1)


def converse(desk: Desk, lines: Iterable[bytes], out: BinaryIO) -> bool:
    """Answer each of `lines` at once, as the other side may wait for it; say whether all were well."""
    all_well = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            answer = desk.answer(line)
        except (ValueError, RecursionError) as error:
            all_well = False
            print(f"harvester org match: line {number}: {error}", file=sys.stderr)  # noqa: T201 -- the door speaks to a person
            answer = {"error": str(error)}
        if answer is not None:
            # A lone surrogate comes out as its JSON escape.
            out.write((json.dumps(answer, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))
            out.flush()
    return all_well


def read_mention(query: object) -> Mention:
    """Read a query; raise ValueError when it is no object of texts or tells nothing."""
    from harvester.model import Mention

    if not isinstance(query, dict) or not query.keys() & _QUERY.keys():
        raise ValueError(f'"query": found {query!r:.40}; allowed: an object with {", ".join(_QUERY)}')
    return Mention(**{field: _text(query, key) for key, field in _QUERY.items()})


def read_entries(entries: object) -> list[Organisation]:
    """Read the entries of a register; raise ValueError that names the first bad one."""
    if not isinstance(entries, list):
        raise ValueError(f'"entries": found {entries!r:.40}; allowed: a list')  # noqa: TRY004 -- answered like the others
    found = []
    for number, row in enumerate(entries, 1):
        try:
            found.append(_entry(number, row))
        except ValueError as error:
            raise ValueError(f"entry {number}: {error}") from None
    return found


def _entry(number: int, row: object) -> Organisation:
    from harvester.model import Category, Organisation, OrganisationId, Standing

    if not isinstance(row, dict) or not _text(row, "name"):
        raise ValueError(f'found {row!r:.40}; allowed: an object with "name"')
    aliases = row.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise ValueError(f'"aliases": found {aliases!r:.40}; allowed: a list of texts')
    category = _text(row, "category")
    return Organisation(
        id=OrganisationId(number),
        name=_text(row, "name"),
        standing=Standing.SUPPORTER,
        aliases=tuple(aliases),
        handles=tuple(filter(None, [_text(row, "handle")])),
        domains=tuple(filter(None, [_text(row, "domain")])),
        country=_text(row, "country"),
        category=Category(category) if category in set(Category) else None,
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str | None):
        raise ValueError(f'"{key}": found {value!r:.40}; allowed: text')  # noqa: TRY004 -- answered like the others
    return value or ""
