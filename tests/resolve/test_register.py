"""Which organisation is it: labelled mentions in many scripts, and what holds for every text and every register."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.config import load_organisation_words, shipped_folder
from harvester.model import Category, Mention, Organisation, OrganisationId, Outcome, Standing
from harvester.resolve import Register

DATA = Path(__file__).parents[1] / "data" / "resolve"
WORDS = load_organisation_words(shipped_folder())


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def organisation(number: int, name: str, **values: Any) -> Organisation:
    category = values.pop("category", None)
    return Organisation(
        id=OrganisationId(number),
        name=name,
        standing=Standing.SUPPORTER,
        category=Category(category) if category else None,
        **{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()},
    )


ENTRIES = [organisation(number, **row) for number, row in enumerate(read("register.jsonl"), 1)]
MENTIONS = read("mentions.jsonl")
REGISTER = Register(ENTRIES, WORDS)


@pytest.mark.parametrize("row", MENTIONS, ids=[f"{row['name']} {row.get('country', '')}" for row in MENTIONS])
def test_a_labelled_mention_has_its_outcome(row: dict[str, Any]) -> None:
    fields = {key: row[key] for key in ("country", "domain", "handle") if key in row}
    match = REGISTER.match(Mention(name=row["name"], **fields))
    if row["outcome"] == "not same":
        assert match.outcome is not Outcome.SAME, row["why"]
    else:
        assert match.outcome == row["outcome"], row["why"]
    if "entry" in row:
        assert match.candidates[0].organisation.name == row["entry"], row["why"]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_a_name_is_itself(entry: Organisation) -> None:
    for country in ("", entry.country):
        match = REGISTER.match(Mention(name=entry.name, country=country))
        assert match.organisation == entry


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_an_entry_that_is_taken_away_leaves_no_wrong_one(entry: Organisation) -> None:
    others = Register([other for other in ENTRIES if other != entry], WORDS)
    for name in (entry.name, *entry.aliases):
        assert others.match(Mention(name=name, country=entry.country)).organisation is None


def test_every_candidate_says_why() -> None:
    match = REGISTER.match(Mention(name="Orange Bank", country="FR"))
    assert [reason.detail for reason in match.candidates[0].reasons] == ['only the mention has "bank": Orange']
    assert match.organisation is None


def test_an_account_decides_and_no_word_against_it_is_shown() -> None:
    match = REGISTER.match(Mention(name="Lunda Lakes Police Service", handle="@LundaLakesPS"))
    assert [reason.detail for reason in match.candidates[0].reasons] == ["@lundalakesps is its account"]


def test_a_changed_entry_replaces_the_old_one() -> None:
    register = Register([organisation(1, "Facebook", country="US")], WORDS)
    register.add(organisation(1, "Meta Platforms", country="US", aliases=["Facebook"]))
    assert len(register) == 1
    match = register.match(Mention(name="Facebook"))
    assert match.organisation is not None
    assert match.organisation.name == "Meta Platforms"


def test_an_entry_added_later_is_found() -> None:
    register = Register([], WORDS)
    assert register.match(Mention(name="Nairobi Hospice")).outcome is Outcome.NEW
    register.add(organisation(1, "Nairobi Hospice", country="KE"))
    assert register.match(Mention(name="Nairobi Hospice")).outcome is Outcome.SAME


def test_the_same_organisation_listed_twice_is_found_but_two_of_one_name_are_asked_about() -> None:
    twice = [organisation(1, "EGERIE", country="FR"), organisation(2, "Egerie", country="FR")]
    assert Register(twice, WORDS).match(Mention(name="EGERIE")).outcome is Outcome.SAME
    two = [organisation(1, "Freedom House", country="US"), organisation(2, "Freedom House", country="IN")]
    assert Register(two, WORDS).match(Mention(name="Freedom House")).outcome is Outcome.POSSIBLE
    found = Register(two, WORDS).match(Mention(name="Freedom House", country="IN")).organisation
    assert found == two[1]


def test_of_two_spellings_on_the_list_the_very_name_is_meant() -> None:
    pair = [
        organisation(1, "EBRC", country="LU"),
        organisation(2, "EBRC – European Business Reliance Centre", country="LU"),
    ]
    for entry in pair:
        assert Register(pair, WORDS).match(Mention(name=entry.name, country="LU")).organisation == entry


def test_every_name_on_the_official_list_is_itself() -> None:
    entries = official_list()
    register = Register(entries, WORDS)
    lost = [one.name for one in entries if not register.match(Mention(name=one.name, country=one.country)).organisation]
    assert lost == []


def test_no_more_than_five_candidates_are_shown() -> None:
    many = Register([organisation(n, f"Lions Club of Nakuru {n}") for n in range(1, 30)], WORDS)
    assert len(many.match(Mention(name="Lions Club of Nakuru")).candidates) == 5


def official_list() -> list[Organisation]:
    with (shipped_folder() / "supporters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        organisation(n, row["name"], country=row["country"], handles=[row["twitter"]]) for n, row in enumerate(rows, 1)
    ]


def test_the_official_list_has_its_known_duplicates_and_hardly_more() -> None:
    pairs = [(found.one.name, found.other.name) for found in Register(official_list(), WORDS).duplicates()]
    for known in (
        ("National Democratic Institute", "NDI"),
        ("EBRC", "EBRC – European Business Reliance Centre"),
        ("EGERIE", "EGERIE Software"),
        ("Vietnet ICT", "Vietnet Information Technology and Communication Center (VIETNET-ICT)"),
        ("Instituto Mexicano para la Competitividad A.C.", "Instituto Mexicano para la Competitividad (IMCO)"),
    ):
        assert known in pairs or known[::-1] in pairs
    assert len(pairs) < 15
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)


def test_reasons_for_a_pair_call_its_two_entries_the_one_and_the_other() -> None:
    for names, words in ((("EGERIE", "EGERIE Software"), "the other"), (("EGERIE Software", "EGERIE"), "the one")):
        (found,) = Register([organisation(n, name) for n, name in enumerate(names, 1)], WORDS).duplicates()
        assert f'only {words} has "software"' in found.reasons[0].detail
    for found in Register(official_list(), WORDS).duplicates():
        assert not any("the mention" in reason.detail or "the register" in reason.detail for reason in found.reasons)


def test_different_bodies_are_no_duplicates() -> None:
    names = ["Ministry of Health Kenya", "Ministry of Health Uganda", "Microsoft", "Microsoft France", "University of York", "York University"]  # fmt: skip
    assert list(Register([organisation(n, name) for n, name in enumerate(names, 1)], WORDS).duplicates()) == []


def test_an_explanation_shows_how_the_mention_was_read() -> None:
    told = REGISTER.explain(Mention(name="Orange Bank (OB)", country="fr", domain="https://www.orange.com/x"))
    assert [(form.text, form.kind.value) for form in told.query.forms] == [("Orange Bank", "name"), ("OB", "acronym")]
    assert (told.query.country, [host.name for host in told.query.hosts]) == ("FR", ["orange.com"])
    assert len(told.seen) == len(told.match.candidates)
    assert told.seen[0].reasons == told.match.candidates[0].reasons


HOSTILE = [
    "",
    " ",
    "😀🎉",
    "\x00",
    "\ud800",
    "\x1b[31mMicrosoft\x1b[0m",
    "a" * 10_000,
    "((((((" * 500,
    "- - - -",
    "@",
    "@@@",
    "https://",
    "http://[::1",
    "a.b.c.d.",
    "\u202eevil\u202c",
    "١٢٣",
    "ﷺ" * 100,
    "()",
    "formerly",
    "the of and",
    "政府",
    "\u0301\u0301",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_has_a_clear_outcome(text: str) -> None:
    for mention in (
        Mention(name=text),
        Mention(name="Microsoft", domain=text),
        Mention(name="Microsoft", handle=text),
        Mention(name="Microsoft", country=text),
    ):
        assert REGISTER.match(mention).outcome in Outcome
    Register([organisation(1, text, aliases=[text], domains=[text], handles=[text])], WORDS).match(Mention(name=text))


SCRIPTS = st.sampled_from("abcXYZ .,-/()&'@éüßıΑλКдשםعربनमस्北京大学がカ한국ไทยខ្មអ١٢3\u200d\ufeff\u202e😀\ud800\x00\x1b")
TEXTS = st.text(max_size=60) | st.text(SCRIPTS, max_size=60)


@settings(deadline=None)  # the first look-up reads the names of states
@given(name=TEXTS, country=TEXTS, domain=TEXTS, handle=TEXTS)
def test_no_mention_raises(name: str, country: str, domain: str, handle: str) -> None:
    match = REGISTER.match(Mention(name=name, country=country, domain=domain, handle=handle))
    assert len(match.candidates) <= 5
    assert all(0 <= candidate.score <= 1 and candidate.reasons for candidate in match.candidates)
    assert (match.outcome is Outcome.SAME) == (match.organisation is not None)


PARTS = [
    "Ministry",
    "of",
    "Health",
    "Kenya",
    "Acme",
    "Ltd.",
    "(ACME)",
    "-",
    "Group",
    "中国",
    "银行",
    "Банк",
    "Club",
    "du",
    "3",
]
NAMES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map(" ".join) | st.text(min_size=1, max_size=30)


@given(name=NAMES)
@settings(max_examples=150, deadline=None)
def test_any_name_with_a_letter_is_itself(name: str) -> None:
    match = Register([organisation(1, name)], WORDS).match(Mention(name=name))
    if any(letter.isalnum() for letter in name) and not name.strip().startswith("@"):
        assert match.outcome is Outcome.SAME


@given(name=NAMES, more=st.lists(NAMES, max_size=3))
@settings(max_examples=40, deadline=None)
def test_further_entries_never_turn_an_answer_into_another_organisation(name: str, more: list[str]) -> None:
    register = Register(ENTRIES, WORDS)
    before = register.match(Mention(name=name)).organisation
    for number, other in enumerate(more, 1_000):
        register.add(organisation(number, other, country="FJ"))
    after = register.match(Mention(name=name)).organisation
    if before is not None and after is not None and after.id < 1_000:
        assert after == before
