"""`harvester db`: upgrade, back up and check the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from harvester.cli import show
from harvester.cli.office import open_store

app = typer.Typer(help="Upgrade, back up and check the database.", no_args_is_help=True, rich_markup_mode=None)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to the version that this program needs; a SQLite file is backed up first.

    Example: harvester db upgrade
    """
    from harvester.store import upkeep

    configuration, store = open_store(context)
    here = upkeep.version(store.engine)
    if here == upkeep.newest():
        show.say(f"The database has version {here} already.")
        return
    if here and store.engine.dialect.name == "sqlite":
        target = _target(configuration.folder, "before-upgrade")
        upkeep.backup(store.engine, target)
        show.say(f"Backed up to {target}.")
    before, after = upkeep.upgrade(store.engine)
    show.say(f"The database went from version {before or 'none'} to {after}.")


@app.command()
def backup(
    context: typer.Context,
    target: Annotated[
        Path | None, typer.Argument(help="File to write; else backups/ beside the config folder.")
    ] = None,
) -> None:
    """Copy a SQLite database while others work with it, and read the copy through before it gets its name.

    Example: harvester db backup /mnt/usb/harvester.db
    """
    from harvester.store import upkeep

    configuration, store = open_store(context)
    store.ready()
    target = target or _target(configuration.folder, "harvester")
    rows = upkeep.backup(store.engine, target)
    show.say(f"Backed up to {target}: {sum(rows.values())} rows in {len(rows)} tables, read through.")


@app.command()
def check(context: typer.Context, json: AsJson = False) -> None:
    """Look for damage and for a missing upgrade, and count the rows.

    Example: harvester db check --json
    """
    from harvester.store import upkeep

    _, store = open_store(context)
    troubles = upkeep.check(store.engine)
    rows = {} if troubles else upkeep.row_counts(store.engine)
    if json:
        show.as_json({"troubles": troubles, "rows": rows})
    else:
        for trouble in troubles:
            show.say(f"✗ {trouble}", "red")
        show.table(("table", "rows"), [(name, str(count)) for name, count in rows.items()])
    if troubles:
        raise typer.Exit(1)


def _target(folder: Path, name: str) -> Path:
    return folder.parent / "backups" / f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
