"""`harvester org`: the register of known supporters, new signatories and candidates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli import org_explain, org_judge, org_match, show
from harvester.cli.office import open_office
from harvester.model import Organisation, OrganisationId, Standing

if TYPE_CHECKING:
    from harvester.jobs import Office

app = typer.Typer(help="The register of organisations.", no_args_is_help=True, rich_markup_mode=None)
app.command("match")(org_match.match)
app.command("explain")(org_explain.explain)
app.command("duplicates")(org_explain.duplicates)
app.command("merge")(org_judge.merge)
app.command("differ")(org_judge.differ)
app.command("relate")(org_judge.relate)
app.command("split")(org_judge.split)
app.command("judgements")(org_judge.list_judgements)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command("import")
def import_list(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A CSV file with the official list's columns; else the shipped one.")
    ] = None,
    aliases: Annotated[
        Path | None, typer.Option(help="Instead: a file of other names from ROR, Wikidata, GLEIF or name,alias rows.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Add the supporters of the official list that the register does not have; nothing is deleted.

    With --aliases, teach the register other names of its entries; docs/aliases.md says from which files.

    Example: harvester org import supporters.csv; harvester org import --aliases ror-data.json
    """
    office = open_office(context)
    if aliases:
        _import_aliases(office, aliases, json=json)
        return
    from harvester.config import supporters_file
    from harvester.jobs import register

    done = register.import_list(office, file or supporters_file(office.configuration.folder))
    if json:
        show.as_json(done)
        return
    show.say(f"Read {done.read} supporters, {done.added} of them new to the register.")
    if done.proposed:
        show.say(f"{done.proposed} may be what posts have brought already: harvester org duplicates", "yellow")
    if done.skipped:
        show.say(f"Without a name, left out: lines {', '.join(map(str, done.skipped))}.", "yellow")


def _import_aliases(office: Office, file: Path, *, json: bool) -> None:
    from harvester.jobs.aliases import import_aliases

    done = import_aliases(office, file)
    if json:
        show.as_json(done)
        return
    show.say(f"Read {done.read} organisations, {done.matched} of them in the register; added {done.added} other names.")
    if done.ambiguous:
        show.say(f"Left alone, as the file has several that each may be: {'; '.join(done.ambiguous)}.", "yellow")


@app.command("list")
def list_organisations(
    context: typer.Context,
    search: Annotated[str, typer.Argument(help="Part of a name, alias, handle or domain.")] = "",
    standing: Annotated[Standing | None, typer.Option(help="Only these.")] = None,
    json: AsJson = False,
) -> None:
    """Show the register, by name.

    Example: harvester org list --standing signatory; harvester org list hospital
    """
    office = open_office(context)
    with office.store.read() as shelves:
        register = shelves.judgements.clusters().united(shelves.organisations.all())
    wanted = search.casefold()
    found = [
        one
        for one in register
        if standing in {None, one.standing}
        and any(wanted in name.casefold() for name in (one.name, *one.aliases, *one.handles, *one.domains))
    ]
    if json:
        show.as_json(found)
        return
    rows = [
        (str(one.id), one.name, one.standing, one.country, one.category or "", ", ".join(one.segments)) for one in found
    ]
    show.table(("no.", "name", "standing", "country", "category", "segments"), rows, wraps="name")
    show.say(f"\n{len(found)} organisations", "dim")


@app.command("show")
def show_organisation(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Its number, as `harvester org list` shows it.")],
    json: AsJson = False,
) -> None:
    """Show one organisation, what staff said of who it is, and what posts said of it.

    Example: harvester org show 12
    """
    from harvester.jobs import judgements

    office = open_office(context)
    with office.store.read() as shelves:
        clusters = shelves.judgements.clusters()
        members = clusters.members(shelves.organisations.get(OrganisationId(number)).id)
        entries = [shelves.organisations.get(key) for key in sorted(members)]
        (one,) = clusters.united(entries)
        quotes = shelves.cases.quotes_about(members)
        said = judgements.about(shelves, one.id)
    if json:
        quoted = [{"url": url, "quote": quote} for url, quote in quotes]
        words = [judgement for judgement, _ in said]
        show.as_json({"organisation": one, "entries": entries, "judgements": words, "quotes": quoted})
        return
    _print_facts(one)
    for judgement, sentence in said:
        show.say(f"  {sentence}\n    take it back: harvester org split {judgement.id}")
    for url, quote in quotes:
        show.say(f"\n  “{quote}”\n  {url}")


def _print_facts(one: Organisation) -> None:
    show.say(one.name, "bold")
    facts = {
        "standing": one.standing,
        "country": one.country,
        "category": one.category or "",
        "segments": ", ".join(one.segments),
        "also called": ", ".join(one.aliases),
        "handles": ", ".join(one.handles),
        "domains": ", ".join(one.domains),
        "signed on": one.signed_on.isoformat() if one.signed_on else "",
    }
    for key, value in facts.items():
        show.say(f"  {key}: {value or '-'}")
