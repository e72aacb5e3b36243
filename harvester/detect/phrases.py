"""Find thousands of phrases in folded text at once.

A phrase is words with blanks between them. A star at a word's start or end stands for any letters, a bar separates
words that may stand in the same place, and three dots stand for up to eight words. Words of a script that writes no
blanks may stand without one, and behind them three dots stand for up to twenty-four letters. The longest phrase wins.
An exclamation mark at a phrase's start says that its accents matter (German "würde" is not "wurde").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

import ahocorasick

from harvester.detect.expressions import ANY, EXACT, GAP, LETTER, accented, compiled, expression, small, split
from harvester.detect.text import UNSPACED, Folded
from harvester.model import Span

T = TypeVar("T")
_UNSPACED = re.compile(f"[{UNSPACED}]{{2}}")
_TAIL = re.compile(ANY)
_BLANKS = re.compile(r"[ \-]*")
LONGEST_WORD = 40
PARAGRAPH = "\n\n"
"""What ends a title or a paragraph: no three dots stand for it."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One phrase to look for: `group` lets a search ask for some phrases only, `meaning` is what a hit is."""

    phrase: str
    meaning: T
    group: str = ""


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase found at `span` of the original text; `hole` is where its three dots stand for other words."""

    span: Span
    meaning: T
    hole: Span | None = None

    @property
    def parts(self) -> tuple[Span, ...]:
        """Give the places of the phrase's own words."""
        return (self.span,) if self.hole is None else ((self.span[0], self.hole[0]), (self.hole[1], self.span[1]))

    @property
    def head_end(self) -> int:
        """Give the end of the words before the hole, or of them all."""
        return self.parts[0][1]


class _Phrase(Generic[T]):
    """One phrase behind one of its first words; its expression is compiled when its key is first met."""

    def __init__(self, entry: Entry[T], first: str, rank: int) -> None:
        self.meaning = entry.meaning
        self.rank = rank
        self.key = first.strip("*")
        self.is_open = first.startswith("*")
        self.is_stem = first.endswith("*")
        self._words = ((first,), *split(entry.phrase)[1:])
        self.accented = accented(entry.phrase) if entry.phrase.startswith(EXACT) else None
        self.second = self._beginnings()

    def _beginnings(self) -> tuple[str, ...]:
        """Give how the second word may begin, or nothing where that is open."""
        second = self._words[1] if len(self._words) > 1 else (GAP,)
        is_open = second == (GAP,) or any(word.startswith("*") for word in second)
        return () if is_open else tuple(word.strip("*") for word in second)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return compiled(expression(self._words))

    def match(self, text: str, start: int, key_end: int) -> tuple[int, Span | None] | None:
        """Give the end of the longest match that does not end inside a word, and its hole; the key is there already."""
        first_end = _end(_TAIL, text, key_end) if self.is_stem else key_end
        if len(self._words) == 1 and not self.is_stem:
            return key_end, None
        if len(self._words) == 1:
            while first_end >= key_end and _joined(text, first_end):
                first_end -= 1
            return (first_end, None) if first_end >= key_end else None
        # Few phrases have their second word there, too: most need no expression, and compiling one takes long.
        if self.second and not text.startswith(self.second, _end(_BLANKS, text, first_end)):
            return None
        found = self._regex.match(text, start)
        while found and _joined(text, found.end()):
            found = self._regex.match(text, start, found.end() - 1)
        return found and (found.end(), found.span(1) if found.re.groups else None)


class _Book(Generic[T]):
    """Phrases behind the keys that give them away, and the machine that finds the keys."""

    def __init__(self, phrases: Iterable[_Phrase[T]]) -> None:
        self._keys: dict[str, list[_Phrase[T]]] = defaultdict(list)
        self._seconds: dict[str, list[_Phrase[T]]] = defaultdict(list)
        for phrase in phrases:
            # Hundreds begin with "has": those behind it are looked up by how their second word begins.
            begins = set() if phrase.is_open or phrase.is_stem else {f"{phrase.key} {w[0]}" for w in phrase.second}
            for place in begins:
                self._seconds[place].append(phrase)
            self._keys[phrase.key] += [] if begins else [phrase]
        # Most keys are met inside words of which they are no part; those have no phrases here.
        self._parts = {(i, g): _parts(self._keys, inside=i, goes_on=g) for i in (False, True) for g in (False, True)}
        self._automaton = automaton(self._keys)

    def matches(self, text: str) -> Iterator[tuple[_Phrase[T], Span, Span | None]]:
        """Yield what matches, its place and its hole, in folded text."""
        for last, key in self._automaton.iter(text) if self._keys else ():
            start = last - len(key) + 1
            inside = _joined(text, start)
            if inside and key not in self._parts[True, False]:
                continue
            goes_on = _joined(text, last + 1)
            phrases = self._parts[inside, goes_on].get(key, [])
            if not (inside or goes_on):
                following = text[(at := _end(_BLANKS, text, last + 1)) : at + 1]
                phrases = [*phrases, *self._seconds.get(f"{key} {following}", ())]
            for phrase in phrases:
                if match := phrase.match(text, start, last + 1):
                    begin = _word_start(text, start) if phrase.is_open else start
                    yield phrase, (begin, match[0]), match[1]


