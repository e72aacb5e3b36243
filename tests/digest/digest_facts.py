"""Read a day's facts from a file of `tests/data/digest`; staff can add a day by adding two files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from harvester.model import (
    Author,
    Case,
    CaseId,
    CaseState,
    Category,
    Claim,
    ClaimKind,
    Evidence,
    Facts,
    Finding,
    Health,
    Label,
    Organisation,
    OrganisationId,
    Phase,
    Post,
    PostId,
    Progress,
    SourceName,
    SourceStatus,
    Standing,
)

FOLDER = Path(__file__).parents[1] / "data" / "digest"
OPENED = datetime(2026, 9, 20, 22, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    facts: Facts
    time_zone: ZoneInfo
    segments: Mapping[str, str]


def read_day(path: Path) -> Day:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    progress = {**told["progress"], "phase": Phase(told["progress"]["phase"])}
    facts = Facts(
        day=told["day"],
        campaign=told["campaign"],
        progress=Progress(**{"end": None, "days_left": None, "baseline": 0, **progress}),
        confirmed=tuple(make_case(**case) for case in told.get("confirmed", [])),
        waiting=tuple(make_case(**case) for case in told.get("waiting", [])),
        parked=told.get("parked", 0),
        sources=tuple(make_source(**source) for source in told.get("sources", [])),
        alarms=tuple(told.get("alarms", [])),
    )
    return Day(facts=facts, time_zone=ZoneInfo(told["time_zone"]), segments=told.get("segments", {}))


def make_source(*, name: str, kind: str, health: str, **more: Any) -> SourceStatus:
    return SourceStatus(name=SourceName(name), kind=kind, health=Health(health), **more)


def make_case(
    *,
    id: int,  # noqa: A002 -- the noun's own name
    name: str,
    country: str = "",
    category: str = "",
    opened_at: datetime = OPENED,
    posts: list[dict[str, Any]] | None = None,
    **post: Any,
) -> Case:
    """Make a case with one post (`quote`, `url`, `kind`, `confidence` given flat) or with several `posts`."""
    told = posts if posts is not None else [post]
    return Case(
        id=CaseId(id),
        organisation=Organisation(
            id=OrganisationId(id),
            name=name,
            standing=Standing.CANDIDATE,
            country=country,
            category=Category(category) if category else None,
        ),
        state=CaseState.WAITING,
        version=0,
        opened_at=opened_at,
        evidence=tuple(_make_evidence(name=name, **one) for one in told),
    )


def _make_evidence(
    *, name: str, quote: str = "", url: str = "", kind: str = "signs", confidence: float = 0.9
) -> Evidence:
    claim = Claim(kind=ClaimKind(kind), organisation=name, span=(0, 0), confidence=confidence)
    post = Post(
        id=PostId(url),
        source=SourceName("feed"),
        url=url,
        author=Author(platform="feed"),
        title="",
        text=quote,
        published_at=None,
    )
    finding = Finding(
        label=Label.ANNOUNCEMENT, confidence=confidence, claims=(claim,), reasons=(), language="", rules_version="1"
    )
    return Evidence(post=post, claim=claim, quote=quote, finding=finding, found_at=OPENED)
