"""The tree of troubles, drawn by who must act.

    HarvesterError
    ├── ConfigError            the operator, before anything starts
    ├── SourceError            a source could not be read
    │   ├── Unavailable        nobody: a later run tries again
    │   ├── RateLimited        nobody: the source rests until a known time
    │   │   └── BudgetSpent    the operator, if the cap in the config was meant to be higher
    │   └── AccessRefused      the operator: a key, a permission or an address is wrong
    ├── UnknownOrganisation    whoever asked: the register has no such entry
    ├── UnreadableItem         nobody now: the item is set aside whole and counted
    ├── StoreError             the operator: the database cannot be used as it is
    ├── ReviewError            the reviewer
    │   ├── IllegalMove        this decision does not fit the case's state
    │   ├── StaleCase          somebody decided it in the meantime
    │   ├── UnknownCase        there is no such case
    │   ├── Contradiction      somebody has said otherwise, or the same, of these organisations
    │   └── UnknownJudgement   there is no such judgement
    └── DeliveryError          nobody now: the letter is sent again next time

Anything else that is raised is a bug: the job crashes, the cursor has not moved, other sources go on.
"""

from __future__ import annotations

from datetime import datetime


class HarvesterError(Exception):
    """Root of every trouble that the harvester foresees; its text is fit to be shown to a person."""


class ConfigError(HarvesterError):
    """The configuration cannot be used; the text names file, key, what was found and what is allowed."""


class SourceError(HarvesterError):
    """A source could not be read this time; what was stored before stays."""


class Unavailable(SourceError):
    """The source did not answer, or not with what it should; a later run tries again."""


class RateLimited(SourceError):
    """The source asks us to stay away until `until` (aware UTC)."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class BudgetSpent(RateLimited):
    """The reads paid for are used up until `until`: our own cap, not the platform's limit."""


class AccessRefused(SourceError):
    """The source refuses us (401, 403, 410, credits depleted); only the operator can mend that."""


class UnreadableItem(HarvesterError):
    """One item makes no sense; it is kept whole, set aside and counted, and its neighbours go on."""


class UnknownOrganisation(HarvesterError):
    """No organisation of the register has this number."""


class StoreError(HarvesterError):
    """The database cannot be used as it is; the text says what to do."""


class ReviewError(HarvesterError):
    """A reviewer's decision could not be taken."""


class IllegalMove(ReviewError):
    """The decision does not fit the state that the case is in."""


class StaleCase(ReviewError):
    """Somebody else decided the case after the reviewer had looked at it."""


class UnknownCase(ReviewError):
    """No case has this number."""


class Contradiction(ReviewError):
    """Standing judgements already say something of these organisations; the text tells whose, and how to undo them."""


class UnknownJudgement(ReviewError):
    """No judgement has this number."""


class DeliveryError(HarvesterError):
    """The letter was not accepted; the same bytes are sent again next time."""
