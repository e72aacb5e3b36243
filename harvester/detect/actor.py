"""The one who acts, as far as a sentence tells: names, the author, or nobody."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.detect.clauses import Cue, Sentence
from harvester.detect.lexicon import Role
from harvester.detect.names import Group
from harvester.model import Reason

NAMES_FOLLOW = frozenset({Role.SIGNED_BY, Role.GAINED, Role.SIGNATORIES_ARE, Role.LIKEWISE_BY})
"""Acts whose names stand behind them ("signed by X")."""
FOR_ANOTHER = frozenset({Role.FOR, Role.PRAISES})
"""Words before the one who acts: "on behalf of", "congratulations to"."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: names, the author, or (with neither) nobody that could be told; `reason` says how that is known."""

    group: Group | None
    is_author: bool
    reason: Reason | None
    owns: bool = False
    """Whether the act is a noun that belongs to them ("X's accession to the Call")."""


NOBODY = Who(None, is_author=False, reason=None)


def author(sentence: Sentence, cue: Cue) -> Who:
    """Give the author, who speaks of itself in the words of `cue`."""
    detail = f"“{sentence.quote(cue.span)}”: the author speaks of itself"
    return Who(None, is_author=True, reason=Reason(rule="first-person", detail=detail, weight=1.2, span=cue.span))
