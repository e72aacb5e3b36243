"""Look up what single words stand for in the shipped lists: as they stand, by their beginning, or as a compound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from harvester.config import OrganisationWords
from harvester.resolve.roles import Role

SHORT_STEM = 5
SHORTEST_HEAD = 3
"""Letters of a compound before its last part: the "bau" of Bauverband."""
LONGEST_TAIL = 14
_ARTICLES = ("ال", "لل", "وال", "ה", "ל", "ב")
# What Germanic languages put between the parts of a compound: Forschung-s-rat, Frau-en-verband.
_JOINTS = ("", "s", "es", "n", "en", "e")

Meaning = tuple[str, Role]


class Meanings:
    """The ideas of words in all languages. A word of several ideas has them in the order of the lists."""

    def __init__(self, words: OrganisationWords, tokens: Callable[[str], list[str]]) -> None:
        """Learn all lists; `tokens` splits a spelling as names are split."""
        self.starts: set[str] = set()
        """First words of names and terms of several words."""
        self._exact: dict[str, tuple[Meaning, ...]] = {}
        self._stems: dict[str, tuple[Meaning, ...]] = {}
        self._tails: dict[str, Meaning] = {}
        # Most words have none of these: it is quicker to ask that first.
        self._stem_starts: set[str] = set()
        self._tail_ends: set[str] = set()
        for role, rows in _rows(words):
            for idea, *spellings in rows:
                for spelling in spellings:
                    self._learn((idea, role), spelling, tokens(spelling))

    def _learn(self, meaning: Meaning, spelling: str, parts: list[str]) -> None:
        text = " ".join(parts)
        if not text:
            return
        table = self._stems if spelling.endswith("*") else self._exact
        known = table.get(text, ())
        if meaning[0] not in {idea for idea, _ in known}:
            table[text] = (*known, meaning)
        if table is self._stems:
            self._stem_starts.add(text[:SHORTEST_HEAD])
        if spelling.startswith("-"):
            self._tails.setdefault(text, meaning)
            self._tail_ends.add(text[-SHORTEST_HEAD:])
        if len(parts) > 1:
            self.starts.add(parts[0])

    def exact(self, text: str) -> tuple[Meaning, ...]:
        """Give the ideas of a word or term that stands in the lists as it is."""
        return self._exact.get(text, ())

    def of(self, token: str) -> tuple[Meaning, ...]:
        """Give the ideas of a token: as a number, as it stands, without an article, or by its beginning."""
        if token.isdigit():
            return ((token, Role.NUMBER),)
        found = self.exact(token)
        if not found and not token.isascii():
            bare = next((token[len(a) :] for a in _ARTICLES if token.startswith(a) and len(token) > len(a) + 2), "")
            found = self.exact(bare) or self._by_beginning(bare)
        return found or self._by_beginning(token)

    def _by_beginning(self, token: str) -> tuple[Meaning, ...]:
        if token[:SHORTEST_HEAD] not in self._stem_starts:
            return ()
        return next((hit for size in range(len(token), 2, -1) if (hit := self._by_stem(token, size))), ())

    def _by_stem(self, token: str, size: int) -> tuple[Meaning, ...]:
        # A short stem with a long ending is some other word: "bank*" is not Bankinter.
        ending = token[size:]
        if len(ending) > (4 if size <= SHORT_STEM else 8) or not (
            ending.isalpha() or not ending or not token.isascii()
        ):
            return ()
        return self._stems.get(token[:size], ())

    def parts(self, token: str) -> tuple[tuple[str, Meaning], ...]:
        """Take a compound apart into its words and their ideas, the last one first of all: Forschungs, Rat.

        Nothing is found where the beginning is no known word: it is a name then, and names are not cut.
        """
        if token[-SHORTEST_HEAD:] not in self._tail_ends or self.exact(token):
            return ()
        for size in range(min(LONGEST_TAIL, len(token) - SHORTEST_HEAD), SHORTEST_HEAD - 1, -1):
            tail = self._tails.get(token[-size:])
            if tail and (head := self._head(token[:-size])):
                return (*head, (token[-size:], tail))
        return ()

    def _head(self, text: str) -> tuple[tuple[str, Meaning], ...]:
        for joint in _JOINTS:
            bare = text.removesuffix(joint)
            if len(bare) >= SHORTEST_HEAD and (bare != text or not joint):
                found = self.exact(bare) or self._stems.get(bare, ())
                if found and found[0][1] in {Role.FIELD, Role.STATE, Role.CITY, Role.TERRITORY}:
                    return ((bare, found[0]),)
        return self.parts(text) or self.parts(text.removesuffix("s"))


def _rows(words: OrganisationWords) -> Iterator[tuple[Role, Iterable[tuple[str, ...]]]]:
    """Give the lists of the configuration in the order in which they are believed."""
    yield Role.STATE, words.peoples
    yield Role.CITY, ((row[1], *row[1:]) for row in words.cities)
    yield Role.GROUP, words.group
    yield Role.TERRITORY, words.territories
    yield Role.KIND, words.kinds
    yield Role.UNIT, words.units
    yield Role.FIELD, words.fields
