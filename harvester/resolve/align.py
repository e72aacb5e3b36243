"""Lay the words of two names beside each other: which agree, how, and what is left over on each side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from rapidfuzz.distance import OSA, JaroWinkler

from harvester.resolve import normal
from harvester.resolve.roles import Role, Word

# How much a word of each role tells two organisations apart; times the rarity of the word in the register.
ROLE_WEIGHT = {
    Role.NAME: 1.0, Role.NUMBER: 1.0, Role.CITY: 0.7, Role.STATE: 0.6, Role.UNIT: 0.5, Role.FIELD: 0.5, Role.KIND: 0.35,
    Role.TERRITORY: 0.3, Role.GROUP: 0.05,
}  # fmt: skip
SHORTEST_TYPO = 6
FEWEST_CONSONANTS = 3
SHORTEST_STEM = 4
STEM_SHARE = 0.6
AKIN = 0.9


class Bond(IntEnum):
    """How two words agree, the closest last."""

    STEM = 1  # inflected or akin: Jaworska, Jaworskiej
    TYPO = 2
    IDEA = 3  # translations of each other
    JOINED = 4  # written as one word on one side
    SAME = 5


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs of words that agree, with how; what is left over on each side; and the weighted share that agrees."""

    pairs: tuple[tuple[Word, Word, Bond], ...]
    left: tuple[Word, ...]
    right: tuple[Word, ...]
    share: float
    in_order: bool
    states_in_order: bool
    """Whether the countries in both names stand in one order: the American chamber in Georgia is none of Georgia."""

    def weakest(self) -> Bond:
        """Give the loosest bond of all pairs."""
        return min((bond for _, _, bond in self.pairs), default=Bond.STEM)


STRENGTH = {Bond.SAME: 1.0, Bond.JOINED: 1.0, Bond.IDEA: 0.95, Bond.TYPO: 0.9, Bond.STEM: 0.65}


def align(one: Sequence[Word], other: Sequence[Word], weight: Callable[[str], float]) -> Alignment:
    """Pair the words of two names, each word once: equal ideas first, then compounds, then near spellings."""
    left = list(enumerate(one))
    right = list(enumerate(other))
    pairs: list[tuple[int, int, Bond]] = []
    _pair_ideas(left, right, pairs)
    if left and right:
        _pair_joined(left, right, pairs)
        _pair_joined(right, left, pairs, swapped=True)
        _pair_spellings(left, right, pairs)
    pairs.sort()
    places = [b for _, b, _ in pairs]
    states = [b for _, b, _ in pairs if other[b].role is Role.STATE]
    value = {word.idea: ROLE_WEIGHT[word.role] * weight(word.idea) for word in (*one, *other)}
    agreed = sum(STRENGTH[bond] * max(value[one[a].idea], value[other[b].idea]) for a, b, bond in pairs)
    unlike = sum(value[word.idea] for _, word in (*left, *right))
    whole = sum(max(value[one[a].idea], value[other[b].idea]) for a, b, _ in pairs) + unlike
    return Alignment(
        pairs=tuple((one[a], other[b], bond) for a, b, bond in pairs),
        left=tuple(word for _, word in left),
        right=tuple(word for _, word in right),
        share=agreed / whole if whole else 0.0,
        in_order=places == sorted(places),
        states_in_order=states == sorted(states),
    )


Numbered = list[tuple[int, Word]]


def _pair_ideas(left: Numbered, right: Numbered, pairs: list[tuple[int, int, Bond]]) -> None:
    for by_text in (True, False):
        for a, word in list(left):
            for b, other in right:
                if (word.text == other.text) if by_text else (word.idea == other.idea):
                    pairs.append((a, b, Bond.SAME if by_text else Bond.IDEA))
                    left.remove((a, word))
                    right.remove((b, other))
                    break
    for a, word in list(left):
        for b, other in right:
            if word.idea in other.others or other.idea in word.others:
                pairs.append((a, b, Bond.IDEA))
                left.remove((a, word))
                right.remove((b, other))
                break


def _pair_joined(left: Numbered, right: Numbered, pairs: list[tuple[int, int, Bond]], *, swapped: bool = False) -> None:
    """Pair one word with two neighbours that make it up: "Trendmicro", "Trend Micro"."""
    for a, word in list(left):
        for (b, first), (c, second) in pairwise(right):
            if first.text + second.text == word.text:
                pairs.extend(
                    ((b, a, Bond.JOINED), (c, a, Bond.JOINED))
                    if swapped
                    else ((a, b, Bond.JOINED), (a, c, Bond.JOINED))
                )
                left.remove((a, word))
                right.remove((b, first))
                right.remove((c, second))
                break


def _pair_spellings(left: Numbered, right: Numbered, pairs: list[tuple[int, int, Bond]]) -> None:
    foreign = any(word.is_transliterated for _, word in (*left, *right))
    for a, word in list(left):
        first, last = word.text[0], word.text[-1]
        near = [
            (bond, b, other)
            for b, other in right
            # Words that agree in neither their first nor their last letter differ in more than one.
            if (foreign or other.text[0] == first or other.text[-1] == last) and (bond := bond_of(word, other))
        ]
        if near:
            bond, b, other = max(near, key=lambda hit: hit[0])
            pairs.append((a, b, bond))
            left.remove((a, word))
            right.remove((b, other))


def bond_of(one: Word, other: Word) -> Bond | None:
    """Say whether two words that are not the same may still be: one mistyped, or with different endings."""
    if Role.NUMBER in {one.role, other.role} or {one.role, other.role} == {Role.STATE}:
        return None
    a, b = one.text, other.text
    if one.is_transliterated != other.is_transliterated and _sound_alike(a, b):
        return Bond.STEM
    shortest, longest = sorted((len(a), len(b)))
    if shortest < SHORTEST_STEM or _digits(a) != _digits(b):
        return None
    is_long = shortest >= SHORTEST_TYPO
    if is_long and longest - shortest <= 1 and OSA.distance(a, b, score_cutoff=1) <= 1:
        return Bond.STEM if normal.looks_alike(a, b) else Bond.TYPO
    return Bond.STEM if a[0] == b[0] and _are_akin(a, b) else None


def _are_akin(one: str, other: str) -> bool:
    shortest, longest = sorted((len(one), len(other)))
    if one[:SHORTEST_STEM] == other[:SHORTEST_STEM]:
        shared = next((n for n in range(shortest) if one[n] != other[n]), shortest)
        if shared >= STEM_SHARE * longest:
            return True
    return shortest >= SHORTEST_TYPO and JaroWinkler.similarity(one, other) >= AKIN


def _sound_alike(one: str, other: str) -> bool:
    consonants = normal.skeleton(one)
    return len(consonants) >= FEWEST_CONSONANTS and consonants == normal.skeleton(other)


def _digits(word: str) -> str:
    return "" if word.isalpha() else "".join(filter(str.isdigit, word))
