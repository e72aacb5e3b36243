"""Read one sentence: its cues (phrases of the lexicon), the Call's names, the names in it, and its clauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from harvester.detect.enclosed import LONGEST_QUOTED
from harvester.detect.lexicon import ACTS, Role
from harvester.detect.names import Group, NameFinder
from harvester.detect.phrases import Hit
from harvester.detect.plain_names import PlainNameFinder, has_capitals
from harvester.detect.subject import Subject
from harvester.detect.text import Token, covered, tokens
from harvester.detect.words import SmallWords
from harvester.model import Span

T = TypeVar("T")
Cue = Hit[Role]
_BREAKING = frozenset({Role.BUT, Role.LIKEWISE_BY})
_NOT_SIGNED = frozenset({Role.ABSTAINED, Role.WITHDREW})
_TURNED_NAMES = frozenset({Role.REFUSES, Role.PLANS, Role.URGES, Role.IF, Role.RUMOUR, Role.WITHDRAWS})
"""What a place's name may look like ("Bury")."""
_HOLDERS = ACTS | {Role.WE, Role.FOR}
_BREAKS = frozenset({";", "؛", "–", "—", "-", "―", "•", "|", "·", "；"})
_QUOTED = re.compile(r"„[^“”]*[“”]|“[^”]*”|«[^»]*»|\"[^\"]*\"|「[^」]*」|״[^״]*״")
_BEFORE_QUOTES = ("heads", "heads_with_and", "kinds", "legal_forms")
HEADLINE_WORD = 4
HEADLINE_SHARE = 0.8
_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）")
ENDING = re.compile(r"(?<=\w):[^\W\d_A-Z]{1,3}\b")
"""A case ending behind a short form ("Oy:n")."""
HEADING = re.compile(r"(?:\s*\(\d+\))?\s*[:：]")
"""What makes the words before it the heading of a list, perhaps with the number of what is listed ("Added (3):")."""
_BEHIND_CALL = re.compile(r"(?:['’]s)?(?: [^\W\d_A-Z]+){0,2} ")
"""Between the Call's name and "gains" may stand "'s list" and the like."""
COMMAS = frozenset(",،，")
COLONS = frozenset(":：")
_QUESTIONS = frozenset("?？؟;")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of `text`, read."""

    text: str
    span: Span
    tokens: tuple[Token, ...]
    cues: tuple[Cue, ...]
    calls: tuple[Span, ...]
    others: tuple[Span, ...]
    groups: tuple[Group, ...]
    breaks: tuple[int, ...]
    """Where a clause ends: the places of semicolons, dashes and words like "but"."""
    quoted: tuple[Span, ...]
    brackets: tuple[Span, ...]
    author: str
    is_note: bool
    """Whether the post has no title: then "Signed!" is said by its author of itself."""
    is_question: bool

    @property
    def acts(self) -> tuple[Cue, ...]:
        """The cues that say that somebody did something."""
        return tuple(cue for cue in self.cues if cue.meaning in ACTS)

    @property
    def leading_group(self) -> Group | None:
        """Whom a later sentence means by "the company" or "both": who acts first, else whom it names last."""
        groups = [group for group in self.groups if not group.governed][:1] or list(self.groups[-1:])
        return groups[0] if groups else None

    def clause(self, place: Span) -> Span:
        """Give the clause around `place`; a colon begins one but does not end one ("Endorsed by: ...")."""
        colons = [t.start for t in self.tokens if t.text in COLONS and not ENDING.match(self.text, t.start)]
        start = max((b for b in (*self.breaks, *colons) if b < place[0]), default=self.span[0])
        end = min((b for b in self.breaks if b >= place[1]), default=self.span[1])
        return start, end

    def quote(self, place: Span) -> str:
        """Give the words at `place`."""
        return self.text[slice(*place)]

    def is_quoted(self, place: int) -> bool:
        """Say whether `place` lies between quotation marks."""
        return any(start < place < end for start, end in self.quoted)

    def is_apart(self, cue: Cue, act: Cue) -> bool:
        """Say whether `cue` lies between quotation marks or brackets that `act` is outside of."""
        aside = (*self.quoted, *self.brackets)
        return any(start < cue.span[0] < end and not start < act.span[0] < end for start, end in aside)

    def words_between(self, start: int, end: int) -> list[Token]:
        """Give the words that lie in [start, end)."""
        return [token for token in self.tokens if token.is_word and token.start >= start and token.end <= end]


class Reader:
    """Reads the sentences of one post."""

    def __init__(
        self,
        text: str,
        cues: Sequence[Cue],
        subject: Subject,
        words: SmallWords,
        mentions: Mapping[str, str],
        *,
        author: str,
        is_note: bool,
    ) -> None:
        """Hold what is needed for all sentences of `text`."""
        self._text = text
        self.words = words
        self._calls = sorted(subject.names)
        self.cues = [cue for cue in cues if self._stands(cue)]
        self._others = sorted(subject.others)
        self._brackets = [found.span() for found in _BRACKETS.finditer(text)]
        self._author = author
        self._is_note = is_note
        self._quoted = [found.span() for found in _QUOTED.finditer(text)]
        self._mentions = mentions
        self._acts = [cue.span[0] for cue in self.cues if cue.meaning in ACTS]
        self.has_acts = bool(self._acts)

    def _stands(self, cue: Cue) -> bool:
        """Say whether a cue that is one only at a colon, or right behind the Call's name, stands there."""
        if cue.meaning is Role.SIGNED_AT_COLON:
            return HEADING.match(self._text, cue.span[1]) is not None
        if cue.meaning is not Role.GAINED:
            return True
        at = bisect_left(self._calls, cue.span) - 1
        between = self._text[self._calls[at][1] : cue.span[0]] if at >= 0 else "."
        joined = any(self.words.has("and_words", word) for word in between.split())
        return _BEHIND_CALL.fullmatch(between) is not None and not joined

    def has_acts_in(self, span: Span) -> bool:
        """Say whether any act stands at `span`."""
        at = bisect_left(self._acts, span[0])
        return at < len(self._acts) and self._acts[at] < span[1]

    def read(self, span: Span) -> Sentence:
        """Read the sentence at `span`."""
        calls, others = within(self._calls, span), within(self._others, span)
        cues = tuple(cue for cue in _between(self.cues, span, lambda cue: cue.span[0]) if self._counts(cue))
        cues = tuple(_merged(cue for cue in cues if not any(_is_part(cue, other) for other in cues)))
        pieces = tuple(tokens(self._text, *span))
        names = [quote for quote in within(self._quoted, span) if self._is_name(quote, pieces, calls)]
        cues = tuple(cue for cue in cues if not any(start < cue.span[0] < end for start, end in names))
        is_headline = _is_headline(pieces)
        if not is_headline:
            cues = tuple(cue for cue in cues if cue.meaning in ACTS or not _is_amid_capitals(cue, pieces))
        holders = [*calls, *others, *(part for cue in cues if cue.meaning in _HOLDERS for part in _held(cue, pieces))]
        taken = covered(pieces, holders)
        told = covered(pieces, [part for cue in cues if cue.meaning is not Role.SAME for part in cue.parts])
        if self._has_capitals(span):
            groups = NameFinder(self._text, pieces, taken, told, self.words, self._mentions).groups()
        else:
            held = (*calls, *others)
            groups = PlainNameFinder(self._text, pieces, cues, held, self.words, self._mentions).groups()
        told_names = [name.span for group in groups for name in group.names] if not is_headline else []
        cues = tuple(cue for cue in cues if not any(_is_of_name(cue, name, span[0]) for name in told_names))
        return Sentence(
            text=self._text,
            span=span,
            tokens=pieces,
            cues=cues,
            calls=calls,
            others=others,
            groups=tuple(groups),
            breaks=tuple(sorted((*_marks(pieces), *_turning_points(cues, pieces, groups)))),
            quoted=tuple(quote for quote in self._quoted if quote[0] < span[1] and span[0] < quote[1]),
            brackets=within(self._brackets, span),
            author=self._author,
            is_note=self._is_note,
            is_question=self._text[slice(*span)].rstrip("\"'»”’)] ")[-1:] in _QUESTIONS,
        )

    def _is_name(self, quote: Span, pieces: Sequence[Token], calls: Sequence[Span]) -> bool:
        """Say whether `quote` is a name: it stands behind a kind of organisation or a capital ("Club «No Borders»")."""
        before = next((token for token in reversed(pieces) if token.end <= quote[0]), None)
        inner = [token for token in pieces if quote[0] < token.start and token.end < quote[1]]
        if before is None or not inner or len(inner) > LONGEST_QUOTED or _any_overlap(quote, calls):
            return False
        named = before.is_capital or any(self.words.has(kind, before.folded) for kind in _BEFORE_QUOTES)
        return named and inner[0].is_capital and all(token.is_word or token.text in "-&." for token in inner)

    def _counts(self, cue: Cue) -> bool:
        """Say whether `cue` says anything: words of names do not, nor does what is only a part of a longer word.

        "The company" is one inside a Japanese word, "if" behind the hyphen of Portuguese "decidiu-se".
        """
        before = self._text[max(0, cue.span[0] - 1) : cue.span[0]]
        inside = before.isalnum() if cue.meaning is Role.SAME else cue.meaning is Role.IF and before == "-"
        return cue.meaning is not Role.IN_NAMES and not inside

    def _has_capitals(self, span: Span) -> bool:
        """Say whether names in the sentence begin with a capital: its script tells it where its language does not."""
        return self.words.capitals == {True} or has_capitals(self._text[slice(*span)])


