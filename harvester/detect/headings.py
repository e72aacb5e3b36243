"""Recognise an act that heads a list of names ("Signed: A, B. Not signed: C")."""

from __future__ import annotations

from harvester.detect.actor import Who
from harvester.detect.clauses import COLONS, HEADING, Cue, Sentence
from harvester.detect.lexicon import Role
from harvester.detect.names import Group
from harvester.model import Reason

_CLOSING = frozenset('》」』”»"')
_HEADINGS = frozenset({Role.SIGNED, Role.SIGNED_AT_COLON, Role.SIGNED_OR_WE, Role.ABSTAINED})


def heads(sentence: Sentence, act: Cue) -> Group | None:
    """Give the names right behind the act's colon, if it has one; the Call may stand before that."""
    start = max((end for begin, end in sentence.calls if _is_bare(sentence, act.span[1], begin)), default=act.span[1])
    counted = HEADING.match(sentence.text, start)
    start = counted.end() - 1 if counted else start
    colon = next((token for token in sentence.tokens if token.start >= start and token.text not in _CLOSING), None)
    if act.meaning not in _HEADINGS or colon is None or colon.text not in COLONS:
        return None
    group = next((group for group in sentence.groups if group.start > colon.start), None)
    return None if group is None or sentence.words_between(colon.end, group.start) else group


def _is_bare(sentence: Sentence, start: int, end: int) -> bool:
    return start <= end and not sentence.words_between(start, end)


def headed(sentence: Sentence, act: Cue) -> Who | None:
    """Find who stands in the list that the act heads, where nobody stands before who could have signed."""
    group = heads(sentence, act)
    if group is None or (act.meaning is not Role.ABSTAINED and _somebody_before(sentence, act)):
        return None
    reason = Reason(rule="who", detail="it heads the list", weight=0.8, span=(group.start, group.end))
    return Who(group, is_author=False, reason=reason)


def _somebody_before(sentence: Sentence, act: Cue) -> bool:
    start = sentence.clause(act.span)[0]
    said = [c.span[0] for c in sentence.cues if c.meaning in {Role.WE, Role.I, Role.SAME, Role.BOTH}]
    named = [group.start for group in sentence.groups if not group.governed]
    return any(start <= place < act.span[0] for place in (*said, *named))
