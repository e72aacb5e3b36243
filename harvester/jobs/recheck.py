"""Propose to staff what a new or changed entry of the register may be one with; nothing is ever joined by the machine.

An entry comes from the official list, from a file of names, from a post, or a reviewer corrects it. Whatever is still
open, or was confirmed, and resembles it would have been asked about, had the entry been there before: so it is now.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from harvester.jobs import Office
from harvester.model import Organisation, OrganisationId, Standing
from harvester.resolve import Duplicate, Register
from harvester.store import Shelves
from harvester.store.judgements import Proposal


def known_organisations(office: Office, shelves: Shelves) -> Register:
    """Give the register with staff's judgements, in memory."""
    return Register(shelves.organisations.all(), office.configuration.organisation_words, shelves.judgements.all())


def recheck(shelves: Shelves, register: Register, entries: Iterable[Organisation], *, at: datetime) -> int:
    """Keep as proposals the pairs of one of `entries` and what resembles it; give their number."""
    undecided = shelves.cases.asked_about()
    found = [
        Proposal(entry.id, one.entry, one.score, one.reasons)
        for entry in entries
        for one in register.neighbours(entry)
        if one.entry in undecided or entry.id in undecided or _is_confirmed(one.organisation)
    ]
    shelves.judgements.propose(found, at=at)
    return len(found)


def duplicates(office: Office, shelves: Shelves) -> list[Duplicate]:
    """Give the pairs that look like one organisation and on which staff have not spoken: found now, or proposed.

    An entry whose case was declined is no organisation of the register, so nothing is asked about it.
    """
    found = {
        frozenset((pair.one.id, pair.other.id)): pair for pair in known_organisations(office, shelves).duplicates()
    }
    for one, other, score, reasons in shelves.judgements.proposals():
        if frozenset((one, other)) not in found:
            both = shelves.organisations.get(one), shelves.organisations.get(other)
            found[frozenset((one, other))] = Duplicate(*both, score=score, reasons=reasons)
    undecided = shelves.cases.asked_about()
    return [pair for pair in found.values() if all(_matters(one, undecided) for one in (pair.one, pair.other))]


def is_anything_open(shelves: Shelves, besides: OrganisationId) -> bool:
    """Say whether a case asks about any other entry, so that a recheck may find something."""
    return bool(shelves.cases.asked_about() - {besides})


def _matters(organisation: Organisation, undecided: Container[OrganisationId]) -> bool:
    return organisation.standing.is_known_supporter or organisation.id in undecided


def _is_confirmed(organisation: Organisation) -> bool:
    return organisation.standing is Standing.SIGNATORY
