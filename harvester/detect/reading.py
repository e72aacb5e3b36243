"""What was read in a post: its sentences, who writes, and the claims that the rules found."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.detect.claims import Draft
from harvester.detect.clauses import Sentence
from harvester.detect.text import fold
from harvester.detect.words import SmallWords
from harvester.model import Author, Claim

KINDS_OF_ORGANISATIONS = ("heads", "heads_with_and", "kinds", "legal_forms", "generic", "tails")


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence with the small words by which it was read."""

    sentence: Sentence
    words: SmallWords


@dataclass(frozen=True, slots=True)
class Reading:
    """A post as it was read: `found` are the claims of the rules, each with what it was made of."""

    author: Author
    author_is_organisation: bool
    sentences: tuple[Read, ...]
    found: tuple[tuple[Claim, Draft], ...]

    @property
    def signed(self) -> bool:
        """Say whether the rules found a signature and whose it is."""
        return any(claim.kind.is_signature and claim.organisation for claim, _ in self.found)


def has_kind(name: str, words: SmallWords) -> bool:
    """Say whether a word of `name` is a kind of organisation ("Bank", "Ltd")."""
    return any(words.has(kind, word) for word in fold(name).split() for kind in KINDS_OF_ORGANISATIONS)
