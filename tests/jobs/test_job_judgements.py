"""Staff say who is who: one question, one count, one line in the letter; and every word can be taken back."""

import threading
from datetime import date

import pytest
from fakes import a_post, an_item
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from harvester.clusters import Clusters
from harvester.errors import Contradiction, IllegalMove, ReviewError, UnknownJudgement, UnknownOrganisation
from harvester.jobs import news, register, status
from harvester.jobs.judge import Judge
from harvester.jobs.judgements import about, judge, take_back
from harvester.jobs.recheck import duplicates
from harvester.jobs.review import Edit, decide
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
    Relation,
    Standing,
)
from harvester.store import upkeep
from harvester.store.tables import metadata

SAME, DIFFERENT, RELATED = Relation


def detect(post):
    """Stand in for detection: the text is the organisation's name, and what it says behind a full stop."""
    name = post.text.split(". ")[0]
    claim = Claim(kind=ClaimKind.SIGNS, organisation=name, span=(0, len(name)), confidence=0.9)
    return Finding(
        label=Label.ANNOUNCEMENT, confidence=0.9, claims=(claim,), reasons=(), language="en", rules_version="1"
    )


class Desk:
    """An office with what these tests do most."""

    def __init__(self, office):
        self.office, self.judge, self.posts = office, Judge(office, detect), 0

    def post(self, *texts):
        with self.office.store.write() as shelves:
            for words in texts:
                self.posts += 1
                post = a_post(words, id=PostId(f"fake:{self.posts}"), url=f"https://example.org/{self.posts}")
                shelves.posts.keep(an_item(self.posts, words), post)
        return self.judge.judge_all()

    def enter(self, name, standing=Standing.SUPPORTER, **more):
        with self.office.store.write() as shelves:
            return shelves.organisations.add(Organisation(id=UNREGISTERED, name=name, standing=standing, **more)).id

    def say(self, relation, one, other, by="Amina", note=""):
        return judge(self.office, relation, one, other, by=by, note=note).id

    def back(self, number, by="Bo"):
        return take_back(self.office, number, by=by)

    def cases(self, *states):
        with self.office.store.read() as shelves:
            return shelves.cases.in_states(states or (CaseState.WAITING, CaseState.PARKED))

    def names(self, *states):
        return [case.organisation.name for case in self.cases(*states)]

    def case(self, key):
        with self.office.store.read() as shelves:
            return shelves.cases.get(key)

    def counted(self):
        with self.office.store.read() as shelves:
            return status.campaign_progress(self.office, shelves).confirmed

    def told(self):
        with self.office.store.read() as shelves:
            return [case.organisation.name for case in news.untold(self.office, shelves)]

    def corrected(self):
        with self.office.store.read() as shelves:
            return news.corrections(self.office, shelves)

    def view(self):
        """All that people are shown."""
        with self.office.store.read() as shelves:
            clusters = shelves.judgements.clusters()
            return (
                shelves.cases.in_states(CaseState),
                shelves.cases.count(),
                clusters.united(shelves.organisations.all()),
                status.campaign_progress(self.office, shelves),
                news.untold(self.office, shelves),
                duplicates(self.office, shelves),
            )

    def rows(self):
        """The rows of every source table, byte for byte."""
        tables = [table.name for table in metadata.sorted_tables if table.name not in {"judgement", "proposal"}]
        with self.office.store.read() as shelves:
            return {name: sorted(map(repr, shelves.connection.execute(text(f"SELECT * FROM {name}")))) for name in tables}  # fmt: skip


@pytest.fixture
def desk(office):
    return Desk(office)


def letter_went(desk, clock):
    """Let a letter that tells all there is be delivered."""
    with desk.office.store.write() as shelves:
        told = [case.id for case in news.untold(desk.office, shelves)]
        shelves.outbox.put(
            day=clock().date(), message_id=f"<{clock()}>", data=b"", sender="h@example.org", recipients=(), tells=told, at=clock()
        )  # fmt: skip
        shelves.outbox.sent(shelves.outbox.pending(), at=clock(), refused={})
    clock.move(days=1)


