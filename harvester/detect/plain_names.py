"""Find the names in a sentence of a script without capitals (Arabic, Hebrew, Hindi, Chinese, Japanese, Korean, Thai).

What no phrase of the lexicon, no name of the Call and no punctuation holds is cut into pieces. A piece is a name by its
kind of organisation, by a mark of who acts, by quotation marks, or by standing beside an act.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from harvester.detect.lexicon import ACTS, Role
from harvester.detect.names import Group, Name
from harvester.detect.phrases import Hit
from harvester.detect.plain_core import Core, folded_words
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
_QUOTES = frozenset('«»“”„"״「」『』‘’《》')
_COMMAS = frozenset(",،、，&")
_PASSED = " \u3000,，、:：“”‘’\"'「」『』《》〈〉()（）#"
"""What may stand between a name and its act."""
_ASIDE = re.compile(r"[(（][^()（）]*(?:[:：、，,;；]|https?|\d{2})[^()（）]*[)）]|[【\[][^【】\[\]]*[】\]]")
"""A bracket with punctuation or a number inside says something about a name and is no part of it."""
_BRACKETED = re.compile(r"[(（][^()（）]+[)）]")
_HONORIFIC = 2
"""So many letters may stand between an @handle and the particle that marks it ("さんが")."""
_LISTS = frozenset({Role.SIGNED_BY, Role.SIGNATORIES_ARE})
_BEFORE_NAMES = frozenset({Role.FOR, Role.PRAISES})
_UNSPACED = re.compile(f"[{UNSPACED}]")
_EDGE = re.compile(rf"^[^\w(（]+|(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{{2}})\.$|[^\w)）.{MARKS}]+$")
_TITLE = re.compile(r"[«“„\"״「『‘《]([^«»“”„\"״「」『』‘’《》،,.:;!?()\n]{2,45})[»”“\"״」』’》]")
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
        self._core = Core(words)
        self._topics = tuple(mark.lstrip("*") for mark in words.written("topic_marks"))
        self._tails = folded_words(words.written("tails"))
        self._titles = self._quoted_titles()

    def groups(self) -> list[Group]:
        """Give the names, those of one list together, in the order of the text."""
        lists: list[list[_Piece]] = []
        for piece in self._pieces():
            if lists and self._is_listed(lists[-1][-1].span[1], piece.span[0]):
                lists[-1].append(piece)
            else:
                lists.append([piece])
        lists = [named for pieces in lists if (named := self._named(pieces))]
        marked = any(piece.is_marked for pieces in lists for piece in pieces)
        groups: list[Group] = []
        for pieces in lists:
            acts = any(piece.is_marked for piece in pieces)
            late = self._words.verb_last and not acts and (marked or bool(groups)) and not self._announced(pieces)
            late = late or (self._is_inner(pieces[-1], lists) and not self._announced(pieces))
            names = tuple(self._name(piece.span) for piece in pieces)
            groups.append(Group(names, late or pieces[-1].is_held or self._is_placed(pieces[0].span[0])))
        return groups

    def _pieces(self) -> Iterator[_Piece]:
        handles = [_Piece((t.start, t.end), self._is_marked(t.end)) for t in self._tokens if _is_handle(t)]
        found = [piece for start, end in self._stretches() for piece in self._cut(start, end)]
        yield from sorted((*handles, *found), key=lambda piece: piece.span)

    def _stretches(self) -> Iterator[Span]:
        """Give what is between phrases, punctuation and the Call's names."""
        free = [cue for cue in self._cues if not self._is_in_name(cue)]
        stops = [part for cue in free for part in cue.parts]
        at, end = self._tokens[0].start, self._tokens[-1].end
        stops += [*self._held, *((t.start, t.end) for t in self._tokens if _stops(t))]
        stops += [found.span() for found in _ASIDE.finditer(self._text, at, end)]
        for begins, ends in (*sorted(stops), (end, end)):
            if begins > at and (stretch := self._trimmed(at, min(begins, end))):
                yield stretch
            at = max(at, ends)

    def _is_in_name(self, cue: Hit[Role]) -> bool:
        """Say whether words may be part of a name: "the centre", or a small word in quotation marks («معًا رقميًا»)."""
        if cue.meaning is Role.SAME and not _UNSPACED.search(self._text[slice(*cue.span)]):
            return True
        return cue.meaning not in ACTS and any(
            start <= cue.span[0] and cue.span[1] <= end and cue.span != (start, end) for start, end in self._titles
        )

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
        kept = kept[1:-1] if _BRACKETED.fullmatch(kept) else kept
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
        if not self._tails or not self._text[slice(*and_)].isalnum():
            return True
        return len(left) > 1 and (left.endswith(self._tails) or not any(tail in right for tail in self._tails))

    def _from_head(self, piece: _Piece) -> Iterator[_Piece]:
        """Begin a name at its kind ("وقّعت ... مؤسسة النهر"), and part it where "and" is glued to the next."""
        words = list(re.finditer(r"\S+", self._text[slice(*piece.span)]))
        heads = [i for i, word in enumerate(words) if self._is_head(word[0])]
        bare = not heads
        parted = [i for i in heads if i and self._words.has("legal_forms", fold(words[i - 1][0]))]
        glued = [i for i in heads if self._unglued(words[i][0]) != words[i][0]]
        begins = [0] if bare else sorted({heads[0], *parted, *glued})
        if bare:
            begins += [i for i, word in enumerate(words) if i and self._unglued(word[0]) != word[0]]
        for first, last in itertools.pairwise([*begins, len(words)]):
            word = words[first]
            start = piece.span[0] + word.end() - len(self._unglued(word[0]))
            end = piece.span[0] + words[last - 1].end()
            if span := self._core.of(self._text, start, end):
                yield _Piece(span, piece.is_marked, piece.is_held)

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

    def _named(self, pieces: Sequence[_Piece]) -> list[_Piece]:
        """Give the names among the pieces of a list; where names begin with no kind, one shows what all are."""
        pieces = [piece for piece in pieces if self._may_be(piece)]
        named = [piece for piece in pieces if self._is_name(piece)]
        if not named:
            return []
        if self._words.written("heads"):
            return [piece for piece in pieces if piece in named or self._is_bare(piece)]
        clauses = [i for i, (a, b) in enumerate(itertools.pairwise(pieces), 1) if self._clause_between(a, b)]
        parts = [pieces[slice(*ends)] for ends in itertools.pairwise([0, *clauses, len(pieces)])]
        return [piece for part in parts if any(p in named for p in part) for piece in part]

    def _clause_between(self, left: _Piece, right: _Piece) -> bool:
        """Say whether the comma of clauses, which is not that of lists in these scripts, stands between."""
        return "，" in self._text[left.span[1] : right.span[0]]

    def _may_be(self, piece: _Piece) -> bool:
        text = self._text[slice(*piece.span)]
        words = text.split()
        if _is_handle_text(text):
            return True
        if len(words) > MOST_WORDS or len(text) > MOST_LETTERS or _letters(text) < FEWEST_LETTERS:
            return False
        return not self._is_general(text, words)

    def _is_name(self, piece: _Piece) -> bool:
        text = self._text[slice(*piece.span)]
        words = text.split()
        if _is_handle_text(text) or self._is_head(words[0]) or piece.is_marked or fold(text).endswith(self._tails):
            return True
        if text[0].isupper() and not _UNSPACED.search(text):
            return True
        if self._is_quoted(piece.span) or self._announced([piece]):
            return True
        return len(words) <= BARE_WORDS and (self._is_beside(piece.span) or self._is_spoken_for(piece.span[0]))

    def _is_bare(self, piece: _Piece) -> bool:
        """Say whether the piece is short enough to be a name beside another, with no mark of its own."""
        text = self._text[slice(*piece.span)]
        return len(text.split()) <= BARE_WORDS and not _UNSPACED.search(text)

    def _is_general(self, text: str, words: Sequence[str]) -> bool:
        """Say whether only general words are in it ("全球一千多个组织")."""
        folded = fold(text)
        if _UNSPACED.search(text):
            return not _general(self._words.written("generic")).sub("", folded)
        return all(self._words.has("generic", w) or w.isdigit() for w in folded.split()) or not words

    def _is_quoted(self, span: Span) -> bool:
        return self._text[span[0] - 1 : span[0]] in _QUOTES and self._text[span[1] : span[1] + 1] in _QUOTES

    def _announced(self, pieces: Sequence[_Piece]) -> bool:
        """Say whether a list of signatories is announced before the pieces."""
        return any(cue.meaning in _LISTS and cue.span[1] <= pieces[0].span[0] for cue in self._cues)

    def _is_spoken_for(self, start: int) -> bool:
        """Say whether "where I work" or "thanks to" stands right before."""
        ends = [cue.span[1] for cue in self._cues if cue.meaning in _BEFORE_NAMES and cue.span[1] <= start]
        return any(not self._text[end:start].strip(" ,،:") for end in ends)

    def _is_beside(self, span: Span) -> bool:
        acts = [cue for cue in self._cues if cue.meaning in ACTS]
        if not self._words.written("heads"):
            acts += [cue for cue in self._cues if cue.meaning is Role.PROUD]
        between = self._is_told if not self._words.written("heads") else self._is_blank
        following = min((cue.span[0] for cue in acts if cue.span[0] >= span[1]), default=None)
        before = following is not None and between(span[1], following)
        behind = any(self._is_blank(cue.span[1], span[0]) for cue in acts if cue.span[1] <= span[0])
        return before or (behind and self._words.subject_may_follow)

    def _is_inner(self, piece: _Piece, lists: Sequence[Sequence[_Piece]]) -> bool:
        """Say whether the sentence's topic stands before, so that the piece acts in a clause inside."""
        if not self._topics or self._is_topic(piece):
            return False
        acts = [cue.span[0] for cue in self._cues if cue.meaning in ACTS and cue.span[0] < piece.span[0]]
        others = (other for pieces in lists for other in pieces)
        start = max(acts, default=-1)
        return any(start < other.span[1] <= piece.span[0] and self._is_topic(other) for other in others)

    def _is_topic(self, piece: _Piece) -> bool:
        aside = _ASIDE.match(self._text, piece.span[1])
        return self._text.startswith(self._topics, aside.end() if aside else piece.span[1])

    def _is_blank(self, start: int, end: int) -> bool:
        return not self._text[start:end].strip()

    def _is_told(self, start: int, end: int) -> bool:
        """Say whether phrases, the Call's names and blanks fill [start, end), so that nobody else comes between."""
        places = [*self._held, *(part for cue in self._cues for part in cue.parts)]
        for begins, ends in sorted(place for place in places if start <= place[0] < end):
            if not self._is_nobody(start, begins):
                return False
            start = max(start, ends)
        return self._is_nobody(start, end)

    def _is_nobody(self, start: int, end: int) -> bool:
        text = self._text[start:end].strip(_PASSED)
        bare = self._marks.sub("", text) if self._marks else text
        return not bare or self._is_general(bare, bare.split())

    def _is_marked(self, end: int) -> bool:
        """Say whether a particle that stands alone follows ("ने"), or one behind a bracket or an @handle."""
        following = next((t for t in self._tokens if t.start >= end), None)
        if following is not None and self._words.has("subject_marks", following.folded):
            return True
        aside = _ASIDE.match(self._text, end)
        place = aside.end() if aside else end
        glued = [mark.lstrip("*") for mark in self._words.written("subject_marks") if mark.startswith("*")]
        behind = self._text[place : place + _HONORIFIC + 3].lstrip()
        apart = 0 if aside else _HONORIFIC
        return (aside is not None or self._text[end - 1].isascii()) and any(
            behind.startswith(mark, skipped) for mark in glued for skipped in range(apart + 1)
        )

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
        if any(part[0] < start and end < part[1] for cue in self._cues for part in cue.parts):
            return False
        links = any(t.text in _COMMAS or self._words.has("and_words", t.folded) for t in between)
        glued = any(inner.startswith(fold(word.lstrip("*"))) for word in self._words.written("and_words"))
        return links or glued or not inner

    def _name(self, span: Span) -> Name:
        text = self._text[slice(*span)]
        if not _is_handle_text(text):
            return Name(text, span, -1, -1)
        return Name(self._mentions.get(fold(text).lstrip("@"), text), span, -1, -1, handle=text)


