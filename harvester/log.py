"""One structured line a unit of work, to standard error: `harvested source=... new=... took=...`.

Libraries that log requests with their credentials (tweepy's bearer token, measured at DEBUG) are held at WARNING,
whatever level is set.
"""

from __future__ import annotations

import logging
import sys

import structlog

Logger = structlog.typing.FilteringBoundLogger

TALKATIVE = ("tweepy", "requests_oauthlib", "oauthlib", "urllib3", "mastodon", "aiohttp", "apscheduler", "asyncio")


def start(level: str, *, colours: bool | None = None) -> None:
    """Send log lines of `level` and above to standard error, coloured on a terminal."""
    number = logging.getLevelNamesMapping()[level.upper()]
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(
                colors=True, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
            )
            if (sys.stderr.isatty() if colours is None else colours)
            else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], drop_missing=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get(room: str) -> Logger:
    """Give the logger of one room of the house."""
    logger: Logger = structlog.get_logger(room=room)
    return logger