# ------------------------------------------------------------ one question


def test_a_case_about_what_is_a_supporter_already_leaves_the_queue_and_comes_back(desk):
    supporter = desk.enter("Fujitsu")
    desk.post("富士通")
    (case,) = desk.cases()
    number = desk.say(SAME, supporter, case.organisation.id)
    assert desk.cases() == []
    assert desk.case(case.id).settled_by.by == "Amina"
    with desk.office.store.read() as shelves:
        assert shelves.cases.count() == {}
    assert desk.post("富士通. Good news").opened == 0
    desk.back(number)
    assert [one.id for one in desk.cases()] == [case.id]
    assert len(desk.case(case.id).evidence) == 2  # what came in the meantime stays


def test_two_waiting_cases_become_the_older_one_with_the_posts_of_both(desk):
    desk.post("Quorvex Labs", "QVX Sécurité")
    first, second = desk.cases()
    number = desk.say(SAME, second.organisation.id, first.organisation.id)
    (one,) = desk.cases()
    assert (one.id, [evidence.quote for evidence in one.evidence]) == (first.id, ["Quorvex Labs", "QVX Sécurité"])  # fmt: skip
    with pytest.raises(IllegalMove, match=rf"Amina said on 01 June 2027 .* the same\. To part them again: harvester org split {number}"):  # fmt: skip
        decide(desk.office, second.id, Move.CONFIRM, by="Bo")
    desk.back(number)
    assert desk.cases() == [first, second]


def test_posts_that_write_either_name_land_in_the_one_case_and_part_with_it(desk):
    desk.post("Quorvex Labs", "QVX Sécurité")
    first, second = desk.cases()
    number = desk.say(SAME, first.organisation.id, second.organisation.id)
    assert desk.post("QVX Sécurité. Nous avons signé", "Quorvex Labs. We did").opened == 0
    assert len(desk.cases()[0].evidence) == 4
    desk.back(number)
    with desk.office.store.read() as shelves:
        about_second = [quote for _, quote in shelves.cases.quotes_about([second.organisation.id])]
    assert about_second == ["QVX Sécurité", "QVX Sécurité."]
    assert [len(case.evidence) for case in desk.cases()] == [2, 2]


def test_the_answer_to_the_one_case_is_the_answer_to_both_until_they_are_parted(desk, clock):
    desk.post("Quorvex Labs", "QVX Sécurité")
    first, second = desk.cases()
    clock.move(hours=1)
    number = desk.say(SAME, first.organisation.id, second.organisation.id)
    clock.move(hours=1)
    decide(desk.office, first.id, Move.DECLINE, by="Amina")
    assert desk.cases() == []
    desk.back(number)
    assert desk.cases() == [second]


def test_an_answer_from_before_the_merge_does_not_silence_other_words(desk, clock):
    desk.post("Quorvex Labs", "QVX Sécurité")
    first, second = desk.cases()
    clock.move(hours=1)
    decide(desk.office, first.id, Move.DECLINE, by="Amina")
    clock.move(hours=1)
    desk.say(SAME, first.organisation.id, second.organisation.id)
    assert desk.cases() == [second]


def test_new_words_after_a_declined_case_of_a_cluster_are_asked_about(desk, clock):
    desk.post("Quorvex Labs", "QVX Sécurité")
    first, second = desk.cases()
    desk.say(SAME, first.organisation.id, second.organisation.id)
    clock.move(hours=1)
    decide(desk.office, first.id, Move.DECLINE, by="Amina")
    clock.move(hours=1)
    assert desk.post("QVX Sécurité").opened == 0  # a copy
    assert desk.post("QVX Sécurité. It is official now").opened == 1
    assert len(desk.cases()) == 1


