"""Cut a sentence of a script without capitals into the pieces that may be names, at phrases, particles and "and"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from harvester.detect.lexicon import ACTS, Role
from harvester.detect.phrases import Hit
from harvester.detect.plain_core import Core, folded_words
from harvester.detect.text import MARKS, UNSPACED, Token, fold
from harvester.detect.words import SmallWords
from harvester.model import Span

_KANA = "\u3041-\u3096"
_INSIDE = frozenset("&.-－+·・()（）'’\u200c\u200d")
ASIDE = re.compile(r"[(（][^()（）]*(?:[:：、，,;；・]|https?|\d{2})[^()（）]*[)）]|[【\[][^【】\[\]]*[】\]]")
"""A bracket with punctuation or a number inside says something about a name and is no part of it."""
_BRACKETED = re.compile(r"[(（][^()（）]+[)）]")
_YEAR = re.compile(r"(?<=\w) (?:19|20)\d\d$")
_HONORIFIC = 2
"""So many letters may stand between an @handle and the particle that marks it ("さんが")."""
HAS_UNSPACED = re.compile(f"[{UNSPACED}]")
_EDGE = re.compile(rf"^[^\w(（]+|(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{{2}})\.$|[^\w)）.{MARKS}]+$")
_VOWELS = re.compile(f"[{MARKS}]")
_LAST_WORD = re.compile(r"(\S+) $")
_TITLE = re.compile(r"[«“„\"״「『‘《]([^«»“”„\"״「」『』‘’《》،,.:;!?()\n]{2,45})[»”“\"״」』’》]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that may be a name; `is_marked`: a particle says that it acts, `is_held`: that it does not."""

    span: Span
    is_marked: bool = False
    is_held: bool = False


