"""Say what the next letter tells as new, and what it takes back of what earlier letters told.

An organisation is news once, however many entries of the register and cases it has, and not at all if the official
list had it before. Both can come to light when it has been told: then the letter corrects itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from harvester.clusters import Clusters, is_new
from harvester.jobs import Office
from harvester.jobs.judgements import told
from harvester.model import Case, OrganisationId, Relation
from harvester.store import Shelves


def untold(office: Office, shelves: Shelves) -> tuple[Case, ...]:
    """Give the confirmed cases to be told, the oldest of each new signatory."""
    clusters = shelves.judgements.clusters()
    told_before = {key for _, entry in shelves.outbox.told_confirmed() for key in clusters.members(entry)}
    found: dict[OrganisationId, Case] = {}
    for case in map(shelves.cases.get, shelves.outbox.untold()):
        members = clusters.members(case.organisation.id)
        if members.isdisjoint(told_before) and _counts(office, shelves, members):
            found.setdefault(min(members), case)
    return tuple(found.values())


def corrections(office: Office, shelves: Shelves) -> list[str]:
    """Correct, in a sentence each, what a letter told as new and staff saw otherwise since."""
    clusters = shelves.judgements.clusters()
    taken_back = [
        f"Correction: {case.organisation.name} was told as a new signatory, but the confirmation was taken back "
        f"(case {case.id} is {case.state} now)."
        for case in map(shelves.cases.get, shelves.outbox.told_but_not_confirmed())
        if not _counts(office, shelves, clusters.members(case.organisation.id))
    ]
    return taken_back + _joined_since(office, shelves, clusters)


def _joined_since(office: Office, shelves: Shelves, clusters: Clusters) -> list[str]:
    """Correct what was told of organisations that staff have joined since the last letter went."""
    last = shelves.outbox.last_sent_at()
    found, seen = [], set[OrganisationId]()
    for _, entry in shelves.outbox.told_confirmed():
        members = clusters.members(entry)
        joined = [
            one
            for one in clusters.standing
            if one.relation is Relation.SAME and one.one in members and last and one.at > last
        ]
        counts = _counts(office, shelves, members)
        if joined and (not counts or seen & members):
            name = shelves.organisations.get(entry).name
            words = "but it was told before under another name" if counts else "but it was a supporter already"
            found.append(f"Correction: {name} was told as a new signatory, {words}: {told(shelves, joined[-1])}.")
        seen.add(entry)
    return found


def _counts(office: Office, shelves: Shelves, members: Iterable[OrganisationId]) -> bool:
    return is_new(map(shelves.organisations.get, members), office.configuration.campaign.start)