def test_an_ambiguous_name_gathers_in_one_case_and_is_never_asked_about_again(desk):
    desk.enter("Freedom House", country="US")
    indian = desk.enter("Freedom House", country="IN")
    desk.post("Freedom House", "Freedom House. Again", "Freedom House. And again")
    (case,) = desk.cases()
    assert len(case.evidence) == 3
    assert {one.organisation.country for one in case.candidates} == {"US", "IN"}
    desk.say(SAME, case.organisation.id, indian)
    assert desk.post("Freedom House. Once more").opened == 0
    assert desk.cases() == []


def test_other_words_for_a_new_organisation_are_the_same_case_or_are_shown_with_it(desk):
    desk.post("Zanele Hospital", "Zanele Hospital Ltd", "Zanele Hospital Trust")
    first, second = desk.cases()
    assert [evidence.post.text for evidence in first.evidence] == ["Zanele Hospital", "Zanele Hospital Ltd"]
    assert [one.organisation.id for one in second.candidates] == [first.organisation.id]
    assert [one.organisation.id for one in first.candidates] == [second.organisation.id]
    assert all(one.reasons for case in (first, second) for one in case.candidates)


# ------------------------------------------------------------ what staff said is not asked again


def test_who_is_another_is_shown_no_more_and_who_is_related_is_shown_as_such(desk):
    parent, chapter = desk.enter("Orange"), desk.enter("Orange Foundation")
    desk.post("Orange Bank")
    (case,) = desk.cases()
    assert {parent, chapter} >= {one.organisation.id for one in case.candidates} >= {parent}
    number = desk.say(DIFFERENT, case.organisation.id, parent)
    assert parent not in {one.organisation.id for one in desk.cases()[0].candidates}
    desk.back(number)
    desk.say(RELATED, parent, case.organisation.id)
    (shown,) = [one for one in desk.cases()[0].candidates if one.organisation.id == parent]
    assert shown.reasons[-1].detail.startswith("staff said so: Amina said on 01 June 2027 that Orange (no. ")
    assert desk.case(case.id).settled_by is None


def test_a_judged_pair_is_no_duplicate_any_more(desk):
    one, other = desk.enter("EGERIE"), desk.enter("EGERIE Software")

    def pairs():
        with desk.office.store.read() as shelves:
            return [{pair.one.id, pair.other.id} for pair in duplicates(desk.office, shelves)]

    assert pairs() == [{one, other}]
    for relation in Relation:
        number = desk.say(relation, other, one)
        assert pairs() == []
        desk.back(number)
    assert pairs() == [{one, other}]


def test_a_name_that_is_not_the_entry_is_judged_anew_and_becomes_a_case(desk):
    supporter = desk.enter("Quorvex", aliases=("QLX Group",), country="US")
    desk.post("QLX Group", "Quorvex")
    assert desk.cases() == []
    number = desk.say(DIFFERENT, supporter, "qlx  GROUP")
    desk.judge.judge_all()
    assert desk.names() == ["QLX Group"]
    assert desk.post("QLX Group. Again").opened == 0
    assert len(desk.cases()[0].evidence) == 2
    with pytest.raises(Contradiction, match=r"what was said before: Amina said .* “qlx  GROUP” are different"):
        desk.say(SAME, supporter, "QLX group")
    desk.back(number)


def test_a_name_that_is_the_entry_means_it_where_the_country_agrees(desk):
    supporter = desk.enter("Fujitsu", country="JP")
    desk.say(SAME, supporter, "富士通")
    assert desk.post("富士通").opened == 0
    with desk.office.store.read() as shelves:
        assert shelves.cases.quotes_about([supporter]) == [("https://example.org/1", "富士通")]
        assert [sentence for _, sentence in about(shelves, supporter)] == [
            f"Amina said on 01 June 2027 that Fujitsu (no. {supporter}) and “富士通” are the same"
        ]
    with pytest.raises(ReviewError, match="is no name"):
        desk.say(SAME, supporter, " 😀 ")


