"""Measure entity resolution on labelled queries: `python benchmarks/eval_resolve.py [QUERIES.jsonl ...] [-v]`.

Without a file: the development third. With -v, each query with what was answered.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import process_time
from typing import Any

from harvester.config import load_organisation_words, shipped_folder
from harvester.model import Category, Match, Mention, Organisation, OrganisationId, Outcome, Standing
from harvester.resolve import Register

DATA = Path(__file__).parents[2] / "shared" / "data"
REGISTRY = DATA / "names_registry.jsonl"
QUERIES = DATA / "names_queries-dev.jsonl"


def read(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def organisation(number: int, row: dict[str, Any]) -> Organisation:
    """Turn one line of the register into an entry."""
    return Organisation(
        id=OrganisationId(number),
        name=row["name"],
        standing=Standing.SUPPORTER,
        aliases=tuple(row.get("aliases", ())),
        handles=(row["handle"],) if row.get("handle") else (),
        domains=(row["domain"],) if row.get("domain") else (),
        country=row.get("country") or "",
        category=Category(row["category"]) if row.get("category") else None,
    )


def mention(row: dict[str, Any]) -> Mention:
    """Turn one query into a mention."""
    return Mention(
        name=row["text_name"],
        country=row.get("country", ""),
        domain=row.get("domain", ""),
        handle=row.get("handle", ""),
    )


def table(queries: list[dict[str, Any]], answers: list[Match]) -> dict[str, float]:
    """Count what issue 4 asks for."""
    both = list(zip(queries, answers, strict=True))
    wanted = [(q["expected"], a) for q, a in both if q["expected"] is not None]
    same = [(q["expected"], a.organisation.name) for q, a in both if a.organisation is not None]
    right = sum(expected == found for expected, found in same)
    shown = sum(
        a.organisation.name == name if a.organisation else a.outcome is Outcome.POSSIBLE and name in _names(a)
        for name, a in wanted
    )
    return {
        "same: precision": right / len(same) if same else 1.0,
        "same: recall": right / len(wanted),
        "wrong merges of the new": sum(q["expected"] is None and a.organisation is not None for q, a in both),
        "right entry decided or shown": shown / len(wanted),
        "share that needs a person": sum(a.outcome is Outcome.POSSIBLE for a in answers) / len(answers),
        "top-1 of ranked candidates": sum(_names(a)[:1] == [name] for name, a in wanted) / len(wanted),
        "top-5 of ranked candidates": sum(name in _names(a) for name, a in wanted) / len(wanted),
    }


def _names(answer: Match) -> list[str]:
    return [candidate.organisation.name for candidate in answer.candidates]


def main() -> None:
    """Print the table, and with -v each query that went wrong."""
    files = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")] or [QUERIES]
    if not (REGISTRY.is_file() and all(file.is_file() for file in files)):
        print(f"skipped: the labelled names are not here ({DATA})")
        return
    entries = [organisation(number, row) for number, row in enumerate(read(REGISTRY), 1)]
    queries = [row for file in files for row in read(file)]
    start = process_time()
    register = Register(entries, load_organisation_words(shipped_folder()))
    built = process_time()
    register.match(Mention(name="warm up: the names of states are read once"))
    ready = process_time()
    answers = [register.match(mention(row)) for row in queries]
    done = process_time()
    for name, value in table(queries, answers).items():
        print(f"{name:32} {value:.3f}")
    print(f"{'queries a second of one core':32} {len(queries) / (done - ready):.0f}")
    print(f"build {built - start:.2f} s, first match {ready - built:.2f} s, {len(queries)} queries")
    if "-v" in sys.argv:
        _print_each(queries, answers)


def _print_each(queries: list[dict[str, Any]], answers: list[Match]) -> None:
    for row, answer in zip(queries, answers, strict=True):
        names = _names(answer)
        best = answer.candidates[0] if answer.candidates else None
        flag = _flag(row["expected"], answer, names)
        why = "; ".join(reason.detail for reason in best.reasons) if best else ""
        place = f"[{row.get('country', '')} {row.get('domain', '')}]"
        print(f"{flag:14} {row['text_name']} {place} -> {names[:3]} | want {row['expected']} | {why}")


def _flag(expected: str | None, answer: Match, names: list[str]) -> str:
    if answer.organisation is not None:
        return "same" if answer.organisation.name == expected else "WRONG-MERGE"
    if expected is None:
        return f"new:{answer.outcome}"
    place = names.index(expected) + 1 if expected in names else 0
    return f"{answer.outcome}@{place}" if place else f"{answer.outcome}-LOST"


if __name__ == "__main__":
    main()
