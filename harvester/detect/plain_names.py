"""Find the names in a sentence of a script without capitals (Arabic, Hebrew, Hindi, Chinese, Japanese, Korean, Thai).

What no phrase of the lexicon, no name of the Call and no punctuation holds is cut into pieces. A piece is a name by its
kind of organisation, by a mark of who acts, by quotation marks, or by standing beside an act.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harvester.detect.lexicon import ACTS, Role
from harvester.detect.names import Group, Name
from harvester.detect.phrases import Hit
from harvester.detect.text import MARKS, UNSPACED, Token, fold
from harvester.detect.words import SmallWords
from harvester.model import Span

FEWEST_LETTERS = 2
MOST_WORDS = 9
MOST_LETTERS = 45
"""A piece of more words or characters is a clause that nobody could read, not a name."""
BARE_WORDS = 3
"""A piece beside an act that says of no kind of organisation has at most so many words ("اليابان")."""
_KANA = "\u3041-\u3096"
_INSIDE = frozenset("&.-－+·・()（）'’\u200c\u200d")
_QUOTES = frozenset('«»“”„"「」『』‘’《》')
_COMMAS = frozenset(",،、，&")
_LISTS = frozenset({Role.SIGNED_BY, Role.SIGNATORIES_ARE})
_UNSPACED = re.compile(f"[{UNSPACED}]")
_EDGE = re.compile(rf"^[^\w(（]+|(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{{2}})\.$|[^\w)）.{MARKS}]+$")
_NUMBER = r"[\d〇零一二三四五六七八九十百千万億亿兩两几幾多数數]"


def has_capitals(text: str) -> bool:
    """Say whether most letters of `text` are of a script that has capitals."""
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(c.lower() != c.upper() for c in letters) >= len(letters)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that may be a name; `is_marked`: a particle says that it acts, `is_held`: that it does not."""

    span: Span
    is_marked: bool = False
    is_held: bool = False


