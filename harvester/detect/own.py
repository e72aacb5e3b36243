"""Give the author's signature its whole name, where the post calls the author by a word of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harvester.detect.claims import Draft
from harvester.detect.forms import LONGEST_ENDING, LONGEST_NAME_ENDING, are_forms
from harvester.detect.reading import KINDS_OF_ORGANISATIONS, Read
from harvester.detect.text import fold
from harvester.detect.words import SmallWords


def named(drafts: Sequence[Draft], post: Sequence[Read], author: str) -> list[Draft]:
    """Give `drafts` with the author for "the Committee", where the author is the "Committee of Bobo"."""
    own = [fold(word) for word in author.split()]
    return [replace(draft, name=None) if _is_own(draft, own, _words_at(post, draft)) else draft for draft in drafts]


def _words_at(post: Sequence[Read], draft: Draft) -> SmallWords:
    return next(read.words for read in post if read.sentence.span[0] <= draft.span[0] < read.sentence.span[1])


def _is_own(draft: Draft, author: Sequence[str], words: SmallWords) -> bool:
    """Say whether a name is only a kind noun of the author's longer name, or an inflected form of its last word."""
    name = fold(draft.name or "")
    if draft.handle or not name.isalpha() or len(author) < len("AB"):
        return False
    is_kind = any(words.has(kind, name) for kind in KINDS_OF_ORGANISATIONS)
    ending = len(name) - len(author[-1])
    inflected = 0 < ending <= LONGEST_NAME_ENDING and len(author[-1]) > LONGEST_ENDING and name.startswith(author[-1])
    return (is_kind and any(are_forms(name, word) for word in author)) or inflected
