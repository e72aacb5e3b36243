"""Find known words that are spelled nearly like an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from harvester.resolve import normal

SHORTEST_TYPO = 5
MOST_NEAR = 6
FEWEST_CONSONANTS = 3
FREQUENT = 600
"""Words with one three-letter piece from which it says too little to be looked at."""


class Spellings:
    """Words by their three-letter pieces and by their beginnings."""

    def __init__(self, words: Iterable[str]) -> None:
        self._pieces: dict[str, list[str]] = {}
        self._beginnings: dict[str, list[str]] = {}
        for word in words:
            self.learn(word)

    def learn(self, word: str) -> None:
        """Take in a word that is not known yet."""
        for piece in _pieces_of(word):
            self._pieces.setdefault(piece, []).append(word)
        self._beginnings.setdefault(word[:SHORTEST_TYPO], []).append(word)

    def near(self, word: str) -> list[str]:
        """Give known words one or two letters away, the nearest first, then some of the same beginning."""
        most = 1 if len(word) < 2 * SHORTEST_TYPO else 2
        pieces = sorted((self._pieces.get(piece, []) for piece in _pieces_of(word)), key=len)
        # A wrong letter, or two exchanged, spoils four pieces at most: of any five, one is whole.
        known = dict.fromkeys(chain(*(words for words in pieces[: 4 * most + 1] if len(words) <= FREQUENT)))
        near = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=most, limit=MOST_NEAR)
        beginnings = self._beginnings.get(word[:SHORTEST_TYPO], ())[:MOST_NEAR]
        return list(dict.fromkeys([*(found for found, _, _ in near), *beginnings]))[:MOST_NEAR]


class Skeletons:
    """Words by their consonants, to find the Latin spelling of a name in another script: メルカリ is Mercari."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, list[str]] = {}
        for word in words:
            self.learn(word)

    def learn(self, word: str) -> None:
        """Take in a word that is not known yet."""
        if len(word) >= SHORTEST_TYPO and len(consonants := normal.skeleton(word)) >= FEWEST_CONSONANTS:
            self._words.setdefault(consonants, []).append(word)

    def like(self, word: str) -> list[str]:
        """Give some known words with the consonants of `word`, a transliteration."""
        return self._words.get(normal.skeleton(word), [])[:MOST_NEAR]


def _pieces_of(word: str) -> Iterable[str]:
    padded = f"^{word}"
    return dict.fromkeys(padded[at : at + 3] for at in range(len(padded) - 2))
