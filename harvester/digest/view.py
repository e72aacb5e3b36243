"""Turn the day's facts into the words that both letters show, so that text and HTML can never say different things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from harvester.digest.foreign import Link, one_line, web_link
from harvester.model import Case, Evidence, Facts, Health, Phase, Progress, SourceStatus

ENGLISH = Locale("en")
NAME = 120
QUOTE = 240
SENTENCE = 500
MOST_WAITING = 25
"""Cases shown in full; the review queue has the rest. The newly confirmed are never cut: each is told once only."""

TROUBLE_FIRST = (Health.TROUBLE, Health.NEVER, Health.RESTING, Health.WELL)
HEALTH_WORDS = {
    Health.TROUBLE: "in trouble",
    Health.NEVER: "not visited yet",
    Health.RESTING: "resting",
    Health.WELL: "well",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case as the letter shows it; all text is one clean line, not yet escaped for HTML."""

    name: str
    about: str
    quote: str
    link: Link | None
    more: str
    age: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One source as the letter shows it."""

    name: str
    kind: str
    health: str
    style: str
    in_trouble: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything that the templates print; `share` is the progress in whole per cent, None without a goal."""

    campaign: str
    day: str
    opening: str
    alarms: tuple[str, ...]
    confirmed: tuple[CaseLine, ...]
    waiting: tuple[CaseLine, ...]
    waiting_count: int
    waiting_more: str
    parked: str
    progress: str
    share: int | None
    segments: tuple[tuple[str, int], ...]
    segments_empty: str
    sources: tuple[SourceLine, ...]
    time_zone: str


