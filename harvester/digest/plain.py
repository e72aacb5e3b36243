"""Fit text of any script into the columns of a plain-text letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from harvester.digest.foreign import boundary

COLUMNS = 76
# Chinese, Japanese and Korean may break between any two signs, but no line begins with a closing sign.
_WIDE = "\u1100-\u115f\u2e80-\u2fff\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
_CLOSING = "、。，．！？；：）」』】〉》〕｝”’…ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_OPENING = "（「『【〈《〔｛“‘"
_PIECES = re.compile(rf"\s+|[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|[^\s{_WIDE}{_OPENING}]+|[{_OPENING}]+")


def width(text: str) -> int:
    """Count the columns that `text` takes in a fixed-width font."""
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def wrap(text: str, indent: str = "", first: str | None = None) -> str:
    """Break `text` into lines of at most 76 columns, each after `indent`, the first one after `first` if given.

    A web address is never broken, however long: a broken one cannot be clicked.
    """
    lines = [""]
    room = COLUMNS - width(indent)
    gap = False
    for piece in _fitting(text, room):
        if piece.isspace():
            gap = True
            continue
        blank = " " if gap and lines[-1] else ""
        if lines[-1] and width(lines[-1] + blank + piece) > room:
            lines.append(piece)
        else:
            lines[-1] += blank + piece
        gap = False
    return "\n".join((indent if n or first is None else first) + line for n, line in enumerate(lines))


def _fitting(text: str, room: int) -> Iterator[str]:
    """Yield blanks and pieces of `text` that may stand on a line of their own; too long a word is cut up."""
    for piece in _PIECES.findall(text):
        rest = piece
        while width(rest) > room and not re.match(r"\W*https?://", rest):
            end = boundary(rest, room // 2 if width(rest[:room]) > room else room)
            yield rest[:end]
            rest = rest[end:]
        yield rest


def bar(share: int, columns: int = 40) -> str:
    """Draw `share` (0 to 100 per cent) as a bar of signs that every font has."""
    filled = columns * share // 100
    return f"[{'#' * filled}{'.' * (columns - filled)}] {share} %"
