"""Parse one feed from standard input and print it as JSON, as a process of its own that can be ended.

A hostile feed keeps the parser busy for long: 350 kB of `<!ENTITY` take feedparser 6.0.14 more than six seconds,
and 350 kB of `<!--` 14, unless its sanitiser is off, as it is here.

Input: a line of JSON (`url`, `headers`, `seconds`), then the feed's bytes. Output: an object with

    version  "rss20", "atom10", "json" ...; empty if this is no feed
    whole    false if the document is ill-formed, perhaps broken off
    site     title, url, language
    entries  guid, link, title, summary, content, author, published, updated (ISO 8601 in UTC), language, source
             (title, url), all text and empty if absent; or `broken`, why it cannot be used, and `raw`, what was there

It imports nothing of the harvester, so that it starts in a tenth of a second.
"""

from __future__ import annotations

import calendar
import html
import io
import json
import re
import resource
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin

import feedparser

MOST_MEMORY = 1 << 30
MOST_OUTPUT = 64 << 20
JSON_FEED = "https://jsonfeed.org/version/"
HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
"""What feedparser calls ill-formed because of a header alone; the document was read to its end."""
_SURROGATES = re.compile(rb"(?:&#(?:[xX][dD][89a-fA-F][0-9a-fA-F]{2}|5[5-7][0-9]{3});)+")
_NUMBER = re.compile(rb"[xX]?[0-9a-fA-F]{4,5}")


def parse(body: bytes, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Parse `body` as fetched from `url`; see the module for what comes out."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _parse_json(body, url)
    given = {name: headers[name] for name in ("content-type", "content-language") if name in headers}
    try:
        found = _feedparser(body, given | {"content-location": url})
    except UnicodeEncodeError:
        found = _feedparser(_SURROGATES.sub(_joined, body), given | {"content-location": url})
    return {
        "version": found.get("version") or "",
        "whole": not found.bozo or isinstance(found.bozo_exception, HARMLESS),
        "site": _site(found.feed, "link"),
        "entries": [_whole_or_broken(_entry, entry) for entry in found.entries],
    }


def _feedparser(body: bytes, headers: Mapping[str, str]) -> Any:
    # Bytes or text would be taken for a path or an address to open; a stream is only read.
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _joined(found: re.Match[bytes]) -> bytes:
    """Give one reference a character: some publishers write an emoji as two, and feedparser dies of them."""
    numbers = [int(n[1:], 16) if n.lower().startswith(b"x") else int(n) for n in _NUMBER.findall(found[0])]
    units = "".join(map(chr, numbers)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(f"&#{ord(character)};" for character in units).encode()


def _site(feed: Mapping[str, Any], link: str) -> dict[str, str]:
    texts = {"title": feed.get("title"), "url": feed.get(link), "language": feed.get("language")}
    return {name: _text(value) if isinstance(value, str) else "" for name, value in texts.items()}


def _whole_or_broken(read: Callable[[Any], dict[str, Any]], item: Any) -> dict[str, Any]:
    """Read one entry, or keep it as it was: one that makes no sense must not take its neighbours along."""
    try:
        return read(item)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return {"broken": f"an entry is not as it should be: {error}", "raw": json.dumps(item, default=str)}


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    contents = [_text(content.get("value")) for content in entry.get("content", [])]
    source = entry.get("source") or {}
    return {
        "guid": _text(entry.get("id")),
        "link": _text(entry.get("link")),
        "title": _text(entry.get("title")),
        "summary": _text(entry.get("summary")),
        "content": max(contents, key=len, default=""),
        "author": _text(entry.get("author")),
        # Asking for a missing `updated` makes feedparser give `published` with a warning.
        "published": _moment(entry.get("published_parsed")),
        "updated": _moment(entry["updated_parsed"]) if "updated_parsed" in entry else "",
        "language": "",
        "source": {"title": _text(source.get("title")), "url": _text(source.get("href") or source.get("link"))},
    }


def _moment(parsed: time.struct_time | None) -> str:
    """Give feedparser's date, which is in UTC, as ISO 8601; empty if there is none or it is out of range."""
    if parsed is not None:
        with suppress(ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat()
    return ""


def _parse_json(body: bytes, url: str) -> dict[str, Any]:
    """Parse a JSON Feed (https://www.jsonfeed.org/version/1.1/), which feedparser 6 does not know."""
    nothing: dict[str, Any] = {"version": "", "whole": True, "site": {}, "entries": []}
    try:
        feed = json.loads(body, parse_constant=str)
    except (ValueError, RecursionError):
        return nothing
    items = feed.get("items")
    if not str(feed.get("version", "")).startswith(JSON_FEED) or not isinstance(items, list):
        return nothing
    return {
        "version": "json",
        "whole": True,
        "site": _site(feed, "home_page_url"),
        "entries": [_whole_or_broken(partial(_json_entry, url), item) for item in items],
    }


def _json_entry(url: str, item: Any) -> dict[str, Any]:
    link = _text(item.get("url")) or _text(item.get("external_url"))
    authors = item.get("authors") or [item.get("author") or {}]
    return {
        "guid": str(item["id"]) if isinstance(item.get("id"), int | float) else _text(item.get("id")),
        "link": urljoin(url, link) if link else "",
        "title": html.escape(_text(item.get("title")), quote=False),
        "summary": html.escape(_text(item.get("summary")), quote=False),
        "content": _text(item.get("content_html")) or html.escape(_text(item.get("content_text")), quote=False),
        "author": ", ".join(_text(author.get("name")) for author in authors),
        "published": _iso(item.get("date_published")),
        "updated": _iso(item.get("date_modified")),
        "language": _text(item.get("language")),
        "source": {"title": "", "url": ""},
    }


def _iso(value: Any) -> str:
    """Give an RFC 3339 date in UTC; empty if there is none or it cannot be read. Without an offset it is UTC."""
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(_text(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return ""


def _text(value: Any) -> str:
    """Give text that every database can hold, without NUL and lone surrogates; raise TypeError for what is no text."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where text should stand")
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def main() -> None:
    """Read the order and the feed from standard input, and print the result."""
    order = json.loads(sys.stdin.buffer.readline())
    # So that the process ends even if the harvester, which would end it, is itself killed.
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"] + 1, order["seconds"] + 1))
    with suppress(ValueError, OSError):  # macOS refuses this one
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    result = parse(sys.stdin.buffer.read(), order["url"], order["headers"])
    output = json.dumps(result, ensure_ascii=False).encode()
    if len(output) > MOST_OUTPUT:
        sys.exit("the feed unpacks to more than is reasonable")
    sys.stdout.buffer.write(output)


if __name__ == "__main__":
    main()
