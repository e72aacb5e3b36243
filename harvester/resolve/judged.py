"""Apply what staff have said before: their word stands above the machine's and is given as the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from harvester.clusters import Clusters, in_words
from harvester.model import Judgement, Mention, Organisation, OrganisationId, Reason, Relation
from harvester.resolve import normal
from harvester.resolve.compare import Comparison
from harvester.resolve.index import Index
from harvester.resolve.names import Likeness, NameLikeness

Ranked = list[tuple[int, Comparison]]
"""Numbers of entries with what was seen, the likeliest first."""


def name_key(name: str) -> str:
    """Give what tells one name from another when staff judge it: its words, without case, accents and signs."""
    return " ".join(normal.tokens(normal.fold(name[: normal.LONGEST], {})))


class Judged:
    """Staff's judgements over the entries of an index."""

    def __init__(self, judgements: Iterable[Judgement], index: Index) -> None:
        self.clusters = Clusters(judgements)
        self._index = index
        self._names: defaultdict[str, list[Judgement]] = defaultdict(list)
        for judgement in self.clusters.standing:
            if judgement.other is None:
                self._names[name_key(judgement.name)].append(judgement)

    def apply(self, mention: Mention, ranked: Ranked) -> Ranked:
        """Put first what staff said that the mention is, leave out what it is not, and give each cluster once."""
        if not self.clusters.standing:
            return ranked
        for judgement in self._of(mention):
            ranked = self._with(judgement, ranked)
        seen: dict[OrganisationId, tuple[int, Comparison]] = {}
        for number, comparison in ranked:
            head = self.head(number)
            seen.setdefault(head.id, (number, self._told(number, head, comparison)))
        return list(seen.values())

    def head(self, number: int) -> Organisation:
        """Give the organisation that an entry belongs to: the entry that speaks for its cluster."""
        own = self._index.organisation(number)
        if own.id not in self.clusters.joined:
            return own
        others = (self._index.number(key) for key in self.clusters.members(own.id))
        known = {one.id: one for n in others if n is not None for one in [self._index.organisation(n)]}
        return self.clusters.head(own.id, known)

    def is_answered(self, one: int, other: int) -> bool:
        """Say whether staff have joined two entries, or said that they are two."""
        a, b = self._index.organisation(one).id, self._index.organisation(other).id
        return b in self.clusters.members(a) or self.clusters.apart(a, b) is not None

    def count(self, numbers: Collection[int]) -> int:
        """Count the organisations that these entries are."""
        if not self.clusters.joined:
            return len(numbers)
        return len({min(self.clusters.members(self._index.organisation(number).id)) for number in numbers})

    def _of(self, mention: Mention) -> list[Judgement]:
        """Give the judgements on the mention's name; one of another country is another body's name."""
        if not self._names:
            return []
        country = mention.country.strip().upper()
        return [
            judgement
            for judgement in self._names.get(name_key(mention.name), ())
            if (number := self._index.number(judgement.one)) is not None
            and (not country or self._index.entry(number).country in {"", country})
        ]

    def _with(self, judgement: Judgement, ranked: Ranked) -> Ranked:
        members = self.clusters.members(judgement.one)
        inside = [pair for pair in ranked if self._index.organisation(pair[0]).id in members]
        outside = [pair for pair in ranked if pair not in inside]
        if judgement.relation is Relation.DIFFERENT:
            return outside
        reason = self._reason(judgement)
        if judgement.relation is Relation.SAME:
            meant = self._index.number(judgement.one)
            name = NameLikeness(Likeness.EQUAL, 1.0, reason.detail)
            # Of the others none is sure now, so that no tie is seen where staff have decided.
            rest = [(n, replace(seen, certain=(), hints=(*seen.certain, *seen.hints))) for n, seen in outside]
            return [(meant, Comparison(name, 1.0, certain=(reason,))), *rest] if meant is not None else ranked
        apart = [(n, replace(seen, vetoes=(*seen.vetoes, reason))) for n, seen in inside]
        return sorted([*outside, *apart], key=lambda pair: (not pair[1].is_sure, -pair[1].score))

    def _told(self, number: int, head: Organisation, seen: Comparison) -> Comparison:
        own = self._index.organisation(number)
        link = self.clusters.link(own.id, head.id) if own.id != head.id else None
        return replace(seen, hints=(*seen.hints, self._reason(link))) if link else seen

    def _reason(self, judgement: Judgement) -> Reason:
        names = {
            key: self._index.organisation(number).name
            for key in (judgement.one, judgement.other)
            if key and (number := self._index.number(key)) is not None
        }
        return Reason(rule="judgement", detail=f"staff said so: {in_words(judgement, names)}", weight=1.0)
