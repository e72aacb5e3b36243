"""Find who acts across a colon: "Four ports have signed: A, B, C and D", "A, B and C: three new signatories"."""

from __future__ import annotations

from harvester.detect.actor import Who, author
from harvester.detect.clauses import Cue, Sentence
from harvester.detect.lexicon import Role
from harvester.detect.nearness import words_apart
from harvester.detect.words import SmallWords
from harvester.model import Reason

_SOMEBODY = frozenset({Role.WE, Role.I, Role.SAME, Role.BOTH})
LISTED_WORDS = 4
"""Between an act that opens a sentence and the colon stand at most so many words."""
OPENING_WORDS = 3
"""Before a colon, so many words may say who speaks ("We too:")."""


def behind_colon(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Recognise "Four ports have signed: A, B, C and D": the names stand behind a colon and end the sentence."""
    colon = next((t for t in sentence.tokens if t.text in ":：" and t.start >= act.span[1]), None)
    if colon is None or act.meaning not in {Role.SIGNED, Role.SIGNATORY}:
        return None
    clause = sentence.clause(act.span)[0]
    opening = next((t for t in sentence.tokens if t.is_word and t.start >= clause), colon)
    near = words_apart(sentence, act.span[1], colon.start) <= LISTED_WORDS
    somebody = any(group.start < colon.start for group in sentence.groups) or any(
        cue.meaning in _SOMEBODY and cue.span[0] < colon.start for cue in sentence.cues
    )
    if not ((near and not somebody) or words.has("generic", opening.folded) or opening.text.isdigit()):
        return None
    behind = [group for group in sentence.groups if group.start > colon.start]
    if len(behind) != 1 or sentence.words_between(_past_bracket(sentence, behind[0].end), sentence.span[1]):
        return None
    if not all(words.is_small(t.folded) for t in sentence.words_between(colon.end, behind[0].start)):
        return None
    reason = Reason(
        rule="who", detail="the names stand behind the colon", weight=0.8, span=(behind[0].start, behind[0].end)
    )
    return Who(behind[0], is_author=False, reason=reason)


def _past_bracket(sentence: Sentence, end: int) -> int:
    """Give where the bracket ends that stands right behind `end` ("Alder Bank (Chile)"), or `end` itself."""
    return next((b for a, b in sentence.brackets if a >= end and not sentence.text[end:a].strip()), end)


def before_colon(sentence: Sentence, act: Cue) -> Who | None:
    """Recognise "We too: the library has signed" and "A, B and C: three new signatories", and "A: signed"."""
    start = sentence.clause(act.span)[0]
    for cue in sentence.cues:
        near = cue.meaning is Role.WE and cue.span[1] <= start
        if near and len(sentence.words_between(sentence.span[0], start)) <= OPENING_WORDS:
            return author(sentence, cue)
    for group in sentence.groups:
        rolled = act.meaning is Role.SIGNED and not sentence.words_between(start, act.span[0])
        listed = (len(group.names) > 1 or rolled) and not group.governed and group.end <= start
        if listed and not sentence.words_between(group.end, start):
            detail = "the names stand right before the colon"
            return Who(group, is_author=False, reason=Reason(
                rule="who", detail=detail, weight=0.5, span=(group.start, group.end)
            ))  # fmt: skip
    return None
