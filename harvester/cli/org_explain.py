"""`harvester org explain` and `harvester org duplicates`: show a person what entity resolution sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from harvester.cli import show
from harvester.cli.office import open_office

if TYPE_CHECKING:
    from harvester.resolve import Explanation, Register

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The organisation as a post names it.")],
    country: Annotated[str, typer.Option(help="Where it is: two letters of ISO 3166-1.")] = "",
    domain: Annotated[str, typer.Option(help="Its web address.")] = "",
    handle: Annotated[str, typer.Option(help="Its account.")] = "",
    json: AsJson = False,
) -> None:
    """Show how a name is read, which entries it may mean, and what speaks for and against each.

    Example: harvester org explain "Institut national démocrate" --country US
    """
    from harvester.model import Mention

    told = _register(context).explain(Mention(name=name, country=country, domain=domain, handle=handle))
    if json:
        show.as_json(as_values(told))
        return
    show.say(f"{told.match.outcome.value}: {_meaning(told)}", "bold")
    for key, value in as_values(told)["read"].items():
        show.say(f"  {key}: {_words(value) or '-'}")
    for number, (one, seen) in enumerate(zip(told.match.candidates, told.seen, strict=True), 1):
        place = f" ({one.organisation.country})" if one.organisation.country else ""
        show.say(f"\n{number}. {one.organisation.name}{place}  no. {one.organisation.id}, score {one.score:.2f}")
        for sort, reasons in (("sure", seen.certain), ("hint", seen.hints), ("veto", seen.vetoes)):
            for reason in reasons:
                show.say(f"   {sort}: {reason.detail} [{reason.rule}]")


def duplicates(context: typer.Context, json: AsJson = False) -> None:
    """List entries of the register that look like one organisation, and of which staff have not said; change nothing.

    Example: harvester org duplicates
    """
    from harvester.jobs.recheck import duplicates as unanswered

    office = open_office(context)
    with office.store.read() as shelves:
        found = unanswered(office, shelves)
    if json:
        show.as_json(found)
        return
    for pair in found:
        show.say(f"{pair.one.name} (no. {pair.one.id}) and {pair.other.name} (no. {pair.other.id})")
        show.say(f"   {'; '.join(reason.detail for reason in pair.reasons)}", "dim")
        show.say(f"   harvester org merge {pair.one.id} {pair.other.id}   (or: differ, relate)", "dim")
    show.say(f"\n{len(found)} pairs", "dim")


def as_values(told: Explanation) -> dict[str, Any]:
    """Give an explanation as plain values: how the mention was read, the outcome, the candidates."""
    query = told.query
    return {
        "read": {
            "forms": [
                {
                    "text": form.text,
                    "kind": form.kind.value,
                    "words": " ".join(form.core),
                    "legal form": " ".join(form.legal),
                }
                for form in query.forms
            ],
            "country": query.country,
            "domains": [host.name for host in query.hosts],
            "handles": sorted(query.handles),
            "state": query.state,
        },
        "outcome": told.match.outcome.value,
        "candidates": [
            {
                "id": one.organisation.id,
                "name": one.organisation.name,
                "score": one.score,
                "sure": seen.certain,
                "hints": seen.hints,
                "vetoes": seen.vetoes,
            }
            for one, seen in zip(told.match.candidates, told.seen, strict=True)
        ],
    }


def _register(context: typer.Context) -> Register:
    from harvester.jobs.recheck import known_organisations

    office = open_office(context)
    with office.store.read() as shelves:
        return known_organisations(office, shelves)


def _meaning(told: Explanation) -> str:
    if told.match.organisation:
        return told.match.organisation.name
    return "a person decides" if told.match.outcome == "possible" else "no entry of the register"


def _words(value: str | list[Any]) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(f"{one['words']} ({one['kind']})" if isinstance(one, dict) else one for one in value)
