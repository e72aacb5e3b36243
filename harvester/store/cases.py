"""The shelf of cases: the review queue with its evidence and its decisions, which are only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from harvester.errors import StaleCase, UnknownCase
from harvester.model import (
    Case,
    CaseId,
    CaseState,
    Claim,
    Decision,
    Evidence,
    Finding,
    Match,
    Move,
    Organisation,
    OrganisationId,
    Post,
)
from harvester.store.dialect import upsert
from harvester.store.organisations import Organisations
from harvester.store.posts import as_finding, as_post
from harvester.store.tables import decision, evidence, finding, post, review_case


class Cases:
    """Cases, evidence and decisions, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def open(self, meant: Organisation, match: Match | None, *, at: datetime) -> CaseId:
        """Put a new question to staff; `match` keeps the register entries that it may already be."""
        values = {"organisation_id": meant.id, "state": CaseState.WAITING.value, "opened_at": at, "match": match}
        return CaseId(self._db.execute(insert(review_case).values(values).returning(review_case.c.id)).scalar_one())

    def latest_of(self, meant: OrganisationId) -> tuple[CaseId, CaseState] | None:
        """Give the newest case about an organisation, or None."""
        newest = (
            select(review_case.c.id, review_case.c.state)
            .where(review_case.c.organisation_id == meant)
            .order_by(review_case.c.id.desc())
            .limit(1)
        )
        row = self._db.execute(newest).first()
        return (CaseId(row.id), CaseState(row.state)) if row else None

    def add_evidence(
        self,
        post_key: int,
        meant: OrganisationId,
        claim: Claim,
        *,
        case: CaseId | None,
        quote: str,
        at: datetime,
    ) -> None:
        """Let a post speak for an organisation, once; an edited post speaks with its new words."""
        values = {"claim": claim, "quote": quote}
        statement = upsert(self._db, evidence).values(
            post_id=post_key, organisation_id=meant, case_id=case, found_at=at, **values
        )
        self._db.execute(statement.on_conflict_do_update(index_elements=["post_id", "organisation_id"], set_=values))

    def speaks_already(self, text: str, meant: OrganisationId) -> bool:
        """Say whether the same words are evidence about this organisation already, from whichever platform."""
        same = (
            select(func.count())
            .select_from(evidence.join(post, post.c.id == evidence.c.post_id))
            .where(evidence.c.organisation_id == meant, post.c.text == text)
        )
        return bool(self._db.scalar(same))

    def quotes_about(self, meant: OrganisationId) -> list[tuple[str, str]]:
        """Give the address and the quoted line of every post that speaks of an organisation."""
        said = (
            select(post.c.url, evidence.c.quote)
            .join(post, post.c.id == evidence.c.post_id)
            .where(evidence.c.organisation_id == meant)
            .order_by(evidence.c.id)
        )
        return [(row.url, row.quote) for row in self._db.execute(said)]

    def get(self, case: CaseId) -> Case:
        """Give one case whole; raise UnknownCase."""
        found = self._load(select(review_case).where(review_case.c.id == case))
        if not found:
            raise UnknownCase(f"there is no case {case}; `harvester case list` shows them")
        return found[0]

    def in_states(self, states: Iterable[CaseState], limit: int | None = None) -> Sequence[Case]:
        """Give the cases in these states whole, oldest first."""
        wanted = review_case.c.state.in_([state.value for state in states])
        return self._load(select(review_case).where(wanted).order_by(review_case.c.id).limit(limit))

    def count(self) -> dict[CaseState, int]:
        """Count the cases in each state."""
        counted = select(review_case.c.state, func.count()).group_by(review_case.c.state)
        return {CaseState(state): count for state, count in self._db.execute(counted)}

    def append(self, taken: Decision, state: CaseState) -> None:
        """Add a decision that follows version `taken.version - 1`; raise StaleCase if another one was quicker."""
        moved = self._db.execute(
            update(review_case)
            .where(review_case.c.id == taken.case, review_case.c.version == taken.version - 1)
            .values(version=taken.version, state=state.value)
        )
        if moved.rowcount != 1:
            raise StaleCase(f"case {taken.case} was decided by somebody else in the meantime; look at it again")
        values = {
            "case_id": taken.case,
            "version": taken.version,
            "move": taken.move.value,
            "by": taken.by,
            "at": taken.at,
            "note": taken.note,
            "changes": dict(taken.changes),
        }
        self._db.execute(insert(decision).values(values))

    def _load(self, chosen: Select[Any]) -> list[Case]:
        rows = self._db.execute(chosen).all()
        keys = [row.id for row in rows]
        speaking, taken = self._evidence(keys), self._decisions(keys)
        register = Organisations(self._db)
        return [
            Case(
                id=CaseId(row.id),
                organisation=register.get(row.organisation_id),
                state=CaseState(row.state),
                version=row.version,
                opened_at=row.opened_at,
                evidence=tuple(speaking.get(row.id, ())),
                decisions=tuple(taken.get(row.id, ())),
                candidates=row.match.candidates if row.match else (),
            )
            for row in rows
        ]

    def _evidence(self, cases: list[int]) -> dict[int, list[Evidence]]:
        of_cases = select(evidence).where(evidence.c.case_id.in_(cases)).order_by(evidence.c.id)
        rows = self._db.execute(of_cases).all()
        posts = self._posts([row.post_id for row in rows])
        found: dict[int, list[Evidence]] = {}
        for row in rows:
            read, verdict = posts[row.post_id]
            speaks = Evidence(post=read, claim=row.claim, quote=row.quote, finding=verdict, found_at=row.found_at)
            found.setdefault(row.case_id, []).append(speaks)
        return found

    def _posts(self, keys: list[int]) -> dict[int, tuple[Post, Finding]]:
        posts = {row.id: as_post(row) for row in self._db.execute(select(post).where(post.c.id.in_(keys)))}
        verdicts = self._db.execute(select(finding).where(finding.c.post_id.in_(keys)))
        return {row.post_id: (posts[row.post_id], as_finding(row)) for row in verdicts}

    def _decisions(self, cases: list[int]) -> dict[int, list[Decision]]:
        of_cases = select(decision).where(decision.c.case_id.in_(cases)).order_by(decision.c.version)
        found: dict[int, list[Decision]] = {}
        for row in self._db.execute(of_cases):
            found.setdefault(row.case_id, []).append(_as_decision(row))
        return found


def _as_decision(row: Row[Any]) -> Decision:
    return Decision(
        case=CaseId(row.case_id),
        version=row.version,
        move=Move(row.move),
        by=row.by,
        at=row.at,
        note=row.note,
        changes=row.changes,
    )
