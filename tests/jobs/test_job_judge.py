"""From posts to cases, and the property that matters most: break it anywhere, and nothing is lost or doubled."""

import re
from collections import Counter

import pytest
from fakes import FakeCollector, a_post, an_item
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from harvester.config import Source
from harvester.jobs.harvest import Visitor
from harvester.jobs.judge import Judge, quoted, signatures
from harvester.jobs.review import decide
from harvester.model import (
    UNREGISTERED,
    CaseState,
    Claim,
    ClaimKind,
    Finding,
    Label,
    Move,
    Organisation,
    PostId,
    Reason,
    Standing,
)
from harvester.store import upkeep
from harvester.store.tables import metadata

FAKE = Source(name="fake", kind="feed")


def detect(post):
    """Stand in for detection: each "NAME signed" is a claim; the rooms are tested on their own."""
    claims = tuple(
        Claim(kind=ClaimKind.SIGNS, organisation=found[1], span=found.span(1), confidence=0.9)
        for found in re.finditer(r"(\w[\w ]*) signed", post.full_text)
    )
    label = Label.ANNOUNCEMENT if claims else Label.MENTION
    reasons = (Reason(rule="test", detail="says so", weight=1.0),)
    return Finding(label=label, confidence=0.9, claims=claims, reasons=reasons, language="en", rules_version="test")


@pytest.fixture
def judge(office):
    return Judge(office, detect)


def bring(office, *texts, platform="fake"):
    with office.store.write() as shelves:
        for number, text in enumerate(texts):
            post = a_post(text, id=PostId(f"{platform}:{number}"), source=platform)
            shelves.posts.keep(an_item(number, text, platform), post)


def cases(office, *states):
    with office.store.read() as shelves:
        return shelves.cases.in_states(states or CaseState)


def known(office, name, standing=Standing.SUPPORTER):
    with office.store.write() as shelves:
        return shelves.organisations.add(Organisation(id=UNREGISTERED, name=name, standing=standing))


def test_one_organisation_on_three_platforms_is_one_case_with_three_pieces_of_evidence(office, judge):
    for platform in ("x", "mastodon", "feed"):
        bring(office, "Clinique Kaolé signed the Paris Call", platform=platform)
    done = judge.judge_all()
    assert (done.judged, done.opened, done.evidence) == (3, 1, 3)
    (case,) = cases(office)
    assert (case.organisation.name, case.state, len(case.evidence)) == ("Clinique Kaolé", CaseState.WAITING, 3)
    assert {evidence.post.source for evidence in case.evidence} == {"x", "mastodon", "feed"}


def test_a_known_supporters_post_is_evidence_and_no_case(office, judge):
    supporter = known(office, "Zanele Power Ltd")
    bring(office, "Zanele Power Ltd signed the Paris Call")
    judge.judge_all()
    assert cases(office) == []
    with office.store.read() as shelves:
        assert shelves.cases.quotes_about([supporter.id]) == [
            ("https://example.org/1", "Zanele Power Ltd signed the Paris Call")
        ]


def test_two_organisations_in_one_post_are_two_cases(office, judge):
    bring(office, "Quorvex Labs signed. Mbalo Radio signed.")
    judge.judge_all()
    assert {case.organisation.name for case in cases(office)} == {"Quorvex Labs", "Mbalo Radio"}


def test_an_edited_post_is_judged_again_and_asks_only_for_what_is_new(office, judge):
    bring(office, "Quorvex Labs signed the Call")
    judge.judge_all()
    bring(office, "Quorvex Labs signed the Call. Mbalo Radio signed it too")
    done = judge.judge_all()
    assert (done.judged, done.opened) == (1, 1)
    assert len(cases(office)) == 2


def test_a_declined_case_stays_declined_for_copies_and_is_asked_anew_for_other_words(office, judge):
    bring(office, "Quorvex Labs signed the Call", platform="x")
    judge.judge_all()
    decide(office, cases(office)[0].id, Move.DECLINE, by="Amina")
    bring(office, "Quorvex Labs signed the Call", platform="mastodon")
    assert judge.judge_all().opened == 0
    bring(office, "It is official: Quorvex Labs signed the Call", platform="feed")
    assert judge.judge_all().opened == 1
    assert [case.state for case in cases(office)] == [CaseState.DECLINED, CaseState.WAITING]


def test_a_confirmed_signatory_asks_nothing_more(office, judge):
    bring(office, "Quorvex Labs signed the Call", platform="x")
    judge.judge_all()
    decide(office, cases(office)[0].id, Move.CONFIRM, by="Amina")
    bring(office, "Good news: Quorvex Labs signed the Call", platform="feed")
    assert judge.judge_all().opened == 0
    assert len(cases(office)[0].evidence) == 2


