"""The shelf of judgements: what staff say of who is who, only ever added to, and what the machine proposes to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select

from harvester.clusters import Clusters
from harvester.errors import UnknownJudgement
from harvester.model import Judgement, OrganisationId, Reason, Relation
from harvester.store.dialect import upsert
from harvester.store.tables import judgement, proposal

FIELDS = ("name", "by", "at", "note", "undoes")


class Proposal(NamedTuple):
    """Two entries of the register that the machine found alike; only staff join them. `one` is the older entry."""

    one: OrganisationId
    other: OrganisationId
    score: float
    reasons: tuple[Reason, ...]


class Judgements:
    """Judgements and proposals, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, new: Judgement) -> Judgement:
        """Write a judgement down; its `id` is ignored and given anew."""
        values = {field: getattr(new, field) for field in FIELDS}
        values |= {"relation": new.relation.value, "one_id": new.one, "other_id": new.other}
        key = self._db.execute(insert(judgement).values(values).returning(judgement.c.id)).scalar_one()
        return self.get(key)

    def get(self, key: int) -> Judgement:
        """Give one judgement; raise UnknownJudgement."""
        row = self._db.execute(select(judgement).where(judgement.c.id == key)).first()
        if row is None:
            raise UnknownJudgement(f"there is no judgement {key}; `harvester org judgements` shows them")
        return _as_judgement(row)

    def all(self) -> list[Judgement]:
        """Give every judgement, oldest first, also those that were taken back."""
        return [_as_judgement(row) for row in self._db.execute(select(judgement).order_by(judgement.c.id))]

    def clusters(self) -> Clusters:
        """Give what all judgements together come to now."""
        return Clusters(self.all())

    def revision(self) -> int:
        """Give a number that grows with every judgement."""
        return self._db.scalar(select(func.max(judgement.c.id))) or 0

    def propose(self, found: Iterable[Proposal], *, at: datetime) -> None:
        """Keep what the machine proposes, each pair once with its newest reasons."""
        for new in found:
            one, other = sorted((new.one, new.other))
            values = {"score": new.score, "reasons": new.reasons, "at": at}
            statement = upsert(self._db, proposal).values(one_id=one, other_id=other, **values)
            self._db.execute(statement.on_conflict_do_update(index_elements=["one_id", "other_id"], set_=values))

    def proposals(self) -> list[Proposal]:
        """Give the proposals that staff have not answered, oldest first: neither joined nor kept apart."""
        clusters = self.clusters()
        rows = self._db.execute(select(proposal).order_by(proposal.c.at, proposal.c.one_id, proposal.c.other_id))
        every = [Proposal(row.one_id, row.other_id, row.score, row.reasons) for row in rows]
        return [
            one
            for one in every
            if one.other not in clusters.members(one.one) and not clusters.apart(one.one, one.other)
        ]


def _as_judgement(row: Row[Any]) -> Judgement:
    return Judgement(
        id=row.id,
        relation=Relation(row.relation),
        one=OrganisationId(row.one_id),
        other=OrganisationId(row.other_id) if row.other_id else None,
        **{field: getattr(row, field) for field in FIELDS},
    )
