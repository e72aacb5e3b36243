"""The demonstration: sample posts, a server on loopback that shows them as the platforms would, and its configuration.

`sample` holds the posts as their authors wrote them, `server` shows them (`syndication`, `mastodon` and `x` give them
each platform's form), `drip` lets new ones appear, and `write_config` points the real collectors at it all.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from harvester.config import shipped_folder
from harvester.errors import ConfigError

TOKEN_VARIABLE = "DEMO_X_TOKEN"  # noqa: S105 -- the name of the variable, not the token
TOKEN = "demo"  # noqa: S105 -- the demonstration's server takes any
BEGAN = timedelta(days=60)
LASTS = timedelta(days=157)
"""From 25 May to 29 October, as the real campaign."""
TEMPLATES = Path(__file__).with_name("config")


def write_config(folder: Path, url: str, today: date) -> None:
    """Write a configuration whose sources are the demonstration's server at `url` and whose campaign runs `today`.

    Raises ConfigError when `folder` holds a configuration already.
    """
    if (folder / "harvester.toml").exists():
        raise ConfigError(f"{folder}: holds a configuration already; name another folder, or delete this one")
    folder.mkdir(parents=True, exist_ok=True)
    for template in ("harvester.toml", "sources.toml"):
        text = (TEMPLATES / template).read_text(encoding="utf-8")
        (folder / template).write_text(text.replace("{url}", url), encoding="utf-8")
    campaign = (shipped_folder() / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(_running(campaign, today), encoding="utf-8")


def _running(campaign: str, today: date) -> str:
    """Move the campaign's calendar, and nothing else, so that it began two months ago."""
    start = today - BEGAN
    without_end = re.sub(r"(?m)^end *=.*\n", "", campaign)
    return re.sub(r"(?m)^start *=.*$", f"start = {start}\nend = {start + LASTS}", without_end, count=1)
