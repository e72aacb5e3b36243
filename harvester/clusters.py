"""Work out which entries of the register staff hold to be one organisation, from their judgements alone.

A cluster is what standing "same" judgements join. Nothing is written anywhere when entries are joined or parted: who
asks for the organisations gets one for each cluster, and a judgement that is taken back leaves no trace in the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain

from harvester.model import Judgement, Organisation, OrganisationId, Relation, Standing

PRECEDENCE = (Standing.SUPPORTER, Standing.SIGNATORY, Standing.CANDIDATE)
"""Whose entry speaks for a cluster; of two alike, the older one."""


class Clusters:
    """What staff's judgements come to.

    `standing` are those that nobody took back, oldest first; `joined` are all entries that are joined to another.
    """

    def __init__(self, judgements: Iterable[Judgement] = ()) -> None:
        every = sorted(judgements, key=lambda one: one.id)
        undone = {one.undoes for one in every}
        self.standing = tuple(one for one in every if one.undoes is None and one.id not in undone)
        self._members: dict[OrganisationId, frozenset[OrganisationId]] = {}
        for judgement in self.standing:
            _join(self._members, judgement)
        self.joined = frozenset(self._members)
        self._apart = {
            frozenset((self._root(judgement.one), self._root(judgement.other))): judgement
            for judgement in reversed(self.standing)
            if judgement.relation is not Relation.SAME and judgement.other is not None
        }

    def members(self, entry: OrganisationId) -> frozenset[OrganisationId]:
        """Give the entries of one cluster; most entries are alone in theirs."""
        return self._members.get(entry) or frozenset((entry,))

    def apart(self, one: OrganisationId, other: OrganisationId) -> Judgement | None:
        """Give the oldest standing judgement that keeps the clusters of two entries apart, or None."""
        return self._apart.get(frozenset((self._root(one), self._root(other))))

    def link(self, one: OrganisationId, other: OrganisationId) -> Judgement | None:
        """Give the judgement that joined two entries of one cluster, the last that was needed; else None."""
        found: dict[OrganisationId, frozenset[OrganisationId]] = {}
        for judgement in self.standing:
            _join(found, judgement)
            if other in found.get(one, ()):
                return judgement
        return None

    def path(self, one: OrganisationId, other: OrganisationId) -> list[Judgement]:
        """Give the fewest judgements that together join two entries of one cluster."""
        ways: dict[OrganisationId, list[Judgement]] = {one: []}
        reached = [one]
        for here in reached:
            for judgement in self.standing:
                ends = (judgement.one, judgement.other)
                if judgement.relation is Relation.SAME and here in ends:
                    for there in ends:
                        if there is not None and there not in ways:
                            ways[there] = [*ways[here], judgement]
                            reached.append(there)
        return ways[other]

    def head(self, entry: OrganisationId, known: Mapping[OrganisationId, Organisation]) -> Organisation:
        """Give the entry that speaks for the cluster of `entry`, of those that are `known`."""
        return min((known[key] for key in self.members(entry) if key in known), key=_precedence)

    def united(self, organisations: Iterable[Organisation]) -> list[Organisation]:
        """Give each cluster as one organisation: its head, with what the others know and it does not."""
        return [_as_one(cluster) for cluster in self.grouped(organisations)]

    def new_signatories(self, organisations: Iterable[Organisation], since: date) -> list[Organisation]:
        """Give, each as one organisation, the confirmed signatories of a campaign that began on a day."""
        return [_as_one(cluster) for cluster in self.grouped(organisations) if is_new(cluster, since)]

    def grouped(self, organisations: Iterable[Organisation]) -> list[list[Organisation]]:
        """Give the entries of each cluster together, its head first, in the order in which the heads came."""
        listed = list(organisations)
        known = {one.id: one for one in listed if one.id in self._members}
        found = []
        for one in listed:
            cluster = sorted((known[key] for key in self.members(one.id) if key in known), key=_precedence) or [one]
            if cluster[0].id == one.id:
                found.append(cluster)
        return found

    def _root(self, entry: OrganisationId) -> OrganisationId:
        return min(self.members(entry))


def is_new(cluster: Iterable[Organisation], since: date) -> bool:
    """Say whether staff confirmed a cluster as a new signatory, and the official list did not have it before.

    An entry of the list was there before if it signed before `since`; one without a date, if it came before the
    signatory's own entry. So a campaign's signatory goes on being one when the official list catches up.
    """
    members = list(cluster)
    confirmed = [one.id for one in members if one.standing is Standing.SIGNATORY]
    listed = [one for one in members if one.standing is Standing.SUPPORTER]
    return bool(confirmed) and not any(
        one.signed_on < since if one.signed_on else one.id < min(confirmed) for one in listed
    )


def in_words(judgement: Judgement, names: Mapping[OrganisationId, str]) -> str:
    """Say who judged what and when; `names` are those of the entries."""
    one = f"{names.get(judgement.one, '?')} (no. {judgement.one})"
    other = f"{names.get(judgement.other, '?')} (no. {judgement.other})" if judgement.other else f"“{judgement.name}”"
    words = {Relation.SAME: "the same", Relation.DIFFERENT: "different", Relation.RELATED: "related, but two"}
    return f"{judgement.by} said on {judgement.at:%d %B %Y} that {one} and {other} are {words[judgement.relation]}"


def _join(found: dict[OrganisationId, frozenset[OrganisationId]], judgement: Judgement) -> None:
    if judgement.relation is Relation.SAME and judgement.other is not None:
        both = (judgement.one, judgement.other)
        whole = frozenset(chain(*(found.get(key, (key,)) for key in both)))
        found |= dict.fromkeys(whole, whole)


def _precedence(one: Organisation) -> tuple[int, int]:
    return PRECEDENCE.index(one.standing), one.id


def _as_one(cluster: list[Organisation]) -> Organisation:
    head, *others = cluster
    if not others:
        return head
    names = dict.fromkeys(chain(head.aliases, *((one.name, *one.aliases) for one in others)))
    return replace(
        head,
        aliases=tuple(name for name in names if name != head.name),
        handles=tuple(dict.fromkeys(chain(*(one.handles for one in cluster)))),
        domains=tuple(dict.fromkeys(chain(*(one.domains for one in cluster)))),
        country=next((one.country for one in cluster if one.country), ""),
        category=next((one.category for one in cluster if one.category), None),
        segments=tuple(dict.fromkeys(chain(*(one.segments for one in cluster)))),
        signed_on=next((one.signed_on for one in cluster if one.signed_on), None),
    )
