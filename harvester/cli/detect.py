"""`harvester detect`: JSON lines of posts in, JSON lines of verdicts out, in the same order, without a database."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

if TYPE_CHECKING:
    from harvester.model import Finding, Post

NAMED = "bold green"
"""How an organisation is lit that is said to have signed."""


def detect(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A file of JSON lines, or - for standard input.")] = "-",
    explain: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Show one post with what was found in it, and why.")
    ] = None,
    author: Annotated[str, typer.Option(help="With --explain: the display name of who wrote it.")] = "",
    language: Annotated[str, typer.Option(help="With --explain: its language, such as fr; guessed without.")] = "",
) -> None:
    """Judge posts, one JSON object a line: {"id", "platform", "author_name", "author_handle", "title", "text"}.

    "lang" and "url" may be there too. A line that is no post is answered with an error in its place, and exit code 1.

    Example: harvester detect posts.jsonl; echo '{"text": "We have signed the Paris Call!"}' | harvester detect -
    """
    from harvester.cli.stream import Row, as_post, judge
    from harvester.config import find_folder, load_campaign, load_lexicons
    from harvester.detect import Detector

    folder = find_folder(context.obj, os.environ)
    detector = Detector(load_campaign(folder), load_lexicons(folder))
    if explain is not None:
        post = as_post(Row(text=explain, author_name=author, lang=language))
        show_finding(post, detector.detect(post))
        return
    with _opened(file) as lines:
        if not judge(detector, lines, sys.stdout.buffer):
            raise typer.Exit(1)


def show_finding(post: Post, finding: Finding) -> None:
    """Print a post with the places lit that its reasons point to, the verdict, each claim and each reason."""
    from harvester.cli import show

    named = [claim.span for claim in finding.claims if claim.kind.is_signature]
    shown = show.lit(post.full_text, [reason.span for reason in finding.reasons if reason.span])
    for start, end in named:
        shown.stylize(NAMED, start, end)
    show.console().print(shown)
    show.say()
    show.line(
        (finding.label.value, "bold"), f", confidence {finding.confidence:.2f}, language {finding.language or '?'}"
    )
    for claim in finding.claims:
        show.line(f"  {claim.kind.value:<17} ", (claim.organisation, NAMED), f"  {claim.confidence:.2f}")
    if finding.reasons:
        rows = [
            [f"{r.weight:+.1f}", r.detail, post.full_text[slice(*r.span)] if r.span else ""] for r in finding.reasons
        ]
        show.say()
        show.table(["weight", "reason", "where"], rows, wraps="reason")


def _opened(file: str) -> BinaryIO:
    from harvester.errors import HarvesterError

    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise HarvesterError(f"{file}: cannot be read: {error.strerror}") from None
