"""`harvester init` and `harvester check`: set it up, and see whether it would work."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from harvester.cli import show
from harvester.cli.office import open_office, read_configuration
from harvester.errors import HarvesterError

if TYPE_CHECKING:
    from harvester.config import Configuration
    from harvester.jobs import Office

EDITED = ("harvester.toml", "sources.toml", "campaign.toml", "example.env")


class Finding(NamedTuple):
    """One line of `harvester check`: None for `well` is "not used"."""

    what: str
    well: bool | None
    detail: str


def init(folder: Annotated[Path, typer.Argument(help="Where; its `config` folder is made.")] = Path()) -> None:
    """Write a configuration to edit, with comments; files that are there already are left alone.

    Example: harvester init /srv/harvester
    """
    from harvester.config import shipped_folder

    target = folder / "config"
    target.mkdir(parents=True, exist_ok=True)
    for name in EDITED:
        if (target / name).exists():
            show.say(f"  kept     {target / name} (it was there already)")
        else:
            shutil.copyfile(shipped_folder() / name, target / name)
            show.say(f"  written  {target / name}")
    show.say(
        f"\nNow fill in, in {target}:\n"
        "  harvester.toml   time_zone, contact, and under [digest] and [smtp] who gets the letter and by which server\n"
        "  sources.toml     which sources to watch; it works as it is, without any key\n"
        "  campaign.toml    start and end of this year's campaign\n"
        "  example.env      the names of the secrets; set them in the environment, never in these files\n"
        f"\nThen see whether it would work:\n  HARVESTER_CONFIG={target.absolute()} harvester check"
    )


def check(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Do not touch sources and mail server.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """See whether it would work: configuration, database, each source, the mail server; a line each, with the remedy.

    Example: harvester check --offline
    """
    found: list[Finding] = []
    for finding in _findings(context, offline=offline):
        found.append(finding)
        if not json:
            show.say(_line(finding), "" if finding.well else "dim" if finding.well is None else "red")
    if json:
        show.as_json([finding._asdict() for finding in found])
    if any(finding.well is False for finding in found):
        raise typer.Exit(1)


def _findings(context: typer.Context, *, offline: bool) -> Iterator[Finding]:
    try:
        configuration = read_configuration(context)
    except HarvesterError as error:
        yield Finding("configuration", well=False, detail=str(error))
        return
    yield Finding("configuration", well=True, detail=f"read from {configuration.folder}")
    yield _campaign(configuration)
    from harvester.jobs.status import known_supporters

    office = None
    try:
        office = open_office(context)
        with office.store.read() as shelves:
            listed = known_supporters(shelves)
        yield Finding("database", well=True, detail=f"{office.store.engine.dialect.name}, knows {listed} supporters")
    except HarvesterError as error:
        yield Finding("database", well=False, detail=str(error))
    if office and not offline:
        yield from _sources(office)
    yield _mail(configuration, offline=offline)


def _campaign(configuration: Configuration) -> Finding:
    from datetime import UTC, datetime

    from harvester.jobs.status import progress

    today = datetime.now(UTC).astimezone(configuration.settings.time_zone).date()
    seen = progress(configuration.campaign, [], today)
    until = f" to {seen.end}" if seen.end else ""
    return Finding("campaign", well=True, detail=f"{configuration.campaign.name}: {seen.phase} ({seen.start}{until})")


def _sources(office: Office) -> Iterator[Finding]:
    """Fetch one page from each source and try to read it; nothing is stored."""
    from harvester.jobs.harvest import collectors
    from harvester.jobs.probe import probe

    try:
        chosen = collectors(office)
    except HarvesterError as error:
        yield Finding("sources", well=False, detail=str(error))
        return
    for source, collector in chosen:
        yield _tried(f"source {source.name}", partial(probe, collector))
    for source in office.configuration.sources:
        if not source.enabled:
            yield Finding(f"source {source.name}", well=None, detail="not enabled in sources.toml")


def _mail(configuration: Configuration, *, offline: bool) -> Finding:
    from harvester.digest import mail

    settings = configuration.settings
    if not settings.smtp.host or not settings.digest.recipients or not settings.digest.sender:
        remedy = "nobody gets the letter: set smtp.host, digest.sender and digest.recipients in harvester.toml"
        return Finding("mail", well=False, detail=remedy)
    if offline:
        return Finding("mail", well=None, detail="not tried")
    password = configuration.secret(settings.smtp.password_secret)
    return _tried("mail", lambda: mail.probe(settings.smtp, password))


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(what, well=True, detail=attempt())
    except HarvesterError as error:
        return Finding(what, well=False, detail=str(error))


def _line(finding: Finding) -> str:
    mark = {True: "✓", False: "✗", None: "-"}[finding.well]
    return f"{mark} {finding.what}: {finding.detail}"
