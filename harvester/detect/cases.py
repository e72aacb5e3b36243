"""Give a name as it is called by itself, where the lexicon says how its case endings are taken off."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

SHORTEST_BARE = 3
"""A name has at least so many letters before its case ending."""
MOST_BEFORE = 3
"""At most so many adjectives stand before the head noun of a name ("Степного технического университета")."""
LONGEST_PREPOSITION = 2
_NOT = "^"
_BEHIND = "+"
"""Before the endings of adjectives that may stand behind the noun, too ("Izby Rzemieślniczej")."""

_Ending = tuple[str, str, str]


class Cases:
    """The case endings of one or several languages."""

    def __init__(self, ends: Iterable[str], heads: Iterable[str], adjectives: Iterable[str]) -> None:
        """Hold the lists `bare_ends`, `bare_heads` and `bare_adjectives` of a lexicon."""
        pairs = {pair.partition(">")[::2] for pair in ends}
        self._ends = sorted(pairs, key=lambda pair: (-len(pair[0]), pair))
        known = [(form, bare) for form, bare, _ in _forms(heads)]
        # Another language's genitive may be this one's nominative ("банка"): then it stays.
        self._heads = dict(known) | {bare: bare for _, bare in known}
        self._adjectives = sorted(set(_forms(adjectives)), key=lambda each: (-len(each[0]), each))

    def bare(self, name: str) -> str:
        """Give `name` in the nominative where its head noun shows how, or without the ending of its last word."""
        words = name.split(" ")
        at = next((i for i, word in enumerate(words[: MOST_BEFORE + 1]) if word.lower() in self._heads), None)
        if at is not None and (whole := self._nominative(words, at)):
            return whole
        for ending, bare in self._ends:
            if name.endswith(ending) and len(name) - len(ending) >= SHORTEST_BARE:
                return name.removesuffix(ending) + bare
        return name

    def is_head(self, word: str) -> bool:
        """Say whether `word` is a form of a head noun, in a language that has their case forms."""
        return word.lower() in self._heads

    def _nominative(self, words: Sequence[str], head: int) -> str:
        """Give the name with its head and the adjectives that agree with it in the nominative, or ""."""
        noun = self._heads[words[head].lower()]
        before = [self._adjective(word, noun) for word in words[:head]]
        if before and not before[0]:
            return ""
        before = [bare or word for bare, word in zip(before, words, strict=False)]
        behind: list[str] = []
        if words[head].lower() != noun:
            rest = (self._adjective(word, noun, _BEHIND) for word in words[head + 1 :])
            behind = list(itertools.takewhile(bool, rest))
        following = words[head + 1 + len(behind) :]
        if following and len(following[0]) > LONGEST_PREPOSITION:
            behind = []  # "Uniwersytetu Nowego Sącza": the adjective belongs to what stands behind it.
        made = [*before, _as_written(words[head], noun), *behind]
        return " ".join([*made, *words[len(made) :]])

    def _adjective(self, word: str, noun: str, mark: str = "") -> str:
        for ending, bare, fits in self._adjectives:
            plain = ending.removeprefix(_BEHIND)
            if ending.startswith(mark) and word.endswith(plain) and _agrees(noun, fits):
                return word.removesuffix(plain) + bare
        return ""


def _forms(entries: Iterable[str]) -> Iterator[_Ending]:
    """Read "ского|скому>ский ^ао": forms, what stands instead, and the last letters of the nouns that it fits."""
    for entry in entries:
        forms, _, rest = entry.partition(">")
        bare, _, fits = rest.partition(" ")
        mark = _BEHIND if forms.startswith(_BEHIND) else ""
        yield from ((mark + form, bare, fits) for form in forms.removeprefix(mark).split("|"))


def _agrees(noun: str, fits: str) -> bool:
    return (noun[-1] not in fits) if fits.startswith(_NOT) else (not fits or noun[-1] in fits)


def _as_written(word: str, noun: str) -> str:
    """Give `noun` with the capital that `word` has."""
    return noun[0].upper() + noun[1:] if word[0].isupper() else noun
