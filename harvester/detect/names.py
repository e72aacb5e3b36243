"""Find what could be the name of an organisation: capitals, quotation marks, @handles, and lists of them.

Only the small words of each language (`lexicon.Grammar`) are needed; a name itself is never looked up.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harvester.detect.enclosed import QUOTES, Enclosed
from harvester.detect.leads import LIST_MARKS, Leads
from harvester.detect.line import NUMBER, Line
from harvester.detect.runs import Runs
from harvester.detect.text import Token, fold
from harvester.detect.words import SmallWords
from harvester.model import Span

TITLE_WITHIN = 2
"""A title and one word ("chair of the board of") stand before the quoted name of a person's organisation."""
PLACED_FROM = 2
"""A name of at least so many words may be followed by its place."""
_BEFORE_ENDINGS = frozenset("'’:")
_NUMBERED = frozenset(".)")
"""Behind these a number is that of the next item ("1. Moldova 2. Cassini Institute")."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it stands at `span`; `first` and `last` are its tokens (last exclusive)."""

    text: str
    span: Span
    first: int
    last: int
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Names that stand together ("A, B and C"); `governed`: a preposition stands before them, so they do not act."""

    names: tuple[Name, ...]
    governed: bool

    @property
    def start(self) -> int:
        """Where the first name begins."""
        return self.names[0].span[0]

    @property
    def end(self) -> int:
        """Where the last name ends."""
        return self.names[-1].span[1]


class NameFinder:
    """Reads the names of one sentence; `taken` are tokens that other findings hold, `told` those of any phrase."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        taken: Collection[int],
        told: Collection[int],
        words: SmallWords,
        mentions: Mapping[str, str],
    ) -> None:
        """Hold one sentence."""
        self._text = text
        self._tokens = tokens
        self._line = Line(tokens, taken, told, words)
        self._runs = Runs(self._line)
        self._leads = Leads(self._line)
        self._mentions = {fold(handle).lstrip("@"): name for handle, name in mentions.items()}

    def groups(self) -> list[Group]:
        """Give the names, those of one list together, in the order of the text."""
        groups: list[Group] = []
        pending: list[Name] = []
        for name in self._names():
            if pending and self._joined(pending, name) and self._is_one(pending, name):
                whole = (pending[-2].span[0], pending[-1].span[1])
                pending[-2:] = [Name(self._text[slice(*whole)], whole, pending[-2].first, pending[-1].last)]
            if pending and not self._joined(pending, name):
                groups.append(self._group(pending))
                pending = []
            pending.append(name)
        if pending:
            groups.append(self._group(pending))
        return [part for group in groups for part in self._parted(group)]

    def _parted(self, group: Group) -> list[Group]:
        """Part "Like A, B has signed" and "In Berlin, A and B ...", but not "Welcome to A, B and C"."""
        names = group.names
        held = self._line.taken if len(names) == len("AB") else {*self._line.taken, *self._line.told}
        opens = group.governed and not any(at in held for at in range(names[0].first))
        if not opens or len(names) < len("AB") or self._tokens[names[-1].last - 1] is self._tokens[-1]:
            return [group]
        if any(self._line.has("and_words", at) for at in range(names[0].last, names[1].first)):
            return [group]
        return [Group(names[:1], governed=True), Group(names[1:], governed=False)]

    def _group(self, names: list[Name]) -> Group:
        before = self._leads.nouns_before(names[0].first) - 1
        while before >= 0 and before not in self._line.taken and self._leads.is_filler(before):
            before -= 1
        governed = before >= 0 and before not in self._line.taken and self._line.has("prepositions", before)
        if governed and before and any(self._line.has(kind, before - 1) for kind in ("titles", "boards")):
            # "The mayor of X" acts for X; who stands in commas behind it is the mayor.
            return Group(tuple(names[:1] if self._is_mayor(names) else names), governed=False)
        return Group(tuple(names), governed)

    def _is_mayor(self, names: Sequence[Name]) -> bool:
        """Say whether the second of two names is the person in "the mayor of X, Jane Doe"."""
        return (
            len(names) == len("XY")
            and self._tokens[names[1].first - 1].text in LIST_MARKS
            and not self._line.kind_in(names[1].first, names[1].last)
        )

    def _names(self) -> Iterator[Name]:
        at = 0
        while at < len(self._tokens):
            end = self._handle(at) or self._runs.end(at)
            if end is None:
                at += 1
                continue
            if name := self._name(at, end):
                yield name
            at = end

    def _name(self, first: int, last: int) -> Name | None:
        """Make a name of the tokens, or None if they name a person, a thing of this kind in general, or nothing."""
        head = self._tokens[first]
        span = (head.start, self._tokens[last - 1].end)
        if head.text.startswith("@"):
            known = self._mentions.get(head.folded.lstrip("@"))
            return Name(known or head.text, span, first, last, handle=head.text)
        if (
            not any(token.is_word for token in self._tokens[first:last])
            or self._is_general(first, last)
            or self._is_label(first, last)
            or self._is_person(first, last)
            or self._is_apposition(first)
            or (last - first == 1 and (self._leads.is_origin(first) or self._leads.is_demonym(first)))
        ):
            return None
        start, end = self._tokens[self._line.name_start(first, last)].start, span[1]
        text = self._text[start:end]
        for ending in ("'s", "’s", *self._owner_ends(last)):
            text = text.removesuffix(ending)
        if self._is_spoken_for(first):
            closed = next(at for at, letter in enumerate(text) if at and letter in QUOTES[text[0]])
            text = text[: closed + 1]
        text, start = _unquoted(text, start)
        if (place := self._place(first, last)) is not None:
            text = self._text[start : self._tokens[place - 1].end]
        return Name(self._line.words.bare(text), (start, start + len(text)), first, last)

    def _owner_ends(self, last: int) -> Sequence[str]:
        """Give the endings of an owner where the name's own officer follows ("Lettlands Botschafter")."""
        return self._line.words.written("owner_ends") if self._line.has("titles", last) else ()

    def _is_general(self, first: int, last: int) -> bool:
        """Say whether only general words are in [first, last): "Fraunberg-Institut für Netzforschung" has its own."""
        words = [token for token in self._tokens[first:last] if token.is_word]
        own = "-" in words[0].text[1:] and any(self._line.words.has("inside_names", w.folded) for w in words)
        own = own or self._tokens[last - 2].text == NUMBER
        if own or self._runs.is_head(first) or self._is_proper(first, last):
            return False
        return all(
            self._line.words.has("generic", w.folded)
            or self._line.words.has("inside_names", w.folded)
            or self._line.words.has("first_words", w.folded)
            or w.folded.isdigit()
            for w in words
        )

    def _place(self, first: int, last: int) -> int | None:
        """Give where " of Lagos" begins behind a name of no kind that has an "of" itself ("University of Lagos")."""
        if (bracket := Enclosed(self._line).land_behind(first, last)) is not None:
            return bracket
        at = last - 2
        if at - first < PLACED_FROM or not self._line.has("place_words", at) or self._line.has("lands", at - 1):
            return None
        kinds = ("heads", "heads_with_and")
        return None if any(self._line.has(kind, i) for kind in kinds for i in range(first, at)) else at

    def _is_spoken_for(self, first: int) -> bool:
        """Recognise a title before a quoted name: a person stands behind ("ректор лицея «Икс» Анна")."""
        titled = any(self._line.has("titles", at) for at in range(max(0, first - TITLE_WITHIN), first))
        return titled and self._tokens[first].text in QUOTES

    def _is_label(self, first: int, last: int) -> bool:
        """Recognise a single word at the start that is no name: "Gymnasium siger ja", "Resolution 14 ..."."""
        if last - first > 1 or first or last >= len(self._tokens):
            return False
        numbered = self._tokens[last].text.isdigit() and self._tokens[last : last + 2][-1].text not in _NUMBERED
        alone = self._tokens[first].folded in self._line.words.every("kinds")
        return numbered or alone or (self._line.kind_in(first, last) and self._line.has("generic", last))

    def _is_proper(self, first: int, last: int) -> bool:
        """Recognise "the Internet Society": general words, but with capitals and a kind, behind an article.

        So is a kind with a capital within a sentence and small words behind ("в Институт за цифрови права").
        """
        behind = self._tokens[first + 1 : last]
        if first > 0 and self._line.has("kinds", first) and any(t.is_word and not t.is_capital for t in behind):
            return self._tokens[first].is_capital and all(t.is_word and not t.is_capital for t in behind)
        named = all(token.is_capital for token in self._tokens[first:last]) and last - first > 1
        kind = self._line.has("heads", last - 1) or self._line.has("heads_with_and", last - 1)
        return named and kind and first > 1 and self._line.has("articles", first - 1)

    def _is_person(self, first: int, last: int) -> bool:
        named = self._line.has("titles", first)
        titled = named or (first > 0 and self._line.has("titles", first - 1))
        officer = first > len("'s,") and self._tokens[first - 1].text == "," and self._line.has("titles", first - 2)
        titled = titled or (officer and self._tokens[first - 2].text.islower() and self._closes(last))
        return titled and not self._line.kind_in(first + named, last)

    def _closes(self, at: int) -> bool:
        """Say whether a comma stands at `at`, as behind what is said in passing of an officer."""
        return at < len(self._tokens) and self._tokens[at].text == ","

    def _is_apposition(self, first: int) -> bool:
        """Recognise "a Kenyan company": what one thing of many is, not its name."""
        return first > 0 and self._line.has("one_of_many", first - 1)

    def _handle(self, at: int) -> int | None:
        return at + 1 if self._tokens[at].text.startswith("@") and len(self._tokens[at].text) > 1 else None

    def _joined(self, list_: Sequence[Name], right: Name) -> bool:
        """Say whether `right` goes on with the list: a comma or an "and" before it, and no "and" in the list yet."""
        between = range(self._past_ending(list_[-1].last), self._leads.nouns_before(right.first))
        if not between or any(i in self._line.taken for i in between):
            return False
        links = [i for i in between if self._tokens[i].text in LIST_MARKS or self._line.has("and_words", i)]
        ended = any(
            self._line.has("and_words", i) and self._tokens[i].text != "&"
            for left, name in itertools.pairwise(list_)
            for i in range(left.last, name.first)
        )
        new_pair = any(self._line.has("and_words", i) for i in between)
        again = self._governor(list_[0].first)
        fits = (i in links or self._leads.is_filler(i) or self._repeats(i, again) for i in between)
        return bool(links) and all(fits) and (new_pair or not ended)

    def _is_one(self, list_: Sequence[Name], right: Name) -> bool:
        """Recognise a name with an "and" by a later "and" of its list ("A, Bread and Roses Ltd and the C")."""
        if len(list_) < len("ABC") or list_[-2].last - list_[-2].first > 1:
            return False
        before, left, last = list_[-3:]
        linked = [self._tokens[i] for i in range(left.last, last.first)]
        comma = any(self._tokens[i].text == "," for i in range(before.last, left.first))
        again = any(self._line.has("and_words", i) for i in range(last.last, right.first))
        whole = len(linked) == 1 and linked[0].is_word and self._line.kind_in(last.last - 1, last.last)
        return comma and again and whole

    def _repeats(self, at: int, governor: str) -> bool:
        """Recognise the list's preposition before a later name, also grown together with an article ("de A, du B")."""
        word = self._tokens[at].folded
        return bool(governor) and (word == governor or (word[0] == governor[0] and self._line.has("prepositions", at)))

    def _past_ending(self, at: int) -> int:
        """Pass over a case ending behind a name's apostrophe or colon ("Gürcistan’dan ve ...", "Oy:n ja ...")."""
        mark, ending = (*self._tokens[at : at + 2], None, None)[:2]
        if mark is None or ending is None or mark.text not in _BEFORE_ENDINGS or not ending.text.islower():
            return at
        return at + 2 if self._tokens[at - 1].end == mark.start and mark.end == ending.start else at

    def _governor(self, first: int) -> str:
        """Give the preposition before the name at `first` ("by A and by B"), or ""."""
        before = first - 1
        while before >= 0 and self._leads.is_filler(before) and not self._line.has("prepositions", before):
            before -= 1
        return self._tokens[before].folded if before >= 0 and self._line.has("prepositions", before) else ""


def _unquoted(text: str, start: int) -> tuple[str, int]:
    """Take quotation marks off that stand around the whole name."""
    if text[0] in QUOTES and text[-1] in QUOTES[text[0]] and len(text) > len("«»"):
        return text[1:-1], start + 1
    return text, start
