"""How the sources and the campaign are at one moment: for the letter, `harvester check` and `harvester case list`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from harvester.config import Campaign, Source
from harvester.jobs import Office
from harvester.model import Health, Organisation, Phase, Progress, SourceStatus, Standing
from harvester.store import Shelves
from harvester.store.sources import SourceState


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
    campaign = office.configuration.campaign
    counted = shelves.judgements.clusters().new_signatories(shelves.organisations.all(), campaign.start)
    return progress(campaign, counted, today)


def known_supporters(shelves: Shelves) -> int:
    """Count the organisations that the official list has, one that stands there twice once staff have said so."""
    united = shelves.judgements.clusters().united(shelves.organisations.all())
    return sum(one.standing is Standing.SUPPORTER for one in united)


def sources(office: Office, shelves: Shelves) -> tuple[SourceStatus, ...]:
    """Give the status of every enabled source, in the order of `sources.toml`."""
    states, kept, unreadable = shelves.sources.states(), shelves.sources.kept(), shelves.sources.unreadable()
    found = []
    for source in office.configuration.sources:
        if source.enabled:
            state = states.get(source.name)
            health, detail = _health(office, source, state)
            found.append(
                SourceStatus(
                    name=source.name,
                    kind=source.kind,
                    health=health,
                    detail=detail,
                    last_success_at=state.last_success_at if state else None,
                    last_new_at=state.last_new_at if state else None,
                    kept=kept.get(source.name, 0),
                    unreadable=unreadable.get(source.name, 0),
                )
            )
    return tuple(found)


def _health(office: Office, source: Source, state: SourceState | None) -> tuple[Health, str]:
    """Say how a source is; one that was well and has not been visited since, as when a visit hangs, is not well."""
    if state is None:
        return Health.NEVER, ""
    patience = max(office.configuration.settings.digest.quiet_after, 2 * source.every)
    since = state.last_run_at
    if state.health is Health.WELL and since and office.now() - since > patience:
        return Health.TROUBLE, f"no visit has ended since {_when(since)}; is the background job running? restart it"
    return state.health, state.trouble


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
