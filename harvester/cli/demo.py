"""`harvester demo`: the whole job on sample posts, offline, in a throw-away folder."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli import show
from harvester.cli.case_page import print_case, print_queue
from harvester.cli.harvest import visit_all
from harvester.cli.office import office_of

if TYPE_CHECKING:
    from harvester.demo.server import DemoServer
    from harvester.jobs import Office
    from harvester.model import Case, CaseId

REVIEWER = "demo"


def demo(
    keep: Annotated[
        Path | None, typer.Option(help="Leave configuration and database in this folder, to try other commands on.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Then go on showing a new post every 20 seconds, until Ctrl-C.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of the sample server on 127.0.0.1; 0 takes a free one.")] = 0,
) -> None:
    """Show the whole job on sample posts: collect, judge, review, tell. Needs no network and no key.

    Example: harvester demo; harvester demo --keep /tmp/trial; harvester demo --keep /tmp/trial --serve
    """
    with _folder(keep) as folder, _server(port, drip=serve) as server:
        office = _open(folder, server.url)
        try:
            another = _tell(office)
        finally:
            office.store.close()
        if keep or serve:
            _print_commands(folder, another, serve=serve)
        else:
            _print_next()
        if serve:
            _wait(server.url)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="harvester-demo-") as folder:
        yield Path(folder)


@contextmanager
def _server(port: int, *, drip: bool) -> Iterator[DemoServer]:
    from harvester.demo.drip import HELD_BACK, serve
    from harvester.demo.sample import read_samples

    def now() -> datetime:
        return datetime.now(UTC)

    with serve(read_samples(now()), now=now, port=port, held_back=HELD_BACK if drip else 0) as server:
        yield server


def _open(folder: Path, url: str) -> Office:
    """Set the demonstration's office up; nothing of the environment, such as another database, has a say in it."""
    from harvester.config import load
    from harvester.demo import TOKEN, TOKEN_VARIABLE, write_config

    write_config(folder / "config", url, datetime.now(UTC).date())
    return office_of(load(folder / "config", {TOKEN_VARIABLE: TOKEN}), log_level="error")


def _tell(office: Office) -> CaseId:
    """Go through the job step by step; give the number of a case that still waits."""
    from harvester.jobs import send_digest
    from harvester.jobs.harvest import collectors
    from harvester.model import CaseState

    _heading(1, "Collect", "Every source is visited; here all of them are one small server on this machine.")
    visit_all(office, collectors(office))
    with office.store.read() as shelves:
        waiting = shelves.cases.in_states([CaseState.WAITING])
    _heading(
        2, "Review", "Each organisation that seems to have signed is a case, which waits for a person to decide it."
    )
    print_queue(waiting)
    case = _clearest(waiting)
    _heading(3, "One case", "All posts about one organisation are together, each with the reasons of the machine.")
    print_case(case, office.configuration.campaign)
    _confirm(office, case)
    _heading(4, "Tell", "Every morning staff get this e-mail, also on a day without news.")
    letter = send_digest.compose(office)
    show.say(f"Subject: {letter.subject}\n\n{letter.text}")
    return next(one.id for one in waiting if one.id != case.id)


def _clearest(cases: Sequence[Case]) -> Case:
    """Choose the case that shows most: seen on the most platforms, then in the most words."""
    return max(
        cases,
        key=lambda case: (
            len({evidence.post.author.platform for evidence in case.evidence}),
            len({evidence.quote for evidence in case.evidence}),
        ),
    )


def _confirm(office: Office, case: Case) -> None:
    """Decide the case as a reviewer would, so that the letter has something to tell."""
    from harvester.jobs import review
    from harvester.model import Move

    edit = review.Edit(segments=("global-south",))
    decided = review.decide(office, case.id, Move.CONFIRM, by=REVIEWER, edit=edit, seen=case.version)
    show.say(
        f"\nA reviewer confirms it: harvester case confirm {case.id} --segment global-south\n"
        f"→ {decided.organisation.name} is {decided.state} now and enters the register as a new signatory."
    )


def _heading(number: int, title: str, explanation: str) -> None:
    show.say(f"\n{number}. {title}", "bold cyan")
    show.say(f"{explanation}\n", "dim")


def _print_next() -> None:
    show.say("\n5. Your turn\n", "bold cyan")
    show.say("  harvester demo --keep trial     the same, and leaves it in the folder `trial` to try commands on")
    show.say("  harvester init                  writes a configuration for the real job")


def _print_commands(folder: Path, case: CaseId, *, serve: bool) -> None:
    from harvester.demo import TOKEN, TOKEN_VARIABLE

    show.say("\n5. Your turn\n", "bold cyan")
    show.say(f"  In {'another' if serve else 'this'} terminal, to work on this demonstration:")
    line = f"  export HARVESTER_CONFIG={folder / 'config'} {TOKEN_VARIABLE}={TOKEN}"
    # A line end put in by the console would break what is copied.
    show.console().print(show.styled(f"{line}\n"), soft_wrap=True)
    commands = {
        "harvester case list": "the queue",
        f"harvester case show {case}": "one case, with the reasons",
        f"harvester case confirm {case} --country KE": "decide it",
        f"harvester case undo {case}": "take that back",
        "harvester digest": "the e-mail as it would be now",
        "harvester org list": "the register of supporters",
    }
    if serve:
        commands |= {"harvester harvest": "see what has come in since", "python scheduler.py": "let it run by itself"}
    for command, meaning in commands.items():
        show.say(f"  {command:<42}{meaning}")
    if not serve:
        show.say(
            "\nThe sample server ends now, so `harvester harvest` will find nobody there; --serve keeps it.", "dim"
        )


def _wait(url: str) -> None:
    show.say(f"\nThe sample server at {url} shows a new post every 20 seconds. End it with Ctrl-C.", "bold")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        show.say("\nEnded.")
