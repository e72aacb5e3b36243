"""Judge a stream of JSON lines, a post in and a verdict out; nearly all posts are about something else."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterator
from json.encoder import encode_basestring_ascii
from typing import BinaryIO

import msgspec

from harvester.detect import Detector
from harvester.model import Author, Finding, Post, PostId, SourceName
from harvester.text import plain_text

FULL = 1 << 16
"""Bytes of output that are written at once."""
UNTOUCHED = ',"label":"unrelated","confidence":0.99,"organisations":[],"language":'
BECAUSE = ',"reasons":[{"rule":"no-name","detail":"nothing in it could mean the Call"}]}\n'
_TAG = re.compile(r"<[^<>]*>")
_HREF = re.compile(r"href=[\"']?([^\"'\s>]+)", re.IGNORECASE)


class Row(msgspec.Struct):
    """A post as one line has it: the text may be HTML, and other keys are passed over."""

    text: str | None
    id: object = None
    platform: str | None = None
    author_name: str | None = None
    author_handle: str | None = None
    title: str | None = None
    lang: str | None = None
    url: str | None = None


_decoder = msgspec.json.Decoder(Row)


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


def _read(line: bytes) -> Row:
    """Read one line; raise ValueError that says what is wrong with it."""
    try:
        return _decoder.decode(line)
    except ValueError:
        # What is odd but no error (a byte order mark, half a pair of surrogates) only the slow way reads.
        row = json.loads(line.decode("utf-8", "surrogatepass").lstrip("\ufeff"))
        return msgspec.convert(row, Row)


def _answer(detector: Detector, row: Row) -> str:
    seen = "\n".join([part for part in (row.text, row.title, row.author_name, row.author_handle, row.url) if part])
    if "<" in seen or ("&" in seen and ";" in seen):
        # The net must see what a reader sees, and the addresses too; the exact text is worked out only if it holds.
        seen = f"{seen}\n{html.unescape(_TAG.sub('', seen))}"
    if not detector.may_touch(seen):
        return f'{{"id":{_quoted(row.id)}{UNTOUCHED}{_quoted(row.lang or "")}{BECAUSE}'
    return _verdict(row.id, detector.detect(as_post(row)))


def _quoted(value: object) -> str:
    """Write JSON; text, which is nearly all there is, without the encoder's overhead."""
    return encode_basestring_ascii(value) if isinstance(value, str) else json.dumps(value)


def as_post(row: Row) -> Post:
    """Make a post of one line; HTML is taken off, and its links are kept."""
    text = row.text or ""
    return Post(
        id=PostId(str(row.id)),
        source=SourceName("detect"),
        url=row.url or "",
        author=Author(platform=row.platform or "", handle=row.author_handle or "", name=row.author_name or ""),
        title=plain_text(row.title or ""),
        text=plain_text(text),
        published_at=None,
        language=row.lang or "",
        links=(*_links(text), *filter(None, (row.url,))),
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
