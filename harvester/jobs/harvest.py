"""Visit sources: every page is stored together with its cursor, so a visit that dies at any instant loses nothing.

for each page that the collector fetches, in one transaction:
    move the cursor (and stop if another visitor has moved it)
    read each item -> a post that touches the campaign is kept, another is counted,
                      an unreadable item is set aside whole
at the end: write down how it went and when the source is due again
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime

from harvester import __version__, log
from harvester.collect import Collector, Surroundings, open_source
from harvester.config import Source
from harvester.errors import ConfigError, HarvesterError, RateLimited, UnreadableItem
from harvester.jobs import Office
from harvester.jobs.budget import Budget
from harvester.jobs.due import after_failure, after_success
from harvester.model import Cursor, Health, Page, Post, RawItem, Run
from harvester.store import Shelves
from harvester.store.posts import Kept

Net = Callable[[Post], bool]
Progress = Callable[[Source, Counter[str]], None]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Visits sources for an office; `touches` is the wide net, `progress` hears of each page."""

    office: Office
    touches: Net
    progress: Progress = lambda _source, _tally: None
    logger: log.Logger = field(default_factory=lambda: log.get("harvest"))

    def visit(self, source: Source, collector: Collector) -> Run:
        """Fetch all that is new from one source; a source's trouble ends in the Run, not in an exception."""
        started, tally, notes = self.office.now(), Counter[str](), list[str]()
        trouble: Exception | None = None
        try:
            self._walk(source, collector, tally, notes)
        except HarvesterError as error:
            trouble = error
        except Exception as error:  # a bug in one collector must not stop the others; it is told
            self.logger.exception("fault", source=source.name)
            trouble = error
        return self._record(source, started, tally, notes, trouble)

    def _walk(self, source: Source, collector: Collector, tally: Counter[str], notes: list[str]) -> None:
        limit = self.office.configuration.settings.scheduler.visit_limit
        deadline = time.monotonic() + limit.total_seconds()
        with self.office.store.read() as shelves:
            cursor = shelves.sources.cursor(source.name)
        for page in collector.fetch(cursor):
            if not self._put_away(source, collector, page, since=cursor, tally=tally):
                notes.append("another visitor was here at the same time; it goes on alone")
                return
            cursor = page.cursor
            notes.extend([page.note] if page.note else [])
            self.progress(source, tally)
            if time.monotonic() > deadline:
                notes.append(f"the visit was ended after {limit}; the next one goes on from there")
                return

    def _put_away(
        self, source: Source, collector: Collector, page: Page, *, since: Cursor, tally: Counter[str]
    ) -> bool:
        """Store a page and its cursor as a whole; say False, and store nothing, if the cursor was moved by another."""
        of_page = Counter({"pages": 1, "fetched": len(page.items)})
        with self.office.store.write() as shelves:
            if not shelves.sources.advance(source.name, since=since, to=page.cursor):
                return False
            of_page.update(outcome for item in page.items for outcome in self._keep(shelves, collector, item))
        tally.update(of_page)
        return True

    def _keep(self, shelves: Shelves, collector: Collector, item: RawItem) -> Iterator[str]:
        try:
            post = collector.read(item)
        except UnreadableItem as error:
            kept = shelves.posts.set_aside(item, str(error))
            yield "unreadable" if kept is Kept.NEW else "repeat"
            return
        if post is None or not self.touches(post):
            yield "unrelated"
        else:
            yield shelves.posts.keep(item, post).value

    def _record(
        self, source: Source, started: datetime, tally: Counter[str], notes: list[str], trouble: Exception | None
    ) -> Run:
        ended = self.office.now()
        counts = {key: tally[key] for key in ("pages", "fetched", "new", "edited", "unrelated", "unreadable")}
        run = Run(
            source=source.name,
            started_at=started,
            ended_at=ended,
            trouble=_words(trouble),
            notes=tuple(dict.fromkeys(notes)),
            **counts,
        )
        with self.office.store.write() as shelves:
            before = shelves.sources.states().get(source.name)
            if trouble is None:
                health, due = Health.WELL, after_success(source, ended)
            elif isinstance(trouble, RateLimited):
                health, due = Health.RESTING, max(trouble.until, after_success(source, ended))
            else:
                health, due = Health.TROUBLE, after_failure(source, ended, failures=before.failures if before else 0)
            shelves.sources.record(run, health=health, next_due_at=due)
        self.logger.info(
            "harvested", source=source.name, **counts, took=str(ended - started), trouble=run.trouble or None
        )
        return run


def surroundings(office: Office, source: Source) -> Surroundings:
    """Give a source's collector what it needs from outside."""
    contact = office.configuration.settings.contact
    return Surroundings(
        user_agent=f"paris-call-harvester/{__version__}" + (f" ({contact})" if contact else ""),
        now=office.now,
        secret=office.configuration.secret,
        turns=office.turns,
        meter=lambda a_day, a_month: Budget(office=office, source=source.name, a_day=a_day, a_month=a_month),
    )


def collectors(office: Office, names: Sequence[str] = ()) -> list[tuple[Source, Collector]]:
    """Open the named sources, or all that are enabled; raise ConfigError for a wrong name or option."""
    known: dict[str, Source] = {source.name: source for source in office.configuration.sources}
    if unknown := [name for name in names if name not in known]:
        raise ConfigError(f"there is no source {', '.join(unknown)}; sources.toml has: {', '.join(known)}")
    chosen = [known[name] for name in dict.fromkeys(names)] if names else [s for s in known.values() if s.enabled]
    return [(source, open_source(source, surroundings(office, source))) for source in chosen]


def harvest(visitor: Visitor, chosen: Sequence[tuple[Source, Collector]]) -> Iterator[Run]:
    """Visit the chosen sources, each in a thread of its own so that none waits for another; yield each Run's end."""
    with ThreadPoolExecutor(max_workers=max(1, len(chosen)), thread_name_prefix="visit") as pool:
        visits = [pool.submit(visitor.visit, source, collector) for source, collector in chosen]
        for visit in as_completed(visits):
            yield visit.result()


def _words(trouble: Exception | None) -> str:
    if trouble is None or isinstance(trouble, HarvesterError):
        return str(trouble or "")
    return f"a fault in this program, please report it: {type(trouble).__name__}: {trouble}"
