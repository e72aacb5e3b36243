"""Have a feed parsed by the worker process, within a time, and say in words what is no feed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harvester.collect.web import Answer, shown
from harvester.errors import Unavailable

SECONDS = 10
"""How long one feed may be parsed; real ones take 0.04 s."""
_WORKER = Path(__file__).with_name("_feed_worker.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as `_feed_worker` describes it; `whole` is false if it was ill-formed, perhaps broken off."""

    whole: bool
    site: Mapping[str, str]
    entries: tuple[Mapping[str, Any], ...]


def parse_feed(answer: Answer, *, seconds: int = SECONDS) -> ParsedFeed:
    """Parse the body of `answer` in a process that is ended after `seconds`; raise Unavailable if it is no feed."""
    name = shown(answer.url)
    order = json.dumps({"url": answer.url, "headers": dict(answer.headers), "seconds": seconds})
    try:
        # An empty environment: what reads hostile bytes has no business with the harvester's secrets.
        done = subprocess.run(  # noqa: S603 -- our own interpreter and our own file
            [sys.executable, "-I", str(_WORKER)],
            input=order.encode() + b"\n" + answer.body,
            capture_output=True,
            timeout=seconds,
            check=True,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{name} keeps the feed parser busy for more than {seconds} seconds") from None
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable(f"{name} cannot be parsed ({type(error).__name__})") from None
    found = json.loads(done.stdout)
    if not found["version"]:
        raise Unavailable(f"{name} {_what_it_is(answer)}")
    if not found["whole"] and not found["entries"]:
        raise Unavailable(f"{name} is a feed that breaks off before its first entry")
    return ParsedFeed(whole=found["whole"], site=found["site"], entries=tuple(found["entries"]))


def _what_it_is(answer: Answer) -> str:
    start = answer.body[:2000].lstrip().lower()
    if not start:
        return "is empty, not a feed"
    if "html" in answer.headers.get("content-type", "") or start.startswith((b"<!doctype html", b"<html")):
        return "is a web page, not a feed; look on the page for the address of its feed"
    return "is not a feed in any form that we know (RSS, Atom, JSON Feed)"
