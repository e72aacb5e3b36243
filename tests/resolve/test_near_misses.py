"""Mechanical near misses of the names on the official list: to none of them may the machine say "same"."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest

from harvester.config import load_organisation_words, shipped_folder
from harvester.model import Mention, Organisation, OrganisationId, Standing
from harvester.resolve import Register

EVERY = 24
"""Of so many names on the list one is varied: the whole list takes minutes."""
STATES = ["Uganda", "Peru", "Norway", "Vietnam"]
STATE = re.compile(
    r"\b(Kenya|Georgia|Latvia|Lithuania|Poland|Mexico|Chile|Brazil|Colombia|India|Malaysia|Nigeria|Ghana|Zambia|Canada"
    r"|Austria|Switzerland|France|Italy|Spain|Japan|Korea|Estonia|Croatia|Romania|Bulgaria|Moldova|Ukraine|Slovakia)\b"
)
ADDED = [
    "{} Foundation", "Fondation {}", "Stiftung {}", "{} Chapter", "{} Bank", "{} Institute", "{} Alumni Association",
    "{} Uganda", "{} 2", "{} Academy", "Friends of {}", "{} Ventures", "{} Research Centre", "Faculty of Law, {}",
    "{} Youth", "{} Kampala", "{} (Schweiz) AG", "{} Europe", "Amis de {}", "Universidad {}", "{} Labs", "{} North",
    "Nova {}", "Фонд {}", "{} Уганда", "{}基金会", "مؤسسة {}",
]  # fmt: skip
OTHER_KINDS = {
    "University": ["Academy", "Akademie", "Institut", "Hochschule"],
    "Institute": ["Agency", "Centre", "Akademie", "Stiftung"],
    "Ministry": ["Agency", "Amt", "Commission"],
    "Foundation": ["Association", "Verein", "Asociación", "Bank"],
    "Association": ["Federation", "Union", "Fundación", "Gesellschaft"],
    "Chamber": ["Association", "Verband", "Cámara Nacional"],
}
LOOK_ALIKES = {"o": "о", "a": "а", "e": "е"}


def official_list() -> list[Organisation]:
    with (shipped_folder() / "supporters.csv").open(encoding="utf-8", newline="") as file:
        return [
            Organisation(
                id=OrganisationId(number), name=row["name"], standing=Standing.SUPPORTER, country=row["country"]
            )
            for number, row in enumerate(csv.DictReader(file), 1)
            # EBRC is listed twice, once without its full name, so that no word of that can contradict.
            if row["category"] != "state" and row["name"] != "EBRC"
        ]


ENTRIES = official_list()
REGISTER = Register(ENTRIES, load_organisation_words(shipped_folder()))


def other_places_and_kinds(name: str) -> Iterator[str]:
    for found in STATE.finditer(name):
        yield from (name[: found.start()] + other + name[found.end() :] for other in STATES if other != found[0])
    for kind, others in OTHER_KINDS.items():
        if re.search(rf"\b{kind}\b", name):
            yield from (re.sub(rf"\b{kind}\b", other, name) for other in others)
    if found := re.fullmatch(r"University of (\w+)", name):
        yield f"{found[1]} University"
    if found := re.fullmatch(r"(\w+) University", name):
        yield f"University of {found[1]}"


def other_words(name: str) -> Iterator[str]:
    words = name.split()
    for at, word in enumerate(words):
        if len(words) > 2 and len(word) > 3 and word[0].isupper():
            yield " ".join([*words[:at], "Zorbatek", *words[at + 1 :]])
        if found := re.search(r"\d+", word.partition("(")[0]):
            number = word.replace(found[0], str(int(found[0]) + 1))
            yield " ".join([*words[:at], number, *words[at + 1 :]])


def disguises(name: str) -> Iterator[str]:
    yield from (name.replace(a, b, 1) for a, b in LOOK_ALIKES.items() if a in name and name.isascii())


def is_another(name: str, found: Organisation | None) -> bool:
    """Say whether the machine was sure; a variation may by chance be another entry's own name."""
    return found is not None and _plain(name) != _plain(found.name)


def _plain(name: str) -> str:
    return name.casefold().replace("é", "e").replace("ú", "u").replace(" of ", " in ")


@pytest.mark.parametrize("vary", [other_places_and_kinds, other_words, disguises])
def test_a_varied_name_is_nobody_s(vary: object) -> None:
    assert callable(vary)
    merged = [
        (name, found.name)
        for entry in ENTRIES[:: EVERY // 3]
        for name in dict.fromkeys(vary(entry.name))
        for country in {"", entry.country}
        if is_another(name, found := REGISTER.match(Mention(name=name, country=country)).organisation)
    ]
    assert merged == []


@pytest.mark.parametrize("pattern", ADDED)
def test_a_word_more_makes_another_body(pattern: str) -> None:
    merged = [
        (name, found.name)
        for entry in ENTRIES[ADDED.index(pattern) % EVERY :: EVERY]
        for country in {"", entry.country}
        if is_another(
            name := pattern.format(entry.name),
            found := REGISTER.match(Mention(name=name, country=country)).organisation,
        )
    ]
    assert merged == []
