"""Find the organisation in a piece that also says what it is or who speaks for it ("软件企业X总裁李明")."""

from __future__ import annotations

import re
from functools import cache

from harvester.detect.text import UNSPACED, fold
from harvester.detect.words import SmallWords
from harvester.model import Span

FEWEST_LETTERS = 2
_UNSPACED = re.compile(f"[{UNSPACED}]")


class Core:
    """Cuts pieces of scripts that write no blanks; pieces of others are left as they are."""

    def __init__(self, words: SmallWords) -> None:
        """Compile the lists of one or several languages."""
        self._titles = _any(words.written("titles"))
        self._joints = _any((" ", *words.written("inside_names")))
        self._descriptions = _any(words.written("descriptions"))
        self._fronts = re.compile(f"(?:{_any(words.written('articles')).pattern}) *")
        self._ends = re.compile(f" *(?:{_any(words.written('behind_names')).pattern})$")
        self._tails = folded_words(words.written("tails"))
        ending = set(words.written("tails")) & set(words.written("legal_forms"))
        self._forms = _any(tuple(sorted(ending)))

    def of(self, text: str, start: int, end: int) -> Span | None:
        """Give where the organisation stands in [start, end) of `text`, or None where only a person does."""
        if not self._tails or not _UNSPACED.search(text, start, end):
            return start, end
        start, end = self._without_edges(text, start, end)
        if text[start] in "(（" and text[end - 1] in ")）":
            start, end = start + 1, end - 1
        form = self._forms.search(text, start, end)
        last = form.end() if form and form.start() > start else self._without_person(text, start, end)
        if last is None:
            return None
        last = start + len(text[start:last].rstrip(" (（"))
        return self._without_description(text, start, last), last

    def _without_edges(self, text: str, start: int, end: int) -> Span:
        """Take small words off the edges that would be too short to be looked for inside names."""
        while (small := self._fronts.match(text, start, end)) and end - small.end() >= FEWEST_LETTERS:
            start = small.end()
        while (small := self._ends.search(text, start, end)) and small.start() - start >= FEWEST_LETTERS:
            end = small.start()
        return start, end

    def _without_person(self, text: str, start: int, end: int) -> int | None:
        """Give the end of the organisation before a title and a person's name; a name may have a title inside it."""
        title = self._titles.search(text, start, end)
        if title is None or self._has_tail(text[start:end]):
            return end
        if title.end() < end:
            return title.start() if title.start() - start >= FEWEST_LETTERS else None
        if self._has_tail(text[start : title.start()]):
            return title.start()
        joints = [found.start() for found in self._joints.finditer(text, start, title.start())]
        joints = [joint for joint in joints if text[joint : title.start()].strip()]
        return joints[-1] if joints and joints[-1] - start >= FEWEST_LETTERS else None

    def _without_description(self, text: str, start: int, end: int) -> int:
        for found in reversed(list(self._descriptions.finditer(text, start, end))):
            rest = text[found.end() : end]
            if len(rest.strip()) >= FEWEST_LETTERS and not fold(rest.strip()).startswith(self._tails):
                return end - len(rest.lstrip())
        return start

    def _has_tail(self, text: str) -> bool:
        return fold(text).rstrip().endswith(self._tails)


@cache
def folded_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Fold each of `words`, once a process."""
    return tuple(fold(word) for word in words)


@cache
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile `words`, the longest first; without any, what never matches."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)")
