"""Names in other languages beside their near misses: each line of `translations.jsonl` is one mention of one entry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harvester.config import load_organisation_words, shipped_folder
from harvester.model import Category, Mention, Organisation, OrganisationId, Standing
from harvester.resolve import Register

FILE = Path(__file__).parents[1] / "data" / "resolve" / "translations.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
NAMES = {row["entry"]: row for row in ROWS}
REGISTER = Register(
    [
        Organisation(
            id=OrganisationId(number),
            name=name,
            standing=Standing.SUPPORTER,
            country=row["country"],
            category=Category(row["category"]),
        )
        for number, (name, row) in enumerate(NAMES.items(), 1)
    ],
    load_organisation_words(shipped_folder()),
)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['mention']} {row.get('mention_country', '')}" for row in ROWS])
def test_a_translation_is_the_same_and_a_near_miss_is_not(row: dict[str, Any]) -> None:
    found = REGISTER.match(Mention(name=row["mention"], country=row.get("mention_country", ""))).organisation
    assert (found.name if found else "") == (row["entry"] if row["same"] else ""), row["why"]