# ------------------------------------------------------------ contradictions


def test_what_contradicts_is_refused_with_who_said_what_when_and_the_way_back(desk):
    a, b, c = (desk.enter(name) for name in ("Alpha", "Beta", "Gamma"))
    first, second = desk.say(SAME, a, b, by="Amina"), desk.say(SAME, b, c, by="Bo")
    with pytest.raises(Contradiction) as refused:
        desk.say(DIFFERENT, a, c, by="Chen")
    assert str(refused.value) == (
        "that contradicts what was said before: "
        f"Amina said on 01 June 2027 that Alpha (no. {a}) and Beta (no. {b}) are the same (take it back: harvester org split {first}); "
        f"Bo said on 01 June 2027 that Beta (no. {b}) and Gamma (no. {c}) are the same (take it back: harvester org split {second})"
    )
    desk.back(second)
    desk.say(DIFFERENT, a, c, by="Chen")
    with pytest.raises(Contradiction, match=r"Chen said on 01 June 2027 that Alpha .* and Gamma .* are different"):
        desk.say(SAME, c, b)
    with pytest.raises(Contradiction, match="that contradicts"):
        desk.say(RELATED, c, a)


def test_what_was_said_already_is_refused_too(desk):
    a, b = desk.enter("Alpha"), desk.enter("Beta")
    number = desk.say(SAME, a, b)
    with pytest.raises(Contradiction, match=f"that was said already: Amina .*split {number}"):
        desk.say(SAME, b, a, by="Bo")
    desk.back(number, by="Chen")
    with pytest.raises(Contradiction, match=f"Chen took judgement {number} back on 01 June 2027 already"):
        desk.back(number)
    with pytest.raises(Contradiction, match="to say it again, judge anew"):
        desk.back(number + 1)
    with pytest.raises(Contradiction, match="name two"):
        desk.say(SAME, a, a)
    with pytest.raises(UnknownJudgement, match="there is no judgement 99; `harvester org judgements`"):
        desk.back(99)
    with pytest.raises(UnknownOrganisation):
        desk.say(SAME, a, 999)