def test_a_rule_that_fails_on_one_post_holds_up_no_other(office):
    def fails(post):
        if "boom" in post.text:
            raise ZeroDivisionError
        return detect(post)

    bring(office, *["boom"] * 30, "Quorvex Labs signed the Call")
    failing = Judge(office, fails)
    done = failing.judge_all()
    assert (done.judged, done.faults, done.opened) == (1, 30, 1)
    assert failing.judge_all().faults == 0  # told once
    assert Judge(office, detect).judge_all().judged == 30


def test_the_index_follows_what_others_do_to_the_register(office, judge):
    bring(office, "Quorvex Labs signed the Call", platform="x")
    judge.judge_all()
    known(office, "Mbalo Radio")
    bring(office, "Mbalo Radio signed the Call", platform="feed")
    assert judge.judge_all().opened == 0


def test_an_organisation_known_by_its_handle_takes_its_name_when_a_post_tells_it(office):
    names = {"first": "LundaLakesPS", "second": "Lunda Lakes Police Service"}

    def retold(post):
        name = names[post.text]
        claim = Claim(kind=ClaimKind.SIGNS, organisation=name, span=(0, 5), confidence=0.9, handle="LundaLakesPS")
        return Finding(
            label=Label.ANNOUNCEMENT, confidence=0.9, claims=(claim,), reasons=(), language="en", rules_version="1"
        )

    bring(office, "first", "second")
    Judge(office, retold).judge_all()
    (case,) = cases(office)
    assert (case.organisation.name, case.organisation.aliases) == ("Lunda Lakes Police Service", ("LundaLakesPS",))
    assert len(case.evidence) == 2


def test_of_two_claims_about_one_name_the_surer_counts():
    claims = [
        Claim(kind=kind, organisation=name, span=(0, 1), confidence=confidence)
        for kind, name, confidence in (
            (ClaimKind.SIGNS, "Acme", 0.5),
            (ClaimKind.SUPPORTER_ALREADY, "ACME", 0.8),
            (ClaimKind.URGES, "Other", 0.9),
            (ClaimKind.SIGNS, "  ", 0.9),
        )
    ]
    assert [claim.organisation for claim in signatures(claims)] == ["ACME"]


@pytest.mark.parametrize(
    ("text", "place", "quote"),
    [
        ("Hello. We signed it! Bye.", "signed", "We signed it!"),
        ("عاجل. وقّعنا النداء؟ نعم.", "وقّعنا", "وقّعنا النداء؟"),
        ("今天很好。我们签署了巴黎倡议。再见。", "签署", "我们签署了巴黎倡议。"),
        ("हमने हस्ताक्षर किए। धन्यवाद।", "हस्ताक्षर", "हमने हस्ताक्षर किए।"),
        ("one\ntwo signed\nthree", "signed", "two signed"),
        ("x" * 400 + " signed", "signed", "x" * 279 + "…"),
    ],
)
def test_the_quote_is_the_sentence_with_the_claim(text, place, quote):
    start = text.index(place)
    assert quoted(a_post(text), (start, start + len(place))) == quote


@settings(max_examples=300)
@given(st.text(), st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_a_quote_never_fails(text, span):
    start, end = sorted(min(n, len(text)) for n in span)
    assert len(quoted(a_post(text), (start, end))) <= 280


# ------------------------------------------------------------ break it anywhere


class Crash(BaseException):
    """The process dies here."""


NAMES = ("Quorvex Labs", "Mbalo Radio", "Clinique Kaolé", "Tzintzun Coop")
TEXTS = [f"{NAMES[n % 4]} signed the Paris Call, says post {n}" for n in range(9)] + [None, "football"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.integers(1, 60), max_size=8))
def test_break_the_harvest_between_any_two_steps_any_number_of_times(office, steps):
    """Let it die before its n-th statement or commit, again and again; when it is let alone, all is there, once."""
    engine = office.store.engine
    with office.store.write() as shelves:
        for table in reversed(metadata.sorted_tables):
            shelves.connection.execute(delete(table))
    countdown = [0]

    def step(*_arguments):
        countdown[0] -= 1
        if countdown[0] == 0:
            raise Crash

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    try:
        for fatal in [*steps, -1]:
            countdown[0] = fatal
            try:
                Visitor(office, lambda post: "Paris" in post.text).visit(FAKE, FakeCollector(TEXTS, page_size=3))
                Judge(office, detect).judge_all()
            except Crash:
                continue
    finally:
        event.remove(engine, "before_cursor_execute", step)
        event.remove(engine, "commit", step)
    rows = upkeep.row_counts(engine)
    assert (rows["post"], rows["item"], rows["finding"], rows["evidence"]) == (9, 10, 9, 9)
    assert Counter(case.organisation.name for case in cases(office)) == Counter(NAMES)
    assert rows["organisation"] == 4