def _is_handle(token: Token) -> bool:
    return _is_handle_text(token.text)


def _is_handle_text(text: str) -> bool:
    return text.startswith("@") and len(text) > 1


def _letters(text: str) -> int:
    """Count letters; the Arabic stroke that only stretches a word is none."""
    return sum(c.isalpha() and fold(c) != "" for c in text)


def _stops(token: Token) -> bool:
    return not (token.is_word or token.text in _INSIDE)


@cache
def _general(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile what a piece that names nobody is made of."""
    general = sorted(folded_words(words), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, general), _NUMBER, r"[\W_]"]))


@cache
def _ends(particles: tuple[str, ...]) -> re.Pattern[str] | None:
    """Compile particles: one with a star is glued to its word, and one in hiragana has no hiragana around it."""
    patterns = [_particle(particle) for particle in sorted(particles, key=len, reverse=True)]
    return re.compile("|".join(patterns)) if patterns else None


def _particle(particle: str) -> str:
    letters = re.escape(particle.lstrip("*"))
    if not letters.isalnum():
        return rf"(?<=\w){letters}"
    if letters == particle:
        return rf"(?<![\w{MARKS}]){letters}(?![\w{MARKS}])"
    if re.fullmatch(f"[{_KANA}]+", letters):
        return rf"(?<=[\w)）」』])(?<![{_KANA}]){letters}(?![{_KANA}])"
    return (
        rf"(?:(?<=[\w{MARKS}])|(?<=[\w{MARKS}] )){letters}"
        if re.match(r"[\u4e00-\u9fff\u0e00-\u0e7f]", letters)
        else rf"(?<=\w\w){letters}(?!\w)"
    )
