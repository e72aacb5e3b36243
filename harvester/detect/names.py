"""Find what could be the name of an organisation: capitals, quotation marks, @handles, and lists of them.

Only the small words of each language (`lexicon.Grammar`) are needed; a name itself is never looked up.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harvester.detect.text import Token, fold
from harvester.detect.words import SmallWords
from harvester.model import Span

QUOTES = {"«": "»", "“": "”", "„": "“”", '"': '"', "「": "」", "『": "』", "‹": "›"}
LONGEST_QUOTED = 10
LONGEST_INSIDE = 3
LONGEST_DOTTED = 5
LONGEST_DESCRIPTION = 6
"""So many small words may stand between "Union" and "Faso-Est" in "Union des commerçantes de Faso-Est"."""
NOUNS_BEFORE = 5
PLACED_FROM = 2
"""A name of at least so many words may be followed by its place."""
_COMMAS = frozenset(",&、،·•，")


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
        self._taken = taken
        self._told = told
        self._words = words
        self._mentions = {fold(handle).lstrip("@"): name for handle, name in mentions.items()}

    def groups(self) -> list[Group]:
        """Give the names, those of one list together, in the order of the text."""
        groups: list[Group] = []
        pending: list[Name] = []
        for name in self._names():
            if pending and not self._joined(pending, name):
                groups.append(self._group(pending))
                pending = []
            pending.append(name)
        if pending:
            groups.append(self._group(pending))
        return [part for group in groups for part in self._parted(group)]

    def _parted(self, group: Group) -> list[Group]:
        """Part "Like A, B has signed": a comma alone joins no list that an opening preposition governs."""
        names = group.names
        opens = group.governed and not any(at in self._taken for at in range(names[0].first))
        if not opens or len(names) != len("AB"):
            return [group]
        between = range(names[0].last, names[1].first)
        if any(self._has("and_words", at) for at in between) or self._tokens[names[1].last - 1] is self._tokens[-1]:
            return [group]
        return [Group(names[:1], governed=True), Group(names[1:], governed=False)]

    def _group(self, names: list[Name]) -> Group:
        before = self._nouns_before(names[0].first) - 1
        while before >= 0 and before not in self._taken and self._is_filler(before):
            before -= 1
        governed = before >= 0 and before not in self._taken and self._has("prepositions", before)
        if governed and before and self._has("titles", before - 1):
            # "The mayor of X" acts for X; who stands in commas behind it is the mayor.
            return Group(tuple(names[:1] if self._is_mayor(names) else names), governed=False)
        return Group(tuple(names), governed)

    def _is_mayor(self, names: Sequence[Name]) -> bool:
        """Say whether the second of two names is the person in "the mayor of X, Jane Doe"."""
        return (
            len(names) == len("XY")
            and self._tokens[names[1].first - 1].text in _COMMAS
            and not self._kind_in(names[1].first, names[1].last)
        )

    def _kind_in(self, first: int, last: int) -> bool:
        """Say whether a word for a kind of organisation stands in [first, last)."""
        kinds = ("heads", "heads_with_and", "kinds", "legal_forms", "generic")
        return any(self._has(kind, at) for at in range(first, last) for kind in kinds)

    def _names(self) -> Iterator[Name]:
        at = 0
        while at < len(self._tokens):
            end = self._handle(at) or self._run(at)
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
        words = [token.folded for token in self._tokens[first:last] if token.is_word]
        general = (
            not self._is_head(first)
            and not self._is_proper(first, last)
            and all(self._words.has("generic", w) or self._words.has("inside_names", w) or w.isdigit() for w in words)
        )
        if (
            not words
            or general
            or self._is_label(first, last)
            or self._is_person(first, last)
            or self._is_apposition(first)
        ):
            return None
        start, end = span
        text = self._text[start:end]
        for ending in ("'s", "’s"):
            text = text.removesuffix(ending)
        text, start = _unquoted(text, start)
        if (place := self._place(first, last)) is not None:
            text = self._text[start : self._tokens[place - 1].end]
        return Name(text, (start, start + len(text)), first, last)

    def _place(self, first: int, last: int) -> int | None:
        """Give where " of Lagos" begins behind a name of no kind that has an "of" itself ("University of Lagos")."""
        at = last - 2
        if at - first < PLACED_FROM or not self._has("place_words", at):
            return None
        kinds = ("heads", "heads_with_and")
        return None if any(self._has(kind, i) for kind in kinds for i in range(first, at)) else at

    def _is_label(self, first: int, last: int) -> bool:
        """Recognise a single word at the start that is no name: "Port cities ...", "Resolution 14 ..."."""
        if last - first > 1 or first or last >= len(self._tokens):
            return False
        kind = self._has("heads", first) or self._has("heads_with_and", first)
        return self._tokens[last].text.isdigit() or (kind and self._has("generic", last))

    def _is_proper(self, first: int, last: int) -> bool:
        """Recognise "the Internet Society": general words, but with capitals and a kind, behind an article.

        So is a kind with a capital within a sentence and small words behind ("в Институт за цифрови права").
        """
        behind = self._tokens[first + 1 : last]
        if first > 0 and self._has("kinds", first) and any(t.is_word and not t.is_capital for t in behind):
            return self._tokens[first].is_capital and all(t.is_word and not t.is_capital for t in behind)
        named = all(token.is_capital for token in self._tokens[first:last]) and last - first > 1
        kind = self._has("heads", last - 1) or self._has("heads_with_and", last - 1)
        return named and kind and first > 1 and self._has("articles", first - 1)

    def _is_person(self, first: int, last: int) -> bool:
        named = self._has("titles", first)
        titled = named or (first > 0 and self._has("titles", first - 1))
        return titled and not self._kind_in(first + named, last)

    def _is_titled(self, at: int) -> bool:
        """Recognise where a person begins behind an organisation ("Alder Bank CEO Jane Doe")."""
        last = at + 1
        while self._is_nameish(last):
            last += 1
        enough = self._tokens[at].text.isupper() or last - at > len(("title", "name"))
        return self._has("titles", at) and enough and not self._kind_in(at + 1, last)

    def _is_apposition(self, first: int) -> bool:
        """Recognise "a Kenyan company": what one thing of many is, not its name."""
        return first > 0 and self._has("one_of_many", first - 1)

    def _handle(self, at: int) -> int | None:
        return at + 1 if self._tokens[at].text.startswith("@") and len(self._tokens[at].text) > 1 else None

    def _run(self, at: int) -> int | None:
        """Give the end of the name that begins at token `at`, or None; "the Mayor of X" begins at X."""
        if self._has("titles", at) and (self._has("prepositions", at + 1) or self._has("inside_names", at + 1)):
            return None
        end = self._quoted(at) or (at + 1 if self._is_nameish(at) or self._is_head(at) else None)
        while end is not None:
            longer = self._continued(at, end)
            if longer is None:
                return end
            end = longer
        return None

    def _continued(self, first: int, end: int) -> int | None:
        """Give the end after one more piece of the name, or None where it ends."""
        if end >= len(self._tokens) or end in self._taken or self._is_titled(end):
            return None
        if self._is_nameish(end) or self._is_epithet(end) or self._has("legal_forms", end) or self._is_dotted(end):
            return end + 1
        token, following = self._tokens[end], end + 1
        plural = token.text in {"'", "’"} and self._tokens[end - 1].end == token.start
        if (token.text in {"&", "+"} or (plural and self._tokens[end - 1].text[-1] == "s")) and self._is_nameish(
            following
        ):
            return end + 2
        if token.text == "-" and following < len(self._tokens) and self._has("kinds", following):
            return end + 2 if self._tokens[following].start == token.end else None
        if token.text == "," and following < len(self._tokens) and self._has("legal_forms", following):
            return end + 2
        longer = self._fields(first, end) or self._bracket(end) or self._quoted(end) or self._inside(first, end)
        return longer or self._small_words(first, end) or self._description(first, end)

    def _is_plural_owner(self, mark: int) -> bool:
        """Say whether token `mark` is the apostrophe of "Farmers' Guild"."""
        token, owner = self._tokens[mark], self._tokens[mark - 1]
        return token.text in {"'", "’"} and owner.end == token.start and owner.text[-1] == "s"

    def _is_dotted(self, dot: int) -> bool:
        """Say whether token `dot` is the dot of a short form inside the name, and not the sentence's end."""
        token, previous = self._tokens[dot], self._tokens[dot - 1]
        if token.text != "." or token.start != previous.end or len(previous.text) > LONGEST_DOTTED:
            return False
        return dot + 1 < len(self._tokens) or self._has("abbreviations", dot - 1)

    def _inside(self, first: int, end: int) -> int | None:
        """Pass over the small words inside a name ("of the", "para la"), and over an "and" that belongs to it."""
        at = end
        while at < min(end + LONGEST_INSIDE, len(self._tokens) - 1) and self._has("inside_names", at):
            at += 1
        if end < at < len(self._tokens) - 1 and self._tokens[at].text == "." and self._has("abbreviations", at - 1):
            at += 1
        if at == end and self._has("and_words", end) and self._may_join(first, end):
            at += 1
            while at < len(self._tokens) - 1 and self._has("inside_names", at):
                at += 1
            if at > end + 1 and any(self._has(kind, at) for kind in ("kinds", "heads", "heads_with_and")):
                return None  # Behind "and the", a kind begins the next name ("Empresa Honda y el Cuerpo de Bomberos").
            if self._has("legal_forms", at) or self._has("kinds", at):
                return None
        form = end - 1 - (self._tokens[end - 1].text == ".")
        if at > end and self._has("legal_forms", form) and self._has("legal_forms", at):
            return at + 1  # "sp. z o.o." has a small word in it.
        return at + 1 if at > end and at not in self._taken and self._is_nameish(at) else None

    def _may_join(self, first: int, and_: int) -> bool:
        """Say whether an "and" may belong to the name: once, behind an "of" or before a last word ("Folk och Data")."""
        inside = range(first + 1, and_)
        if not self._has("heads_with_and", first) or any(self._has("and_words", i) for i in inside):
            return False
        return any(self._has("inside_names", i) for i in inside) or not self._is_nameish(and_ + 2)

    def _small_words(self, first: int, end: int) -> int | None:
        """Pass over the small words beside a kind of organisation ("Ústav kybernetického práva")."""
        at = end
        while at < len(self._tokens) and (self._belongs(at) or self._is_small_and(at)):
            at += 1
        while at > end and (self._has("prepositions", at - 1) or self._has("articles", at - 1)):
            at -= 1
        return at if at > end and any(self._has("kinds", i) for i in range(first, at)) else None

    def _is_small_and(self, at: int) -> bool:
        """Recognise the "and" between two small words of one name ("Институт права и безопасности")."""
        behind = at + 1 < len(self._tokens) and self._belongs(at + 1) and not self._has("kinds", at + 1)
        return self._has("and_words", at) and behind and self._has("small_in_names", at - 1) and self._belongs(at - 1)

    def _is_inner(self, at: int) -> bool:
        """Recognise "de", "la" and their apostrophe, where a language says that they stand inside such names."""
        token = self._tokens[at]
        inner = self._has("inside_names", at) and token.text.islower()
        return self._has("small_in_names", at) and (inner or token.text in {"'", "’"})

    def _belongs(self, at: int) -> bool:
        if self._is_inner(at) and at not in self._taken:
            return True
        known = at in self._told or self._has("common", at) or self._has("and_words", at)
        token = self._tokens[at]
        small = token.is_word and not token.is_capital and not known and at not in self._taken
        return small and (self._has("small_in_names", at) or self._has("kinds", at))

    def _description(self, first: int, end: int) -> int | None:
        """Pass over what an organisation of this kind is about: "Union des commerçantes de Faso-Est"."""
        kind = self._has("heads", first) or self._has("heads_with_and", first)
        if not (kind and self._tokens[first].is_capital and self._is_small(end)):
            return None
        last = min(end + LONGEST_DESCRIPTION, len(self._tokens))
        at = next((i for i in range(end, last) if not self._is_small(i)), last)
        return at + 1 if self._has("inside_names", at - 1) and self._is_nameish(at) else None

    def _is_small(self, at: int) -> bool:
        token = self._tokens[at]
        inside = self._has("inside_names", at) or token.text in {"'", "’"}
        free = token.is_word and not token.is_capital and not (at in self._told or self._has("common", at))
        return at not in self._taken and (inside or free)

    def _bracket(self, at: int) -> int | None:
        """Take an acronym or a second name in brackets along: one to three words, all of a name."""
        opened = self._tokens[at].text in {"(", "（"}
        for end in range(at + 2, min(at + 5, len(self._tokens))) if opened else ():
            if self._tokens[end].text in {")", "）"}:
                inner = range(at + 1, end)
                return end + 1 if all(self._is_nameish(i) or self._is_form(i) for i in inner) else None
        return None

    def _is_form(self, at: int) -> bool:
        return self._has("legal_forms", at) or self._tokens[at].text == "."

    def _fields(self, first: int, end: int) -> int | None:
        """Take along what a ministry is for, where a second "and" shows that the list goes on behind it.

        "Ministry of Commerce, Textiles and Postal Services and Frontier Hospital" names two.
        """
        at, ands = end, 0
        while self._has("heads_with_and", first) and at < len(self._tokens) - 1 and ands == 0:
            ands += self._has("and_words", at)
            if not (ands or self._tokens[at].text == ",") or not self._is_nameish(at + 1):
                return None
            last = at + 1
            while self._is_nameish(last):
                last += 1
            if any(self._has(kind, i) for kind in ("heads", "heads_with_and") for i in range(at, last)):
                return None
            at = last
        return at if ands and self._tokens[end].text == "," and self._has("and_words", at) else None

    def _quoted(self, at: int) -> int | None:
        """Give the end of a name in quotation marks: a few words that begin with a capital (or have none at all)."""
        closing = QUOTES.get(self._tokens[at].text, "")
        for end in range(at + 2, min(at + LONGEST_QUOTED, len(self._tokens))) if closing else ():
            if self._tokens[end].text in closing:
                inner = self._tokens[at + 1 : end]
                free = not any(i in self._taken for i in range(at, end))
                named = inner[0].is_capital or inner[0].text.lower() == inner[0].text.upper()
                return end + 1 if free and named and all(t.is_word or t.text in "-&." for t in inner) else None
        return None

    def _is_nameish(self, at: int) -> bool:
        if at >= len(self._tokens) or at in self._taken:
            return False
        return self._tokens[at].is_capital and not self._words.has("common", self._tokens[at].folded)

    def _joined(self, list_: Sequence[Name], right: Name) -> bool:
        """Say whether `right` goes on with the list: a comma or an "and" before it, and no "and" in the list yet."""
        between = range(list_[-1].last, self._nouns_before(right.first))
        if not between or any(i in self._taken for i in between):
            return False
        links = [i for i in between if self._tokens[i].text in _COMMAS or self._has("and_words", i)]
        ended = any(
            self._has("and_words", i) and self._tokens[i].text != "&"
            for left, name in itertools.pairwise(list_)
            for i in range(left.last, name.first)
        )
        new_pair = any(self._has("and_words", i) for i in between)
        again = new_pair and self._governor(list_[0].first)
        fits = (i in links or self._is_filler(i) or self._tokens[i].folded == again for i in between)
        return bool(links) and all(fits) and (new_pair or not ended)

    def _governor(self, first: int) -> str:
        """Give the preposition before the name at `first` ("by A and by B"), or ""."""
        before = first - 1
        while before >= 0 and self._is_filler(before):
            before -= 1
        return self._tokens[before].folded if before >= 0 and self._has("prepositions", before) else ""

    def _is_epithet(self, at: int) -> bool:
        """Recognise a common word with a capital inside a name ("Alba Nuova")."""
        return self._tokens[at].is_capital and self._has("generic", at)

    def _is_head(self, at: int) -> bool:
        """Recognise "the city of Rivermouth": a name may begin with a small letter before "of" and a capital."""
        return self._has("heads", at) and at not in self._taken and self._inside(at, at + 1) is not None

    def _nouns_before(self, first: int) -> int:
        """Give where the small nouns begin that say what the name at `first` is ("the mining company X")."""
        at = first
        while at > max(0, first - NOUNS_BEFORE) and (self._is_noun(at - 1) or (at < first and self._ties(at - 1))):
            at -= 1
        return at if at and (self._has("articles", at - 1) or self._has("and_words", at - 1)) else first

    def _is_noun(self, at: int) -> bool:
        known = any(self._has(kind, at) for kind in ("articles", "and_words", "prepositions", "inside_names", "titles"))
        return (self._is_small(at) or self._has("generic", at)) and self._tokens[at].is_word and not known

    def _ties(self, at: int) -> bool:
        """Recognise what joins two nouns ("fournisseur d'accès")."""
        if self._tokens[at].text in {"'", "’"}:
            return at > 0 and self._ties(at - 1)
        return self._has("inside_names", at) and not self._has("articles", at)

    def _is_filler(self, at: int) -> bool:
        return self._has("articles", at) or self._has("generic", at)

    def _has(self, kind: str, at: int) -> bool:
        return at < len(self._tokens) and self._words.has(kind, self._tokens[at].folded)


def _unquoted(text: str, start: int) -> tuple[str, int]:
    """Take quotation marks off that stand around the whole name."""
    if text[0] in QUOTES and text[-1] in QUOTES[text[0]] and len(text) > len("«»"):
        return text[1:-1], start + 1
    return text, start
