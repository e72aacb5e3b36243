r"""Every noun of the harvester, in the order in which data meets them.

    platform --fetch--> RawItem --read--> Post --detect--> Finding(claims, reasons)
                                             \--resolve--> Match --triage--> Case <--Decision (a person)
    Case, Organisation, Run --facts--> Letter

All values are frozen; every time is an aware datetime in UTC; ids are opaque text that is never compared as a number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType

SourceName = NewType("SourceName", str)
NativeId = NewType("NativeId", str)
"""The platform's own id of an item, unique within its source."""
PostId = NewType("PostId", str)
"""One post's identity on its whole platform: the same through whichever source it was seen."""
Cursor = NewType("Cursor", str)
"""Where a source's next visit begins; opaque to all but its collector. START is before everything."""
OFFICIAL_LIST = "official-list"
"""The platform of a post that is a row of the campaign's own list of supporters: its author stands on it."""
START = Cursor("")
OrganisationId = NewType("OrganisationId", int)
UNREGISTERED = OrganisationId(0)
"""The id of an organisation until the register has given it one."""
CaseId = NewType("CaseId", int)
Span = tuple[int, int]
"""Start and end (exclusive) in characters of the text that was judged (`Post.full_text`)."""


# ---------------------------------------------------------------- what a collector brings


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """One item exactly as the platform gave it, self-contained: the author is joined in at fetch."""

    source: SourceName
    native_id: NativeId
    payload: Mapping[str, Any]
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one request brought, and the cursor from which a visit that stored it may go on without a gap.

    `note` tells the operator of something odd that was no error, such as a gap that could not be avoided.
    """

    items: tuple[RawItem, ...]
    cursor: Cursor
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who published a post, in the platform's words; for a feed, the site; for the official list, the supporter.

    `country` is ISO 3166-1 alpha-2 where the platform states it.
    """

    platform: str
    handle: str = ""
    name: str = ""
    url: str = ""
    about: str = ""
    domain: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One readable post. `title` and `text` are plain text: HTML is taken off when the item is read."""

    id: PostId
    source: SourceName
    url: str
    author: Author
    title: str
    text: str
    published_at: datetime | None
    language: str = ""
    edited_at: datetime | None = None
    links: tuple[str, ...] = ()
    mentions: Mapping[str, str] = field(default_factory=dict)
    """Handles that the text mentions -> the display names that the platform sent with it."""
    repost_of: Author | None = None
    """The original's author when this is a boost or a retweet; the text is then the original's."""

    @property
    def full_text(self) -> str:
        """Title and text joined by a blank line: the text that spans point into."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text

    @property
    def fingerprint(self) -> str:
        """A hash of what a reader sees; it changes when the post is edited."""
        seen = f"{self.author.name}\x1f{self.title}\x1f{self.text}\x1f{self.url}"
        return hashlib.sha256(seen.encode("utf-8", "replace")).hexdigest()[:32]


# ---------------------------------------------------------------- what detection says


class Label(StrEnum):
    """What a post is, seen from the campaign."""

    ANNOUNCEMENT = "announcement"
    MENTION = "mention"
    UNRELATED = "unrelated"


