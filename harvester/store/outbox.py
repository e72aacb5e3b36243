"""The shelf of letters: each with its fixed bytes before it is sent, and what it told once the server took it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from harvester.model import CaseId, CaseState, OrganisationId
from harvester.store.tables import decision, outbox, review_case, told


class LetterState(StrEnum):
    """Where a letter is on its way."""

    PENDING = "pending"
    SENT = "sent"
    SUPERSEDED = "superseded"  # never accepted; a later day's letter tells its news


class OutboxLetter(NamedTuple):
    """A letter as it is kept; `recipients` are those who have not got it yet."""

    id: int
    day: date
    message_id: str
    data: bytes
    sender: str
    recipients: tuple[str, ...]
    state: LetterState
    attempts: int
    last_error: str
    next_try_at: datetime | None
    sent_at: datetime | None


class Outbox:
    """Letters, and what each has told, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_day(self, day: date) -> OutboxLetter | None:
        """Give the letter of a local day, or None."""
        return self._one(outbox.c.day == day)

    def latest(self) -> OutboxLetter | None:
        """Give the letter of the latest day, or None."""
        newest = select(outbox.c.day).order_by(outbox.c.day.desc()).limit(1).scalar_subquery()
        return self._one(outbox.c.day == newest)

    def pending(self) -> OutboxLetter | None:
        """Give the letter that waits to be sent, or None; there is never more than one."""
        return self._one(outbox.c.state == LetterState.PENDING.value)

    def supersede(self) -> OutboxLetter | None:
        """Give up the letter that is still pending, so that its news can be told by a new one; give it."""
        old = self.pending()
        if old:
            self._change(old.id, state=LetterState.SUPERSEDED.value)
            self._db.execute(delete(told).where(told.c.outbox_id == old.id))
        return old

    def put(
        self,
        *,
        day: date,
        message_id: str,
        data: bytes,
        sender: str,
        recipients: Iterable[str],
        tells: Iterable[CaseId],
        at: datetime,
    ) -> None:
        """Keep a letter that is to be sent, with the confirmed cases that it tells."""
        values = {
            "day": day,
            "message_id": message_id,
            "data": data,
            "sender": sender,
            "recipients": tuple(recipients),
            "state": LetterState.PENDING.value,
            "created_at": at,
            "next_try_at": at,
        }
        key = self._db.execute(insert(outbox).values(values).returning(outbox.c.id)).scalar_one()
        if rows := [{"outbox_id": key, "case_id": case} for case in tells]:
            self._db.execute(insert(told), rows)

    def sent(self, letter: OutboxLetter, *, at: datetime, refused: dict[str, str]) -> None:
        """Write down that the server took the letter, and who was refused."""
        words = "; ".join(f"{address}: {why}" for address, why in refused.items())
        self._change(
            letter.id,
            state=LetterState.SENT.value,
            sent_at=at,
            recipients=tuple(refused),
            attempts=letter.attempts + 1,
            last_error=words,
            next_try_at=None,
        )

    def failed(self, letter: OutboxLetter, why: str, *, next_try_at: datetime) -> None:
        """Write down that the letter did not go; the same bytes go again at `next_try_at`."""
        self._change(letter.id, attempts=letter.attempts + 1, last_error=why, next_try_at=next_try_at)

    def untold(self) -> list[CaseId]:
        """Give the confirmed cases that no letter tells, oldest first."""
        mentioned = select(told.c.case_id)
        new = (
            select(review_case.c.id)
            .where(review_case.c.state == CaseState.CONFIRMED.value, review_case.c.id.not_in(mentioned))
            .order_by(review_case.c.id)
        )
        return [CaseId(key) for key in self._db.scalars(new)]

    def told_confirmed(self) -> list[tuple[CaseId, OrganisationId]]:
        """Give the cases that a letter told and that are confirmed still, oldest first, each with its organisation."""
        chosen = (
            select(review_case.c.id, review_case.c.organisation_id)
            .where(review_case.c.state == CaseState.CONFIRMED.value, review_case.c.id.in_(select(told.c.case_id)))
            .order_by(review_case.c.id)
        )
        return [(CaseId(row.id), OrganisationId(row.organisation_id)) for row in self._db.execute(chosen)]

    def last_sent_at(self) -> datetime | None:
        """Say when the newest letter was delivered, if one was."""
        newest: datetime | None = self._db.scalar(select(func.max(outbox.c.sent_at)))
        return newest

    def told_but_not_confirmed(self) -> list[CaseId]:
        """Give the cases that a delivered letter told as confirmed, that are so no more, and that no later one told."""
        latest = select(func.max(outbox.c.sent_at)).scalar_subquery()
        changed = (
            select(told.c.case_id)
            .join(outbox, outbox.c.id == told.c.outbox_id)
            .join(review_case, review_case.c.id == told.c.case_id)
            .join(decision, (decision.c.case_id == told.c.case_id) & (decision.c.version == review_case.c.version))
            .where(
                outbox.c.state == LetterState.SENT.value,
                review_case.c.state != CaseState.CONFIRMED.value,
                decision.c.at > latest,
            )
            .order_by(told.c.case_id)
        )
        return [CaseId(key) for key in self._db.scalars(changed)]

    def _one(self, condition: ColumnElement[bool]) -> OutboxLetter | None:
        columns = [outbox.c[field] for field in OutboxLetter._fields]
        row = self._db.execute(select(*columns).where(condition)).first()
        return OutboxLetter(*row)._replace(state=LetterState(row.state)) if row else None

    def _change(self, key: int, **values: object) -> None:
        self._db.execute(update(outbox).where(outbox.c.id == key).values(values))
