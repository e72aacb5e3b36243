"""`harvester case review`: the queue, case by case, each answered with one key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli import show
from harvester.cli.case_page import print_case
from harvester.cli.office import open_office, reviewer
from harvester.errors import ConfigError, ReviewError
from harvester.model import Case, CaseId, CaseState, Judgement, Move, OrganisationId, Relation

if TYPE_CHECKING:
    from harvester.jobs import Office

MOVES = {"c": Move.CONFIRM, "d": Move.DECLINE, "p": Move.PARK}
RELATIONS = {"x": Relation.DIFFERENT, "r": Relation.RELATED}
END = {"q", ""}


def review(
    context: typer.Context,
    by: Annotated[str | None, typer.Option(help="Who decides; else $HARVESTER_REVIEWER, else the login name.")] = None,
) -> None:
    """Go through the waiting cases and answer each with one key; u takes the last answer back.

    Example: harvester case review
    """
    Table(open_office(context), reviewer(by)).clear()


@dataclass(slots=True)
class Table:
    """A reviewer's table: the cases passed over, and how to take back what was answered."""

    office: Office
    by: str
    passed: set[CaseId] = field(default_factory=set)
    undo: list[Callable[[], object]] = field(default_factory=list)

    def clear(self) -> None:
        """Show case after case and take a key for each, until none is left or the reviewer ends."""
        while case := self._next():
            self._show(case)
            key = _pressed()
            show.say(key if key.isprintable() else "")
            if key in END:
                break
            try:
                self._answer(case, key)
            except ReviewError as error:
                show.say(str(error), "red")
        with self.office.store.read() as shelves:
            waiting = shelves.cases.count().get(CaseState.WAITING, 0)
        show.say(f"{waiting} left for later." if waiting else "Nothing waits any more.")

    def _next(self) -> Case | None:
        with self.office.store.read() as shelves:
            waiting = shelves.cases.in_states([CaseState.WAITING])
        return next((case for case in waiting if case.id not in self.passed), None)

    def _show(self, case: Case) -> None:
        from harvester.jobs import judgements

        with self.office.store.read() as shelves:
            said = judgements.about(shelves, case.organisation.id)
        show.say("\n" + "─" * 60, "dim")
        print_case(case, self.office.configuration.campaign, said, commands=False)
        show.say("\n" + "  ".join(_keys(case)), "bold cyan")

    def _answer(self, case: Case, key: str) -> None:
        if key in MOVES:
            self._decide(case, MOVES[key])
        elif key in RELATIONS and _open_candidates(case):
            self._judge(case, RELATIONS[key], _open_candidates(case))
        elif key.isdecimal() and 0 < int(key) <= len(case.candidates):
            self._judge(case, Relation.SAME, [case.candidates[int(key) - 1].organisation.id])
        elif key == "u" and self.undo:
            self.undo.pop()()
            show.say("Taken back.")
        elif key in {"n", " ", "\r", "\n"}:
            self.passed.add(case.id)
        else:
            show.say("That key has no meaning here.", "yellow")

    def _decide(self, case: Case, move: Move) -> None:
        from harvester.jobs.review import decide

        decided = decide(self.office, case.id, move, by=self.by, seen=case.version)
        show.say(f"{decided.organisation.name}: {decided.state} now.")
        self.undo.append(partial(decide, self.office, case.id, Move.UNDO, by=self.by, seen=decided.version))

    def _judge(self, case: Case, relation: Relation, others: list[OrganisationId]) -> None:
        from harvester.jobs import judgements

        said: list[Judgement] = []
        # Before the first of them: if the second is refused, the first can still be taken back.
        self.undo.append(partial(self._take_back, said))
        new = case.organisation.id
        said.extend(judgements.judge(self.office, relation, other, new, by=self.by) for other in others)
        with self.office.store.read() as shelves:
            for one in said:
                show.say(f"{judgements.told(shelves, one)}.")

    def _take_back(self, said: Iterable[Judgement]) -> None:
        from harvester.jobs import judgements

        for one in said:
            judgements.take_back(self.office, one.id, by=self.by)


def _pressed() -> str:
    """Wait for a key; nothing is given at Ctrl-C, Ctrl-D and the end of input. Raise ConfigError without a terminal."""
    try:
        return typer.getchar().lower()
    except (KeyboardInterrupt, EOFError):
        return ""
    except OSError:
        raise ConfigError("harvester case review needs a terminal; elsewhere use harvester case confirm ...") from None


def _keys(case: Case) -> Iterator[str]:
    for number, candidate in enumerate(case.candidates[:9], 1):
        yield f"[{number}] same as {candidate.organisation.name}"
    if _open_candidates(case):
        yield "[x] different"
        yield "[r] related"
    yield from ("[c] confirm", "[d] decline", "[p] park", "[n] next", "[u] undo", "[q] quit")


def _open_candidates(case: Case) -> list[OrganisationId]:
    """Give the candidates of which staff have not said that they are related."""
    return [
        one.organisation.id for one in case.candidates if not any(reason.rule == "related" for reason in one.reasons)
    ]
