"""Open the office for a command: read the configuration, make the database ready, bring in the official list."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from harvester.config import Configuration
    from harvester.jobs import Office
    from harvester.store import Store


def read_configuration(context: typer.Context) -> Configuration:
    """Read the configuration that the options and the environment choose; raise ConfigError."""
    from harvester.config import find_folder, load

    return load(find_folder(context.obj, os.environ), os.environ)


def open_office(context: typer.Context) -> Office:
    """Give the office that the options and the environment choose, until the command ends; raise HarvesterError."""
    office = office_of(read_configuration(context))
    context.call_on_close(office.store.close)
    return office


def open_store(context: typer.Context) -> tuple[Configuration, Store]:
    """Give the configuration, and its database as it is, until the command ends; raise HarvesterError."""
    from harvester.store import Store

    configuration = read_configuration(context)
    store = Store(configuration.database)
    context.call_on_close(store.close)
    return configuration, store


def office_of(configuration: Configuration, *, log_level: str = "warning") -> Office:
    """Give the office with a database that is ready and knows the official list; raise HarvesterError."""
    from harvester import log
    from harvester.config import supporters_file
    from harvester.jobs import Office, register
    from harvester.store import Store

    log.start(log_level)
    office = Office(configuration=configuration, store=Store(configuration.database), now=lambda: datetime.now(UTC))
    try:
        office.store.ready()
        register.first_start(office, supporters_file(configuration.folder))
    except BaseException:
        office.store.close()
        raise
    return office


def reviewer(given: str | None) -> str:
    """Give the name under which a decision is kept: the one given, else $HARVESTER_REVIEWER, else the login name."""
    return given or os.environ.get("HARVESTER_REVIEWER") or getpass.getuser()
