"""The background job: due-ness from the database, no source waits for another, and it ends when told to."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fakes import FakeCollector
from smtp_servers import Mailbox, honest_server, settings

from harvester.config import Source
from harvester.errors import StoreError
from harvester.jobs import Office
from harvester.jobs.harvest import Visitor
from harvester.jobs.judge import Judge
from harvester.model import Finding, Label
from harvester.store import upkeep

FILE = Path(__file__).parents[1] / "scheduler.py"
_spec = importlib.util.spec_from_file_location("scheduler", FILE)
scheduler = importlib.util.module_from_spec(_spec)
sys.modules["scheduler"] = scheduler
_spec.loader.exec_module(scheduler)


def nothing(_post):
    return Finding(label=Label.MENTION, confidence=0.5, claims=(), reasons=(), language="en", rules_version="1")


@pytest.fixture
def watch(office):
    def make(*collectors, holder="me"):
        sources = [(Source(name=one.source, kind="feed", every="30m"), one) for one in collectors]
        return scheduler.Watch(
            office=office,
            visitor=Visitor(office, lambda _post: True),
            judge=Judge(office, nothing),
            sources=sources,
            holder=holder,
        )

    return make


def settle(watch):
    for thread in list(watch._running.values()):
        thread.join(10)


def posts(office):
    return upkeep.row_counts(office.store.engine)["post"]


def test_a_source_is_visited_when_it_is_due_and_not_before(watch, office, clock):
    collector = FakeCollector(["Paris 1"])
    due = watch(collector)
    due.visit_due()
    settle(due)
    collector.texts.append("Paris 2")
    clock.move(minutes=10)
    due.visit_due()
    settle(due)
    assert posts(office) == 1
    clock.move(minutes=30)
    due.visit_due()
    settle(due)
    assert posts(office) == 2


def test_what_was_missed_while_down_is_caught_up_once(watch, office, clock):
    starts = []
    collector = FakeCollector(["Paris 1"], before_page=starts.append)
    for _ in range(2):
        up = watch(collector)
        up.visit_due()
        settle(up)
        up.rest(1)
        clock.move(days=3)
    assert len(starts) == 2
    again = watch(collector)
    for _ in range(5):
        again.visit_due()
        settle(again)
    assert len(starts) == 3


def test_a_source_that_hangs_delays_no_other_and_is_not_visited_twice(watch, office, clock):
    over, hangs = threading.Event(), []

    def hang(_start):
        hangs.append(1)
        over.wait(30)

    stuck = FakeCollector(["Paris"], source="stuck", before_page=hang)
    others = [FakeCollector(["Paris"], source=f"well-{n}") for n in range(12)]
    busy = watch(stuck, *others)
    try:
        for _ in range(3):
            busy.visit_due()
            time.sleep(0.1)
            clock.move(hours=1)
        for name, thread in busy._running.items():
            if name != "stuck":
                thread.join(10)
        assert posts(office) == 12
        assert hangs == [1]
        start = time.monotonic()
        busy.rest(0.5)
        assert time.monotonic() - start < 3
    finally:
        over.set()
        settle(busy)


def test_only_the_holder_of_the_lease_works_and_another_takes_over_when_it_is_gone(watch, office, clock):
    collector = FakeCollector(["Paris"])
    first, second = watch(collector, holder="first"), watch(collector, holder="second")
    assert first.is_ours()
    second.visit_due()
    second.tell()
    second.maintain()
    assert posts(office) == 0
    clock.move(minutes=3)  # the first has died without a word
    second.visit_due()
    settle(second)
    assert posts(office) == 1
    assert not first.is_ours()
    second.rest(1)
    assert first.is_ours()


def test_a_scheduler_that_died_on_this_machine_is_not_waited_for(watch, office):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    host = socket.gethostname()
    assert watch(holder=f"{host}:{process.pid}").is_ours()
    assert watch(holder="another").is_ours()
    assert not watch(holder="a third").is_ours()
    assert not scheduler.has_died(f"{host}:{os.getpid()}")
    assert not scheduler.has_died(f"elsewhere:{process.pid}")


def test_the_letter_is_sent_once_a_day_and_trouble_with_it_stops_nothing(watch, office, clock):
    mailbox = Mailbox(refusals={"DATA": "451 later"})
    with honest_server(mailbox) as port:
        told = office.configuration.settings.digest.model_copy(
            update={"sender": "h@example.org", "recipients": ("ana@example.org",)}
        )
        changed = office.configuration.settings.model_copy(update={"smtp": settings(port), "digest": told})
        configuration = office.configuration.model_copy(update={"settings": changed})
        telling = watch()
        telling.office = Office(configuration=configuration, store=office.store, now=clock)
        telling.tell()
        assert mailbox.taken == []
        mailbox.refusals = {}
        for _ in range(6):
            clock.move(minutes=30)
            telling.tell()
    assert len(mailbox.taken) == 1


def test_the_nights_work_is_done_once_a_night(watch, office, clock):
    night = watch()
    for _ in range(24 * 2):
        clock.move(hours=1)
        night.maintain()
        night.is_ours()
    backups = sorted((office.configuration.folder.parent / "backups").glob("*.db"))
    assert len(backups) == (3 if office.store.engine.dialect.name == "sqlite" else 0)


def test_ticks_are_never_dropped_and_never_overlap(watch):
    ticking = scheduler.build(watch())
    ticking.start(paused=True)
    jobs = {job.id: job for job in ticking.get_jobs()}
    ticking.shutdown()
    assert set(jobs) == {"visit_due", "tell", "maintain"}
    assert all(job.misfire_grace_time is None and job.coalesce and job.max_instances == 1 for job in jobs.values())


def test_sigterm_ends_it_within_ten_seconds_though_a_source_hangs(tmp_path, quick_start):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        folder = tmp_path / "config"
        subprocess.run(
            [sys.executable, "-m", "harvester", "init", str(tmp_path)], check=True, capture_output=True, env=quick_start
        )
        (folder / "sources.toml").write_text(
            f'[[source]]\nname = "hangs"\nkind = "feed"\nurl = "http://127.0.0.1:{port}/feed"\nallow_private = true\n',
            encoding="utf-8",
        )
        process = subprocess.Popen(
            [sys.executable, str(FILE)],
            env=quick_start | {"HARVESTER_CONFIG": str(folder)},
            stderr=subprocess.PIPE,
            text=True,
        )
        silent.settimeout(60)
        connection, _ = silent.accept()  # the visit has begun, and will never be answered
        with connection:
            start = time.monotonic()
            os.kill(process.pid, signal.SIGTERM)
            _, log = process.communicate(timeout=20)
    assert time.monotonic() - start < 10
    assert process.returncode == 0
    assert "stopped" in log


def test_a_wrong_configuration_is_told_in_words_before_anything_starts(tmp_path, quick_start):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "harvester.toml").write_text("time_zone = 'Mars'", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(FILE)],
        env=quick_start | {"HARVESTER_CONFIG": str(tmp_path / "config")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "time_zone: found 'Mars'" in done.stderr
    assert "Traceback" not in done.stderr


class FullDisk:
    """A store that reads, and refuses to write while `full`."""

    def __init__(self, store):
        self.store, self.full = store, True
        self.engine, self.read = store.engine, store.read

    def write(self):
        if self.full:
            raise StoreError("the database cannot be used: disk full")
        return self.store.write()


def test_a_database_that_cannot_be_written_is_logged_and_survived(watch, office, clock, capsys):
    disk = FullDisk(office.store)
    running = watch(FakeCollector(["Paris 1"]))
    running.is_ours()
    broken = Office(configuration=office.configuration, store=disk, now=clock)
    running.visitor = Visitor(broken, lambda _post: True)
    running.visit_due()
    settle(running)
    assert "disk full" in capsys.readouterr().err
    disk.full = False
    running.visit_due()
    settle(running)
    assert posts(office) == 1