def _is_headline(pieces: Sequence[Token]) -> bool:
    """Say whether nearly all longer words have a capital, so that one inside a name says nothing."""
    longer = [token for token in pieces if token.is_word and len(token.text) >= HEADLINE_WORD]
    return HEADLINE_SHARE * len(longer) <= sum(token.is_capital for token in longer)


def _is_amid_capitals(cue: Cue, pieces: Sequence[Token]) -> bool:
    """Say whether `cue` begins inside a name: its first word has a capital, and so have those around it or before."""
    at = next((i for i, token in enumerate(pieces) if token.start == cue.span[0]), 0)
    around = (pieces[max(0, at - 1) : at + 2], pieces[max(0, at - 2) : at + 1])
    return any(len(three) == len("ABC") and all(token.is_capital for token in three) for three in around)


def _is_of_name(cue: Cue, name: Span, start: int) -> bool:
    """Say whether `cue` is only a word of a name, or all of one ("Bolton, Bury and Rochdale") that does not open."""
    inside = name[0] < cue.span[0] and cue.span[1] < name[1]
    return inside or (cue.span == name and name[0] > start and cue.meaning in _TURNED_NAMES)


def within(spans: Sequence[Span], place: Span) -> tuple[Span, ...]:
    """Give those of the sorted `spans` that begin inside `place`."""
    return tuple(_between(spans, place, lambda span: span[0]))