class Cutter:
    """Cuts one sentence; `held` are the places of the Call's name and of other pledges."""

    def __init__(
        self, text: str, tokens: Sequence[Token], cues: Sequence[Hit[Role]], held: Sequence[Span], words: SmallWords
    ) -> None:
        """Hold one sentence."""
        self._text = text
        self._tokens = tokens
        self._cues = cues
        self._held = held
        self._words = words
        self._marks = any_particle(words.written("subject_marks"))
        self._objects = any_particle(words.written("object_marks"))
        self._ands = any_particle(words.written("and_words"))
        self._core = Core(words)
        self._tails = folded_words(words.written("tails"))
        self._titles = self._quoted_titles()

    def pieces(self) -> Iterator[Piece]:
        """Give the pieces and the @handles in the order of the text."""
        handles = [Piece((t.start, t.end), self._is_marked(t.end)) for t in self._tokens if is_handle(t.text)]
        found = [piece for start, end in self._stretches() for piece in self._cut(start, end)]
        yield from sorted((*handles, *found), key=lambda piece: piece.span)

    def _stretches(self) -> Iterator[Span]:
        """Give what is between phrases, punctuation and the Call's names."""
        free = [cue for cue in self._cues if not self._is_in_name(cue)]
        stops = [part for cue in free for part in cue.parts]
        at, end = self._tokens[0].start, self._tokens[-1].end
        inner = self._inner_quotes()
        stops += [*self._held, *((t.start, t.end) for t in self._tokens if _stops(t) and t.start not in inner)]
        stops += [found.span() for found in ASIDE.finditer(self._text, at, end)]
        for begins, ends in (*sorted(stops), (end, end)):
            if begins > at and (stretch := self._trimmed(at, min(begins, end))):
                yield stretch
            at = max(at, ends)

    def _is_in_name(self, cue: Hit[Role]) -> bool:
        """Say whether words may be part of a name: "the centre", or a small word in quotation marks («معًا رقميًا»)."""
        if cue.meaning is Role.SAME and not HAS_UNSPACED.search(self._text[slice(*cue.span)]):
            return True
        return cue.meaning not in ACTS and any(
            start <= cue.span[0] and cue.span[1] <= end and cue.span != (start, end) for start, end in self._titles
        )

    def _inner_quotes(self) -> set[int]:
        """Give the quotation marks inside a name, between its kind and what it is for ("مركز «أثير» للسياسات")."""
        glued = tuple(self._words.written("glued_before"))
        inner: set[int] = set()
        for start, end in self._titles if glued else ():
            kind = _LAST_WORD.search(self._text, 0, start - 1)
            if kind and self.is_head(kind[1]) and self._text.startswith(glued, end + len("» ")):
                inner |= {start - 1, end}
        return inner

    def _quoted_titles(self) -> list[Span]:
        """Give what stands between quotation marks and could be a name: a few words and no punctuation."""
        found = (match.span(1) for match in _TITLE.finditer(self._text, self._tokens[0].start, self._tokens[-1].end))
        parts = [part for cue in self._cues if cue.meaning in ACTS for part in cue.parts]
        return [title for title in found if not any(a < title[1] and title[0] < b for a, b in (*parts, *self._held))]

    def _trimmed(self, start: int, end: int) -> Span | None:
        """Take blanks and stray punctuation off the edges; None if nothing is left."""
        inner = self._text[start:end]
        for bracket, other in ("()", "（）"):
            if inner.count(bracket) != inner.count(other):
                inner = inner.replace(bracket, " ").replace(other, " ")
        kept = _EDGE.sub("", _EDGE.sub("", inner))
        kept = _YEAR.sub("", kept[1:-1] if _BRACKETED.fullmatch(kept) else kept)
        begin = start + inner.find(kept)
        return (begin, begin + len(kept)) if kept else None

    def _cut(self, start: int, end: int) -> Iterator[Piece]:
        """Cut a stretch at its particles and at words for "and"."""
        at = start
        for place, ends, held in self._cuts(start, end):
            if place > at and (span := self._trimmed(at, place)):
                yield from self._from_head(Piece(span, is_marked=held is False, is_held=held is True))
            at = max(at, ends)
        if span := self._trimmed(at, end) if at < end else None:
            yield from self._from_head(Piece(span, is_marked=self._is_marked(span[1])))

    def _cuts(self, start: int, end: int) -> list[tuple[int, int, bool | None]]:
        """Give the particles in [start, end): True for one of an object, False of who acts, None for an "and"."""
        cuts = [
            (*found.span(), held)
            for pattern, held in ((self._marks, False), (self._objects, True), (self._ands, None))
            for found in (pattern.finditer(self._text, start, end) if pattern else ())
            if held is not None or self._parts(start, found.span(), end)
        ]
        return sorted(cuts, key=lambda cut: cut[:2])

    def _parts(self, start: int, and_: Span, end: int) -> bool:
        """Say whether an "and" parts two names: one of a kind stands before it, or no kind is told behind it."""
        left, right = fold(self._text[start : and_[0]]).rstrip(), fold(self._text[and_[1] : end]).strip()
        word = self._text[slice(*and_)]
        if not self._tails or not word.isalnum() or not HAS_UNSPACED.search(word):
            return True
        return len(left) > 1 and (left.endswith(self._tails) or not any(tail in right for tail in self._tails))

    def _from_head(self, piece: Piece) -> Iterator[Piece]:
        """Begin a name at its kind ("وقّعت ... مؤسسة النهر"), and part it where "and" is glued to the next."""
        words = list(re.finditer(r"\S+", self._text[slice(*piece.span)]))
        heads = [i for i, word in enumerate(words) if self.is_head(word[0])]
        bare = not heads
        parted = [i for i in heads if i and self._words.has("legal_forms", fold(words[i - 1][0]))]
        glued = [i for i in heads if self._unglued(words[i][0]) != words[i][0]]
        bare = bare or (heads == [1] == [len(words) - 1] and self._is_plain_kind(words[1][0]))
        begins = [0] if bare else sorted({heads[0], *parted, *glued})
        if bare:
            begins += [i for i, word in enumerate(words) if i and self._unglued(word[0]) != word[0]]
        for first, last in itertools.pairwise([*begins, len(words)]):
            word = words[first]
            start = piece.span[0] + word.end() - len(self._bare(word[0]))
            end = piece.span[0] + words[last - 1].end()
            if span := self._core.of(self._text, start, end):
                yield Piece(span, piece.is_marked, piece.is_held)

    def _is_plain_kind(self, word: str) -> bool:
        """Say whether `word` is a kind with nothing glued to it, so that it may end a name ("מגן ביטוח")."""
        return self._words.has("heads", fold(word)) and not HAS_UNSPACED.search(word)

    def _unglued(self, word: str) -> str:
        """Take a glued "and" off, unless the word is a kind with it ("وزارة")."""
        for prefix in self._words.written("glued_and"):
            rest = word.removeprefix(prefix)
            if rest != word and len(rest) > len("ال") and not self._words.has("heads", fold(word)):
                return rest
        return word

    def _bare(self, word: str) -> str:
        """Take a glued "and" off, and a glued "to" before a kind ("לקרן")."""
        word = self._unglued(word)
        known = self._words.has("heads", fold(word))
        rests = (word.removeprefix(prefix) for prefix in self._words.written("glued_before") if not known)
        return next((rest for rest in rests if rest != word and self._words.has("heads", fold(rest))), word)

    def is_head(self, word: str) -> bool:
        """Say whether `word` is a kind of organisation, with or without what is glued to it."""
        bare = fold(self._unglued(word))
        glued = (*self._words.written("glued"), *self._words.written("glued_before"))
        forms = (bare, *(bare.removeprefix(prefix) for prefix in glued))
        return any(self._words.has("heads", form) for form in forms)

    def is_kind_alone(self, word: str) -> bool:
        """Say whether `word` is a kind with an article at most ("المكتبة"), which is no name by itself."""
        bare, glued = fold(self._unglued(word)), self._words.written("glued")
        kinds = [bare, *(bare.removeprefix(prefix) for prefix in glued)]
        return any(kind in self._words.every("heads") and not kind.startswith(glued) for kind in kinds)

    def _is_marked(self, end: int) -> bool:
        """Say whether a particle that stands alone follows ("ने"), or one behind a bracket or an @handle."""
        following = next((t for t in self._tokens if t.start >= end), None)
        if following is not None and self._words.has("subject_marks", following.folded):
            return True
        aside = ASIDE.match(self._text, end)
        place = aside.end() if aside else end
        glued = [mark.lstrip("*") for mark in self._words.written("subject_marks") if mark.startswith("*")]
        behind = self._text[place : place + _HONORIFIC + 3].lstrip()
        apart = 0 if aside else _HONORIFIC
        return (aside is not None or self._text[end - 1].isascii()) and any(
            behind.startswith(mark, skipped) for mark in glued for skipped in range(apart + 1)
        )


