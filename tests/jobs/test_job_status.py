"""Where the campaign and its sources stand at one moment."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes import NOON

from harvester.config import Source
from harvester.jobs import Office, status
from harvester.model import (
    UNREGISTERED,
    Category,
    Health,
    Organisation,
    Phase,
    Run,
    SourceName,
    SourceStatus,
    Standing,
)

START, END = date(2027, 5, 25), date(2027, 10, 29)


def signatory(**changes):
    fields = {"id": UNREGISTERED, "name": "Clinique Kaolé", "standing": Standing.SIGNATORY}
    return Organisation(**(fields | changes))


@pytest.mark.parametrize(
    ("end", "today", "phase", "days_left"),
    [
        (END, date(2027, 5, 24), Phase.NOT_YET, None),
        (END, START, Phase.RUNNING, 157),
        (END, END, Phase.RUNNING, 0),
        (END, date(2027, 10, 30), Phase.OVER, None),
        (None, START, Phase.OPEN_ENDED, None),
        (None, date(2099, 1, 1), Phase.OPEN_ENDED, None),
        (None, date(2027, 1, 1), Phase.NOT_YET, None),
    ],
)
def test_a_campaign_is_shown_where_it_is_in_its_calendar(office, end, today, phase, days_left):
    campaign = office.configuration.campaign.model_copy(update={"start": START, "end": end})
    seen = status.progress(campaign, [], today)
    assert (seen.phase, seen.days_left, seen.confirmed, seen.goal) == (phase, days_left, 0, 100)


def test_confirmed_signatories_are_counted_by_segment_category_and_country(office):
    counted = [
        signatory(segments=("hospitals", "global-south"), category=Category.CIVIL_SOCIETY, country="SN"),
        signatory(segments=("global-south",), country="SN"),
        signatory(),
    ]
    seen = status.progress(office.configuration.campaign, counted, START)
    assert seen.confirmed == 3
    assert dict(seen.segments) == {"hospitals": 1, "global-south": 2}
    assert dict(seen.categories) == {"civil-society": 1}
    assert dict(seen.countries) == {"SN": 2}


def test_today_is_the_staffs_day(office, clock):
    clock.at = datetime(2027, 10, 29, 22, 30, tzinfo=UTC)
    settings = office.configuration.settings.model_copy(update={"time_zone": ZoneInfo("Africa/Nairobi")})
    there = Office(
        configuration=office.configuration.model_copy(update={"settings": settings}), store=office.store, now=clock
    )
    with there.store.read() as shelves:
        assert status.campaign_progress(there, shelves).phase is Phase.OVER
        assert status.campaign_progress(office, shelves).phase is Phase.RUNNING


def test_every_enabled_source_has_a_status_also_before_its_first_visit(office, clock):
    sources = tuple(Source(name=name, kind="feed", enabled=name != "off") for name in ("well", "new", "off"))
    office = Office(
        configuration=office.configuration.model_copy(update={"sources": sources}), store=office.store, now=clock
    )
    with office.store.write() as shelves:
        run = Run(source=SourceName("well"), started_at=NOON, ended_at=NOON, new=2)
        shelves.sources.record(run, health=Health.WELL, next_due_at=NOON)
        seen = status.sources(office, shelves)
    assert [(one.name, one.health) for one in seen] == [("well", Health.WELL), ("new", Health.NEVER)]
    assert seen[0].last_new_at == NOON


@pytest.mark.parametrize(
    ("every", "hours", "health"),
    [("30m", 23, Health.WELL), ("30m", 25, Health.TROUBLE), ("2d", 90, Health.WELL), ("2d", 100, Health.TROUBLE)],
)
def test_a_source_that_was_well_and_is_visited_no_more_is_in_trouble(office, clock, every, hours, health):
    """As when a visit hangs for ever: silence is not success."""
    sources = (Source(name="hangs", kind="feed", every=every),)
    office = Office(
        configuration=office.configuration.model_copy(update={"sources": sources}), store=office.store, now=clock
    )
    with office.store.write() as shelves:
        run = Run(source=SourceName("hangs"), started_at=NOON, ended_at=NOON)
        shelves.sources.record(run, health=Health.WELL, next_due_at=NOON)
    clock.move(hours=hours)
    with office.store.read() as shelves:
        (seen,) = status.sources(office, shelves)
    assert seen.health is health
    if health is Health.TROUBLE:
        assert "no visit has ended since 01 June 2027" in seen.detail
        assert status.silent([seen], clock(), timedelta(days=1))


@pytest.mark.parametrize(
    ("health", "silent_for", "alarm"),
    [
        (Health.WELL, timedelta(days=9), False),
        (Health.TROUBLE, timedelta(hours=23), False),
        (Health.TROUBLE, timedelta(hours=25), True),
        (Health.RESTING, timedelta(hours=25), True),
        (Health.NEVER, None, True),
    ],
)
def test_only_a_source_that_nobody_could_read_for_a_day_is_an_alarm(health, silent_for, alarm):
    last = NOON - silent_for if silent_for else None
    one = SourceStatus(name=SourceName("news"), kind="feed", health=health, detail="no answer", last_success_at=last)
    assert bool(status.silent([one], NOON, timedelta(days=1))) is alarm