def _parts(keys: Mapping[str, list[_Phrase[T]]], *, inside: bool, goes_on: bool) -> Mapping[str, list[_Phrase[T]]]:
    """Give the phrases that may begin `inside` a word, and whose first word `goes_on` behind the key."""
    if not (inside or goes_on):
        return keys
    fitting: dict[str, list[_Phrase[T]]] = defaultdict(list)
    for key, found in keys.items():
        for phrase in found:
            if inside <= phrase.is_open and goes_on <= phrase.is_stem:
                fitting[key].append(phrase)
    return fitting


class Phrasebook(Generic[T]):
    """All phrases of one purpose, ready to be looked for."""

    def __init__(self, entries: Iterable[Entry[T]]) -> None:
        """Prepare `entries`; raise ValueError that quotes a phrase nobody can look for."""
        self._entries = list(enumerate(entries))
        for _, entry in self._entries:
            split(entry.phrase)
        self._phrases: dict[int, list[_Phrase[T]]] = {}
        self._books: dict[str | None, _Book[T]] = {}

    def find(self, folded: Folded, group: str | None = None, held: Sequence[Span] = ()) -> list[Hit[T]]:
        """Give the hits of one `group` (None: of all) in the order of their places; none lies inside another.

        Of two hits at the same place, the one whose entry came first stays; none has words at the places `held`.
        """
        held = sorted(held)
        found: list[tuple[int, Hit[T]]] = []
        for phrase, place, hole in self._book(group).matches(folded.text):
            hit = Hit(folded.span(*place), phrase.meaning, folded.span(*hole) if hole else None)
            crosses = hit.hole and PARAGRAPH in folded.original[slice(*hit.hole)]
            if (
                crosses
                or (hit.hole and _begins_in_name(folded.original, hit.span))
                or any(_overlaps(held, part) for part in hit.parts)
            ):
                continue
            if phrase.accented is None or phrase.accented.fullmatch(small(folded.original[slice(*hit.span)])):
                found.append((phrase.rank, hit))
        found.sort(key=lambda pair: pair[0])
        return outermost([hit for _, hit in found], folded.original)

    def _made(self, rank: int, entry: Entry[T]) -> list[_Phrase[T]]:
        """Give the phrases of an entry, made once for its own book and for that of all."""
        if rank not in self._phrases:
            self._phrases[rank] = [_Phrase(entry, first, rank) for first in split(entry.phrase)[0]]
        return self._phrases[rank]

    def _book(self, group: str | None) -> _Book[T]:
        """Give the book of one group, made when it is first asked for: few streams have all languages in them."""
        if group not in self._books:
            wanted = ((rank, each) for rank, each in self._entries if group is None or each.group == group)
            self._books[group] = _Book(phrase for rank, each in wanted for phrase in self._made(rank, each))
        return self._books[group]


def _begins_in_name(text: str, place: Span) -> bool:
    """Say whether a phrase begins amid capitals and goes on without them ("Mekong [Press Council has to]")."""
    before = text[max(0, place[0] - LONGEST_WORD) : place[0]].split()[-1:]
    words = text[slice(*place)].split()
    capitals = [word[0].isupper() for word in (*before, *words)]
    return (
        bool(before)
        and before[0][-1].isalnum()
        and len(capitals) > len("ABC")
        and all(capitals[: len("ABC")])
        and not all(capitals)
    )


def automaton(keys: Iterable[str]) -> ahocorasick.Automaton:
    """Compile `keys` into a machine that finds all of them in one pass."""
    machine = ahocorasick.Automaton()
    for key in keys:
        machine.add_word(key, key)
    machine.make_automaton()
    return machine


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Give where `pattern`, which may match nothing, stops matching."""
    found = pattern.match(text, start)
    return found.end() if found else start


def _joined(text: str, place: int) -> bool:
    """Say whether the characters before and behind `place` are letters of one word."""
    return 0 < place < len(text) and _is_letter(text[place - 1]) and _is_letter(text[place])


@lru_cache(maxsize=4096)
def _is_letter(character: str) -> bool:
    return LETTER.match(character) is not None


def _word_start(text: str, start: int) -> int:
    while start and _is_letter(text[start - 1]):
        start -= 1
    return start


def outermost(hits: Iterable[Hit[T]], text: str) -> list[Hit[T]]:
    """Sort `hits` by their places, and leave out what lies inside another, unless it lies in that one's hole.

    Where `text` has no blanks, also what begins inside another ("签署的" in "尚未签署的").
    """
    kept: list[Hit[T]] = []
    covering: list[Hit[T]] = []
    for hit in sorted(hits, key=lambda hit: (hit.span[0], -hit.span[1])):
        covering = [other for other in covering if other.span[1] > hit.span[0]]
        inside = _UNSPACED.fullmatch(text, *(max(0, hit.span[0] - 1), hit.span[0] + 1)) is not None
        if not any(_covers(other, hit) or (inside and other.hole is None) for other in covering):
            kept.append(hit)
            covering.append(hit)
    return kept


def _overlaps(held: Sequence[Span], part: Span) -> bool:
    """Say whether `part` shares a character with the last of the sorted spans that begin before its end."""
    at = bisect_left(held, (part[1], -1)) - 1
    return at >= 0 and held[at][1] > part[0]


def _covers(outer: Hit[T], inner: Hit[T]) -> bool:
    hole = outer.hole
    inside_hole = hole is not None and hole[0] <= inner.span[0] and inner.span[1] <= hole[1]
    return inner.span[1] <= outer.span[1] and not inside_hole
