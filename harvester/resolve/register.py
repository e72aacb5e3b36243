"""Decide which organisation a mention means: the same as an entry, possibly one of a few, or a new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from harvester.config import OrganisationWords
from harvester.model import Candidate, Judgement, Match, Mention, Organisation, Outcome, Reason, Standing
from harvester.resolve import normal
from harvester.resolve.compare import Comparer, Comparison
from harvester.resolve.index import Entry, Index
from harvester.resolve.judged import Judged
from harvester.resolve.names import Likeness
from harvester.resolve.words import Vocabulary

SHOWN = 5
WORTH_ASKING = 0.5
"""The score from which a person is asked; below, it is another organisation that shares a few words."""
WORTH_SHOWING = 0.2
TELLING_HINTS = frozenset({"acronym", "initials", "handle"})
"""Rules by which two entries may be one organisation though their names have no word in common."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A match, the mention as it was taken apart, and what was seen between it and each of the match's candidates."""

    match: Match
    query: Entry
    seen: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two entries that may be one organisation, and why."""

    one: Organisation
    other: Organisation
    score: float
    reasons: tuple[Reason, ...]


class Register:
    """The known organisations, in memory, and the answer to "which of them is this?"."""

    def __init__(
        self, organisations: Iterable[Organisation], words: OrganisationWords, judgements: Iterable[Judgement] = ()
    ) -> None:
        """Index `organisations` with the language data of `config/organisations.toml`, under staff's `judgements`."""
        vocabulary = _vocabulary(words)
        self._index = Index(vocabulary)
        self._judged = Judged(judgements, self._index)
        self._comparer = Comparer(vocabulary, self._index.weight, self._held_by)
        for organisation in organisations:
            self._index.add(organisation)

    def __len__(self) -> int:
        return len(self._index)

    def add(self, organisation: Organisation) -> None:
        """Put a new or changed entry in; one of the same id is replaced."""
        self._index.add(organisation)

    def match(self, mention: Mention) -> Match:
        """Say which organisation `mention` is, with at most five candidates, the likeliest first; raise nothing."""
        return self.explain(mention).match

    def explain(self, mention: Mention) -> Explanation:
        """Match `mention`, and tell all that was seen on the way; raise nothing."""
        query = self._index.query(mention)
        ranked = self._judged.apply(mention, self._rank(mention, query))
        shown = ranked[:SHOWN]
        candidates = tuple(self._candidate(number, seen) for number, seen in shown)
        match = Match(mention=mention, outcome=self._outcome(mention, ranked), candidates=candidates)
        return Explanation(match, query, tuple(seen for _, seen in shown))

    def knows(self, mention: Mention) -> bool:
        """Say quickly whether an entry has this very name, handle or domain, so that a match may be sure."""
        return self._index.has(self._index.query(mention))

    def new_alias(self, name: str) -> str:
        """Give what `name` is compared by if it can serve as an entry's alias; else "".

        A name that an entry has is none, nor is one that tells nobody apart ("Ministry of Health"), nor a disguise.
        """
        if normal.is_disguised(name[: normal.LONGEST]) or len(name) > normal.LONGEST:
            return ""
        return self._index.new_key(name)

    def duplicates(self) -> Iterator[Duplicate]:
        """Give pairs of entries that look like one organisation, each pair once, in the order of entries.

        Pairs on which staff have spoken are left out.
        """
        for number in self._index.numbers():
            entry = self._index.entry(number)
            for other in self._index.candidates(entry):
                if other <= number or self._judged.is_answered(number, other):
                    continue
                if seen := self._likely_double(entry, self._index.entry(other)):
                    both = self._index.organisation(number), self._index.organisation(other)
                    yield Duplicate(*both, score=round(seen.score, 3), reasons=seen.reasons)

    def neighbours(self, organisation: Organisation) -> tuple[Candidate, ...]:
        """Give the entries that an entry of the register may be one with, the likeliest first.

        They are those for which a person would have been asked, had either been there when the other one came. Those
        on which staff have spoken are left out.
        """
        number = self._index.number(organisation.id)
        if number is None:
            return ()
        # Proposals are read from either side, so the reasons call both by their names.
        entry = replace(self._index.entry(number), side=organisation.name)
        found = []
        for other in self._index.candidates(entry):
            if other != number and not self._judged.is_answered(number, other):
                beside = replace(self._index.entry(other), side=self._index.organisation(other).name)
                seen = self._both_ways(entry, beside)
                if seen and (seen.is_sure or _is_worth_asking(seen)):
                    found.append((other, seen))
        found.sort(key=lambda pair: (not pair[1].is_sure, -pair[1].score, pair[0]))
        return tuple(self._candidate(other, seen) for other, seen in found)

    def _both_ways(self, one: Entry, other: Entry) -> Comparison | None:
        """Compare two entries both ways, as each may hold the other's acronym; None if one is another state."""
        if one.state != other.state:
            return None
        both = [self._comparer.compare(a, b, disguised=False) for a, b in ((one, other), (other, one))]
        return max(both, key=lambda seen: (seen.is_sure, seen.score))

    def _likely_double(self, one: Entry, other: Entry) -> Comparison | None:
        """Compare two entries; None if they look like two."""
        best = self._both_ways(replace(one, side="the one"), replace(other, side="the other"))
        if best is None:
            return None
        told = best.name.likeness >= Likeness.WORDS_MORE or any(hint.rule in TELLING_HINTS for hint in best.hints)
        return best if best.is_sure or (told and not best.vetoes and best.score >= WORTH_ASKING) else None

    def _rank(self, mention: Mention, query: Entry) -> list[tuple[int, Comparison]]:
        """Compare with all entries worth it, and give those worth showing, the likeliest first."""
        disguised = normal.is_disguised(mention.name[: normal.LONGEST])
        found = [
            (number, self._comparer.compare(query, self._index.entry(number), disguised=disguised))
            for number in self._index.candidates(query)
        ]
        return sorted(
            (pair for pair in found if pair[1].score >= WORTH_SHOWING),
            key=lambda pair: (
                not pair[1].is_sure,
                not self._is_made_of(pair[0], mention),
                not self._is_called(pair[0], mention),
                -pair[1].score,
                pair[0],
            ),
        )

    def _outcome(self, mention: Mention, ranked: list[tuple[int, Comparison]]) -> Outcome:
        if ranked and ranked[0][1].is_sure and not self._is_tie(mention, ranked):
            return Outcome.SAME
        return Outcome.POSSIBLE if any(_is_worth_asking(seen) for _, seen in ranked[:SHOWN]) else Outcome.NEW

    def _is_tie(self, mention: Mention, ranked: list[tuple[int, Comparison]]) -> bool:
        """Say whether another entry is as surely meant.

        One listed twice is no tie, nor is the very name, nor the entry that was made of such a mention.
        """
        (first, best), *others = [pair for pair in ranked if pair[1].is_sure]
        return any(
            seen.name.likeness >= best.name.likeness
            and not self._is_double(first, number)
            and self._is_called(first, mention) <= self._is_called(number, mention)
            and self._is_made_of(first, mention) <= self._is_made_of(number, mention)
            for number, seen in others
        )

    def _is_called(self, number: int, mention: Mention) -> bool:
        """Say whether the entry has the mention's very words for its name."""
        return self._index.organisation(number).name.casefold() == mention.name.strip().casefold()

    def _is_made_of(self, number: int, mention: Mention) -> bool:
        """Say whether the entry came from posts, and says of itself just what the mention says."""
        one = self._index.organisation(number)
        if one.standing is Standing.SUPPORTER or not self._is_called(number, mention):
            return False
        told = (mention.country, *filter(None, (mention.handle, mention.domain)))
        return (one.country, *one.handles, *one.domains) == told

    def _held_by(self, key: str, *, initials_too: bool) -> int:
        """Count the organisations that a key may name."""
        return self._judged.count(self._index.holders(key, initials_too=initials_too))

    def _candidate(self, number: int, seen: Comparison) -> Candidate:
        return Candidate(
            organisation=self._judged.head(number),
            score=round(seen.score, 3),
            reasons=seen.reasons,
            entry=self._index.organisation(number).id,
        )

    def _is_double(self, one: int, other: int) -> bool:
        keys = [[form.key for form in self._index.entry(number).forms[:1]] for number in (one, other)]
        return keys[0] == keys[1] and self._index.entry(one).country == self._index.entry(other).country


@lru_cache(maxsize=2)
def _vocabulary(words: OrganisationWords) -> Vocabulary:
    # Reading the names of states takes a second, and registers are made anew more often than words change.
    return Vocabulary(words)


def _is_worth_asking(seen: Comparison) -> bool:
    return bool(seen.certain) or (seen.name.likeness is not Likeness.OTHER and seen.score >= WORTH_ASKING)
