"""Staff's word stands above the machine's: in matching, in candidates, in duplicates, and it says whose word it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.config import load_organisation_words, shipped_folder
from harvester.model import Judgement, Mention, Organisation, OrganisationId, Outcome, Relation, Standing
from harvester.resolve import Register, name_key

WORDS = load_organisation_words(shipped_folder())
NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
SAME, DIFFERENT, RELATED = Relation


def entry(number: int, name: str, standing: Standing = Standing.SUPPORTER, **more: Any) -> Organisation:
    return Organisation(id=OrganisationId(number), name=name, standing=standing, **more)


def said(number: int, relation: Relation, one: int, other: int | str) -> Judgement:
    return Judgement(
        id=number,
        relation=relation,
        one=OrganisationId(one),
        other=None if isinstance(other, str) else OrganisationId(other),
        name=other if isinstance(other, str) else "",
        by="Amina",
        at=NOON,
    )


def match(
    entries: list[Organisation], judgements: list[Judgement], name: str, country: str = ""
) -> tuple[str, list[int]]:
    found = Register(entries, WORDS, judgements).match(Mention(name=name, country=country))
    return found.outcome.value, [one.organisation.id for one in found.candidates]


FREEDOM = [entry(1, "Freedom House", country="US"), entry(2, "Freedom House", country="IN")]
ECSO = [entry(1, "European Cyber Security Organisation (ECSO)"), entry(2, "Eurocyber Secretariat (ECSO)")]


@pytest.mark.parametrize(
    ("entries", "judgements", "name", "country", "expected"),
    [
        (FREEDOM, [], "Freedom House", "", ("possible", [1, 2])),
        (FREEDOM, [said(1, SAME, 2, 1)], "Freedom House", "", ("same", [1])),
        (FREEDOM, [said(1, SAME, 2, "Freedom House")], "freedom  HOUSE", "", ("same", [2, 1])),
        # A name of another country is another body's.
        (FREEDOM, [said(1, SAME, 2, "Freedom House")], "Freedom House", "US", ("same", [1, 2])),
        (FREEDOM, [said(1, DIFFERENT, 2, "Freedom House")], "Freedom House", "", ("same", [1])),
        (FREEDOM, [said(1, RELATED, 2, "Freedom House")], "Freedom House", "", ("same", [1, 2])),
        (FREEDOM[:1], [said(1, RELATED, 1, "Freedom House")], "Freedom House", "", ("possible", [1])),
        (FREEDOM[:1], [said(1, DIFFERENT, 1, "Freedom House")], "Freedom House", "", ("new", [])),
        (FREEDOM, [said(1, SAME, 1, "自由之家")], "自由之家", "", ("same", [1])),
        (FREEDOM, [said(1, SAME, 9, "自由之家")], "自由之家", "", ("new", [])),
        # An acronym that a cluster holds twice is held once.
        (ECSO, [], "ECSO", "", ("possible", [])),
        (ECSO, [said(1, SAME, 1, 2)], "ECSO", "", ("same", [1])),
    ],
)  # fmt: skip
def test_what_staff_said_is_applied_first(
    entries: list[Organisation], judgements: list[Judgement], name: str, country: str, expected: tuple[str, list[int]]
) -> None:
    outcome, candidates = match(entries, judgements, name, country)
    assert (outcome, candidates[: len(expected[1])]) == expected


def test_the_reason_says_who_said_so_and_when() -> None:
    entries = [entry(1, "Fujitsu"), entry(2, "富士通", Standing.CANDIDATE)]
    found = Register(entries, WORDS, [said(1, SAME, 1, 2)]).match(Mention(name="富士通"))
    assert found.organisation == entries[0]
    assert found.candidates[0].entry == 2
    words = "staff said so: Amina said on 01 June 2027 that Fujitsu (no. 1) and 富士通 (no. 2) are the same"
    assert [reason.detail for reason in found.candidates[0].reasons][-1] == words
    named = Register(entries[:1], WORDS, [said(1, SAME, 1, "富士通")]).match(Mention(name="富士通"))
    assert [reason.detail for reason in named.candidates[0].reasons] == [
        "staff said so: Amina said on 01 June 2027 that Fujitsu (no. 1) and “富士通” are the same"
    ]


def test_a_confirmed_entry_that_changes_speaks_for_its_cluster_at_once() -> None:
    entries = [entry(1, "Quorvex", Standing.CANDIDATE), entry(2, "QVX Labs", Standing.CANDIDATE)]
    register = Register(entries, WORDS, [said(1, SAME, 1, 2)])
    assert register.match(Mention(name="QVX Labs")).organisation == entries[0]
    confirmed = entry(2, "QVX Labs", Standing.SIGNATORY)
    register.add(confirmed)
    assert register.match(Mention(name="Quorvex")).organisation == confirmed


def test_a_mention_told_before_in_the_very_words_is_meant_again() -> None:
    made = entry(3, "Freedom House", Standing.CANDIDATE, handles=("fh",))
    register = Register([*FREEDOM, made], WORDS)
    assert register.match(Mention(name="Freedom House", handle="fh")).organisation == made
    assert register.match(Mention(name="Freedom House", handle="other")).outcome is Outcome.POSSIBLE
    assert register.match(Mention(name="Freedom House")).outcome is Outcome.POSSIBLE


def test_neighbours_are_those_that_would_have_been_asked_about() -> None:
    entries = [entry(1, "Mbalo Radio"), entry(2, "Mbalo Radio Trust", Standing.CANDIDATE), entry(3, "Tzintzun"), entry(4, "Mbalo Radio SA")]  # fmt: skip
    register = Register(entries, WORDS)
    found = register.neighbours(entries[0])
    assert [one.entry for one in found] == [4, 2]
    assert all(one.reasons and 0 < one.score <= 1 for one in found)
    assert register.neighbours(entries[2]) == register.neighbours(entry(9, "Mbalo Radio")) == ()
    judged = Register(entries, WORDS, [said(1, DIFFERENT, 1, 2), said(2, SAME, 4, 1)])
    assert judged.neighbours(entries[0]) == ()
    assert judged.neighbours(entries[1]) == ()  # apart from 1 is apart from 4


def test_pairs_on_which_staff_spoke_are_no_duplicates() -> None:
    pair = [entry(1, "EGERIE"), entry(2, "EGERIE Software")]
    assert len(list(Register(pair, WORDS).duplicates())) == 1
    for relation in Relation:
        assert list(Register(pair, WORDS, [said(1, relation, 2, 1)]).duplicates()) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Freedom House", "  freedom\u200b HOUSE ", True),
        ("Café ÖKO", "cafe oko", True),
        ("مؤسسة النهر", "مؤسّسة النهر", True),
        ("Freedom House", "Freedom Houses", False),
        ("北京大学", "北京大學", False),
    ],
)
def test_a_judged_name_is_the_same_without_case_accents_and_signs(one: str, other: str, *, alike: bool) -> None:
    assert (name_key(one) == name_key(other)) is alike


NAMES = st.sampled_from(
    ["Acme", "Acme Ltd", "ACME Bank", "Acme Bank Kenya", "Банк Акме", "\ud800\x00", "😀", "العربية"]
)


@given(
    names=st.lists(NAMES, min_size=1, max_size=5),
    steps=st.lists(st.tuples(st.sampled_from(Relation), st.integers(1, 5), st.integers(1, 5) | NAMES), max_size=6),
    asked=NAMES | st.text(max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_no_judgement_makes_a_match_raise_or_show_one_organisation_twice(
    names: list[str], steps: list[tuple[Relation, int, int | str]], asked: str
) -> None:
    entries = [entry(number, name) for number, name in enumerate(names, 1)]
    judgements = [said(number, *step) for number, step in enumerate(steps, 1)]
    found = Register(entries, WORDS, judgements).match(Mention(name=asked))
    shown = [one.organisation.id for one in found.candidates]
    assert len(shown) == len(set(shown)) <= 5
    assert (found.outcome is Outcome.SAME) == (found.organisation is not None)
    assert all(one.reasons for one in found.candidates)
