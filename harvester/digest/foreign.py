"""Make harmless what strangers wrote, before it stands in a letter: one line, no hidden signs, an honest link.

The HTML template escapes by itself (Jinja2's autoescape). What we hold is plain text already, so there is no HTML to
clean and nh3 has no work here; this module takes away what escaping leaves: control signs, signs that turn the reading
direction, endless length, and addresses that are not what they seem.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from harvester.text import clean

LONGEST_LINK = 1000
# Overrides, embeddings and isolates (U+202A-202E, U+2066-2069) reorder the line around them; the others are invisible
# and hide words. Kept: the joiners that Persian, Hindi and emoji need, and the plain marks LRM, RLM and ALM.
_HIDDEN = re.compile("[\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]")
_HEADER_SIGNS = "-'&.,"
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A web address fit to be clicked, in ASCII, and the host that it leads to."""

    url: str
    host: str


def one_line(text: str, limit: int) -> str:
    """Give `text` as one line of at most `limit` characters, without control signs; a cut ends in an ellipsis."""
    # The first cut only bounds the work: white space may still shrink to less than the limit.
    line = " ".join(clean(_HIDDEN.sub("", text[: 20 * limit])).split())
    if len(line) <= limit:
        return line
    end = boundary(line, limit - 1)
    space = line.rfind(" ", end * 4 // 5, end)
    return line[: space if space > 0 else end].rstrip() + "…"


def boundary(text: str, end: int) -> int:
    """Give the last place up to `end` where `text` can be cut without parting a letter from its marks.

    A sequence of marks longer than `end` is cut at `end`: only hostile text has one.
    """
    place = min(end, len(text))
    while 0 < place < len(text) and _clings(text, place):
        place -= 1
    return place or end


def _clings(text: str, place: int) -> bool:
    """Say whether the character at `place` belongs to the one before it; an approximation of UAX 29."""
    before, here = text[place - 1], text[place]
    if _JOINER in (before, here) or unicodedata.category(here).startswith("M") or "\U0001f3fb" <= here <= "\U0001f3ff":
        return True
    return _is_flag_half(before) and _is_flag_half(here)


def _is_flag_half(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def isolated(text: str) -> str:
    """Set `text` between FSI and PDI if it has right-to-left letters, so that it cannot reorder its line.

    The HTML letter has `<bdi>` for that.
    """
    turns = any(unicodedata.bidirectional(sign) in {"R", "AL", "AN"} for sign in text)
    return f"\u2068{text}\u2069" if turns else text


def web_link(url: str) -> Link | None:
    """Give `url` as a link, or None if it is not an honest http(s) address.

    A name before the host (`https://bank.example@evil.example`) is there to deceive; a host beyond ASCII is shown as
    the network knows it (`xn--...`), so that letters that look alike do not pass for each other.
    """
    if len(url) > LONGEST_LINK or _HIDDEN.search(url) or clean(url) != unicodedata.normalize("NFC", url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # of which UnicodeError is one kind
        return None
    if parts.scheme not in {"http", "https"} or parts.username is not None:
        return None
    if not re.fullmatch(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", host):
        return None
    path, query, fragment = (quote(part, safe="/%:@!$&'()*+,;=~?-._") for part in parts[2:])
    tail = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return Link(url=f"{parts.scheme}://{host}{port}{path}{tail}", host=host)


def header_words(text: str, limit: int) -> str:
    """Fold `text` to letters, digits and a few signs, fit for a mail header.

    What is left cannot spell an encoded word, whose newline some Python releases write out as it is (CVE-2024-6923).
    """
    kept = (sign if sign in _HEADER_SIGNS or unicodedata.category(sign)[0] in "LMN" else " " for sign in text[:1000])
    return one_line("".join(kept), limit)
