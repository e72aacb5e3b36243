"""`harvester detect`: JSON lines of posts in, JSON lines of verdicts out, in the same order, without a database."""

from __future__ import annotations

import html
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

if TYPE_CHECKING:
    from harvester.detect import Detector
    from harvester.model import Finding, Post

FULL = 1 << 16
"""Bytes of output that are written at once."""
NAMED = "bold green"
"""How an organisation is lit that is said to have signed."""
UNTOUCHED = ',"label":"unrelated","confidence":0.99,"organisations":[],"language":'
BECAUSE = ',"reasons":[{"rule":"no-name","detail":"nothing in it could mean the Call"}]}\n'
_DECODER = json.JSONDecoder()
_TEXT_TYPES = frozenset({str, type(None)})
_TAG = re.compile(r"<[^<>]*>")
_HREF = re.compile(r"href=[\"']?([^\"'\s>]+)", re.IGNORECASE)
_TEXTS = ("platform", "author_name", "author_handle", "title", "text", "lang", "url")


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
    from harvester.config import find_folder, load_campaign, load_lexicons
    from harvester.detect import Detector

    folder = find_folder(context.obj, os.environ)
    detector = Detector(load_campaign(folder), load_lexicons(folder))
    if explain is not None:
        post = as_post({"text": explain, "author_name": author, "lang": language})
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


def judge(detector: Detector, lines: BinaryIO, out: BinaryIO) -> bool:
    """Write a verdict to `out` for each of `lines`; say whether all of them were posts."""
    buffer = bytearray()
    all_well = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            answer = _answer(detector, _read(line))
        except (ValueError, RecursionError) as error:
            all_well = False
            print(f"harvester detect: line {number}: {error}", file=sys.stderr)  # noqa: T201 -- the door speaks to a person
            answer = json.dumps({"id": None, "error": str(error)}) + "\n"
        # A lone surrogate comes out as its JSON escape.
        buffer += answer.encode("utf-8", "backslashreplace")
        if len(buffer) > FULL:
            out.write(buffer)
            buffer.clear()
    out.write(buffer)
    out.flush()
    return all_well


def _opened(file: str) -> BinaryIO:
    from harvester.errors import HarvesterError

    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise HarvesterError(f"{file}: cannot be read: {error.strerror}") from None


def _read(line: bytes) -> dict[str, Any]:
    """Read one line; raise ValueError that says what is wrong with it."""
    text = line.decode("utf-8", "surrogatepass").lstrip("\ufeff \t").rstrip()
    row, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError(f"found more than one object: {text[end:]!r:.40}")
    if not isinstance(row, dict):
        raise ValueError(f"found {type(row).__name__}; allowed: an object")  # noqa: TRY004 -- one kind of trouble, one reaction
    if "text" not in row:
        raise ValueError('"text" is missing')
    values = list(map(row.get, _TEXTS))
    if not _TEXT_TYPES.issuperset(map(type, values)):
        key, value = next(pair for pair in zip(_TEXTS, values, strict=True) if type(pair[1]) not in _TEXT_TYPES)
        raise ValueError(f'"{key}": found {value!r:.40}; allowed: text')
    return row


def _answer(detector: Detector, row: Mapping[str, Any]) -> str:
    get = row.get
    parts = (get("text"), get("title"), get("author_name"), get("author_handle"), get("url"))
    seen = "\n".join([part for part in parts if part])
    if "<" in seen or ("&" in seen and ";" in seen):
        # The net must see what a reader sees, and the addresses too; the exact text is worked out only if it holds.
        seen = f"{seen}\n{html.unescape(_TAG.sub('', seen))}"
    if not detector.may_touch(seen):
        return f'{{"id":{_quoted(get("id"))}{UNTOUCHED}{_quoted(get("lang") or "")}{BECAUSE}'
    return _verdict(get("id"), detector.detect(as_post(row)))


def _quoted(value: object) -> str:
    """Write JSON; text, which is nearly all there is, without the encoder's overhead."""
    return encode_basestring_ascii(value) if isinstance(value, str) else json.dumps(value)


def as_post(row: Mapping[str, Any]) -> Post:
    """Make a post of one line; HTML is taken off, and its links are kept."""
    from harvester.model import Author, Post, PostId, SourceName
    from harvester.text import plain_text

    text = row["text"] or ""
    return Post(
        id=PostId(str(row.get("id", ""))),
        source=SourceName("detect"),
        url=row.get("url") or "",
        author=Author(
            platform=row.get("platform") or "",
            handle=row.get("author_handle") or "",
            name=row.get("author_name") or "",
        ),
        title=plain_text(row.get("title") or ""),
        text=plain_text(text),
        published_at=None,
        language=row.get("lang") or "",
        links=(*_links(text), *filter(None, (row.get("url"),))),
    )


def _links(text: str) -> Iterator[str]:
    return (html.unescape(found) for found in _HREF.findall(text))


def _verdict(name: object, finding: Finding) -> str:
    organisations = [
        {"name": claim.organisation, "claim": claim.kind.value, "span": list(claim.span)}
        for claim in finding.claims
        if claim.kind.is_signature
    ]
    answer = {
        "id": name,
        "label": finding.label.value,
        "confidence": finding.confidence,
        "organisations": organisations,
        "language": finding.language,
        "reasons": [{"rule": reason.rule, "detail": reason.detail} for reason in finding.reasons],
    }
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n"
