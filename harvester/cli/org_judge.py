"""`harvester org merge`, `differ`, `relate`, `split` and `judgements`: staff's word on who is who."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.cli import show
from harvester.cli.office import open_office, reviewer
from harvester.model import OrganisationId, Relation

MOST_DIGITS = 9
"""Digits of a number that every database takes; more are a name."""
LARGEST = 10**MOST_DIGITS - 1
One = Annotated[int, typer.Argument(help="An entry's number, as `harvester org list` shows it.", min=1, max=LARGEST)]
Other = Annotated[str, typer.Argument(help="Another entry's number, or a name as posts write it.")]
By = Annotated[str | None, typer.Option(help="Who says so; else $HARVESTER_REVIEWER, else the login name.")]
Note = Annotated[str, typer.Option(help="Why, for colleagues.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def merge(context: typer.Context, one: One, other: Other, note: Note = "", by: By = None, json: AsJson = False) -> None:
    """Say that two entries are one organisation: it is asked about, counted and told once. Nothing is rewritten.

    With a name: posts that write it mean this entry.

    Example: harvester org merge 12 1234; harvester org merge 12 "Institut national démocrate"
    """
    _judge(context, Relation.SAME, one, other, by=by, note=note, json=json)


def differ(
    context: typer.Context, one: One, other: Other, note: Note = "", by: By = None, json: AsJson = False
) -> None:
    """Say that two entries are two organisations; nobody is asked again.

    With a name: posts that write it do not mean this entry; those that were taken so are judged anew.

    Example: harvester org differ 12 1234 --note "the Ugandan ministry"
    """
    _judge(context, Relation.DIFFERENT, one, other, by=by, note=note, json=json)


def relate(
    context: typer.Context, one: One, other: Other, note: Note = "", by: By = None, json: AsJson = False
) -> None:
    """Say that two entries are two organisations that belong together, as a chapter and its parent do.

    They stay apart, and the reviewer is shown the one beside the other.

    Example: harvester org relate 12 1234
    """
    _judge(context, Relation.RELATED, one, other, by=by, note=note, json=json)


def split(
    context: typer.Context,
    judgement: Annotated[
        int,
        typer.Argument(help="The judgement's number, as `harvester org judgements` shows it.", min=1, max=LARGEST),
    ],
    note: Note = "",
    by: By = None,
    json: AsJson = False,
) -> None:
    """Take a judgement back, whoever's it was: all is as if it had never been said.

    Example: harvester org split 3
    """
    from harvester.jobs import judgements

    office = open_office(context)
    taken_back = judgements.take_back(office, judgement, by=reviewer(by), note=note)
    if json:
        show.as_json(taken_back)
        return
    with office.store.read() as shelves:
        show.say(f"Taken back: {judgements.told(shelves, taken_back)}.")


def list_judgements(context: typer.Context, json: AsJson = False) -> None:
    """List what staff said of who is who, oldest first, also what was taken back.

    Example: harvester org judgements
    """
    from harvester.jobs import judgements

    office = open_office(context)
    with office.store.read() as shelves:
        every = shelves.judgements.all()
        standing = {one.id for one in shelves.judgements.clusters().standing}
        if json:
            show.as_json(every)
            return
        said = [one for one in every if one.undoes is None]
        undone = {one.undoes: one for one in every}
        for one in said:
            show.say(f"{one.id}  {judgements.told(shelves, one)}" + (f' "{one.note}"' if one.note else ""))
            if back := undone.get(one.id):
                show.say(f"   taken back by {back.by} on {back.at:%d %B %Y}", "dim")
    show.say(f"\n{len(standing)} stand. Take one back: harvester org split NUMBER", "dim")


def _judge(
    context: typer.Context, relation: Relation, one: int, other: str, *, by: str | None, note: str, json: bool
) -> None:
    from harvester.jobs import judgements

    office = open_office(context)
    is_number = other.isascii() and other.isdigit() and len(other) <= MOST_DIGITS
    meant = OrganisationId(int(other)) if is_number else other
    said = judgements.judge(office, relation, OrganisationId(one), meant, by=reviewer(by), note=note)
    if json:
        show.as_json(said)
        return
    with office.store.read() as shelves:
        show.say(f"{judgements.told(shelves, said)}. Take it back: harvester org split {said.id}")
