"""How near things stand in a sentence: the distances, commas and asides that part an act from what is around it."""

from __future__ import annotations

from harvester.detect.clauses import COMMAS, Cue, Sentence
from harvester.detect.lexicon import Role
from harvester.detect.words import SmallWords
from harvester.model import Span

NEAR_WORDS = 6
"""Names that a list announces ("signed by ...") begin within so many words."""
TAIL_WORDS = 2
"""An act without an object ("we have signed") has at most so many words after it in its clause."""
_TOLD = frozenset({Role.STOPS, Role.IT, Role.SAME})
COLONS = frozenset(":：")


def has_comma(sentence: Sentence, start: int, end: int) -> bool:
    """Say whether a comma stands in [start, end)."""
    return any(token.text in COMMAS and start <= token.start < end for token in sentence.tokens)


def words_apart(sentence: Sentence, start: int, end: int) -> int:
    """Count the words in [start, end) that are neither the Call's name nor told by a phrase that stands for it."""
    told = [*sentence.calls, *(cue.span for cue in sentence.cues if cue.meaning in _TOLD)]
    words = sentence.words_between(start, end)
    return sum(not any(begins < word.end and word.start < ends for begins, ends in told) for word in words)


def aside(sentence: Sentence, act: Cue, words: SmallWords) -> Span:
    """Give the place of a clause between commas before the act ("X, which works in Y, has signed")."""
    before = [token for token in sentence.tokens if token.end <= act.span[0]]
    commas = [i for i, token in enumerate(before) if token.text in COMMAS]
    named = min((group.end for group in sentence.groups), default=act.span[0])
    turns = {cue.span[0] for cue in sentence.cues if cue.meaning is Role.BUT} - set(sentence.breaks)
    turns |= {cue.span[0] for cue in sentence.cues if cue.meaning is Role.NOT and _denies_name(sentence, cue)}
    begins = [
        i
        for i in commas[:-1]
        if named <= before[i].start and (words.has("relatives", before[i + 1].folded) or before[i + 1].start in turns)
    ]
    return (before[begins[0]].start, before[commas[-1]].start) if begins else (0, 0)


def _denies_name(sentence: Sentence, cue: Cue) -> bool:
    """Recognise "A, not B, has signed": of two commas, nothing but a name and its article stands behind "not"."""
    group = next((group for group in sentence.groups if group.start >= cue.span[1]), None)
    closed = group is not None and sentence.text[group.end : group.end + 1] in COMMAS
    return group is not None and closed and len(sentence.words_between(cue.span[1], group.start)) <= 1


def is_heading(sentence: Sentence, act: Cue) -> bool:
    """Say whether a colon right behind makes `act` the heading of a list ("Signed: A, B and C")."""
    following = next((token for token in sentence.tokens if token.start >= act.span[1]), None)
    return act.meaning is Role.SIGNED and following is not None and following.text in COLONS