class ClaimKind(StrEnum):
    """What a post says that an organisation did about the Call."""

    SIGNS = "signs"
    SUPPORTER_ALREADY = "supporter-already"
    VIA_COALITION = "via-coalition"
    INTENDS = "intends"
    REFUSES = "refuses"
    URGES = "urges"
    WITHDRAWS = "withdraws"
    REPORTS = "reports"

    @property
    def is_signature(self) -> bool:
        """Say whether the claim is that the organisation stands on the list of supporters."""
        return self in {ClaimKind.SIGNS, ClaimKind.SUPPORTER_ALREADY, ClaimKind.VIA_COALITION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why the machine thinks so, in words for a reviewer, with the place in the text where it shows."""

    rule: str
    detail: str
    weight: float = 0.0
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That `organisation` did `kind`; `span` is where the post shows it. Confidence is from 0 to 1.

    `handle`, `domain` and `country` are set when the post gives them for this organisation (as author, or @mention).
    """

    kind: ClaimKind
    organisation: str
    span: Span
    confidence: float
    handle: str = ""
    domain: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on one post under one version of the rules."""

    label: Label
    confidence: float
    claims: tuple[Claim, ...]
    reasons: tuple[Reason, ...]
    language: str
    rules_version: str


# ---------------------------------------------------------------- which organisation it is


class Category(StrEnum):
    """The official list's categories of supporters."""

    STATE = "state"
    PUBLIC_AUTHORITY = "public-authority"
    CIVIL_SOCIETY = "civil-society"
    PRIVATE_SECTOR = "private-sector"


class Standing(StrEnum):
    """How the register knows an organisation."""

    SUPPORTER = "supporter"  # on the official list
    SIGNATORY = "signatory"  # confirmed by staff, new in this campaign
    CANDIDATE = "candidate"  # named in a post, not decided or declined

    @property
    def is_known_supporter(self) -> bool:
        """Say whether a post about this organisation is no news."""
        return self is not Standing.CANDIDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One entry of the register. `country` is ISO 3166-1 alpha-2 or empty; `category` None is "not known"."""

    id: OrganisationId
    name: str
    standing: Standing
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    country: str = ""
    category: Category | None = None
    segments: tuple[str, ...] = ()
    signed_on: date | None = None


class Relation(StrEnum):
    """What staff say of two entries of the register, or of an entry and a name; only `SAME` joins them."""

    SAME = "same"
    DIFFERENT = "different"
    RELATED = "related"  # apart, as a chapter and its parent are


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One person's word on two entries, or on an entry and a `name` of posts; one that `undoes` it takes it back."""

    id: int
    relation: Relation
    one: OrganisationId
    other: OrganisationId | None
    name: str = ""
    by: str
    at: datetime
    note: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An organisation as a post names it, with what else the post tells about it."""

    name: str
    country: str = ""
    domain: str = ""
    handle: str = ""


class Outcome(StrEnum):
    """What entity resolution may answer; only `SAME` is the machine's own decision."""

    SAME = "same"
    POSSIBLE = "possible"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An organisation that a mention may mean, and its entry that is like it; `score`, from 0 to 1, only ranks."""

    organisation: Organisation
    score: float
    reasons: tuple[Reason, ...]
    entry: OrganisationId = UNREGISTERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which organisation a mention is. `candidates` are ranked, five at most; the first is meant when SAME."""

    mention: Mention
    outcome: Outcome
    candidates: tuple[Candidate, ...] = ()

    @property
    def organisation(self) -> Organisation | None:
        """The entry that the machine is sure of, or None."""
        return self.candidates[0].organisation if self.outcome is Outcome.SAME else None


# ---------------------------------------------------------------- what staff decide


class CaseState(StrEnum):
    """Where a case stands; the fold of its decisions."""

    WAITING = "waiting"
    PARKED = "parked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"

    @property
    def is_open(self) -> bool:
        """Say whether the case still asks something of staff."""
        return self in {CaseState.WAITING, CaseState.PARKED}


class Move(StrEnum):
    """What a reviewer can do with a case."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    PARK = "park"
    REOPEN = "reopen"
    EDIT = "edit"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One move of one person; never changed or deleted. `changes` are the fields set, each (before, after)."""

    case: CaseId
    version: int
    move: Move
    by: str
    at: datetime
    note: str = ""
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One post that speaks for a case, with the line that shows it."""

    post: Post
    claim: Claim
    quote: str
    finding: Finding
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question to staff: did this organisation sign? `version` counts its decisions.

    `candidates` are register entries that it may already be, with the reasons. `settled_by` is the judgement through
    which another case, or another entry of the register, answers the question.
    """

    id: CaseId
    organisation: Organisation
    state: CaseState
    version: int
    opened_at: datetime
    evidence: tuple[Evidence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    settled_by: Judgement | None = None


# ---------------------------------------------------------------- how the watching goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One visit to one source: what it brought and what went wrong, if anything."""

    source: SourceName
    started_at: datetime
    ended_at: datetime
    fetched: int = 0
    new: int = 0
    edited: int = 0
    unrelated: int = 0
    unreadable: int = 0
    pages: int = 0
    trouble: str = ""
    notes: tuple[str, ...] = ()


class Health(StrEnum):
    """How a source is, as the e-mail and `harvester check` say it."""

    WELL = "well"
    RESTING = "resting"  # a rate limit or our own cap: it comes back by itself
    TROUBLE = "trouble"  # nobody can read it at present
    NEVER = "never"  # not visited yet


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """What is known about one source at one moment; `detail` says what happened and what to do."""

    name: SourceName
    kind: str
    health: Health
    detail: str = ""
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    kept: int = 0
    unreadable: int = 0


# ---------------------------------------------------------------- what is told


class Phase(StrEnum):
    """Where the campaign is in its own calendar."""

    NOT_YET = "not yet begun"
    RUNNING = "running"
    OPEN_ENDED = "running, no end set"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the campaign is: `confirmed` new signatories of `goal`; `days_left` only while it runs to an end.

    `segments` and `categories` count the confirmed ones; an organisation can count in several segments.
    """

    confirmed: int
    goal: int
    baseline: int
    phase: Phase
    start: date
    end: date | None
    days_left: int | None
    segments: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    countries: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that one day's letter tells; nothing in it is looked up later.

    `confirmed` are the cases not told before; `alarms` are whole sentences, most urgent first.
    """

    day: date
    campaign: str
    progress: Progress
    confirmed: tuple[Case, ...]
    waiting: tuple[Case, ...]
    parked: int
    sources: tuple[SourceStatus, ...]
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The day's letter, the same content as plain text and as HTML."""

    subject: str
    text: str
    html: str
