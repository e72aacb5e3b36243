"""`harvester harvest` and `harvester run`: visit sources now, and judge what they bring."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli import show
from harvester.cli.office import open_office

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harvester.collect import Collector
    from harvester.config import Source
    from harvester.jobs import Office
    from harvester.jobs.harvest import Progress
    from harvester.jobs.judge import Verdicts
    from harvester.model import Run

SOME_SOURCES_IN_TROUBLE = 3
Chosen = list[tuple["Source", "Collector"]]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def harvest(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Names from sources.toml; all enabled ones if none.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Visit the named sources, or all, and judge what they bring. Exit code 3: some could not be read.

    Example: harvester harvest news-en mastodon-social
    """
    from harvester.jobs.harvest import collectors

    office = open_office(context)
    chosen = collectors(office, sources or ())
    _finish(visit_all(office, chosen, quiet=json), json=json)


def run(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Visit every source once, now.")] = False,
    json: AsJson = False,
) -> None:
    """Do the whole round once: visit every source, judge, and write and send the letter if it is due.

    Example: harvester run --once. To run unattended: python scheduler.py
    """
    from harvester.errors import DeliveryError
    from harvester.jobs import send_digest
    from harvester.jobs.harvest import collectors

    if not once:
        show.warn("harvester run: say --once; the unattended job is `python scheduler.py`")
        raise typer.Exit(2)
    office = open_office(context)
    visits = visit_all(office, collectors(office), quiet=json)
    try:
        if send_digest.is_due(office):
            send_digest.write(office)
        send_digest.send(office, "run --once")
    except DeliveryError as error:
        show.warn(f"the letter was not delivered, it will be tried again: {error}")
    _finish(visits, json=json)


def visit_all(office: Office, chosen: Chosen, *, quiet: bool = False) -> tuple[list[Run], Verdicts]:
    """Visit and judge, with a progress display on a terminal and plain lines otherwise."""
    from harvester.detect import Detector
    from harvester.jobs import harvest as job
    from harvester.jobs.judge import Judge

    detector = Detector(office.configuration.campaign, office.configuration.lexicons)
    runs: list[Run] = []
    with _progress([source for source, _ in chosen], quiet=quiet) as progress:
        for ended in job.harvest(job.Visitor(office, detector.touches, progress), chosen):
            runs.append(ended)
            if not quiet:
                show.say(_line(ended), "red" if ended.trouble else "")
    verdicts = Judge(office, detector.detect).judge_all()
    if not quiet:
        show.say(
            f"Judged {verdicts.judged} posts: {verdicts.announcements} announcements, "
            f"{verdicts.opened} new cases for review."
        )
    return runs, verdicts


@contextmanager
def _progress(sources: Sequence[Source], *, quiet: bool) -> Iterator[Progress]:
    """Show a line a source while visits run, if somebody watches."""
    if quiet or not sys.stdout.isatty():
        yield lambda _source, _tally: None
        return
    from rich.progress import Progress as Display
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
    )
    with Display(*columns, console=show.console(), transient=True) as display:
        lines = {source.name: display.add_task(source.name, total=None, told="connecting ...") for source in sources}

        def progress(source: Source, tally: Counter[str]) -> None:
            told = f"page {tally['pages']}: {tally['fetched']} posts seen, {tally['new']} new"
            display.update(lines[source.name], told=told)

        yield progress


def _line(run: Run) -> str:
    if run.trouble:
        return f"  ✗ {run.source}: {run.trouble}"
    notes = "".join(f"\n      note: {note}" for note in run.notes)
    aside = f", {run.unreadable} unreadable set aside" if run.unreadable else ""
    edited = f", {run.edited} edited" if run.edited else ""
    return f"  ✓ {run.source}: {run.fetched} seen, {run.new} new, {run.unrelated} unrelated{edited}{aside}{notes}"


def _finish(visits: tuple[list[Run], Verdicts], *, json: bool) -> None:
    runs, verdicts = visits
    if json:
        show.as_json({"runs": runs, "verdicts": verdicts})
    if any(run.trouble for run in runs):
        raise typer.Exit(SOME_SOURCES_IN_TROUBLE)
