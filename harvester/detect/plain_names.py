"""Find the names in a sentence of a script without capitals (Arabic, Hebrew, Hindi, Chinese, Japanese, Korean, Thai).

What no phrase of the lexicon, no name of the Call and no punctuation holds is cut into pieces. A piece is a name by its
kind of organisation, by a mark of who acts, by quotation marks, or by standing beside an act.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from functools import cache

from harvester.detect.lexicon import ACTS, Role
from harvester.detect.names import Group, Name
from harvester.detect.phrases import Hit
from harvester.detect.pieces import ASIDE, HAS_UNSPACED, Cutter, Piece, any_particle, is_handle
from harvester.detect.plain_core import folded_words
from harvester.detect.text import Token, fold
from harvester.detect.words import SmallWords
from harvester.model import Span

FEWEST_LETTERS = 2
MOST_WORDS = 9
MOST_LETTERS = 45
"""A piece of more words or characters is a clause that nobody could read, not a name."""
BARE_WORDS = 3
"""A piece beside an act that says of no kind of organisation has at most so many words ("اليابان")."""
HEADED_WORDS = 3
"""General words are a name where so many begin with a kind ("انجمن کاربران اینترنت")."""
_QUOTES = frozenset('«»“”„"״「」『』‘’《》')
_COMMAS = frozenset(",،、，&")
_PASSED = " \u3000,，、:：“”‘’\"'「」『』《》〈〉()（）#"
"""What may stand between a name and its act."""
_LISTS = frozenset({Role.SIGNED_BY, Role.SIGNATORIES_ARE})
_BEFORE_NAMES = frozenset({Role.FOR, Role.PRAISES})
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_NUMBER = r"[\d〇零一二三四五六七八九十百千万億亿兩两几幾多数數]"


def has_capitals(text: str) -> bool:
    """Say whether most letters of `text` are of a script that has capitals."""
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(c.lower() != c.upper() for c in letters) >= len(letters)


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
        self._marks = any_particle(words.written("subject_marks"))
        self._topics = tuple(mark.lstrip("*") for mark in words.written("topic_marks"))
        self._tails = folded_words(words.written("tails"))
        self._joints = frozenset(words.written("inside_names")) if self._tails else frozenset()
        self._cutter = Cutter(text, tokens, cues, held, words)

    def groups(self) -> list[Group]:
        """Give the names, those of one list together, in the order of the text."""
        lists: list[list[Piece]] = []
        pieces = list(self._cutter.pieces())
        described = {a for a, b in itertools.pairwise(pieces) if self._describes(a, b)}
        for piece in (piece for piece in pieces if piece not in described):
            parted = bool(lists) and lists[-1][-1].is_held and not piece.is_held
            if lists and not parted and self._is_listed(lists[-1][-1].span[1], piece.span[0]):
                lists[-1].append(piece)
            else:
                lists.append([piece])
        lists = [named for pieces in lists if (named := self._named(pieces))]
        lists = [named for named in lists if not self._is_stray(named, lists)]
        marked = any(piece.is_marked for pieces in lists for piece in pieces)
        groups: list[Group] = []
        for pieces in lists:
            acts = any(piece.is_marked for piece in pieces)
            late = self._words.verb_last and not acts and (marked or bool(groups)) and not self._announced(pieces)
            late = late or (self._is_inner(pieces[-1], lists) and not self._announced(pieces))
            names = tuple(self._name(piece.span) for piece in pieces)
            placed = self._is_placed(pieces[0].span[0]) and not self._is_thanked(pieces)
            groups.append(Group(names, late or pieces[-1].is_held or placed))
        return groups

    def _describes(self, piece: Piece, following: Piece) -> bool:
        """Say whether the first only tells of the second: an "of" or a quotation mark lies between ("대만의 X")."""
        between = self._text[piece.span[1] : following.span[0]].strip()
        head, *more = self._text[slice(*piece.span)].split()
        is_kind = between in _QUOTES and len(more) <= 1 and self._cutter.is_head(head)
        return (piece.is_held and between in self._joints) or (is_kind and self._is_quoted(following.span))

    def _named(self, pieces: Sequence[Piece]) -> list[Piece]:
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

    def _is_stray(self, pieces: Sequence[Piece], lists: Sequence[Sequence[Piece]]) -> bool:
        """Say whether only an act beside them makes them a name, and another of the clause says what it is.

        Where words have no blanks, that is mostly a rest of the sentence ("東湖市政府於會議後宣布").
        """
        text = self._text[pieces[0].span[0] : pieces[-1].span[1]]
        if any(self._is_told_name(piece) for piece in pieces) or not HAS_UNSPACED.search(text) or _HANGUL.search(text):
            return False
        others = [other for other in lists if other is not pieces and any(self._says_kind(piece) for piece in other)]
        return any(
            not any(comma in self._text[min(a, b) : max(a, b)] for comma in "，,")
            for a, b in ((pieces[0].span[0], other[0].span[0]) for other in others)
        )

    def _clause_between(self, left: Piece, right: Piece) -> bool:
        """Say whether the comma of clauses, which is not that of lists in these scripts, stands between."""
        return "，" in self._text[left.span[1] : right.span[0]]

    def _may_be(self, piece: Piece) -> bool:
        text = self._text[slice(*piece.span)]
        words = text.split()
        if is_handle(text):
            return True
        same = (cue.span for cue in self._cues if cue.meaning is Role.SAME)
        if any(start <= piece.span[0] and piece.span[1] <= end for start, end in same):
            return False
        if len(words) > MOST_WORDS or len(text) > MOST_LETTERS or _letters(text) < FEWEST_LETTERS:
            return False
        is_common = self._words.has("common", fold(words[-1])) and not self._is_quoted(piece.span)
        return not (is_common or self._is_general(text, words))

    def _is_name(self, piece: Piece) -> bool:
        if self._is_told_name(piece):
            return True
        words = self._text[slice(*piece.span)].split()
        return len(words) <= BARE_WORDS and self._is_beside(piece.span)

    def _is_told_name(self, piece: Piece) -> bool:
        """Say whether more than an act beside it shows a name: a kind, a mark, capitals, quotes or an announcement."""
        text = self._text[slice(*piece.span)]
        if is_handle(text) or self._says_kind(piece) or (piece.is_marked and not self._is_of_signatories(piece.span)):
            return True
        if text[0].isupper() and not HAS_UNSPACED.search(text):
            return True
        if self._is_quoted(piece.span) or self._announced([piece]):
            return True
        return len(text.split()) <= BARE_WORDS and self._is_spoken_for(piece.span[0])

    def _is_of_signatories(self, span: Span) -> bool:
        """Say whether it stands behind "signatories" and before no act: their list or page, as like as a name."""
        before = [cue for cue in self._cues if cue.meaning in ACTS and cue.span[1] <= span[0]]
        acts = any(cue.meaning in ACTS and cue.span[0] >= span[1] for cue in self._cues)
        return bool(before) and before[-1].meaning is Role.SIGNATORY and not acts

    def _says_kind(self, piece: Piece) -> bool:
        text = self._text[slice(*piece.span)]
        folded = fold(text)
        if self._words.has("lands", folded) or self._cutter.is_head(text.split()[0]) or folded.endswith(self._tails):
            return True
        forms = folded_words(self._words.written("legal_forms"))
        return folded.startswith(forms) if HAS_UNSPACED.search(text) else folded.split()[-1] in forms

    def _is_bare(self, piece: Piece) -> bool:
        """Say whether the piece is short enough to be a name beside another, with no mark of its own."""
        text = self._text[slice(*piece.span)]
        return len(text.split()) <= BARE_WORDS and not HAS_UNSPACED.search(text)

    def _is_general(self, text: str, words: Sequence[str]) -> bool:
        """Say whether only general words are in it ("全球一千多个组织")."""
        folded = fold(text)
        if HAS_UNSPACED.search(text):
            return not _general(self._words.written("generic")).sub("", folded)
        if len(words) >= HEADED_WORDS and self._cutter.is_head(words[0]):
            return False
        if len(words) == 1 and self._cutter.is_kind_alone(words[0]):
            return True
        return all(self._words.has("generic", w) or w.isdigit() for w in folded.split()) or not words

    def _is_quoted(self, span: Span) -> bool:
        return self._text[span[0] - 1 : span[0]] in _QUOTES and self._text[span[1] : span[1] + 1] in _QUOTES

    def _announced(self, pieces: Sequence[Piece]) -> bool:
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

    def _is_inner(self, piece: Piece, lists: Sequence[Sequence[Piece]]) -> bool:
        """Say whether the sentence's topic stands before, so that the piece acts in a clause inside."""
        if not self._topics or self._is_topic(piece):
            return False
        acts = [cue.span[0] for cue in self._cues if cue.meaning in ACTS and cue.span[0] < piece.span[0]]
        others = (other for pieces in lists for other in pieces)
        start = max(acts, default=-1)
        return any(start < other.span[1] <= piece.span[0] and self._is_topic(other) for other in others)

    def _is_topic(self, piece: Piece) -> bool:
        aside = ASIDE.match(self._text, piece.span[1])
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

    def _is_placed(self, start: int) -> bool:
        """Say whether a preposition stands right before."""
        return any(
            cue.meaning is Role.PLACED
            and cue.span[1] <= start
            and not self._text[cue.span[1] : start].strip(' «“「『"')
            for cue in self._cues
        )

    def _is_thanked(self, pieces: Sequence[Piece]) -> bool:
        """Say whether thanks stand behind, as the verb does ("به X ... تبریک می‌گوییم")."""
        thanks = (cue for cue in self._cues if cue.meaning is Role.PRAISES)
        return self._words.verb_last and any(cue.span[0] >= pieces[-1].span[1] for cue in thanks)

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
        if not is_handle(text):
            return Name(text, span, -1, -1)
        return Name(self._mentions.get(fold(text).lstrip("@"), text), span, -1, -1, handle=text)


def _letters(text: str) -> int:
    """Count letters; the Arabic stroke that only stretches a word is none."""
    return sum(c.isalpha() and fold(c) != "" for c in text)


@cache
def _general(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile what a piece that names nobody is made of."""
    general = sorted(folded_words(words), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, general), _NUMBER, r"[\W_]"]))
