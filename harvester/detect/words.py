"""Ask the small words of one or several languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from harvester.detect.cases import Cases
from harvester.detect.lexicon import Grammar
from harvester.detect.text import fold


class SmallWords:
    """The small words of one or several languages, ready to be asked."""

    def __init__(self, grammars: Iterable[Grammar]) -> None:
        """Join `grammars` into one."""
        grammars = tuple(grammars)
        self.subject_may_follow = any(grammar.subject_may_follow for grammar in grammars)
        self.owner_before = any(grammar.owner_before for grammar in grammars)
        self.drops_subject = any(grammar.drops_subject for grammar in grammars)
        self.object_may_lead = any(grammar.object_may_lead for grammar in grammars)
        self.verb_last = any(grammar.verb_last for grammar in grammars)
        self.capitals = {grammar.capitals for grammar in grammars}
        self._written: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._stems: dict[str, tuple[str, ...]] = {}
        self._endings: dict[str, tuple[str, ...]] = {}
        for kind in Grammar.lists():
            self._written[kind] = tuple(word for grammar in grammars for word in getattr(grammar, kind))
            words = {fold(word) for word in self._written[kind]}
            self._words[kind] = frozenset(word for word in words if "*" not in word)
            self._stems[kind] = tuple(word[:-1] for word in words if word.endswith("*"))
            self._endings[kind] = tuple(word[1:] for word in words if word.startswith("*"))
        self._cases = Cases(*(self._written[kind] for kind in ("bare_ends", "bare_heads", "bare_adjectives")))

        self.has = lru_cache(maxsize=1 << 15)(self._has)
        """Say whether the folded word (second) is in the list of a kind (first); most words come again and again."""

    def _has(self, kind: str, word: str) -> bool:
        known = self._words[kind]
        if word in known or (word[-2:] == "'s" and word[:-2] in known):
            return True
        return word.startswith(self._stems[kind]) or word.endswith(self._endings[kind])

    def bare(self, name: str) -> str:
        """Give `name` without its case endings, where a language says how they are taken off."""
        return self._cases.bare(name)

    def is_head_noun(self, word: str) -> bool:
        """Say whether `word` is a head noun of names, in a language that has their case forms."""
        return self._cases.is_head(word)

    def is_small(self, text: str) -> bool:
        """Say whether `text` is one of the words that stand everywhere ("and", "the", "in")."""
        word = fold(text)
        return any(self.has(kind, word) for kind in ("and_words", "articles", "prepositions", "inside_names"))

    def written(self, kind: str) -> tuple[str, ...]:
        """Give the words of the list `kind` as the file has them."""
        return self._written[kind]

    def every(self, kind: str) -> Collection[str]:
        """Give the words of the list `kind` that have no star."""
        return self._words[kind]
