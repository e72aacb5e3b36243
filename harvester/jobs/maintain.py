"""The night's work: a verified backup of a SQLite database, old ones and old records of visits let go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from harvester import log
from harvester.jobs import Office
from harvester.store import upkeep

NIGHT_HOUR = 3
REMEMBER_RUNS = timedelta(days=90)


def backup_folder(office: Office) -> Path:
    """Give the folder of the nightly backups: beside the config folder."""
    return office.configuration.folder.parent / "backups"


def maintain_daily(office: Office) -> Path | None:
    """Do the night's work if it is past three in the staff's time zone and was not done today."""
    local = office.now().astimezone(office.configuration.settings.time_zone)
    with office.store.read() as shelves:
        if local.hour < NIGHT_HOUR or shelves.leases.is_done("maintain", local.date()):
            return None
    made = maintain(office)
    with office.store.write() as shelves:
        shelves.leases.mark_done("maintain", local.date(), now=office.now())
    return made


def maintain(office: Office) -> Path | None:
    """Do the night's work; give the backup that was made, or None on PostgreSQL or when none are kept."""
    logger = log.get("maintain")
    with office.store.write() as shelves:
        forgotten = shelves.sources.forget_runs(office.now() - REMEMBER_RUNS)
    made = _backup(office)
    logger.info("maintained", runs_forgotten=forgotten, backup=str(made) if made else None)
    return made


def _backup(office: Office) -> Path | None:
    keep, folder = office.configuration.settings.keep_backups, backup_folder(office)
    if office.store.engine.dialect.name != "sqlite" or not keep:
        return None
    target = folder / f"harvester-{office.now():%Y%m%d-%H%M%S}.db"
    upkeep.backup(office.store.engine, target)
    for old in sorted(folder.glob("harvester-*.db"))[:-keep]:
        old.unlink()
    return target
