"""The life of a case: a table of single moves, a state machine of many, and what two reviewers do to each other."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from harvester.errors import IllegalMove, StaleCase, UnknownCase
from harvester.jobs import review
from harvester.jobs.judge import candidate
from harvester.jobs.review import ALLOWED, Edit, decide, fold
from harvester.model import CaseState, Category, Decision, Mention, Move, Standing


@pytest.fixture
def case(office):
    with office.store.write() as shelves:
        meant = shelves.organisations.add(candidate(Mention(name="مستشفى النور")))
        return shelves.cases.open(meant, None, at=office.now())


def test_confirming_enters_a_new_signatory_with_what_the_reviewer_set(office, case):
    edit = Edit(country="EG", category=Category.CIVIL_SOCIETY, segments=("hospitals", "global-south"))
    decided = decide(office, case, Move.CONFIRM, by="Amina", note="called them", edit=edit)
    one = decided.organisation
    assert (decided.state, decided.version) == (CaseState.CONFIRMED, 1)
    assert (one.standing, one.country, one.category) == (Standing.SIGNATORY, "EG", Category.CIVIL_SOCIETY)
    assert one.segments == ("hospitals", "global-south")
    (decision,) = decided.decisions
    assert (decision.by, decision.note, decision.at) == ("Amina", "called them", office.now())


def test_undo_gives_back_all_that_the_decision_changed(office, case):
    with office.store.read() as shelves:
        before = shelves.cases.get(case)
    decide(office, case, Move.CONFIRM, by="Amina", edit=Edit(country="EG", name="Al Nour Hospital"))
    undone = decide(office, case, Move.UNDO, by="Bo")
    assert (undone.state, undone.organisation) == (before.state, before.organisation)
    assert [decision.move for decision in undone.decisions] == [Move.CONFIRM, Move.UNDO]
    with pytest.raises(IllegalMove, match="no decision to undo"):
        decide(office, case, Move.UNDO, by="Bo")


def test_a_right_name_keeps_the_one_that_the_post_used_as_a_spelling(office, case):
    decided = decide(office, case, Move.CONFIRM, by="Amina", edit=Edit(name="Al Nour Hospital"))
    assert (decided.organisation.name, decided.organisation.aliases) == ("Al Nour Hospital", ("مستشفى النور",))
    undone = decide(office, case, Move.UNDO, by="Amina")
    assert (undone.organisation.name, undone.organisation.aliases) == ("مستشفى النور", ())


def test_who_looked_at_an_older_version_is_refused_and_told_who_was_quicker(office, case, clock):
    decide(office, case, Move.DECLINE, by="Amina", seen=0)
    clock.move(minutes=2)
    with pytest.raises(StaleCase, match="Amina chose decline 2 min ago"):
        decide(office, case, Move.CONFIRM, by="Bo", seen=0)


def test_a_move_that_does_not_fit_is_refused_in_words(office, case, clock):
    decide(office, case, Move.CONFIRM, by="Amina")
    clock.move(days=3)
    with pytest.raises(IllegalMove, match=r"case \d+ is confirmed \(Amina chose confirm on 01 June.*case undo"):
        decide(office, case, Move.CONFIRM, by="Bo")
    with pytest.raises(IllegalMove, match="nothing to change"):
        decide(office, case, Move.EDIT, by="Bo", edit=Edit(name="مستشفى النور"))
    with pytest.raises(UnknownCase, match="there is no case 999"):
        decide(office, 999, Move.CONFIRM, by="Bo")


def test_reopening_a_confirmed_case_takes_the_organisation_out_of_the_count(office, case):
    decide(office, case, Move.CONFIRM, by="Amina")
    reopened = decide(office, case, Move.REOPEN, by="Bo", note="they meant the 2004 appeal")
    assert (reopened.state, reopened.organisation.standing) == (CaseState.WAITING, Standing.CANDIDATE)


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("move", [move for move in Move if move is not Move.UNDO])
def test_every_move_in_every_state_is_either_in_the_table_or_refused(office, case, state, move):
    ways = {
        CaseState.WAITING: [],
        CaseState.PARKED: [Move.PARK],
        CaseState.CONFIRMED: [Move.CONFIRM],
        CaseState.DECLINED: [Move.DECLINE],
    }
    for step in ways[state]:
        decide(office, case, step, by="Amina")
    edit = Edit(country="KE") if move is Move.EDIT else review.NO_EDIT
    if state in ALLOWED[move]:
        assert decide(office, case, move, by="Bo", edit=edit).state is ALLOWED[move][state]
    else:
        with pytest.raises(IllegalMove):
            decide(office, case, move, by="Bo", edit=edit)


def test_any_life_of_a_case_folds_to_the_stored_state(office, case):
    """Play random moves: state, version and standing always follow from the decisions alone."""

    class Life(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            with office.store.write() as shelves:
                meant = shelves.organisations.add(candidate(Mention(name="x")))
                self.case = shelves.cases.open(meant, None, at=office.now())
            self.legal = 0

        @rule(move=st.sampled_from(Move), country=st.sampled_from(["KE", "BR", "IN", None]))
        def move(self, move, country):
            try:
                decide(office, self.case, move, by="staff", edit=Edit(country=country))
            except IllegalMove:
                return
            self.legal += 1

        @precondition(lambda self: self.legal)
        @rule()
        def stale(self):
            with pytest.raises(StaleCase):
                decide(office, self.case, Move.PARK, by="late", seen=self.legal - 1)

        @invariant()
        def folds(self):
            with office.store.read() as shelves:
                now = shelves.cases.get(self.case)
            state, _ = fold(now.decisions)
            assert (now.state, now.version, len(now.decisions)) == (state, self.legal, self.legal)
            assert (now.organisation.standing is Standing.SIGNATORY) == (state is CaseState.CONFIRMED)

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Life, settings=settings(max_examples=8, stateful_step_count=15, deadline=None))


def test_undo_of_everything_is_the_beginning():
    moves = [Move.PARK, Move.CONFIRM, Move.EDIT, Move.REOPEN]
    decisions = [
        Decision(case=1, version=n, move=move, by="a", at=None) for n, move in enumerate([*moves, *[Move.UNDO] * 4], 1)
    ]
    assert fold(decisions) == (CaseState.WAITING, ())
    assert fold(decisions[:4])[0] is CaseState.WAITING
    assert fold(decisions[:5])[0] is CaseState.CONFIRMED
