"""When a source is due again: steadily while it is well, ever more rarely while it is not."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from harvester.config import Source

SLOWEST = timedelta(hours=6)
"""A source in trouble is tried at least this often, so that "dead" is never a day old."""


def after_success(source: Source, ended: datetime) -> datetime:
    """Give the next due time after a visit that went well."""
    return ended + source.every * _spread(source)


def after_failure(source: Source, ended: datetime, *, failures: int) -> datetime:
    """Give the next due time after one more failure on top of `failures`: twice as long each time."""
    longer: timedelta = source.every * 2 ** min(failures, 16)
    return ended + max(source.every, min(longer, SLOWEST)) * _spread(source)


def _spread(source: Source) -> float:
    """Stretch the interval by up to a tenth, each source by its own, so that they do not all come at once."""
    return 1 + zlib.crc32(source.name.encode()) % 100 / 1000
