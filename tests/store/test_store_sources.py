from datetime import date, timedelta

from fakes import NOON

from harvester.model import START, Cursor, Health, Run, SourceName

FEED = SourceName("feed")


def a_run(**changes):
    return Run(**({"source": FEED, "started_at": NOON, "ended_at": NOON + timedelta(seconds=3)} | changes))


def test_a_cursor_moves_only_from_where_it_stood(store):
    with store.write() as shelves:
        assert shelves.sources.cursor(FEED) == START
        assert shelves.sources.advance(FEED, since=START, to=Cursor("a"))
        assert not shelves.sources.advance(FEED, since=START, to=Cursor("b"))
        assert shelves.sources.cursor(FEED) == "a"


def test_a_visit_leaves_when_the_next_is_due_and_how_it_went(store):
    later = NOON + timedelta(hours=1)
    with store.write() as shelves:
        shelves.sources.record(a_run(new=2, notes=("a gap",)), health=Health.WELL, next_due_at=later)
        state = shelves.sources.states()[FEED]
        assert (state.health, state.next_due_at, state.failures) == (Health.WELL, later, 0)
        assert state.last_success_at == state.last_new_at == NOON + timedelta(seconds=3)
        assert shelves.sources.runs(FEED) == [a_run(new=2, notes=("a gap",))]
        assert shelves.sources.notes(NOON) == [(FEED, "a gap")]


def test_failures_add_up_and_end_with_a_success(store):
    with store.write() as shelves:
        for expected in (1, 2):
            shelves.sources.record(a_run(trouble="no answer"), health=Health.TROUBLE, next_due_at=NOON)
            assert shelves.sources.states()[FEED].failures == expected
        assert shelves.sources.states()[FEED].last_success_at is None
        shelves.sources.record(a_run(), health=Health.WELL, next_due_at=NOON)
        assert shelves.sources.states()[FEED].failures == 0


def test_old_records_of_visits_are_forgotten(store):
    with store.write() as shelves:
        for days in (0, 100):
            at = NOON - timedelta(days=days)
            shelves.sources.record(a_run(started_at=at, ended_at=at), health=Health.WELL, next_due_at=NOON)
        assert shelves.sources.forget_runs(NOON - timedelta(days=90)) == 1
        assert len(shelves.sources.runs(FEED)) == 1


def test_spending_adds_up_by_day_and_month(store):
    with store.write() as shelves:
        for day, reads in ((31, 5), (31, 7), (30, 100)):
            shelves.spending.add(FEED, date(2027, 5, day), reads)
        shelves.spending.add(FEED, date(2027, 5, 31), -2)
        assert shelves.spending.since(FEED, date(2027, 5, 31)) == 10
        assert shelves.spending.since(FEED, date(2027, 5, 1)) == 110
        assert shelves.spending.since(SourceName("other"), date(2027, 5, 1)) == 0


def test_a_lease_has_one_holder_until_it_ends(store):
    length = timedelta(minutes=2)
    with store.write() as shelves:
        assert shelves.leases.take("scheduler", "a", now=NOON, length=length)
        assert shelves.leases.take("scheduler", "a", now=NOON + timedelta(minutes=1), length=length)
        assert not shelves.leases.take("scheduler", "b", now=NOON + timedelta(minutes=2), length=length)
        assert shelves.leases.take("scheduler", "b", now=NOON + timedelta(minutes=3), length=length)
        shelves.leases.release("scheduler", "a")
        assert shelves.leases.holder("scheduler") == ("b", NOON + timedelta(minutes=5))
        shelves.leases.release("scheduler", "b")
        assert shelves.leases.holder("scheduler") is None


def test_a_daily_task_is_done_once_a_day(store):
    with store.write() as shelves:
        assert not shelves.leases.is_done("maintain", date(2027, 6, 1))
        shelves.leases.mark_done("maintain", date(2027, 6, 1), now=NOON)
        assert shelves.leases.is_done("maintain", date(2027, 6, 1))
        assert not shelves.leases.is_done("maintain", date(2027, 6, 2))