def test_of_many_who_say_the_same_at_once_one_is_heard(desk):
    a, b = desk.enter("Alpha"), desk.enter("Beta")
    refused = []

    def speak(who, relation):
        try:
            desk.say(relation, a, b, by=who)
        except Contradiction as error:
            refused.append(str(error))

    threads = [threading.Thread(target=speak, args=(f"staff {n}", [SAME, DIFFERENT][n % 2])) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    with desk.office.store.read() as shelves:
        (heard,) = shelves.judgements.all()
    assert all(f"{heard.by} said on" in words for words in refused)


# ------------------------------------------------------------ counted and told once


def confirmed(desk, *names):
    desk.post(*names)
    return [decide(desk.office, case.id, Move.CONFIRM, by="Amina").organisation.id for case in desk.cases()]


def test_two_confirmed_that_are_one_count_and_are_told_once(desk):
    one, other = confirmed(desk, "Quorvex Labs", "QVX Sécurité")
    assert (desk.counted(), desk.told()) == (2, ["Quorvex Labs", "QVX Sécurité"])
    number = desk.say(SAME, other, one)
    assert (desk.counted(), desk.told()) == (1, ["Quorvex Labs"])
    desk.back(number)
    assert (desk.counted(), desk.told()) == (2, ["Quorvex Labs", "QVX Sécurité"])


def test_one_that_was_told_is_not_told_again_under_another_name(desk, clock):
    (one,) = confirmed(desk, "Quorvex Labs")
    letter_went(desk, clock)
    (other,) = confirmed(desk, "QVX Sécurité")
    number = desk.say(SAME, one, other)
    assert (desk.told(), desk.corrected()) == ([], [])
    desk.back(number)
    assert desk.told() == ["QVX Sécurité"]


def test_a_confirmed_one_that_is_a_supporter_already_is_neither_counted_nor_told(desk):
    supporter = desk.enter("Fujitsu")
    (one,) = confirmed(desk, "富士通")
    assert (desk.counted(), desk.told()) == (1, ["富士通"])
    number = desk.say(SAME, one, supporter)
    assert (desk.counted(), desk.told()) == (0, [])
    desk.back(number)
    assert (desk.counted(), desk.told()) == (1, ["富士通"])


def test_a_confirmed_one_goes_on_counting_when_the_list_catches_up(desk):
    (one,) = confirmed(desk, "富士通")
    desk.say(SAME, one, desk.enter("Fujitsu"))
    assert desk.counted() == 1
    (two,) = confirmed(desk, "Mbalo Radio")
    desk.say(SAME, two, desk.enter("Radio Mbalo FM", signed_on=date(2019, 3, 1)))
    assert desk.counted() == 1


def test_what_a_letter_told_wrongly_is_corrected_by_the_next_one_once(desk, clock):
    supporter = desk.enter("Fujitsu")
    first, second, third = confirmed(desk, "富士通", "Quorvex Labs", "QVX Sécurité")
    letter_went(desk, clock)
    number = desk.say(SAME, supporter, first)
    desk.say(SAME, third, second)
    old, twice = desk.corrected()
    assert old.startswith(
        "Correction: 富士通 was told as a new signatory, but it was a supporter already: Amina said on "
    )
    assert twice.startswith("Correction: QVX Sécurité was told as a new signatory, but it was told before under another name: ")  # fmt: skip
    letter_went(desk, clock)
    assert desk.corrected() == []
    desk.back(number)
    assert (desk.told(), desk.counted()) == ([], 2)


def test_a_confirmation_that_is_taken_back_needs_no_correction_while_another_case_bears_it_out(desk, clock):
    one, other = confirmed(desk, "Quorvex Labs", "QVX Sécurité")
    desk.say(SAME, one, other)
    letter_went(desk, clock)
    (first, _) = desk.cases(CaseState.CONFIRMED)
    decide(desk.office, first.id, Move.REOPEN, by="Bo")
    assert (desk.corrected(), desk.counted()) == ([], 1)
    assert desk.cases() == []  # the other one answers it


def test_one_that_stands_on_the_list_twice_is_one_known_supporter(desk):
    one, other = desk.enter("NDI"), desk.enter("National Democratic Institute")
    with desk.office.store.read() as shelves:
        assert status.known_supporters(shelves) == 2
    desk.say(SAME, one, other)
    with desk.office.store.read() as shelves:
        assert status.known_supporters(shelves) == 1


# ------------------------------------------------------------ a new entry re-checks its neighbours


def official(tmp_path, *names):
    file = tmp_path / "list.csv"
    file.write_text("name,category,country\n" + "".join(f"{name},,\n" for name in names), encoding="utf-8")
    return file


def test_a_new_official_list_is_compared_with_what_waits_and_what_was_confirmed(desk, tmp_path):
    confirmed(desk, "Quorvex Data Labs")
    desk.post("Mbalo Radio Trust", "Tzintzun")
    waiting, alone = desk.cases()
    assert (waiting.candidates, alone.candidates) == ((), ())
    done = register.import_list(desk.office, official(tmp_path, "Mbalo Radio", "Quorvex Data", "Nobody Else"))
    assert (done.added, done.proposed) == (3, 2)
    waiting, alone = desk.cases()
    (found,) = waiting.candidates
    assert (found.organisation.name, alone.candidates) == ("Mbalo Radio", ())
    assert [reason.detail for reason in found.reasons] == ['only Mbalo Radio Trust has "trust": Mbalo Radio Trust']
    assert waiting.state is CaseState.WAITING
    with desk.office.store.read() as shelves:
        pairs = [{pair.one.name, pair.other.name} for pair in duplicates(desk.office, shelves)]
    assert {"Quorvex Data Labs", "Quorvex Data"} in pairs
    desk.say(DIFFERENT, found.organisation.id, waiting.organisation.id)
    assert desk.cases()[0].candidates == ()


def test_a_corrected_name_is_compared_with_what_waits(desk):
    desk.post("مستشفى النور", "Al Nour Hospital Trust")
    first, second = desk.cases()
    assert second.candidates == ()
    decide(desk.office, first.id, Move.CONFIRM, by="Amina", edit=Edit(name="Al Nour Hospital"))
    assert [one.organisation.name for one in desk.cases()[0].candidates] == ["Al Nour Hospital"]


def test_nothing_is_proposed_about_what_was_declined(desk):
    desk.post("Zanele Hospital", "Zanele Hospital Trust")

    def pairs():
        with desk.office.store.read() as shelves:
            return [(pair.one.name, pair.other.name) for pair in duplicates(desk.office, shelves)]

    assert pairs() == [("Zanele Hospital", "Zanele Hospital Trust")]
    decide(desk.office, desk.cases()[1].id, Move.DECLINE, by="Amina")
    assert pairs() == []
    decide(desk.office, desk.cases(CaseState.DECLINED)[0].id, Move.UNDO, by="Amina")
    assert len(pairs()) == 1


def test_the_first_start_proposes_nothing(office, tmp_path):
    assert register.import_list(office, official(tmp_path, "EGERIE", "EGERIE Software")).proposed == 0


# ------------------------------------------------------------ reversible


STEPS = st.lists(
    st.tuples(st.sampled_from(["merge", "merge", "differ", "relate", "split"]), st.integers(0, 6), st.integers(0, 6)),
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_merges_and_splits_rewrite_nothing_and_only_what_stands_counts(desk, clock, steps):
    """What is shown follows from the standing judgements alone, whatever was said and taken back before."""
    if not desk.posts:
        for name in ("Fujitsu", "NDI"):
            desk.enter(name)
        confirmed(desk, "Quorvex Labs", "Clinique Kaolé")
        desk.post("富士通", "QVX Sécurité", "Mbalo Radio")
    store = desk.office.store
    with store.read() as shelves:
        entries = sorted(one.id for one in shelves.organisations.all())
        for one in shelves.judgements.clusters().standing:
            desk.back(one.id)
    rows, shown = desk.rows(), {frozenset(): desk.view()}
    for move, a, b in steps:
        clock.move(minutes=1)
        with store.read() as shelves:
            standing = shelves.judgements.clusters().standing
        try:
            if move == "split" and standing:
                desk.back(standing[a % len(standing)].id)
            elif move != "split":
                relation = {"merge": SAME, "differ": DIFFERENT, "relate": RELATED}[move]
                desk.say(relation, entries[a], entries[b])
        except Contradiction:
            continue
        with store.read() as shelves:
            clusters, every = shelves.judgements.clusters(), shelves.judgements.all()
            known = {one.id: one for one in shelves.organisations.all()}
        again = Clusters(every)
        assert {key: again.head(key, known) for key in known} == {key: clusters.head(key, known) for key in known}
        # Who said it and when may show in a reason; so only the pairs that are joined tell two states apart.
        if all(one.relation is SAME for one in clusters.standing):
            pairs = frozenset(clusters.members(key) for key in known)
            view = desk.view()
            assert shown.setdefault(pairs if clusters.standing else frozenset(), view)[2:] == view[2:]
            assert [case.id for case in shown[pairs if clusters.standing else frozenset()][0]] == [
                case.id for case in view[0]
            ]
    assert desk.rows() == rows
    with store.read() as shelves:
        standing = shelves.judgements.clusters().standing
    for one in reversed(standing):
        desk.back(one.id)
    assert desk.view() == shown[frozenset()]
    assert desk.rows() == rows
    assert upkeep.check(store.engine) == []
