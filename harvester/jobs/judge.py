"""Turn stored posts into cases: detect what each claims, resolve who is meant, and open a case or add evidence.

A post waits (`pending`) until its verdict and all that follows from it are stored in one transaction; so a judge that
dies at any instant neither loses a post nor asks staff twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from harvester import log
from harvester.clusters import Clusters
from harvester.jobs import Office
from harvester.jobs.recheck import known_organisations, recheck
from harvester.model import (
    UNREGISTERED,
    Claim,
    Finding,
    Label,
    Match,
    Mention,
    Organisation,
    Outcome,
    Post,
    Span,
    Standing,
)
from harvester.resolve import Register
from harvester.store import Shelves
from harvester.store.posts import PendingPost

CHUNK = 25
LONGEST_QUOTE = 280
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]+[\s\"'»”」』)]*|\n+")


@dataclass(slots=True)
class Verdicts:
    """What one round of judging came to."""

    judged: int = 0
    announcements: int = 0
    opened: int = 0
    evidence: int = 0
    faults: int = 0


@dataclass(slots=True)
class Judge:
    """Judges whatever waits; keeps the register's index between rounds as long as the register is the same."""

    office: Office
    detect: Callable[[Post], Finding]
    logger: log.Logger = field(default_factory=lambda: log.get("judge"))
    _register: Register | None = None
    _faulty: set[tuple[int, str]] = field(default_factory=set)
    """Posts, each with its fingerprint, on which a rule has failed: told once a process, not every minute."""
    _clusters: Clusters = field(default_factory=Clusters)
    _revision: tuple[int, int] = (-1, -1)

    def judge_all(self) -> Verdicts:
        """Judge every post that waits; a post on which the program itself fails goes on waiting and is counted."""
        done = Verdicts()
        for chunk in self._chunks():
            found = [(waiting, finding) for waiting in chunk if (finding := self._verdict(waiting, done))]
            with self.office.store.write() as shelves:
                for waiting, finding in found:
                    if shelves.posts.judge(waiting, finding, self.office.now()):
                        self._follow_up(shelves, waiting, finding, done)
                        done.judged += 1
        if done.judged or done.faults:
            counts = {name: getattr(done, name) for name in Verdicts.__slots__}
            self.logger.info("judged", **counts)
        return done

    def _chunks(self) -> Iterator[list[PendingPost]]:
        after = 0
        while True:
            with self.office.store.read() as shelves:
                chunk = shelves.posts.pending(after=after, limit=CHUNK)
            if not chunk:
                return
            yield chunk
            after = chunk[-1].key

    def _verdict(self, waiting: PendingPost, done: Verdicts) -> Finding | None:
        known = (waiting.key, waiting.post.fingerprint)
        if known in self._faulty:
            return None
        try:
            return self.detect(waiting.post)
        except Exception:  # one post on which a rule fails must not hold up all behind it
            self.logger.exception("fault", post=waiting.post.id)
            self._faulty.add(known)
            done.faults += 1
            return None

    def _follow_up(self, shelves: Shelves, waiting: PendingPost, finding: Finding, done: Verdicts) -> None:
        if finding.label is not Label.ANNOUNCEMENT:
            return
        done.announcements += 1
        for claim in signatures(finding.claims):
            self._place(shelves, waiting, claim, done)

    def _place(self, shelves: Shelves, waiting: PendingPost, claim: Claim, done: Verdicts) -> None:
        """Triage one claim: evidence for what is known or asked already, else a new case."""
        at = self.office.now()
        register = self._index(shelves)
        mention = Mention(name=claim.organisation, handle=claim.handle, domain=claim.domain, country=claim.country)
        match = register.match(mention)
        entry = self._meant(shelves, register, mention, match)
        entries = self._clusters.members(entry.id)
        newest = shelves.cases.latest_of(entries)
        case = newest[0] if newest else None
        is_known = (match.organisation or entry).standing.is_known_supporter
        if not (is_known or (newest and newest[1].is_open)):
            decided_copy = newest and shelves.cases.speaks_already(waiting.post.text, entries)
            if not decided_copy:
                case = shelves.cases.open(entry, match if match.outcome is Outcome.POSSIBLE else None, at=at)
                recheck(shelves, register, [entry], at=at)
                done.opened += 1
        # Also where another entry answers its case at present: should staff part the two, the post speaks for it still.
        case = shelves.cases.open_about(entry.id) or case
        quote = quoted(waiting.post, claim.span)
        shelves.cases.add_evidence(waiting.key, entry.id, claim, case=case, quote=quote, at=at)
        done.evidence += 1

    def _meant(self, shelves: Shelves, register: Register, mention: Mention, match: Match) -> Organisation:
        """Give the entry that the mention means, a new one if need be; evidence is about it, not its whole cluster."""
        if match.organisation is None:
            return self._enter(shelves, register, mention)
        entry = shelves.organisations.get(match.candidates[0].entry)
        if is_named_by_handle(entry) and mention.name not in (entry.name, *entry.handles):
            return self._rename(shelves, register, entry, mention.name)
        return entry

    def _index(self, shelves: Shelves) -> Register:
        """Give the index of the register as it is in this transaction."""
        revision = _revision(shelves)
        if self._register is None or revision != self._revision:
            self._register, self._revision = known_organisations(self.office, shelves), revision
            self._clusters = shelves.judgements.clusters()
        return self._register

    def _enter(self, shelves: Shelves, register: Register, mention: Mention) -> Organisation:
        entered = shelves.organisations.add(candidate(mention))
        register.add(entered)
        self._revision = _revision(shelves)
        return entered

    def _rename(self, shelves: Shelves, register: Register, meant: Organisation, name: str) -> Organisation:
        renamed = replace(meant, name=name, aliases=(*meant.aliases, meant.name))
        shelves.organisations.change(renamed)
        register.add(renamed)
        self._revision = _revision(shelves)
        return renamed


def _revision(shelves: Shelves) -> tuple[int, int]:
    return shelves.organisations.revision(), shelves.judgements.revision()


def is_named_by_handle(organisation: Organisation) -> bool:
    """Say whether nobody has told more of an undecided organisation's name than its handle."""
    name = organisation.name.lstrip("@").casefold()
    handles = {handle.lstrip("@").casefold() for handle in organisation.handles}
    return organisation.standing is Standing.CANDIDATE and name in handles


def signatures(claims: Iterable[Claim]) -> list[Claim]:
    """Give the claims that an organisation signed, the surest one for each name."""
    surest: dict[str, Claim] = {}
    for claim in claims:
        if claim.kind.is_signature and claim.organisation.strip():
            key = claim.organisation.casefold()
            if key not in surest or claim.confidence > surest[key].confidence:
                surest[key] = claim
    return list(surest.values())


def candidate(mention: Mention) -> Organisation:
    """Make the register entry of an organisation that nobody has decided on."""
    return Organisation(
        id=UNREGISTERED,
        name=mention.name,
        standing=Standing.CANDIDATE,
        handles=(mention.handle,) if mention.handle else (),
        domains=(mention.domain,) if mention.domain else (),
        country=mention.country,
    )


def quoted(post: Post, span: Span) -> str:
    """Give the sentence of the post in which the claim stands, cut to what fits a line or three."""
    text = post.full_text
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    start = max(end for end in ends if end <= span[0])
    end = min((end for end in ends if end >= span[1] and end > start), default=len(text))
    sentence = " ".join(text[start:end].split())
    return sentence if len(sentence) <= LONGEST_QUOTE else sentence[: LONGEST_QUOTE - 1].rstrip() + "…"
