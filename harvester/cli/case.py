"""`harvester case`: the review queue of staff. Every decision is kept with who and when, and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from harvester.cli import case_review, show
from harvester.cli.case_page import print_case, print_queue
from harvester.cli.office import open_office, reviewer
from harvester.errors import ConfigError
from harvester.model import CaseId, CaseState, Category, Move

if TYPE_CHECKING:
    from harvester.config import Campaign
    from harvester.jobs import Office

app = typer.Typer(help="The review queue: look at cases and decide them.", no_args_is_help=True, rich_markup_mode=None)

Number = Annotated[int, typer.Argument(help="The case's number, as `harvester case list` shows it.")]
By = Annotated[str | None, typer.Option(help="Who decides; else $HARVESTER_REVIEWER, else the login name.")]
Note = Annotated[str, typer.Option(help="Why, for colleagues.")]
Seen = Annotated[
    int | None, typer.Option(help="The version you looked at; refused if somebody decided since.", metavar="VERSION")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Name = Annotated[str | None, typer.Option(help="The organisation's right name.")]
Country = Annotated[str | None, typer.Option(help="Two letters of ISO 3166, such as KE.")]
CategoryIs = Annotated[Category | None, typer.Option(help="As on the official list.")]
Segments = Annotated[
    list[str] | None, typer.Option("--segment", help="A focus group of campaign.toml; may be given several times.")
]


@app.command("list")
def list_cases(
    context: typer.Context,
    state: Annotated[
        list[CaseState] | None, typer.Option(help="Which cases; without it those that wait or are parked.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show the cases that ask for a decision, oldest first.

    Example: harvester case list --state confirmed --state declined
    """
    office = open_office(context)
    with office.store.read() as shelves:
        cases = shelves.cases.in_states(state or [one for one in CaseState if one.is_open])
    if json:
        show.as_json(cases)
    else:
        print_queue(cases)


@app.command("show")
def show_case(context: typer.Context, case: Number, json: AsJson = False) -> None:
    """Show one case: who, where it was seen, why the machine thinks so, and what was decided.

    Example: harvester case show 12
    """
    from harvester.jobs import judgements

    office = open_office(context)
    with office.store.read() as shelves:
        found = shelves.cases.get(CaseId(case))
        said = judgements.about(shelves, found.organisation.id)
    if json:
        show.as_json(found)
    else:
        print_case(found, office.configuration.campaign, said)


app.command("review")(case_review.review)


@app.command()
def confirm(
    context: typer.Context,
    case: Number,
    name: Name = None,
    country: Country = None,
    category: CategoryIs = None,
    segment: Segments = None,
    note: Note = "",
    by: By = None,
    seen: Seen = None,
    json: AsJson = False,
) -> None:
    """Confirm that the organisation signed: it enters the register as a new signatory, and the next letter tells it.

    Example: harvester case confirm 12 --country KE --category civil-society --segment global-south
    """
    given = Given(by, note, seen, name, country, category, segment)
    _decide(context, case, Move.CONFIRM, given, json=json)


@app.command()
def decline(
    context: typer.Context, case: Number, note: Note = "", by: By = None, seen: Seen = None, json: AsJson = False
) -> None:
    """Decline: this is no new signature.

    Example: harvester case decline 12 --note "it is the 2004 appeal on chemicals"
    """
    _decide(context, case, Move.DECLINE, Given(by, note, seen), json=json)


@app.command()
def park(
    context: typer.Context, case: Number, note: Note = "", by: By = None, seen: Seen = None, json: AsJson = False
) -> None:
    """Park: it needs an answer from somebody first.

    Example: harvester case park 12 --note "wrote to them on Monday"
    """
    _decide(context, case, Move.PARK, Given(by, note, seen), json=json)


@app.command()
def reopen(
    context: typer.Context, case: Number, note: Note = "", by: By = None, seen: Seen = None, json: AsJson = False
) -> None:
    """Put a parked, confirmed or declined case back into the queue.

    Example: harvester case reopen 12
    """
    _decide(context, case, Move.REOPEN, Given(by, note, seen), json=json)


@app.command()
def undo(
    context: typer.Context, case: Number, note: Note = "", by: By = None, seen: Seen = None, json: AsJson = False
) -> None:
    """Take the last decision on a case back, whoever took it and whenever.

    Example: harvester case undo 12
    """
    _decide(context, case, Move.UNDO, Given(by, note, seen), json=json)


@app.command()
def edit(
    context: typer.Context,
    case: Number,
    name: Name = None,
    country: Country = None,
    category: CategoryIs = None,
    segment: Segments = None,
    note: Note = "",
    by: By = None,
    seen: Seen = None,
    json: AsJson = False,
) -> None:
    """Correct the organisation's name, country, category or segments without deciding the case.

    Example: harvester case edit 12 --name "Hospital San Rafael" --country CO --segment hospitals
    """
    given = Given(by, note, seen, name, country, category, segment)
    _decide(context, case, Move.EDIT, given, json=json)


class Given(NamedTuple):
    """What a reviewer gave with a decision."""

    by: str | None
    note: str
    seen: int | None
    name: str | None = None
    country: str | None = None
    category: Category | None = None
    segments: list[str] | None = None


def _decide(context: typer.Context, case: int, move: Move, given: Given, *, json: bool) -> None:
    from harvester.jobs import review

    office = open_office(context)
    edit = review.Edit(
        name=given.name,
        country=_country(given.country),
        category=given.category,
        segments=_segments(office.configuration.campaign, given.segments),
    )
    decided = review.decide(
        office, CaseId(case), move, by=reviewer(given.by), note=given.note, edit=edit, seen=given.seen
    )
    if json:
        show.as_json(decided)
        return
    show.say(
        f"Case {decided.id}, {decided.organisation.name}: {decided.state} now. "
        f"Take it back: harvester case undo {decided.id}"
    )
    show.say(_left(office), "dim")


def _country(given: str | None) -> str | None:
    from babel import Locale

    code = given.strip().upper() if given else given
    if code and (len(code) != 2 or code not in Locale("en").territories):  # noqa: PLR2004 -- ISO 3166-1 alpha-2
        raise ConfigError(f"--country: found {given!r}; allowed: two letters of ISO 3166, such as KE, BR or FR")
    return code


def _segments(campaign: Campaign, given: list[str] | None) -> tuple[str, ...] | None:
    known = [segment.key for segment in campaign.segments]
    if wrong := [key for key in given or () if key not in known]:
        raise ConfigError(f"--segment: found {', '.join(wrong)}; allowed by campaign.toml: {', '.join(known)}")
    return None if given is None else tuple(dict.fromkeys(given))


def _left(office: Office) -> str:
    with office.store.read() as shelves:
        waiting = shelves.cases.count().get(CaseState.WAITING, 0)
    return f"{waiting} waiting. See them: harvester case list" if waiting else "Nothing waits."
