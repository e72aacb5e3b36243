"""How the sources and the campaign are at one moment: for the letter, `harvester check` and `harvester case list`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from harvester.config import Campaign
from harvester.jobs import Office
from harvester.model import Health, Organisation, Phase, Progress, SourceStatus, Standing
from harvester.store import Shelves


def progress(campaign: Campaign, signatories: Iterable[Organisation], today: date) -> Progress:
    """Count the confirmed new signatories against the goal, as of a day in the staff's time zone."""
    counted = list(signatories)
    phase = _phase(campaign, today)
    return Progress(
        confirmed=len(counted),
        goal=campaign.goal,
        baseline=campaign.baseline,
        phase=phase,
        start=campaign.start,
        end=campaign.end,
        days_left=(campaign.end - today).days if phase is Phase.RUNNING and campaign.end else None,
        segments=Counter(segment for one in counted for segment in one.segments),
        categories=Counter(one.category.value for one in counted if one.category),
        countries=Counter(one.country for one in counted if one.country),
    )


def campaign_progress(office: Office, shelves: Shelves) -> Progress:
    """Give the campaign's progress now."""
    today = office.now().astimezone(office.configuration.settings.time_zone).date()
    return progress(office.configuration.campaign, shelves.organisations.all(Standing.SIGNATORY), today)


def sources(office: Office, shelves: Shelves) -> tuple[SourceStatus, ...]:
    """Give the status of every enabled source, in the order of `sources.toml`."""
    states, kept, unreadable = shelves.sources.states(), shelves.sources.kept(), shelves.sources.unreadable()
    return tuple(
        SourceStatus(
            name=source.name,
            kind=source.kind,
            health=state.health if (state := states.get(source.name)) else Health.NEVER,
            detail=state.trouble if state else "",
            last_success_at=state.last_success_at if state else None,
            last_new_at=state.last_new_at if state else None,
            kept=kept.get(source.name, 0),
            unreadable=unreadable.get(source.name, 0),
        )
        for source in office.configuration.sources
        if source.enabled
    )


def silent(statuses: Iterable[SourceStatus], now: datetime, patience: timedelta) -> list[str]:
    """Name each source from which nothing could be read for `patience`, in a whole sentence."""
    return [
        f"{status.name} has brought nothing since {_when(status.last_success_at)}: {status.detail or 'no visit ended'}."
        for status in statuses
        if status.health is not Health.WELL and (now - (status.last_success_at or _LONG_AGO)) > patience
    ]


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _when(moment: datetime | None) -> str:
    return f"{moment:%d %B %Y, %H:%M} UTC" if moment else "it was set up"


def _phase(campaign: Campaign, today: date) -> Phase:
    if today < campaign.start:
        return Phase.NOT_YET
    if campaign.end is None:
        return Phase.OPEN_ENDED
    return Phase.OVER if today > campaign.end else Phase.RUNNING