def view(facts: Facts, time_zone: ZoneInfo, segments: Mapping[str, str]) -> View:
    """Say everything in `facts` in words; moments are told in `time_zone`, segments by their titles."""
    reached, empty = _segments(facts.progress, segments)
    beyond = len(facts.waiting) - MOST_WAITING
    return View(
        campaign=one_line(facts.campaign, NAME),
        day=format_date(facts.day, "EEEE, d MMMM y", locale=ENGLISH),
        opening=_opening(facts),
        alarms=tuple(one_line(alarm, SENTENCE) for alarm in facts.alarms),
        confirmed=tuple(_case(case, facts.day, time_zone) for case in facts.confirmed),
        waiting=tuple(_case(case, facts.day, time_zone) for case in facts.waiting[:MOST_WAITING]),
        waiting_count=len(facts.waiting),
        waiting_more=f"{counted(beyond, 'more case')} in the queue:" if beyond > 0 else "",
        parked=f"{counted(facts.parked, 'case is', 'cases are')} parked for later." if facts.parked else "",
        progress=_progress_words(facts.progress),
        share=min(100, 100 * facts.progress.confirmed // facts.progress.goal) if facts.progress.goal else None,
        segments=reached,
        segments_empty=empty,
        sources=tuple(
            _source(status, time_zone) for status in sorted(facts.sources, key=lambda s: TROUBLE_FIRST.index(s.health))
        ),
        time_zone=time_zone.key,
    )


def counted(number: int, one: str, several: str = "") -> str:
    """Say `number` with its noun in the right form."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def _opening(facts: Facts) -> str:
    """Say in a line or two what the day brought; on an empty day, that the harvester is alive."""
    troubled = sum(status.health is Health.TROUBLE for status in facts.sources)
    if not facts.confirmed and not facts.waiting:
        return f"Nothing new. {_alive(facts.sources)}"
    sentences = [
        f"{counted(len(facts.confirmed), 'organisation is', 'organisations are')} newly confirmed."
        if facts.confirmed
        else "Nothing newly confirmed.",
        f"{counted(len(facts.waiting), 'case waits', 'cases wait')} for you." if facts.waiting else "",
        f"{counted(troubled, 'source is', 'sources are')} in trouble." if troubled else "",
    ]
    return " ".join(filter(None, sentences))


def _alive(sources: tuple[SourceStatus, ...]) -> str:
    answered = sum(status.health is Health.WELL for status in sources)
    if not sources:
        return "The harvester is alive, but it has no source to read."
    if not answered:
        return "The harvester is alive, but no source answered."
    if answered == len(sources):
        return f"The harvester is alive: {counted(answered, 'source')} answered."
    return f"The harvester is alive: {answered} of {counted(len(sources), 'source')} answered."


def _progress_words(progress: Progress) -> str:
    """Say how far the campaign is, in a sentence or two for each phase of its calendar."""
    noun = "new signatory" if progress.goal == 0 and progress.confirmed == 1 else "new signatories"
    reached = f"{progress.confirmed:,}{f' of {progress.goal:,}' if progress.goal else ''} {noun}"
    match progress.phase:
        case Phase.NOT_YET:
            aim = f" and aims at {progress.goal:,} {noun}" if progress.goal else ""
            already = f" Already confirmed: {progress.confirmed:,}." if progress.confirmed else ""
            told = f"The campaign has not yet begun: it starts on {_date(progress.start)}{aim}.{already}"
        case Phase.RUNNING:
            told = f"{reached}{_remaining(progress)}"
        case Phase.OPEN_ENDED:
            told = f"{reached} since {_date(progress.start)}. The campaign has no end date."
        case Phase.OVER:
            ended = f"ended on {_date(progress.end)}" if progress.end else "is over"
            told = f"The campaign {ended} with {reached}."
    if progress.goal and progress.confirmed >= progress.goal:
        told += " The goal is reached."
    if progress.baseline and progress.confirmed:
        total = progress.baseline + progress.confirmed
        told += f" With the {progress.baseline:,} earlier supporters that makes {total:,}."
    return told


def _remaining(progress: Progress) -> str:
    if progress.days_left is None:
        return "."
    if progress.days_left == 0:
        return ". Today is the last day."
    until = f" until {_date(progress.end)}" if progress.end else ""
    return f", with {counted(progress.days_left, 'day')} left{until}."


def _segments(progress: Progress, titles: Mapping[str, str]) -> tuple[tuple[tuple[str, int], ...], str]:
    """Give the segments with somebody in them, most first, and a sentence on those with nobody."""
    counts = {**dict.fromkeys(titles, 0), **progress.segments}
    named = {key: one_line(titles.get(key, key), NAME) for key in counts}
    reached = sorted((item for item in counts.items() if item[1]), key=lambda item: -item[1])
    empty = [named[key] for key, count in counts.items() if not count]
    return tuple((named[key], count) for key, count in reached), f"Nobody yet: {', '.join(empty)}." if empty else ""


def _case(case: Case, today: date, time_zone: ZoneInfo) -> CaseLine:
    organisation = case.organisation
    best = _strongest(case.evidence)
    country = ENGLISH.territories.get(organisation.country.upper(), organisation.country)
    about = filter(None, (country, (organisation.category or "").replace("-", " ")))
    more = len(case.evidence) - 1
    days = (today - case.opened_at.astimezone(time_zone).date()).days
    return CaseLine(
        name=one_line(organisation.name, NAME) or f"(no name, case {case.id})",
        about=one_line(", ".join(about), NAME),
        quote=one_line(best.quote, QUOTE) if best else "",
        link=web_link(best.post.url) if best else None,
        more=counted(more, "more post") if more > 0 else "",
        age=f"waits for {counted(days, 'day')}" if days > 0 else "new today",
        command=f"harvester case show {case.id}",
    )


def _strongest(evidence: tuple[Evidence, ...]) -> Evidence | None:
    return max(evidence, key=lambda item: (item.claim.kind.is_signature, item.claim.confidence), default=None)


def _source(status: SourceStatus, time_zone: ZoneInfo) -> SourceLine:
    well = status.health is Health.WELL
    moment = status.last_new_at if well else status.last_success_at
    sentences = (
        one_line(status.detail, SENTENCE),
        f"{'Last new post' if well else 'Last answer'}: {_moment(moment, time_zone)}." if moment else "",
        f"{counted(status.unreadable, 'item')} could not be read." if status.unreadable else "",
    )
    return SourceLine(
        name=one_line(status.name, NAME),
        kind=one_line(status.kind, NAME),
        health=HEALTH_WORDS[status.health],
        style={Health.TROUBLE: "troubled", Health.WELL: "well"}.get(status.health, ""),
        in_trouble=status.health is Health.TROUBLE,
        words=" ".join(filter(None, sentences)),
    )


def _date(day: date | None) -> str:
    return format_date(day, "d MMMM y", locale=ENGLISH) if day else ""


def _moment(moment: datetime, time_zone: ZoneInfo) -> str:
    local = moment.astimezone(time_zone)
    return f"{_date(local.date())}, {local:%H:%M}"
