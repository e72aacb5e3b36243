"""The door for people: `harvester`, one file a noun. Heavy imports stand inside the commands, so --help is quick."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from harvester.cli import case, db, demo, detect, digest, harvest, org, rejudge, setup, show
from harvester.errors import HarvesterError

app = typer.Typer(
    name="harvester",
    help="Notice that an organisation announced its signature of the Paris Call, and tell the right people.",
    epilog="New here? Try: harvester demo",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        str | None, typer.Option(help="Folder of the configuration; else $HARVESTER_CONFIG, ./config, the shipped one.")
    ] = None,
) -> None:
    """Keep what holds for all commands."""
    context.obj = config


app.command("demo")(demo.demo)
app.command("init")(setup.init)
app.command("check")(setup.check)
app.command("run")(harvest.run)
app.command("harvest")(harvest.harvest)
app.add_typer(case.app, name="case")
app.command("digest")(digest.digest)
app.add_typer(org.app, name="org")
app.command("detect")(detect.detect)
app.command("rejudge")(rejudge.rejudge)
app.add_typer(db.app, name="db")


def main() -> None:
    """Run the command line; a foreseen trouble is told in words and ends with exit code 1."""
    try:
        app()
    except HarvesterError as error:
        show.warn(f"harvester: {error}")
        sys.exit(1)