def _between(items: Sequence[T], place: Span, start_of: Callable[[T], int]) -> Sequence[T]:
    return items[bisect_left(items, place[0], key=start_of) : bisect_left(items, place[1], key=start_of)]


def _is_part(cue: Cue, whole: Cue) -> bool:
    """Say whether `cue` is an act inside the three dots of another ("zieht ... zurück"), or begins in a plan."""
    if cue.meaning not in ACTS or whole is cue:
        return False
    ours = cue.meaning is Role.WE_SIGNED and whole.meaning is Role.SIGNED
    inside = whole.hole is not None and whole.hole[0] <= cue.span[0] < whole.hole[1] and not ours
    return inside or (whole.meaning is Role.WILL_SIGN and any(a < cue.span[0] < b for a, b in whole.parts))


def _merged(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Yield `cues`, of two acts that overlap the first with the words of both ("signed on to"), or the one denied."""
    last: Cue | None = None
    for cue in cues:
        overlaps = last and last.meaning in ACTS and cue.meaning in ACTS and cue.span[0] < last.span[1] < cue.span[1]
        if last and overlaps and last.hole is None and cue.hole is None:
            meaning = cue.meaning if cue.meaning in _NOT_SIGNED else last.meaning
            last = replace(last, meaning=meaning, span=(last.span[0], cue.span[1]))
            continue
        if last:
            yield last
        last = cue
    if last:
        yield last


def _held(cue: Cue, pieces: Sequence[Token]) -> tuple[Span, ...]:
    """Give what of `cue` no name may take: in "our Institute" the capital behind a small word begins a name."""
    inner = [token for token in pieces if cue.span[0] < token.start < cue.span[1]]
    capital = next((token.start for token in inner if token.is_capital), None)
    return cue.parts if capital is None or cue.meaning is not Role.WE else ((cue.span[0], capital),)


def _marks(pieces: tuple[Token, ...]) -> list[int]:
    """Give the places of what parts clauses; a glued dot or dash joins words ("한국·호주", "Data -säätiö")."""
    glued = {
        b.start
        for a, b, c in zip(pieces, pieces[1:], pieces[2:], strict=False)
        if b.end == c.start and (b.text == "-" or (b.text == "·" and a.end == b.start))
    }
    return [t.start for t in pieces if t.text in _BREAKS and t.start not in glued]


def _turning_points(cues: Sequence[Cue], pieces: Sequence[Token], groups: Sequence[Group]) -> Iterator[int]:
    """Yield where words like "but" begin a clause; in "X, though small, has signed" they only open an aside."""
    commas = [token.start for token in pieces if token.text in COMMAS]
    stops = [*(cue.span[0] for cue in cues if cue.meaning in ACTS), *(group.start for group in groups)]
    glued = {name.span[1] for group in groups for name in group.names}  # "青葉大学が、": here it marks who acts.
    for cue in (cue for cue in cues if cue.meaning in _BREAKING and cue.span[0] not in glued):
        start = cue.span[0]
        closing = next((comma for comma in commas if comma > start), None)
        opened = any(comma == start - len(", ") for comma in commas)
        following = min((stop for stop in stops if stop >= start), default=None)
        named = any(group.end <= start for group in groups)
        if cue.meaning is Role.BUT and opened and named and closing and following and closing < following:
            after = next(token for token in pieces if token.start > closing)
            if any(act.span[0] == after.start for act in cues if act.meaning in ACTS):
                continue
        yield start


def _any_overlap(span: Span, spans: Collection[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in spans)
