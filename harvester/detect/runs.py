"""Find where the run of words that is one name ends: capitals, what stands between them, brackets, quotation marks."""

from __future__ import annotations

from harvester.detect.enclosed import QUOTES, Enclosed
from harvester.detect.line import Line

LONGEST_INSIDE = 3
LONGEST_DOTTED = 5
LONGEST_DESCRIPTION = 6
"""So many small words may stand between "Union" and "Faso-Est" in "Union des commerçantes de Faso-Est"."""


class Runs:
    """Reads the runs of one sentence."""

    def __init__(self, line: Line) -> None:
        """Hold the sentence."""
        self._line = line
        self._enclosed = Enclosed(line)
        self._tokens = line.tokens

    def end(self, at: int) -> int | None:
        """Give the end of the name that begins at token `at`, or None; "the Mayor of X" begins at X."""
        begins = self._line.is_nameish(at) or self.is_head(at) or self._is_kind_of(at) or self._is_epithet_of(at)
        end = self._enclosed.quoted(at) or (at + 1 if begins else None)
        if end is None or self._is_office(at) or self._is_headline(at):
            return None
        while end is not None:
            longer = self._continued(at, end)
            if longer is None:
                return end
            end = longer
        return None

    def _is_office(self, at: int) -> bool:
        """Say whether "the Mayor of" or "the Board of" stands here, before whose it is."""
        if self._line.has("titles", at) and (
            self._line.has("prepositions", at + 1) or self._line.has("inside_names", at + 1) or self._is_of_kind(at + 1)
        ):
            return True
        return self._line.has("boards", at) and self._is_of_kind(at + 1 + self._line.has("prepositions", at + 1))

    def _is_of_kind(self, at: int) -> bool:
        """Recognise whose title stands before `at`, where no "of" says so ("Rektorka Technické univerzity")."""
        while (self._line.is_nameish(at) or self._line.has("small_in_names", at)) and not self._line.has("kinds", at):
            at += 1
        known = at < len(self._tokens) and self._line.words.is_head_noun(self._tokens[at].text)
        return self._line.has("kinds", at) and (known or not self._tokens[at].is_capital)

    def is_head(self, at: int) -> bool:
        """Recognise "the city of Rivermouth": a name may begin with a small letter before "of" and a capital."""
        return self._line.has("heads", at) and at not in self._line.taken and self._inside(at, at + 1) is not None

    def _is_kind_of(self, at: int) -> bool:
        """Recognise "Rederiet Terna", though "Rederiet" alone is no name, and "Skolen ved Søen" within a sentence."""
        token = self._tokens[at]
        if not token.is_capital or at in self._line.taken or token.folded not in self._line.words.every("kinds"):
            return False
        named = self._line.is_nameish(at + 1) or (at > 0 and self._inside(at, at + 1) is not None)
        return named and self._line.has("common", at)

    def _is_epithet_of(self, at: int) -> bool:
        """Recognise "the town New Harbour": behind a small kind noun, a common word with a capital opens a name."""
        kinds = ("heads", "heads_with_and", "kinds", "generic")
        if at == 0 or not self._tokens[at].is_capital or self._tokens[at - 1].is_capital:
            return False
        return (
            any(self._line.has(k, at - 1) for k in kinds)
            and at not in self._line.taken
            and at + 1 < len(self._tokens)
            and self._is_first_of_two(at)
        )

    def _continued(self, first: int, end: int) -> int | None:
        """Give the end after one more piece of the name, or None where it ends."""
        if end >= len(self._tokens) or end in self._line.taken or self._is_titled(end) or self._line.is_officer(end):
            return None
        known = (
            self._line.is_nameish(end)
            or self._line.is_last_word(end)
            or self._is_epithet(end)
            or self._is_legal_form(end)
            or self._is_dotted(end)
            or (self._line.has("kinds", first) and end not in self._line.told and self._is_first_of_two(end))
        )
        if known:
            return end + 1
        token, following = self._tokens[end], end + 1
        plural = token.text in {"'", "’"} and self._tokens[end - 1].end == token.start
        if (token.text in {"&", "+"} or (plural and self._tokens[end - 1].text[-1] == "s")) and self._line.is_nameish(
            following
        ):
            return end + 2
        if token.text == "-" and following < len(self._tokens) and self._line.has("kinds", following):
            return end + 2 if self._tokens[following].start == token.end else None
        if self._is_form_behind_comma(end) or self._line.is_numbered(end):
            return end + 2
        longer = (
            self._fields(first, end)
            or self._enclosed.bracket(end)
            or self._enclosed.quoted(end)
            or self._inside(first, end)
        )
        return longer or self._small_words(first, end) or self._description(first, end)

    def _is_form_behind_comma(self, at: int) -> bool:
        """Recognise ", Inc.", but not a legal form that opens the next name ("Фонд Луч, ТОВ «Мальва»")."""
        if self._tokens[at].text != "," or not self._line.has("legal_forms", at + 1):
            return False
        opens = at + 2 < len(self._tokens) and self._tokens[at + 2].text in QUOTES
        return not (opens or self._line.is_nameish(at + 2))

    def _is_legal_form(self, at: int) -> bool:
        """Recognise "plc"; but "as" in small letters is a word of its own where it may join names ("as well as")."""
        joins = self._line.has("and_words", at) and self._tokens[at].text.islower()
        return self._line.has("legal_forms", at) and not joins

    def _is_headline(self, at: int) -> bool:
        """Recognise a first word that names nobody, before a kind or a name: "Layoffs at Bank X", "Опять «Икс»"."""
        if at or len(self._tokens) < len(("At", "Bank", "X")) or self._line.kind_in(0, 1):
            return False
        opened = self._line.words.subject_may_follow and self._tokens[1].text in QUOTES and self._enclosed.quoted(1)
        if opened and not self._tokens[0].text.isupper():
            return True
        return self._line.has("prepositions", 1) and self._line.has("kinds", 2) and self._tokens[2].is_capital

    def _is_titled(self, at: int) -> bool:
        """Recognise where a person begins behind an organisation ("Alder Bank CEO Jane Doe")."""
        last = at + 1
        while self._line.is_nameish(last):
            last += 1
        enough = self._tokens[at].text.isupper() or last - at > len(("title", "name"))
        return self._line.has("titles", at) and enough and not self._line.kind_in(at + 1, last)

    def _is_dotted(self, dot: int) -> bool:
        """Say whether token `dot` is the dot of a short form inside the name, and not the sentence's end."""
        token, previous = self._tokens[dot], self._tokens[dot - 1]
        if token.text != "." or token.start != previous.end or len(previous.text) > LONGEST_DOTTED:
            return False
        return dot + 1 < len(self._tokens) or self._line.has("abbreviations", dot - 1)

    def _inside(self, first: int, end: int) -> int | None:
        """Pass over the small words inside a name ("of the", "para la"), and over an "and" that belongs to it."""
        at = end
        while at < min(end + LONGEST_INSIDE, len(self._tokens) - 1) and self._line.has("inside_names", at):
            at += 1
        if (
            end < at < len(self._tokens) - 1
            and self._tokens[at].text == "."
            and self._line.has("abbreviations", at - 1)
        ):
            at += 1
        if at == end and self._line.has("and_words", end) and self._may_join(first, end):
            if (after := self._behind_and(end)) is None:
                return None
            at = after
        form = end - 1 - (self._tokens[end - 1].text == ".")
        if at > end and self._line.has("legal_forms", form) and self._line.has("legal_forms", at):
            return at + 1  # "sp. z o.o." has a small word in it.
        if end - first > len("AB") and self._tokens[end - 1].is_capital and self._line.has("legal_forms", end - 1):
            return None  # A legal form ends a name of some words ("Oberau GmbH im Verzeichnis").
        if at in {end, len(self._tokens), *self._line.taken}:
            return None
        named = self._line.is_nameish(at) or self._is_first_of_two(at) or self._is_common_part(first, at)
        return at + 1 if named else None

    def _behind_and(self, and_: int) -> int | None:
        """Give where the name goes on behind its "and", or None where another name begins there."""
        at = and_ + 1
        if self._line.has("articles", at) and not self._line.has("prepositions", at):
            return None  # "Câmara de Vale Fundo e o Brasil"
        while at < len(self._tokens) - 1 and self._line.has("inside_names", at):
            at += 1
        begins = ("heads", "heads_with_and") if at > and_ + 1 else ()
        other = any(self._line.has(kind, at) for kind in (*begins, "kinds", "legal_forms"))
        told = any(self._line.has(kind, at) for kind in ("heads", "heads_with_and"))
        own = told and self._line.has("inside_names", at + 1)  # "Hospitali ya Nyota na Manispaa ya Mtoni"
        return None if other or own or self._is_other(at) else at

    def _is_first_of_two(self, at: int) -> bool:
        """Recognise a common word with a capital before another one ("Teatro delle Due Lune")."""
        return self._tokens[at].is_capital and self._line.has("common", at) and self._line.is_nameish(at + 1)

    def _is_other(self, at: int) -> bool:
        """Say whether the capitals from `at` on end with a kind, and so name another one ("and King's College")."""
        last = at
        while self._line.is_nameish(last):
            last += 1
        kinds = ("heads", "heads_with_and", "legal_forms")
        return last - at > 1 and any(self._line.has(kind, last - 1) for kind in kinds)

    def _is_common_part(self, first: int, at: int) -> bool:
        """Recognise a common word with a capital behind the "of" of a name ("Association of Young Coders")."""
        kind = self._line.has("heads", first) or self._line.has("heads_with_and", first)
        capital = self._tokens[first].is_capital and at < len(self._tokens) and self._tokens[at].is_capital
        return kind and capital and self._line.has("inside_names", at - 1)

    def _may_join(self, first: int, and_: int) -> bool:
        """Say whether an "and" may belong to the name: once, behind an "of" or before a last word ("Folk och Data")."""
        inside = range(first + 1, and_)
        if any(self._line.has("and_words", i) for i in inside):
            return False
        if not self._line.has("heads_with_and", first):
            later = any(self._line.has("heads_with_and", i) and self._line.has("inside_names", i + 1) for i in inside)
            return later and self._is_epithet(and_ + 1)
        if any(self._line.has("inside_names", i) for i in inside):
            return True
        return not self._line.is_nameish(and_ + 2) and not self._closes_list(first, and_)

    def _closes_list(self, first: int, and_: int) -> bool:
        """Say whether the "and" is the last link of "A, Foundation B and C": a comma before, and no link behind."""
        before = first - 1
        while before > 0 and self._line.has("articles", before):
            before -= 1
        listed = before > 0 and self._tokens[before].text == "," and self._tokens[before - 1].is_capital
        behind = range(and_ + 1, len(self._tokens))
        return listed and not any(self._line.has("and_words", i) or self._tokens[i].text == "," for i in behind)

    def _small_words(self, first: int, end: int) -> int | None:
        """Pass over the small words beside a kind of organisation ("Ústav kybernetického práva")."""
        at = end
        while at < len(self._tokens) and (self._belongs(at) or self._is_small_and(at)):
            at += 1
        while at > end and (self._line.has("prepositions", at - 1) or self._line.has("articles", at - 1)):
            at -= 1
        return at if at > end and any(self._line.has("kinds", i) for i in range(first, at)) else None

    def _is_small_and(self, at: int) -> bool:
        """Recognise the "and" between two small words of one name ("Институт права и безопасности")."""
        behind = at + 1 < len(self._tokens) and self._belongs(at + 1) and not self._line.has("kinds", at + 1)
        return (
            self._line.has("and_words", at)
            and behind
            and self._line.has("small_in_names", at - 1)
            and self._belongs(at - 1)
            and not self._line.has("kinds", at - 1)
        )

    def _is_inner(self, at: int) -> bool:
        """Recognise "de", "la" and their apostrophe, where a language says that they stand inside such names."""
        token = self._tokens[at]
        inner = self._line.has("inside_names", at) and token.text.islower()
        return self._line.has("small_in_names", at) and (inner or token.text in {"'", "’"})

    def _belongs(self, at: int) -> bool:
        if self._is_inner(at) and at not in self._line.taken:
            return True
        known = at in self._line.told or self._line.has("common", at) or self._line.has("and_words", at)
        token = self._tokens[at]
        small = token.is_word and not token.is_capital and not known and at not in self._line.taken
        return small and (self._line.has("small_in_names", at) or self._line.has("kinds", at))

    def _description(self, first: int, end: int) -> int | None:
        """Pass over what an organisation of this kind is about: "Union des commerçantes de Faso-Est"."""
        kind = self._line.has("heads", first) or self._line.has("heads_with_and", first)
        if not (kind and self._tokens[first].is_capital and self._line.is_small(end)):
            return None
        last = min(end + LONGEST_DESCRIPTION, len(self._tokens))
        at = next((i for i in range(end, last) if not self._line.is_small(i)), last)
        return at + 1 if self._line.has("inside_names", at - 1) and self._line.is_nameish(at) else None

    def _fields(self, first: int, end: int) -> int | None:
        """Take along what a ministry is for, where a second "and" shows that the list goes on behind it.

        "Ministry of Commerce, Textiles and Postal Services and Frontier Hospital" names two.
        """
        at, ands = end, 0
        while self._line.has("heads_with_and", first) and at < len(self._tokens) - 1 and ands == 0:
            ands += self._line.has("and_words", at)
            if not (ands or self._tokens[at].text == ",") or not self._line.is_nameish(at + 1):
                return None
            last = at + 1
            while self._line.is_nameish(last):
                last += 1
            if any(self._line.has(kind, i) for kind in ("heads", "heads_with_and") for i in range(at, last)):
                return None
            at = last
        return at if ands and self._tokens[end].text == "," and self._line.has("and_words", at) else None

    def _is_epithet(self, at: int) -> bool:
        """Recognise a common word with a capital inside a name ("Alba Nuova")."""
        return self._tokens[at].is_capital and self._line.has("generic", at)
