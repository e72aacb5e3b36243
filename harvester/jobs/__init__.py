"""The corridor: each job joins the rooms into one story that can be read aloud.

Data walks through them in this order: `harvest` brings posts in, `judge` turns posts into cases, `review` takes staff's
decisions, `judgements` their word on who is who, `send_digest` tells what is new. `register` imports the official list,
`recheck` proposes what a new entry may be one with, `rejudge` replays changed rules, `maintain` is the night's work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from harvester.collect import Turns
from harvester.config import Configuration
from harvester.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What every job needs: the configuration, the database and a clock (aware UTC)."""

    configuration: Configuration
    store: Store
    now: Callable[[], datetime]
    turns: Turns = field(default_factory=Turns)
    """Who may speak to which web host next: one for all sources, so that two feeds on one host do not come at once."""
