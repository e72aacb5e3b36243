"""Turn what the rules add up to into a probability, by logistic models fitted on posts that no rule was written for.

The numbers are in `calibration.toml` beside this module; `just calibrate` fits them and draws docs/reliability.svg.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib import resources

from harvester.detect.claims import Draft
from harvester.detect.subject import Subject
from harvester.model import Claim, ClaimKind

Signs = Mapping[str, float]
"""What a model looks at: the sum of the reasons' weights (`points`) and a few circumstances, 0 or 1 unless told."""
_LIMITS = (-6.0, 8.0)
_DENIED = frozenset({ClaimKind.REFUSES, ClaimKind.WITHDRAWS})
MOST_COUNTED = 4
INTERCEPT = "intercept"


class Question(StrEnum):
    """What a model answers: whether a claim, or a post's label, is right."""

    CLAIM = "claim"
    ANNOUNCEMENT = "announcement"
    MENTION = "mention"
    UNRELATED = "unrelated"
    HEARD = "heard"
    """Whether the words of a post announce a signature in which the rules found none."""
    WHO = "who"
    """Whether it is this one's."""


class Calibration:
    """The fitted models."""

    def __init__(self, models: Mapping[str, Mapping[str, float]]) -> None:
        """Hold one model, its weights in log-odds, for each question."""
        self.models = {question: dict(models[question]) for question in Question}

    @classmethod
    def shipped(cls) -> Calibration:
        """Read the numbers that come with the package."""
        return cls(tomllib.loads(resources.files(__package__).joinpath("calibration.toml").read_text("utf-8")))

    def probability(self, question: Question, signs: Signs) -> float:
        """Give how likely it is that the rules are right, rounded to three places."""
        model = self.models[question]
        odds = model[INTERCEPT] + sum(model.get(sign, 0.0) * value for sign, value in signs.items())
        return round(1 / (1 + math.exp(-odds)), 3)


def points(weights: Iterable[float]) -> float:
    """Add up weights, within limits beyond which more says nothing more."""
    return min(max(sum(weights), _LIMITS[0]), _LIMITS[1])


def claim_signs(claim: Claim, draft: Draft, subject: Subject, others: Signs) -> Signs:
    """Give what tells whether `claim` is right; `others` are the signs of the post."""
    reasons = (*draft.reasons, *subject.reasons)
    return {
        **others,
        "points": points(reason.weight for reason in reasons),
        "author": float(draft.name is None),
        "one_word": float(len(claim.organisation.split()) == 1),
        "bare_handle": float(claim.organisation.startswith("@")),
    }


def post_signs(found: Iterable[Claim], subject: Subject, *, heard: float, is_read: bool) -> Signs:
    """Give what tells whether the label is right; `is_read`: there are words for the post's language.

    `heard` is how likely the words alone announce a signature that the rules did not find.
    """
    claims = list(found)
    named = [claim for claim in claims if claim.organisation]
    return {
        "points": points(reason.weight for reason in subject.reasons),
        "unread": float(not is_read),
        "heard": heard,
        "silent": float(not claims),
        "denied": float(any(claim.kind in _DENIED for claim in named)),
        "turned": float(any(not claim.kind.is_signature for claim in claims)),
        "unnamed": float(any(claim.kind.is_signature and not claim.organisation for claim in claims)),
        "several": float(min(sum(claim.kind.is_signature for claim in named), MOST_COUNTED)),
        "others": float(bool(subject.others)),
        **{reason.rule: 1.0 for reason in subject.reasons},
    }
