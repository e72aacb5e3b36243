"""Say which open cases ask nothing more, as staff hold their organisation to be another that has its answer.

Nothing is written in the case for it. When the judgement is taken back, the case waits again as it did before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from harvester.clusters import Clusters
from harvester.model import CaseId, CaseState, Judgement, OrganisationId, Standing
from harvester.store.tables import decision, organisation, review_case


class Settled(NamedTuple):
    """Why a case asks nothing more: the judgement, and the other organisation's case, if it has one."""

    by: Judgement
    case: CaseId | None


class _Asked(NamedTuple):
    """A case, and when it was decided last."""

    id: CaseId
    entry: OrganisationId
    is_open: bool
    opened_at: datetime
    decided_at: datetime | None


def settled(db: Connection, clusters: Clusters) -> dict[CaseId, Settled]:
    """Give the open cases that another entry of their organisation's cluster answers.

    It does so if it is on the official list or confirmed; or if it has an older case that is open too, or was decided
    when the two were one organisation and both cases were asked.
    """
    if not clusters.joined:
        return {}
    cases = _cases(db, clusters.joined)
    known = _known(db, clusters.joined)
    found: dict[CaseId, Settled] = {}
    for row in (row for of_entry in cases.values() for row in of_entry if row.is_open):
        others = sorted(clusters.members(row.entry) - {row.entry})
        links = {key: link for key in others if (link := clusters.link(row.entry, key))}
        if answer := _known_already(links, known, cases) or _asked_already(row, links, cases):
            found[row.id] = answer
    return found


def _known_already(
    links: dict[OrganisationId, Judgement], known: set[OrganisationId], cases: dict[OrganisationId, list[_Asked]]
) -> Settled | None:
    for key, link in links.items():
        if key in known:
            return Settled(link, cases[key][-1].id if key in cases else None)
    return None


def _asked_already(
    asked: _Asked, links: dict[OrganisationId, Judgement], cases: dict[OrganisationId, list[_Asked]]
) -> Settled | None:
    answers = [
        (other.id, link)
        for key, link in links.items()
        for other in cases.get(key, ())
        if other.id < asked.id
        and (other.is_open or (other.decided_at and other.decided_at > max(link.at, asked.opened_at)))
    ]
    oldest = min(answers, key=lambda answer: answer[0], default=None)
    return Settled(oldest[1], oldest[0]) if oldest else None


def _cases(db: Connection, entries: Iterable[OrganisationId]) -> dict[OrganisationId, list[_Asked]]:
    """Give the cases of these entries, oldest first, each with the time of its last decision."""
    last = (decision.c.case_id == review_case.c.id) & (decision.c.version == review_case.c.version)
    rows = db.execute(
        select(review_case, decision.c.at)
        .select_from(review_case.outerjoin(decision, last))
        .where(review_case.c.organisation_id.in_(entries))
        .order_by(review_case.c.id)
    )
    found: defaultdict[OrganisationId, list[_Asked]] = defaultdict(list)
    for row in rows:
        entry, is_open = OrganisationId(row.organisation_id), CaseState(row.state).is_open
        found[entry].append(_Asked(CaseId(row.id), entry, is_open, row.opened_at, row.at))
    return dict(found)


def _known(db: Connection, entries: Iterable[OrganisationId]) -> set[OrganisationId]:
    standings = [one.value for one in Standing if one.is_known_supporter]
    chosen = select(organisation.c.id).where(organisation.c.id.in_(entries), organisation.c.standing.in_(standings))
    return set(map(OrganisationId, db.scalars(chosen)))
