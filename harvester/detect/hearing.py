"""Hear a post a second time, by its words alone, where the rules found no signature in it."""

from __future__ import annotations

from harvester.detect.calibration import Calibration, Question, Signs
from harvester.detect.guess import Candidate, candidates
from harvester.detect.reading import Reading
from harvester.detect.wording import Run, Wording, runs
from harvester.model import Claim, ClaimKind, Reason

LIKELY = 0.5
MOST_TOLD = 3
_DENIED = frozenset({ClaimKind.REFUSES, ClaimKind.WITHDRAWS})


class SecondHearing:
    """The weights of words, and the fitted models that say what follows from them."""

    def __init__(self, wording: Wording, calibration: Calibration) -> None:
        """Hold both."""
        self._wording = wording
        self._calibration = calibration

    def probability(self, reading: Reading) -> float:
        """Give how likely it is that a post in which the rules found no signature announces one."""
        return self._calibration.probability(Question.HEARD, self.signs(reading))

    def signs(self, reading: Reading) -> Signs:
        """Give what tells it: the words, and what the rules made of the post."""
        return {"wording": self._wording.log_odds(runs(reading)), group(reading): 1.0}

    def claims(self, reading: Reading, heard: float) -> list[tuple[Claim, tuple[Reason, ...]]]:
        """Give who is guessed to have signed: whoever is likelier so than not, else the likeliest."""
        weighed = [(self._calibration.probability(Question.WHO, one.signs), one) for one in candidates(reading)]
        likely = [pair for pair in weighed if pair[0] > LIKELY and pair[1].name]
        chosen = likely or [max(weighed, key=lambda pair: pair[0])]
        said = self._wording.telling(runs(reading), MOST_TOLD)
        return [_claim(one, round(heard * who, 3), who, said) for who, one in chosen if one.name]


def group(reading: Reading) -> str:
    """Say in one word what the rules found in a post without a signature."""
    kinds = {claim.kind for claim, _ in reading.found}
    if any(kind.is_signature for kind in kinds):
        return "unnamed"
    if kinds & _DENIED:
        return "denied"
    if not kinds:
        return "silent"
    if kinds != {ClaimKind.REPORTS}:
        return "turned"
    doubted = any(reason.weight < 0 for _, draft in reading.found for reason in draft.reasons)
    return "doubted" if doubted else "reported"


def _claim(one: Candidate, confidence: float, who: float, said: list[Run]) -> tuple[Claim, tuple[Reason, ...]]:
    span = one.span or (said[0].span if said else (0, 0))
    heard = (Reason(rule="wording", detail="announcements are worded so", weight=0.3, span=run.span) for run in said)
    guess = Reason(
        rule="guess", detail=f"only the words tell it; who is meant is a guess ({who:.0%})", weight=-0.5, span=one.span
    )
    claim = Claim(
        kind=ClaimKind.SIGNS, organisation=one.name, span=span, confidence=confidence, handle=one.handle
    )  # fmt: skip
    return claim, (*heard, guess)
