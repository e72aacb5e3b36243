"""Which entries are one: union-find beside a plain search, and who speaks for a cluster."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.clusters import Clusters, in_words, is_new
from harvester.model import Judgement, Organisation, Relation, Standing

NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
START = date(2027, 5, 25)
SIZE = 8


def said(number, one, other, relation=Relation.SAME, undoes=None, **more):
    return Judgement(id=number, relation=relation, one=one, other=other, by="Amina", at=NOON, undoes=undoes, **more)


def entry(number, standing=Standing.CANDIDATE, **more):
    return Organisation(id=number, name=f"name {number}", standing=standing, **more)


def reachable(edges, start):
    """Search without any of the cleverness."""
    found = {start}
    while more := {end for edge in edges if edge & found for end in edge} - found:
        found |= more
    return found


HISTORIES = st.lists(
    st.tuples(st.sampled_from(Relation), st.integers(1, SIZE), st.integers(1, SIZE), st.none() | st.integers(1, 20)),
    max_size=20,
)


def history(steps):
    """Turn steps into judgements; a step with a number takes an earlier one back, once, if it can."""
    every = []
    for number, (relation, one, other, back) in enumerate(steps, 1):
        undoable = {old.id for old in every if old.undoes is None} - {old.undoes for old in every}
        every.append(said(number, one, other, relation, undoes=back if back in undoable else None))
    return every


@given(steps=HISTORIES, standings=st.lists(st.sampled_from(Standing), min_size=SIZE, max_size=SIZE))
def test_clusters_are_what_standing_judgements_reach_and_the_right_entry_speaks(steps, standings):
    every = history(steps)
    undone = {one.undoes for one in every}
    edges = [
        frozenset((one.one, one.other))
        for one in every
        if one.relation is Relation.SAME and one.undoes is None and one.id not in undone
    ]
    clusters = Clusters(reversed(every))
    known = {number: entry(number, standing) for number, standing in enumerate(standings, 1)}
    order = [Standing.SUPPORTER, Standing.SIGNATORY, Standing.CANDIDATE]
    for number in known:
        members = reachable(edges, number)
        assert clusters.members(number) == members
        head = min(members, key=lambda key: (order.index(known[key].standing), key))
        assert clusters.head(number, known).id == head
        for other in members - {number}:
            link, path = clusters.link(number, other), clusters.path(number, other)
            assert link is not None
            assert {number, other} <= {end for one in path for end in (one.one, one.other)}
            before = [frozenset((one.one, one.other)) for one in clusters.standing if one.relation is Relation.SAME and one.id < link.id]  # fmt: skip
            assert other not in reachable(before, number)
    united = clusters.united(known.values())
    assert sorted(one.id for one in united) == sorted({clusters.head(number, known).id for number in known})


@given(steps=HISTORIES)
def test_taking_everything_back_leaves_nothing(steps):
    every = history(steps)
    standing = Clusters(every).standing
    for number, one in enumerate(standing, len(every) + 1):
        every.append(said(number, one.one, one.other, one.relation, undoes=one.id))
    assert Clusters(every).standing == ()
    assert Clusters(every).joined == frozenset()


def test_what_keeps_two_clusters_apart_holds_for_all_their_entries():
    clusters = Clusters([said(1, 1, 2), said(2, 3, 4), said(3, 2, 4, Relation.DIFFERENT)])
    assert clusters.apart(1, 3) == clusters.apart(4, 1) == clusters.standing[2]
    assert clusters.apart(1, 2) is None
    assert clusters.apart(1, 9) is None


def test_the_head_is_given_what_the_others_know():
    head = entry(7, Standing.SUPPORTER, country="US", handles=("ndi",), aliases=("name 9",))
    other = entry(3, Standing.SIGNATORY, country="FR", handles=("ndi", "ndi_fr"), segments=("hospitals",), aliases=("NDI",))  # fmt: skip
    (one,) = Clusters([said(1, 3, 7)]).united([other, head])
    assert (one.id, one.name, one.country) == (7, "name 7", "US")
    assert (one.handles, one.segments, one.aliases) == (("ndi", "ndi_fr"), ("hospitals",), ("name 9", "name 3", "NDI"))


@pytest.mark.parametrize(
    ("cluster", "new"),
    [
        ([entry(5)], False),
        ([entry(5, Standing.SUPPORTER)], False),
        ([entry(5, Standing.SIGNATORY), entry(6)], True),
        ([entry(5, Standing.SIGNATORY), entry(6, Standing.SIGNATORY)], True),
        ([entry(5, Standing.SIGNATORY), entry(2, Standing.SUPPORTER)], False),
        # The list has caught up.
        ([entry(5, Standing.SIGNATORY), entry(9, Standing.SUPPORTER)], True),
        ([entry(5, Standing.SIGNATORY), entry(9, Standing.SUPPORTER, signed_on=date(2019, 1, 1))], False),
        ([entry(5, Standing.SIGNATORY), entry(2, Standing.SUPPORTER, signed_on=START)], True),
        ([entry(5, Standing.SIGNATORY), entry(9, Standing.SUPPORTER), entry(2, Standing.SUPPORTER)], False),
    ],
)
def test_a_signatory_is_new_if_the_official_list_did_not_have_it_before(cluster, new):
    assert is_new(cluster, START) is new


def test_a_judgement_is_told_with_who_when_and_what():
    names = {1: "مستشفى النور", 2: "Al Nour"}
    assert in_words(said(1, 1, 2), names) == "Amina said on 01 June 2027 that مستشفى النور (no. 1) and Al Nour (no. 2) are the same"  # fmt: skip
    assert in_words(said(1, 1, None, Relation.DIFFERENT, name="Nour"), names).endswith("(no. 1) and “Nour” are different")  # fmt: skip
