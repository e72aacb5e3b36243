"""Write a phrase as a regular expression: its stars, bars and three dots, in scripts with blanks and without.

No expression has a class of characters beyond Latin-1 in it: compiling one such class takes a millisecond, and there
are thousands of phrases. Folding makes marks into letters, and ends of words are looked at outside the expression.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from harvester.detect.text import UNSPACED, fold

LETTER = re.compile(rf"(?![{UNSPACED}_])\w")
ANY = r"[\w']*"
_BETWEEN = r"[ \-]{1,3}"
_GLUED = r"[ \-]{0,3}"
_GAP = r"([ \-](?:[^ .;:!?]+ ){0,8}?)"
_GLUED_GAP = r"([ \-](?:[^ .;:!?]+ ){0,8}?|(?:(?!。|、)[^.,;:!?]){0,24}?)"
GAP = "..."
EXACT = "!"


@cache
def split(phrase: str) -> tuple[tuple[str, ...], ...]:
    """Give the folded words of `phrase`, each with its alternatives; raise ValueError if it cannot be looked for."""
    words = tuple(tuple(fold(word).split("|")) for word in phrase.removeprefix(EXACT).split())
    if not words or any(not part.strip("*") or "*" in part.strip("*") for word in words for part in word):
        raise ValueError(f"{phrase!r}; a phrase needs a letter in each word, and a star only at a word's start or end")
    if words[0] == (GAP,) or words.count((GAP,)) > 1:
        raise ValueError(f"{phrase!r}; a phrase may have {GAP} once, and not at its start")
    return words


def expression(words: Sequence[Sequence[str]]) -> str:
    """Write the regular expression of one phrase, to be tried where its key was seen."""
    parts: list[str] = []
    for number, alternatives in enumerate(words):
        if GAP in alternatives:
            parts.append(_GLUED_GAP if _is_unspaced(words[number - 1], -1) else _GAP)
            continue
        if number and GAP not in words[number - 1]:
            glued = _is_unspaced(words[number - 1], -1) and _is_unspaced(alternatives, 0)
            parts.append(_GLUED if glued else _BETWEEN)
        longest_first = sorted(alternatives, key=len, reverse=True)
        parts.append("(?:" + "|".join(_word(word, is_first=not number) for word in longest_first) + ")")
    return "".join(parts)


def small(text: str) -> str:
    """Give `text` in small letters, its accents kept."""
    return unicodedata.normalize("NFC", text).casefold()


def accented(phrase: str) -> re.Pattern[str]:
    """Compile a phrase whose accents matter, to be tried on `small` text."""
    return compiled(expression([small(word).split("|") for word in phrase.removeprefix(EXACT).split()]))


def _is_unspaced(alternatives: Sequence[str], place: int) -> bool:
    """Say whether all the words have a letter at `place` whose script writes no blanks."""
    return all(LETTER.match(word.strip("*")[place]) is None for word in alternatives)


def _word(word: str, *, is_first: bool) -> str:
    leading = ANY if word.startswith("*") and not is_first else ""
    return leading + re.escape(word.strip("*")) + (ANY if word.endswith("*") else "")


@cache
def compiled(expression: str) -> re.Pattern[str]:
    """Compile once a process; languages share many phrases, and re's own memory holds only 512."""
    return re.compile(expression)