def is_handle(text: str) -> bool:
    """Say whether `text` is an @handle."""
    return text.startswith("@") and len(text) > 1


def _stops(token: Token) -> bool:
    return not (token.is_word or token.text in _INSIDE)


@cache
def any_particle(particles: tuple[str, ...]) -> re.Pattern[str] | None:
    """Compile particles: one with a star is glued to its word, and one in hiragana has no hiragana around it."""
    patterns = [_particle(particle) for particle in sorted(particles, key=len, reverse=True)]
    return re.compile("|".join(patterns)) if patterns else None


def _particle(particle: str) -> str:
    letters = re.escape(particle.lstrip("*"))
    spaced = letters if HAS_UNSPACED.search(letters) else _VOWELS.sub("", letters)
    if not spaced.isalnum():
        return rf"(?<=\w){letters}"
    if letters == particle:
        return rf"(?<![\w{MARKS}]){letters}(?![\w{MARKS}])"
    if re.fullmatch(f"[{_KANA}]+", letters):
        return rf"(?<=[\w)）」』])(?<![{_KANA}]){letters}(?![{_KANA}])"
    return (
        rf"(?:(?<=[\w{MARKS})）])|(?<=[\w{MARKS})）] )){letters}"
        if re.match(r"[\u4e00-\u9fff\u0e00-\u0e7f]", letters)
        else rf"(?<=\w[\w)）]){letters}(?!\w)"
    )
