from datetime import timedelta

import pytest
from fakes import FakeCollector

from harvester.config import Source
from harvester.errors import AccessRefused, BudgetSpent, ConfigError, RateLimited, Unavailable
from harvester.jobs.budget import Budget
from harvester.jobs.due import SLOWEST, after_failure, after_success
from harvester.jobs.harvest import Visitor, collectors, harvest
from harvester.model import Health, SourceName
from harvester.store import upkeep

FAKE = Source(name="fake", kind="feed", every="30m")
TEXTS = [f"We have signed the Paris Call, number {n}" for n in range(7)]


def touches(post):
    return "Paris" in post.text


@pytest.fixture
def visitor(office):
    return Visitor(office, touches)


def test_a_visit_keeps_what_touches_the_campaign_counts_the_rest_and_sets_aside_what_it_cannot_read(visitor, store):
    collector = FakeCollector(["Paris Call", "football", None, "Paris again"])
    run = visitor.visit(FAKE, collector)
    assert (run.fetched, run.new, run.unrelated, run.unreadable, run.trouble) == (4, 2, 1, 1, "")
    assert upkeep.row_counts(store.engine)["item"] == 3
    with store.read() as shelves:
        assert shelves.sources.states()[FAKE.name].health is Health.WELL
        assert [aside.native_id for aside, _ in shelves.posts.unreadable()] == ["2"]


def test_a_second_visit_doubles_nothing(visitor, store):
    collector = FakeCollector(list(TEXTS))
    assert visitor.visit(FAKE, collector).new == 7
    collector.texts.append("Paris, one more")
    again = visitor.visit(FAKE, collector)
    assert (again.fetched, again.new) == (2, 1)
    assert upkeep.row_counts(store.engine)["post"] == 8


@pytest.mark.parametrize(
    ("trouble", "health"),
    [
        (Unavailable("no answer"), Health.TROUBLE),
        (AccessRefused("401: set a token"), Health.TROUBLE),
        (ZeroDivisionError("a bug"), Health.TROUBLE),
        (RateLimited("429", until=None), Health.RESTING),
        (BudgetSpent("the cap is reached", until=None), Health.RESTING),
    ],
)
def test_trouble_on_the_third_page_keeps_the_first_two_and_is_told(visitor, store, clock, trouble, health):
    if isinstance(trouble, RateLimited):
        trouble.until = clock() + timedelta(hours=5)
    collector = FakeCollector(list(TEXTS), trouble={4: trouble})
    run = visitor.visit(FAKE, collector)
    assert run.new == 4
    assert str(trouble) in run.trouble
    with store.read() as shelves:
        state = shelves.sources.states()[FAKE.name]
    assert state.health is health
    if health is Health.RESTING:
        assert state.next_due_at == clock() + timedelta(hours=5)
    assert visitor.visit(FAKE, collector).new == 3


def test_another_visitor_at_the_same_time_is_given_way_and_nothing_is_doubled(visitor, office, store):
    other = FakeCollector(list(TEXTS))
    mine = FakeCollector(
        list(TEXTS), before_page=lambda start: start == 2 and Visitor(office, touches).visit(FAKE, other)
    )
    run = visitor.visit(FAKE, mine)
    assert run.new == 2
    assert "another visitor" in run.notes[0]
    assert upkeep.row_counts(store.engine)["post"] == 7


def test_one_source_in_trouble_or_hanging_does_not_stop_the_others(visitor):
    chosen = [
        (Source(name=name, kind="feed"), FakeCollector(list(TEXTS), source=name, trouble=trouble))
        for name, trouble in (("a", {}), ("b", {0: ZeroDivisionError()}), ("c", {}))
    ]
    runs = {run.source: run for run in harvest(visitor, chosen)}
    assert [runs[name].new for name in "abc"] == [7, 0, 7]
    assert "please report it" in runs["b"].trouble


def test_a_visit_that_takes_too_long_ends_and_goes_on_next_time(office, store):
    settings = office.configuration.settings
    short = settings.scheduler.model_copy(update={"visit_limit": timedelta(0)})
    configuration = office.configuration.model_copy(
        update={"settings": settings.model_copy(update={"scheduler": short})}
    )
    visitor = Visitor(type(office)(configuration=configuration, store=store, now=office.now), touches)
    collector = FakeCollector(list(TEXTS))
    assert visitor.visit(FAKE, collector).new == 2
    assert sum(visitor.visit(FAKE, collector).new for _ in range(6)) == 5


def test_progress_hears_of_each_page(office):
    heard = []
    visitor = Visitor(office, touches, lambda source, tally: heard.append((source.name, tally["fetched"])))
    visitor.visit(FAKE, FakeCollector(list(TEXTS)))
    assert heard == [("fake", 2), ("fake", 4), ("fake", 6), ("fake", 7)]


def test_a_source_that_fails_is_tried_ever_more_rarely_but_within_hours(clock):
    waits = [after_failure(FAKE, clock(), failures=n) - clock() for n in range(20)]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=34)
    assert waits[-1] < SLOWEST * 1.1
    assert timedelta(minutes=30) <= after_success(FAKE, clock()) - clock() <= timedelta(minutes=33)


def test_an_unknown_source_is_refused_with_the_names_there_are(office):
    with pytest.raises(ConfigError, match="there is no source nosuch"):
        collectors(office, ["nosuch"])


def test_the_budget_is_the_smaller_of_day_and_month_and_begins_anew(office, clock):
    budget = Budget(office=office, source=SourceName("x"), a_day=100, a_month=250)
    assert budget.allowance() == 100
    budget.charge(70)
    assert budget.allowance() == 30
    clock.move(days=1)
    assert budget.allowance() == 100
    budget.charge(100)
    clock.move(days=1)
    assert budget.allowance() == 80
    clock.move(days=30)
    assert budget.allowance() == 100
    assert Budget(office=office, source=SourceName("x"), a_day=None, a_month=None).allowance() > 10**9
