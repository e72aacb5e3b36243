"""Put a list of names together again that an aside or an unread name has broken ("A (once B) and C have signed")."""

from __future__ import annotations

from collections.abc import Sequence

from harvester.detect.clauses import COMMAS, Sentence
from harvester.detect.names import Group
from harvester.detect.words import SmallWords

LONGEST_GAP = 6
"""Between two parts of one list stand at most so many words."""
LONGEST_LEAD = 3
"""Behind the list's "and" stand at most so many small words before the name ("and the language station C")."""


def gathered(sentence: Sentence, groups: Sequence[Group], words: SmallWords) -> Group:
    """Give the last of `groups`, with those before it that belong to the same list."""
    free = [g for g in groups if not any(a < g.start < b for a, b in sentence.brackets)] or list(groups)
    whole = free[-1]
    for group in reversed(free[:-1]):
        if not _goes_on(sentence, group.end, whole.start, words):
            break
        whole = Group((*group.names, *whole.names), governed=False)
    return whole


def continued(sentence: Sentence, first: Group, words: SmallWords) -> Group:
    """Give `first` with the groups behind it that belong to the same list."""
    whole = first
    for group in (g for g in sentence.groups if g.start >= first.end):
        if not _goes_on(sentence, whole.end, group.start, words):
            break
        whole = Group((*whole.names, *group.names), governed=whole.governed)
    return whole


def _goes_on(sentence: Sentence, start: int, end: int, words: SmallWords) -> bool:
    """Say whether what lies in [start, end) only breaks a list: an aside, with an "and" near its end."""
    gap = [t for t in sentence.tokens if t.start >= start and t.end <= end]
    ands = [i for i, token in enumerate(gap) if words.has("and_words", token.folded)]
    said = [token for token in gap if token.is_word]
    if not ands or len(said) > LONGEST_GAP or any(start <= act.span[0] < end for act in sentence.acts):
        return False
    if any(words.has("relatives", token.folded) or token.text in ";:–—" for token in gap):
        return False
    opens = gap[0].text in {*COMMAS, "(", "."} or ands[0] == 0
    behind = gap[ands[-1] + 1 :]
    lead = [token for token in behind if token.is_word]
    plain = not any(words.has("prepositions", token.folded) for token in lead)
    # "and, yes, C" goes on with the list, but "with A and others, C" does not.
    ended = bool(behind) and behind[-1].text in COMMAS and behind[0].text not in COMMAS
    return opens and plain and not ended and len(lead) <= LONGEST_LEAD
