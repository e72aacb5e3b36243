"""The tokens of one sentence, asked by their place: which small words they are, and whether a name may hold them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from harvester.detect.text import Token
from harvester.detect.words import SmallWords

SMALLEST = 4
"""A word of fewer letters is small in headlines, too."""
OWNER = "'s"
_KINDS = ("heads", "heads_with_and", "kinds", "legal_forms", "generic")
NUMBER = "№"


class Line:
    """One sentence; `taken` are tokens that other findings hold, `told` those of any phrase."""

    def __init__(
        self, tokens: Sequence[Token], taken: Collection[int], told: Collection[int], words: SmallWords
    ) -> None:
        """Hold the tokens."""
        self.tokens = tokens
        self.taken = taken
        self.told = told
        self.words = words
        self._has_small = any(self._is_small_word(token) for token in tokens)

    def _is_small_word(self, token: Token) -> bool:
        known = self.words.is_small(token.text) or len(token.text) < SMALLEST
        return token.is_word and token.text.islower() and not known

    def is_last_word(self, at: int) -> bool:
        """Recognise the last word of "Access Now": a common one with a capital, where a sentence has small words."""
        capital = at > 0 and self.tokens[at].is_capital and self.tokens[at - 1].is_capital
        listed = self.words.written("never_last") and not self.has("never_last", at)
        return bool(capital and listed and self._has_small and at not in self.taken) and self.has("common", at)

    def has(self, kind: str, at: int) -> bool:
        """Say whether token `at` is in the list `kind`; behind the last token nothing is."""
        return at < len(self.tokens) and self.words.has(kind, self.tokens[at].folded)

    def kind_in(self, first: int, last: int) -> bool:
        """Say whether a word for a kind of organisation stands in [first, last)."""
        return any(self.has(kind, at) for at in range(first, last) for kind in _KINDS)

    def is_nameish(self, at: int) -> bool:
        """Say whether token `at` has a capital, is free, and is no common word."""
        if at >= len(self.tokens) or at in self.taken:
            return False
        return self.tokens[at].is_capital and not self.words.has("common", self.tokens[at].folded)

    def is_small(self, at: int) -> bool:
        """Say whether token `at` is free and a small word or an apostrophe, as inside a description."""
        token = self.tokens[at]
        inside = self.has("inside_names", at) or token.text in {"'", "’"}
        free = token.is_word and not token.is_capital and not (at in self.told or self.has("common", at))
        return at not in self.taken and (inside or free)

    def is_numbered(self, at: int) -> bool:
        """Recognise the number of a school or hospital ("Больница № 4")."""
        number = at + 1 < len(self.tokens) and self.tokens[at + 1].text.isdigit()
        return number and self.tokens[at].text == NUMBER

    def is_officer(self, at: int) -> bool:
        """Recognise a title that ends the run, where it stands behind its owner ("Akkaya Üniversitesi Rektörü")."""
        turned = self.words.owner_before or self.words.verb_last
        ends = turned and not self.is_nameish(at + 1)
        return ends and self.has("titles", at) and not self.has("kinds", at)

    def name_start(self, first: int, last: int) -> int:
        """Give where the name in [first, last) begins: behind "Poland's" or "Wrocławska firma"."""
        for at in range(last - 2, first - 1, -1):
            capital = self.tokens[at].is_capital and "-" not in self.tokens[at].text
            told = self.has("descriptions", at) and not capital
            inside = at > first and self.has("inside_names", at - 1)
            if not inside and (told or self._is_land(first, at) or self._is_town(first, at, last)):
                return at + 1 if self.is_nameish(at + 1) or not self.tokens[at + 1].is_word else first
        return first

    def _is_town(self, first: int, at: int, last: int) -> bool:
        """Recognise the town in "Dunedin's Moa Metrics": two capitals behind it, and no kind ("King's College")."""
        owner = at == first and self.tokens[at].folded.endswith(OWNER) and last - at > len("AB")
        return owner and all(self.is_nameish(i) for i in range(at + 1, last)) and not self.kind_in(at + 1, last)

    def _is_land(self, first: int, at: int) -> bool:
        """Recognise the land that owns what is named next ("Poland's", "Estlands")."""
        word = self.tokens[at].folded
        ends = (end for end in self.words.written("owner_ends") if at == first and word.endswith(end))
        return (word.endswith(OWNER) and self.has("lands", at)) or any(
            self.words.has("lands", word.removesuffix(end)) for end in ends
        )
