"""Say which entries of the register a case's organisation may already be, as things stand now.

What the machine found when the case was opened is kept with the case; what it found since is a proposal. Staff's
judgements go over both: who is another is not shown again, who is related is shown as such.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from sqlalchemy import Connection

from harvester.clusters import Clusters, in_words
from harvester.model import Candidate, Judgement, Match, Organisation, OrganisationId, Reason, Relation
from harvester.store.judgements import Judgements, Proposal
from harvester.store.organisations import Organisations


class Perhaps:
    """Candidates of cases, read within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._register = Organisations(connection)
        self._judgements = Judgements(connection)

    def candidates(self, asked: OrganisationId, match: Match | None) -> tuple[Candidate, ...]:
        """Give the entries that the organisation `asked` about may be, each once, and why."""
        found: dict[OrganisationId, Candidate] = {}
        for one in (*(match.candidates if match else ()), *self._proposed(asked)):
            # The entry that is like it, whatever it was joined to when the case was opened.
            entry = one.entry or one.organisation.id
            if entry in self._clusters.members(asked):
                continue
            head = self._head(entry)
            said = self._clusters.apart(asked, head.id)
            if said is None or said.relation is Relation.RELATED:
                shown = replace(one, organisation=head, reasons=(*one.reasons, *self._said(said)))
                found.setdefault(head.id, shown)
        return tuple(found.values())

    def _proposed(self, asked: OrganisationId) -> list[Candidate]:
        own = self._clusters.members(asked)
        found = []
        for one in self._proposals:
            for here, there in ((one.one, one.other), (one.other, one.one)):
                if here in own:
                    other = self._register.get(there)
                    found.append(Candidate(organisation=other, score=one.score, reasons=one.reasons, entry=there))
        return found

    def _head(self, entry: OrganisationId) -> Organisation:
        known = {key: self._register.get(key) for key in self._clusters.members(entry)}
        return self._clusters.head(entry, known)

    def _said(self, said: Judgement | None) -> tuple[Reason, ...]:
        if said is None:
            return ()
        names = {key: self._register.get(key).name for key in (said.one, said.other) if key}
        return (Reason(rule="related", detail=f"staff said so: {in_words(said, names)}"),)

    @cached_property
    def _clusters(self) -> Clusters:
        return self._judgements.clusters()

    @cached_property
    def _proposals(self) -> list[Proposal]:
        return self._judgements.proposals()
