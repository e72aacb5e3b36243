"""Read roll calls: lines that say by a tick or a "yes" behind a name who has done what was asked before."""

from __future__ import annotations

from harvester.detect.clauses import COLONS, Sentence
from harvester.detect.names import Group
from harvester.detect.words import SmallWords

TICKS = frozenset("✅✔☑👍🟢")
CROSSES = frozenset("❌✗✘✖🚫👎🔴")
_SELECTORS = "\ufe0e\ufe0f"


def is_crossed(sentence: Sentence) -> bool:
    """Say whether a cross stands in the line ("Alberta ❌")."""
    return not CROSSES.isdisjoint(sentence.text[slice(*sentence.span)])


def answered(sentence: Sentence, words: SmallWords) -> Group | None:
    """Give whose name has a tick beside it or "yes" behind its colon, in a line that names nobody else."""
    if len(sentence.groups) != 1 or is_crossed(sentence):
        return None
    group = sentence.groups[0]
    line = sentence.text[: sentence.span[1]]
    behind, before = line[group.end :].strip(_SELECTORS + " "), line[sentence.span[0] : group.start].strip()
    if (behind[:1] in TICKS and behind) or before.strip(_SELECTORS) in TICKS:
        return group
    word = next((token for token in sentence.tokens if token.is_word and token.start >= group.end), None)
    says = word is not None and behind[:1] in COLONS and words.has("yes_words", word.folded)
    opens = not sentence.words_between(sentence.span[0], group.start)
    return group if says and opens else None
