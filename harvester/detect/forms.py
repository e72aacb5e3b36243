"""Tell whether two words are forms of one, by their letters alone: no language's grammar is known."""

from __future__ import annotations

from harvester.detect.text import fold
from harvester.detect.words import SmallWords

FEWEST_LETTERS = 3
SHORTEST_STEM = 4
LONGEST_ENDING = 4
LONGEST_NAME_ENDING = 2
"""Two forms of one word share their stem, and end in at most so many letters each ("kamarája", "Kamara")."""
LEAST_SHARED = 0.6


def bare(word: str, words: SmallWords) -> str:
    """Take off what is glued to a word in front (the Arabic and Hebrew "the" and "and")."""
    for kind in ("glued_and", "glued"):
        for prefix in words.written(kind):
            rest = word.removeprefix(fold(prefix))
            if rest != word and len(rest) >= FEWEST_LETTERS:
                word = rest
                break
    return word


def are_forms(noun: str, word: str) -> bool:
    """Say whether the two are one word, perhaps in other cases, or `word` is a compound that ends with `noun`."""
    starts = range(SHORTEST_STEM, len(word) - SHORTEST_STEM + 1)
    return _are_alike(noun, word) or any(_are_alike(noun, word[at:]) for at in starts if len(noun) > SHORTEST_STEM)


def _are_alike(noun: str, word: str) -> bool:
    if len(noun) < SHORTEST_STEM:
        return noun == word and len(noun) >= FEWEST_LETTERS
    shared = next((i for i, (a, b) in enumerate(zip(noun, word, strict=False)) if a != b), min(len(noun), len(word)))
    ends = len(noun) - shared <= LONGEST_ENDING and len(word) - shared <= LONGEST_NAME_ENDING
    stem = shared >= max(SHORTEST_STEM, LEAST_SHARED * max(len(noun), len(word)))
    return (stem and ends) or word.endswith(noun)
