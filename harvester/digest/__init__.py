"""Tell the day: facts become a letter here; `mail` makes bytes of it and hands them to an SMTP server.

Facts --view--> View --templates--> Letter --mail.encode--> bytes --mail.deliver--> the server's 250
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from harvester.digest.foreign import header_words, isolated
from harvester.digest.plain import bar, width, wrap
from harvester.digest.view import counted, view
from harvester.model import Facts, Health, Letter

SHORT_NAME = 40


def compose(facts: Facts, *, time_zone: ZoneInfo, segments: Mapping[str, str]) -> Letter:
    """Write the letter that tells `facts`, with moments in `time_zone`; `segments` are key -> title. Pure."""
    seen = view(facts, time_zone, segments)
    environment = _environment()
    page = environment.get_template("letter.html").render(view=seen)
    # Gmail drops <style> in many clients, so rules go into style attributes; the dark-mode @media rule cannot.
    inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    return Letter(
        subject=_subject(facts),
        text=environment.get_template("letter.txt").render(view=seen),
        html=inliner.inline(page),
    )


@cache  # compiling the templates takes ten times as long as filling them in
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(wrap=wrap, isolated=isolated, bar=bar, width=width)
    return environment


def _subject(facts: Facts) -> str:
    """Count the day in one line; nothing but numbers and the campaign's folded name ever goes into a header."""
    troubled = sum(status.health is Health.TROUBLE for status in facts.sources)
    parts = [
        f"{len(facts.confirmed):,} new" if facts.confirmed else "",
        f"{len(facts.waiting):,} waiting" if facts.waiting else "",
        f"{counted(troubled, 'source')} in trouble" if troubled else "",
        # A source in trouble is an alarm already; one warning in the line is enough.
        counted(len(facts.alarms), "alarm") if facts.alarms and not troubled else "",
    ]
    told = list(filter(None, parts)) or ["nothing new"]
    progress = facts.progress
    told.append(f"{progress.confirmed}/{progress.goal}" if progress.goal else f"{progress.confirmed} in all")
    return f"[{header_words(facts.campaign, SHORT_NAME) or 'Harvester'}] {', '.join(told)}"
