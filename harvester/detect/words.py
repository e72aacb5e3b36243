"""Ask the small words of one or several languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from harvester.detect.lexicon import Grammar
from harvester.detect.text import fold

SHORTEST_BARE = 3
"""A name has at least so many letters before its case ending."""


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
        pairs = {pair for grammar in grammars for pair in grammar.bare_ends}
        parted = [pair.partition(">")[::2] for pair in pairs]
        self._endings_off = sorted(parted, key=lambda pair: (-len(pair[0]), pair))
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

    def has(self, kind: str, word: str) -> bool:
        """Say whether the folded `word` is in the list `kind`."""
        known = self._words[kind]
        if word in known or (word[-2:] == "'s" and word[:-2] in known):
            return True
        return word.startswith(self._stems[kind]) or word.endswith(self._endings[kind])

    def bare(self, name: str) -> str:
        """Give `name` without the case ending of its last word, where a language says how one is taken off."""
        for ending, bare in self._endings_off:
            if name.endswith(ending) and len(name) - len(ending) >= SHORTEST_BARE:
                return name.removesuffix(ending) + bare
        return name

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
