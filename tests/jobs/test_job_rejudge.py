import re
from datetime import timedelta

import pytest
from fakes import a_post, an_item

from harvester.jobs import rejudge
from harvester.jobs.judge import Judge
from harvester.jobs.review import decide
from harvester.model import CaseState, Claim, ClaimKind, Finding, Label, Move, PostId

TEXTS = ["Quorvex Labs signed", "Mbalo Radio joined", "nobody did anything"]


def rules(verb):
    """Rules that know one verb."""

    def detect(post):
        found = re.search(rf"([\w ]+) {verb}", post.text)
        claims = ()
        if found:
            claims = (Claim(kind=ClaimKind.SIGNS, organisation=found[1], span=found.span(1), confidence=0.9),)
        label = Label.ANNOUNCEMENT if claims else Label.MENTION
        return Finding(label=label, confidence=0.9, claims=claims, reasons=(), language="en", rules_version=verb)

    return detect


@pytest.fixture
def judged(office):
    with office.store.write() as shelves:
        for number, text in enumerate(TEXTS):
            shelves.posts.keep(an_item(number, text), a_post(text, id=PostId(f"fake:{number}")))
    Judge(office, rules("signed")).judge_all()
    return office


def cases(office):
    with office.store.read() as shelves:
        return {case.organisation.name: case.state for case in shelves.cases.in_states(CaseState)}


def test_gains_and_losses_are_shown_and_nothing_changes(judged):
    seen = list(rejudge.changes(judged, rules("joined")))
    assert [(change.gained, change.lost) for change in seen] == [((), ("Quorvex Labs",)), (("Mbalo Radio",), ())]
    assert cases(judged) == {"Quorvex Labs": CaseState.WAITING}
    assert list(rejudge.changes(judged, rules("signed"))) == []


def test_applying_opens_what_is_gained_and_overturns_no_decision(judged):
    with judged.store.read() as shelves:
        (case,) = shelves.cases.in_states([CaseState.WAITING])
    decide(judged, case.id, Move.CONFIRM, by="Amina")
    both = rules("(?:signed|joined)")
    rejudge.apply(judged, list(rejudge.changes(judged, rules("joined"))))
    done = Judge(judged, rules("joined")).judge_all()
    assert (done.judged, done.opened) == (2, 1)
    assert cases(judged) == {"Quorvex Labs": CaseState.CONFIRMED, "Mbalo Radio": CaseState.WAITING}
    rejudge.apply(judged, list(rejudge.changes(judged, both)))
    assert Judge(judged, both).judge_all().opened == 0


def test_only_posts_since_a_day_are_replayed(judged):
    with judged.store.read() as shelves:
        ((stored, _), *_) = shelves.posts.judged(since=None, limit=1)
    assert stored.post.text == TEXTS[0]
    later = a_post().published_at + timedelta(days=1)
    assert list(rejudge.changes(judged, rules("joined"), since=later)) == []
