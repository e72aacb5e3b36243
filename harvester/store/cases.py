"""The shelf of cases: the review queue with its evidence and its decisions, which are only ever added to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    PostId,
)
from harvester.store.dialect import upsert
from harvester.store.judgements import Judgements
from harvester.store.organisations import Organisations
from harvester.store.perhaps import Perhaps
from harvester.store.posts import as_finding, as_post
from harvester.store.settled import Settled, settled
from harvester.store.tables import decision, evidence, finding, post, review_case


class Cases:
    """Cases, evidence and decisions, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def open(self, meant: Organisation, match: Match | None, *, at: datetime) -> CaseId:
        """Put a new question to staff; `match` keeps the register entries that it may already be."""
        values = {"organisation_id": meant.id, "state": CaseState.WAITING.value, "opened_at": at, "match": match}
        return CaseId(self._db.execute(insert(review_case).values(values).returning(review_case.c.id)).scalar_one())

    def latest_of(self, meant: Collection[OrganisationId]) -> tuple[CaseId, CaseState] | None:
        """Give the newest case about any of these entries that no judgement has settled, or None."""
        newest = (
            select(review_case.c.id, review_case.c.state)
            .where(review_case.c.organisation_id.in_(meant), review_case.c.id.not_in(self._settled()))
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

    def speaks_already(self, text: str, meant: Collection[OrganisationId]) -> bool:
        """Say whether the same words are evidence about one of these entries already, from whichever platform."""
        same = (
            select(func.count())
            .select_from(evidence.join(post, post.c.id == evidence.c.post_id))
            .where(evidence.c.organisation_id.in_(meant), post.c.text == text)
        )
        return bool(self._db.scalar(same))

    def quotes_about(self, meant: Collection[OrganisationId]) -> list[tuple[str, str]]:
        """Give the address and the quoted line of every post that speaks of one of these entries."""
        said = (
            select(post.c.url, evidence.c.quote)
            .join(post, post.c.id == evidence.c.post_id)
            .where(evidence.c.organisation_id.in_(meant))
            .order_by(evidence.c.id)
        )
        return [(row.url, row.quote) for row in self._db.execute(said)]

    def claims_about(self, meant: Collection[OrganisationId]) -> list[tuple[int, Claim]]:
        """Give the key of every post that speaks of one of these entries, with what it claims."""
        chosen = select(evidence.c.post_id, evidence.c.claim).where(evidence.c.organisation_id.in_(meant))
        return [(row.post_id, row.claim) for row in self._db.execute(chosen.order_by(evidence.c.id))]

    def get(self, case: CaseId) -> Case:
        """Give one case whole; raise UnknownCase."""
        found = self._load(select(review_case).where(review_case.c.id == case))
        if not found:
            raise UnknownCase(f"there is no case {case}; `harvester case list` shows them")
        return found[0]

    def in_states(self, states: Iterable[CaseState], limit: int | None = None) -> Sequence[Case]:
        """Give the cases in these states whole, oldest first, without open ones that a judgement has settled."""
        wanted = review_case.c.state.in_([state.value for state in states])
        asking = review_case.c.id.not_in(self._settled())
        return self._load(select(review_case).where(wanted, asking).order_by(review_case.c.id).limit(limit))

    def open_about(self, entry: OrganisationId) -> CaseId | None:
        """Give the newest open case about an entry itself, settled or not, or None."""
        states = [state.value for state in CaseState if state.is_open]
        own = review_case.c.organisation_id == entry, review_case.c.state.in_(states)
        key = self._db.scalar(select(func.max(review_case.c.id)).where(*own))
        return CaseId(key) if key else None

    def asked_about(self) -> set[OrganisationId]:
        """Give the entries about which a case is open."""
        states = [state.value for state in CaseState if state.is_open]
        chosen = select(review_case.c.organisation_id).where(review_case.c.state.in_(states))
        return set(map(OrganisationId, self._db.scalars(chosen)))

    def count(self) -> dict[CaseState, int]:
        """Count the cases in each state, without open ones that a judgement has settled."""
        asking = review_case.c.id.not_in(self._settled())
        counted = select(review_case.c.state, func.count()).where(asking).group_by(review_case.c.state)
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
        answered = self._settled()
        speaking, taken = self._evidence(keys, answered), self._decisions(keys)
        register, perhaps = Organisations(self._db), Perhaps(self._db)
        return [
            Case(
                id=CaseId(row.id),
                organisation=register.get(row.organisation_id),
                state=CaseState(row.state),
                version=row.version,
                opened_at=row.opened_at,
                evidence=tuple(speaking.get(row.id, ())),
                decisions=tuple(taken.get(row.id, ())),
                candidates=perhaps.candidates(row.organisation_id, row.match),
                settled_by=answered[row.id].by if row.id in answered else None,
            )
            for row in rows
        ]

    def _settled(self) -> dict[CaseId, Settled]:
        return settled(self._db, Judgements(self._db).clusters())

    def _evidence(self, cases: list[int], answered: Mapping[CaseId, Settled]) -> dict[int, list[Evidence]]:
        """Give each case's evidence, and that of cases which it answers; a post once a case."""
        also = {key: other.case for key, other in answered.items() if other.case in cases}
        of_cases = select(evidence).where(evidence.c.case_id.in_([*cases, *also])).order_by(evidence.c.id)
        rows = self._db.execute(of_cases).all()
        posts = self._posts([row.post_id for row in rows])
        found: defaultdict[int, dict[PostId, Evidence]] = defaultdict(dict)
        for row in rows:
            read, verdict = posts[row.post_id]
            speaks = Evidence(post=read, claim=row.claim, quote=row.quote, finding=verdict, found_at=row.found_at)
            for case in filter(None, (row.case_id, also.get(row.case_id))):
                found[case].setdefault(read.id, speaks)
        return {case: list(speaking.values()) for case, speaking in found.items()}

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
