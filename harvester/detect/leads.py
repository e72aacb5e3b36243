"""Read what stands before a name and only says what it is, or where it is from: "the Norwegian insurer X"."""

from __future__ import annotations

from harvester.detect.enclosed import QUOTES
from harvester.detect.line import Line

LIST_MARKS = frozenset(",;&、،·•，；")
"""What parts the names of a list."""
NOUNS_BEFORE = 5


class Leads:
    """Reads the words before the names of one sentence."""

    def __init__(self, line: Line) -> None:
        """Hold the sentence."""
        self._line = line
        self._tokens = line.tokens

    def nouns_before(self, first: int) -> int:
        """Give where the small nouns begin that say what the name at `first` is ("the mining company X")."""
        at = first
        while at > max(0, first - NOUNS_BEFORE) and (
            self._is_noun(at - 1) or (at < first and (self._ties(at - 1) or self.is_origin(at - 1)))
        ):
            at -= 1
        opened = at > 0 and (self._line.has("articles", at - 1) or self._line.has("and_words", at - 1))
        told = at > 0 and self._tokens[at - 1].text in LIST_MARKS and self._says_kind(at, first)
        return at if opened or told else first

    def _says_kind(self, first: int, last: int) -> bool:
        """Say whether a small noun in [first, last) tells what the name behind it is ("a mining company")."""
        told = any(self._line.has("descriptions", i) or self._tokens[i].is_capital for i in range(first, last))
        return told or self._line.kind_in(first, last)

    def _is_noun(self, at: int) -> bool:
        titled = self._line.has("titles", at) and not self._line.has("descriptions", at + 1)  # but "its sister firm"
        known = titled or any(
            self._line.has(kind, at) for kind in ("articles", "and_words", "prepositions", "inside_names")
        )
        told = self._line.is_small(at) or any(self._line.has(kind, at) for kind in ("generic", "descriptions"))
        return told and at not in self._line.taken and self._tokens[at].is_word and not known

    def is_origin(self, at: int) -> bool:
        """Recognise a capital that only says where the name behind is from ("the Norwegian insurer X")."""
        rest = range(at + 1, len(self._tokens))
        end = next((i for i in rest if not self._is_noun(i)), at + 1)
        named = self._line.is_nameish(end) or (end in rest and self._tokens[end].text in QUOTES)
        return named and self._line.is_nameish(at) and self._line.has("descriptions", end - 1)

    def is_demonym(self, at: int) -> bool:
        """Recognise "the Rwandan capital": a capital behind an article and before a small noun that is told nowhere."""
        behind = self._tokens[at + 1 : at + 2]
        small = bool(behind) and behind[0].text.islower() and at + 1 not in self._line.told
        known = any(self._line.has(kind, at + 1) for kind in ("common", "and_words", "articles", "prepositions"))
        opened = at == 0 or self._line.has("articles", at - 1)
        return opened and small and not known and self._line.has("demonyms", at)

    def _ties(self, at: int) -> bool:
        """Recognise what joins two nouns ("fournisseur d'accès")."""
        if self._tokens[at].text in {"'", "’"}:
            return at > 0 and self._ties(at - 1)
        return self._line.has("inside_names", at) and not self._line.has("articles", at)

    def is_filler(self, at: int) -> bool:
        """Say whether token `at` is an article or a general word, which may stand before any name of a list."""
        return self._line.has("articles", at) or self._line.has("generic", at)
