"""The background job: `python scheduler.py`. APScheduler only ticks; what is due is known by the database.

    every 5 s       visit the sources that are due, each in a thread of its own; judge what they brought
    every minute    write the day's letter when its hour has come; send the one that waits
    every hour      do the night's work if it was not done today

One scheduler at a time holds a lease in the database; another one waits for it. A visit that hangs holds up no other
source, and the end of the process neither: whatever dies is taken up again from the database at the next start.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from harvester import log
from harvester.collect import Collector
from harvester.config import Source, find_folder, load, supporters_file
from harvester.detect import Detector
from harvester.errors import DeliveryError, HarvesterError
from harvester.jobs import Office, maintain, register, send_digest
from harvester.jobs.harvest import Visitor, collectors
from harvester.jobs.judge import Judge
from harvester.store import Store

LEASE = "scheduler"
GRACE_SECONDS = 8.0
"""How long running visits may go on after SIGTERM; all is over within 10 s."""


@dataclass
class Watch:
    """What the ticks do. Each is safe to be called at any time, and again after any crash."""

    office: Office
    visitor: Visitor
    judge: Judge
    sources: list[tuple[Source, Collector]]
    holder: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    logger: log.Logger = field(default_factory=lambda: log.get("scheduler"))
    _waits: bool = False
    _running: dict[str, threading.Thread] = field(default_factory=dict)
    _judging: threading.Lock = field(default_factory=threading.Lock)

    def is_ours(self) -> bool:
        """Take or renew the lease; say False while another scheduler holds it.

        One that died on this machine is not waited for; one elsewhere is, until its lease ends.
        """
        length = self.office.configuration.settings.scheduler.lease
        with self.office.store.write() as shelves:
            held = shelves.leases.holder(LEASE)
            if held and has_died(held[0]):
                shelves.leases.release(LEASE, held[0])
            ours = shelves.leases.take(LEASE, self.holder, now=self.office.now(), length=length)
        if held and ours is self._waits:
            self.logger.info("lease taken" if ours else "waiting for the lease", held_by=held[0], until=str(held[1]))
        self._waits = not ours
        return ours

    def visit_due(self) -> None:
        """Begin a visit to each source that is due, in a thread of its own, unless its last one still runs."""
        if not self.is_ours():
            return
        self._running = {name: thread for name, thread in self._running.items() if thread.is_alive()}
        with self.office.store.read() as shelves:
            states = shelves.sources.states()
        for source, collector in self.sources:
            state = states.get(source.name)
            due = state is None or state.next_due_at is None or state.next_due_at <= self.office.now()
            if due and source.name not in self._running:
                # A daemon, so that a visit which hangs in a library cannot keep the process from ending.
                thread = threading.Thread(target=self._visit, args=(source, collector), name=source.name, daemon=True)
                self._running[source.name] = thread
                thread.start()

    def tell(self) -> None:
        """Write the day's letter if it is due, and send what waits."""
        if not self.is_ours():
            return
        try:
            if send_digest.is_due(self.office):
                send_digest.write(self.office)
            send_digest.send(self.office, self.holder)
        except DeliveryError:
            return  # it is logged and kept; the same bytes go again later

    def maintain(self) -> None:
        """Do the night's work once a day."""
        if self.is_ours():
            maintain.maintain_daily(self.office)

    def rest(self, seconds: float) -> None:
        """Wait up to `seconds` for the visits that are running, then give the lease back."""
        deadline = datetime.now(UTC).timestamp() + seconds
        for thread in self._running.values():
            thread.join(max(0.0, deadline - datetime.now(UTC).timestamp()))
        with self.office.store.write() as shelves:
            shelves.leases.release(LEASE, self.holder)

    def _visit(self, source: Source, collector: Collector) -> None:
        try:
            self.visitor.visit(source, collector)
            with self._judging:
                self.judge.judge_all()
        except HarvesterError as error:  # the database is away: nothing can be written down now, only logged
            self.logger.warning("visit failed", source=source.name, trouble=str(error))


def has_died(holder: str) -> bool:
    """Say whether a lease's holder was a process of this machine that is no more."""
    host, _, number = holder.rpartition(":")
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def build(watch: Watch) -> BackgroundScheduler:
    """Make the scheduler that ticks for `watch`; nothing runs before its `start()`."""
    # The default grace of 1 s would drop ticks in a busy second; stored jobs are not used (see docs/operating.md).
    ticking = BackgroundScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for tick, seconds in ((watch.visit_due, 5), (watch.tell, 60), (watch.maintain, 3600)):
        ticking.add_job(
            told(tick, watch.logger), "interval", seconds=seconds, id=tick.__name__, next_run_time=datetime.now(UTC)
        )
    return ticking


def told(tick: Callable[[], None], logger: log.Logger) -> Callable[[], None]:
    """Let a tick's trouble, such as a full disk, end in one log line; the next tick tries again."""

    def run() -> None:
        try:
            tick()
        except HarvesterError as error:
            logger.warning("tick failed", tick=tick.__name__, trouble=str(error))

    return run


def main() -> int:
    """Run until SIGTERM or Ctrl-C; give the exit code."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        watch = prepare()
    except HarvesterError as error:
        print(f"scheduler: {error}", file=sys.stderr)  # noqa: T201 -- the door speaks to the operator
        return 1
    ticking = build(watch)
    ticking.start()
    watch.logger.info("started", sources=len(watch.sources), holder=watch.holder)
    stop.wait()
    ticking.shutdown(wait=False)
    watch.rest(GRACE_SECONDS)
    watch.office.store.close()
    watch.logger.info("stopped")
    return 0


def prepare() -> Watch:
    """Read the configuration, make the database ready and open the sources; raise HarvesterError."""
    configuration = load(find_folder(None, os.environ))
    log.start(configuration.settings.log_level)
    office = Office(configuration=configuration, store=Store(configuration.database), now=lambda: datetime.now(UTC))
    office.store.ready()
    register.first_start(office, supporters_file(configuration.folder))
    detector = Detector(configuration.campaign, configuration.lexicons)
    return Watch(
        office=office,
        visitor=Visitor(office, detector.touches),
        judge=Judge(office, detector.detect),
        sources=collectors(office),
    )


if __name__ == "__main__":
    sys.exit(main())