class PlainNameFinder:
    """Reads the names of one sentence; `held` are the places of the Call's name and of other pledges."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        cues: Sequence[Hit[Role]],
        held: Sequence[Span],
        words: SmallWords,
        mentions: Mapping[str, str],
    ) -> None:
        """Hold one sentence."""
        self._text = text
        self._tokens = tokens
        self._cues = cues
        self._held = held
        self._words = words
        self._mentions = {fold(handle).lstrip("@"): name for handle, name in mentions.items()}
        self._marks = _ends(words.written("subject_marks"))
        self._objects = _ends(words.written("object_marks"))
        self._ands = _ends(words.written("and_words"))

    def groups(self) -> list[Group]:
        """Give the names, those of one list together, in the order of the text."""
        lists: list[list[_Piece]] = []
        for piece in self._pieces():
            if lists and self._is_listed(lists[-1][-1].span[1], piece.span[0]):
                lists[-1].append(piece)
            else:
                lists.append([piece])
        lists = [named for pieces in lists if (named := [p for p in pieces if self._is_name(p)])]
        marked = any(piece.is_marked for pieces in lists for piece in pieces)
        groups: list[Group] = []
        for pieces in lists:
            acts = any(piece.is_marked for piece in pieces)
            late = self._words.verb_last and not acts and (marked or bool(groups)) and not self._announced(pieces)
            names = tuple(self._name(piece.span) for piece in pieces)
            groups.append(Group(names, late or pieces[-1].is_held or self._is_placed(pieces[0].span[0])))
        return groups

    def _pieces(self) -> Iterator[_Piece]:
        for start, end in self._stretches():
            yield from self._cut(start, end)

    def _stretches(self) -> Iterator[Span]:
        """Give what is between phrases, punctuation and the Call's names."""
        stops = [part for cue in self._cues for part in cue.parts]
        stops += [*self._held, *((t.start, t.end) for t in self._tokens if _stops(t))]
        at = self._tokens[0].start
        end = self._tokens[-1].end
        for begins, ends in (*sorted(stops), (end, end)):
            if begins > at and (stretch := self._trimmed(at, min(begins, end))):
                yield stretch
            at = max(at, ends)

    def _trimmed(self, start: int, end: int) -> Span | None:
        """Take blanks and stray punctuation off the edges; None if nothing is left."""
        inner = self._text[start:end]
        for bracket, other in ("()", "（）"):
            if inner.count(bracket) != inner.count(other):
                inner = inner.replace(bracket, " ").replace(other, " ")
        kept = _EDGE.sub("", _EDGE.sub("", inner))
        begin = start + inner.find(kept)
        return (begin, begin + len(kept)) if kept else None

    def _cut(self, start: int, end: int) -> Iterator[_Piece]:
        """Cut a stretch at its particles and at words for "and"."""
        at = start
        for place, ends, held in self._cuts(start, end):
            if place > at and (span := self._trimmed(at, place)):
                yield from self._from_head(_Piece(span, is_marked=held is False, is_held=held is True))
            at = max(at, ends)
        if span := self._trimmed(at, end) if at < end else None:
            yield from self._from_head(_Piece(span, is_marked=self._is_marked(span[1])))

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
        if not self._words.written("tails") or " " in self._text[and_[0] : and_[1]]:
            return True
        tails = tuple(fold(tail) for tail in self._words.written("tails"))
        return len(left) > 1 and (left.endswith(tails) or not any(tail in right for tail in tails))

    def _from_head(self, piece: _Piece) -> Iterator[_Piece]:
        """Begin a name at its kind ("وقّعت ... مؤسسة النهر"), and part it where "and" is glued to the next."""
        words = list(re.finditer(r"\S+", self._text[slice(*piece.span)]))
        heads = [i for i, word in enumerate(words) if self._is_head(word[0])]
        bare = not heads
        begins = [0] if bare else [i for i in heads if i == heads[0] or self._unglued(words[i][0]) != words[i][0]]
        if bare:
            begins += [i for i, word in enumerate(words) if i and self._unglued(word[0]) != word[0]]
        for first, last in itertools.pairwise([*begins, len(words)]):
            word = words[first]
            start = piece.span[0] + word.end() - len(self._unglued(word[0]))
            yield _Piece((start, piece.span[0] + words[last - 1].end()), piece.is_marked, piece.is_held)

    def _unglued(self, word: str) -> str:
        """Take a glued "and" off, unless the word is a kind with it ("وزارة")."""
        for prefix in self._words.written("glued_and"):
            rest = word.removeprefix(prefix)
            if rest != word and len(rest) > len("ال") and not self._words.has("heads", fold(word)):
                return rest
        return word

    def _is_head(self, word: str) -> bool:
        bare = fold(self._unglued(word))
        forms = (bare, *(bare.removeprefix(prefix) for prefix in self._words.written("glued")))
        return any(self._words.has("heads", form) for form in forms)

    # ---------------------------------------------------------------- which piece is a name

    def _is_name(self, piece: _Piece) -> bool:
        text = self._text[slice(*piece.span)]
        words = text.split()
        if len(words) > MOST_WORDS or len(text) > MOST_LETTERS or sum(c.isalpha() for c in text) < FEWEST_LETTERS:
            return False
        if self._is_general(text, words):
            return False
        if not self._words.written("heads") or self._is_head(words[0]) or piece.is_marked or text[0].isupper():
            return True
        return self._is_quoted(piece.span) or self._announced([piece]) or self._is_beside(piece.span, len(words))

    def _is_general(self, text: str, words: Sequence[str]) -> bool:
        """Say whether only general words are in it ("全球一千多个组织")."""
        folded = fold(text)
        if _UNSPACED.search(text):
            general = sorted((fold(w) for w in self._words.written("generic")), key=len, reverse=True)
            return not re.sub("|".join([*map(re.escape, general), _NUMBER, r"[\W_]"]), "", folded)
        return all(self._words.has("generic", w) or w.isdigit() for w in folded.split()) or not words

    def _is_quoted(self, span: Span) -> bool:
        return self._text[span[0] - 1 : span[0]] in _QUOTES and self._text[span[1] : span[1] + 1] in _QUOTES

    def _announced(self, pieces: Sequence[_Piece]) -> bool:
        """Say whether a list of signatories is announced before the pieces."""
        return any(cue.meaning in _LISTS and cue.span[1] <= pieces[0].span[0] for cue in self._cues)

    def _is_beside(self, span: Span, words: int) -> bool:
        acts = [cue for cue in self._cues if cue.meaning in ACTS]
        before = any(not self._text[span[1] : cue.span[0]].strip() for cue in acts if cue.span[0] >= span[1])
        behind = any(not self._text[cue.span[1] : span[0]].strip() for cue in acts if cue.span[1] <= span[0])
        return words <= BARE_WORDS and (before or (behind and self._words.subject_may_follow))

    def _is_marked(self, end: int) -> bool:
        """Say whether a particle that stands alone follows ("ने")."""
        following = next((t for t in self._tokens if t.start >= end), None)
        return following is not None and self._words.has("subject_marks", following.folded)

    def _is_placed(self, start: int) -> bool:
        """Say whether a preposition stands right before."""
        return any(
            cue.meaning is Role.PLACED
            and cue.span[1] <= start
            and not self._text[cue.span[1] : start].strip(' «“「『"')
            for cue in self._cues
        )

    def _is_listed(self, end: int, start: int) -> bool:
        """Say whether only commas, quotation marks, words for "and" and kinds lie between."""
        between = [t for t in self._tokens if t.end > end and t.start < start]
        inner = fold(self._text[end:start]).strip(' "')
        if any(cue.span[0] < start and end < cue.span[1] for cue in self._cues):
            return False
        links = any(t.text in _COMMAS or self._words.has("and_words", t.folded) for t in between)
        glued = any(inner.startswith(fold(word.lstrip("*"))) for word in self._words.written("and_words"))
        return links or glued or not inner

    def _name(self, span: Span) -> Name:
        text = self._text[slice(*span)]
        known = self._mentions.get(fold(text).lstrip("@"), "") if self._text[span[0] - 1 : span[0]] == "@" else ""
        return Name(known or text, span, -1, -1, handle=f"@{text}" if known else "")


def _stops(token: Token) -> bool:
    return not (token.is_word or token.text in _INSIDE)


def _ends(particles: Sequence[str]) -> re.Pattern[str] | None:
    """Compile particles: one with a star is glued to its word, and one in hiragana has no hiragana around it."""
    patterns = [_particle(particle) for particle in sorted(particles, key=len, reverse=True)]
    return re.compile("|".join(patterns)) if patterns else None


def _particle(particle: str) -> str:
    letters = re.escape(particle.lstrip("*"))
    if letters == particle:
        return rf"(?<![\w{MARKS}]){letters}(?![\w{MARKS}])"
    if re.fullmatch(f"[{_KANA}]+", letters):
        return rf"(?<=\w)(?<![{_KANA}]){letters}(?![{_KANA}])"
    return rf"(?<=\w){letters}" if re.match(r"[\u4e00-\u9fff\u0e00-\u0e7f]", letters) else rf"(?<=\w\w){letters}(?!\w)"
