"""Take staff's word on who is who: each judgement is added, never changed, and can be taken back.

"same" joins two entries of the register into one organisation, "different" and "related" keep them two. About a name
instead of a second entry, it says what posts that write it so mean. No entry, case or post is rewritten by any of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from harvester.clusters import Clusters, in_words
from harvester.errors import Contradiction, ReviewError
from harvester.jobs import Office
from harvester.model import Judgement, OrganisationId, Relation
from harvester.resolve import name_key
from harvester.store import Shelves


def judge(
    office: Office,
    relation: Relation,
    one: OrganisationId,
    other: OrganisationId | str,
    *,
    by: str,
    note: str = "",
) -> Judgement:
    """Write down what a person says of an entry and another one, or a name as posts write it; give the judgement.

    Posts whose name was taken for the entry, and is not, are judged anew. Raises Contradiction when a standing
    judgement says this already or says otherwise, UnknownOrganisation when there is no such entry.
    """
    with office.store.write() as shelves:
        for key in (one, other):
            if not isinstance(key, str):
                shelves.organisations.get(key)
        clusters = shelves.judgements.clusters()
        if isinstance(other, str):
            _refuse_name(shelves, clusters, relation, one, other)
        else:
            _refuse(shelves, clusters, relation, one, other)
        new = Judgement(
            id=0,
            relation=relation,
            one=one,
            other=None if isinstance(other, str) else other,
            name=other if isinstance(other, str) else "",
            by=by,
            at=office.now(),
            note=note,
        )
        if isinstance(other, str) and relation is not Relation.SAME:
            shelves.posts.judge_again(_posts_naming(shelves, clusters.members(one), other))
        return shelves.judgements.add(new)


def take_back(office: Office, judgement: int, *, by: str, note: str = "") -> Judgement:
    """Take a judgement back, whoever's it was; give it. All is then as if it had never been.

    Raises Contradiction when it was taken back before, UnknownJudgement when there is none of this number.
    """
    with office.store.write() as shelves:
        meant = shelves.judgements.get(judgement)
        if meant.undoes is not None:
            raise Contradiction(
                f"judgement {judgement} took back judgement {meant.undoes}; to say it again, judge anew"
            )
        for earlier in shelves.judgements.all():
            if earlier.undoes == judgement:
                raise Contradiction(f"{earlier.by} took judgement {judgement} back on {earlier.at:%d %B %Y} already")
        undone = Judgement(
            id=0,
            relation=meant.relation,
            one=meant.one,
            other=meant.other,
            name=meant.name,
            by=by,
            at=office.now(),
            note=note,
            undoes=judgement,
        )
        shelves.judgements.add(undone)
        return meant


def about(shelves: Shelves, entry: OrganisationId) -> list[tuple[Judgement, str]]:
    """Give the standing judgements on an entry's cluster, each with its sentence, oldest first."""
    clusters = shelves.judgements.clusters()
    members = clusters.members(entry)
    return [(one, told(shelves, one)) for one in clusters.standing if {one.one, one.other} & members]


def told(shelves: Shelves, judgement: Judgement) -> str:
    """Say in a sentence who judged what and when."""
    names = {key: shelves.organisations.get(key).name for key in (judgement.one, judgement.other) if key}
    return in_words(judgement, names)


def _refuse(
    shelves: Shelves, clusters: Clusters, relation: Relation, one: OrganisationId, other: OrganisationId
) -> None:
    if one == other:
        raise Contradiction(f"{one} and {other} are one entry; name two")
    if other in clusters.members(one):
        raise Contradiction(_already(shelves, clusters.path(one, other), relation))
    if apart := clusters.apart(one, other):
        raise Contradiction(_already(shelves, [apart], relation))


def _refuse_name(shelves: Shelves, clusters: Clusters, relation: Relation, one: OrganisationId, name: str) -> None:
    if not (key := name_key(name)):
        raise ReviewError(f"{name!r} is no name; give one with a letter or a digit in it")
    said = [standing for standing in clusters.standing if standing.other is None and name_key(standing.name) == key]
    members = clusters.members(one)
    if standing := [old for old in said if old.one in members or old.relation is relation is Relation.SAME]:
        raise Contradiction(_already(shelves, standing, relation))


def _already(shelves: Shelves, standing: Sequence[Judgement], relation: Relation) -> str:
    """Say who has said what, and how to take it back."""
    is_same = all(one.relation is relation for one in standing)
    said = "; ".join(f"{told(shelves, one)} (take it back: harvester org split {one.id})" for one in standing)
    return f"that was said already: {said}" if is_same else f"that contradicts what was said before: {said}"


def _posts_naming(shelves: Shelves, entries: Collection[OrganisationId], name: str) -> list[int]:
    """Give the keys of the posts whose claim on one of these entries is written so."""
    claims = shelves.cases.claims_about(entries)
    return [post for post, claim in claims if name_key(claim.organisation) == name_key(name)]
