"""`harvester rejudge`: what changed rules make of the posts that are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli import show
from harvester.cli.office import open_office

if TYPE_CHECKING:
    from harvester.jobs.rejudge import Change


def rejudge(
    context: typer.Context,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only posts fetched since then.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Judge the changed posts anew.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Replay the rules over stored posts and show gains and losses; change nothing without --apply.

    Staff's decisions are never overturned. Example: harvester rejudge --since 2027-06-01
    """
    from harvester.detect import Detector
    from harvester.jobs import rejudge as job
    from harvester.jobs.judge import Judge

    office = open_office(context)
    detector = Detector(office.configuration.campaign, office.configuration.lexicons)
    changed = list(job.changes(office, detector.detect, since.replace(tzinfo=UTC) if since else None))
    if json:
        show.as_json([_plain(change) for change in changed])
    else:
        _print(changed)
    if apply:
        job.apply(office, changed)
        verdicts = Judge(office, detector.detect).judge_all()
        if not json:
            show.say(f"Judged {verdicts.judged} posts anew: {verdicts.opened} new cases for review.")


def _print(changed: list[Change]) -> None:
    for change in changed:
        show.line((f"{change.before.label} -> {change.after.label}  ", "bold"), change.post.url)
        for sign, style, names in (("+", "green", change.gained), ("-", "red", change.lost)):
            for name in names:
                show.line(f"  {sign} ", (name, style))
        show.line(("    " + change.post.full_text, "dim"))
    gained, lost = sum(len(change.gained) for change in changed), sum(len(change.lost) for change in changed)
    show.say(f"{len(changed)} posts would be judged differently: {gained} organisations gained, {lost} lost.")


def _plain(change: Change) -> dict[str, object]:
    return {
        "post": change.post.id,
        "url": change.post.url,
        "before": change.before.label,
        "after": change.after.label,
        "gained": change.gained,
        "lost": change.lost,
    }
