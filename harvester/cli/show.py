"""The print boundary: everything that goes to a terminal passes here, so that no post can steer it.

Rich and Textual let ESC, C1 and OSC sequences in text pass (measured), and read `[...]` in plain strings as markup.
So text is cleaned by an allow-list first and always travels as `Text`, never as markup.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from harvester.model import Span

WIDTH_OF_A_FILE = 120
"""Columns for output that goes into a file or a pipe, where no terminal says how wide it is."""
_FORMATTING = {"\u200c", "\u200d"}
"""Zero-width (non-)joiners: Persian, Hindi and emoji are misspelt without them; other format characters are dropped."""


@cache
def console() -> Console:
    """Give the console for standard output; colours only on a terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_OF_A_FILE
    return Console(highlight=False, markup=False, emoji=False, width=width)


def safe(text: str, *, lines: bool = False) -> str:
    """Give `text` without anything that moves a cursor, reorders a line or hides; line ends only if `lines`."""
    return "".join(_allowed(character, lines=lines) for character in text)


def styled(text: str, style: str = "") -> Text:
    """Give untrusted text for the console."""
    from rich.text import Text

    return Text(safe(text, lines=True), style=style)


def lit(text: str, spans: Iterable[Span], style: str = "bold yellow") -> Text:
    """Give untrusted text with the places lit that a reason points to; spans are places in `text`."""
    shown = styled("".join(character if _allowed(character, lines=True) else "\ufffd" for character in text))
    for start, end in spans:
        shown.stylize(style, start, end)
    return shown


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, wraps: str = "") -> None:
    """Print rows under their columns; the column `wraps` is given the room that is left and folds."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    grid = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        grid.add_column(column, overflow="fold", ratio=1 if column == wraps else None)
    for row in rows:
        grid.add_row(*(styled(cell) for cell in row))
    console().print(grid)


def line(*parts: str | tuple[str, str]) -> None:
    """Print one line of texts, or (text, style) pairs; what does not fit the width ends in an ellipsis."""
    from rich.text import Text

    whole = Text()
    for part in parts:
        text, style = part if isinstance(part, tuple) else (part, "")
        whole.append(safe(text), style=style)
    console().print(whole, no_wrap=True, overflow="ellipsis", crop=True)


def say(text: str = "", style: str = "") -> None:
    """Print a line or a paragraph; only a terminal breaks it."""
    console().print(styled(text, style), soft_wrap=not console().is_terminal)


def warn(text: str) -> None:
    """Print a line to standard error."""
    print(safe(text, lines=True), file=sys.stderr)  # noqa: T201 -- this is the print boundary


def as_json(value: object) -> None:
    """Print any noun, or a list of nouns, as JSON in ASCII: nothing in it can steer a terminal."""
    print(json.dumps(value, default=_plain, indent=2, ensure_ascii=True))  # noqa: T201 -- this is the print boundary


def moment(at: datetime | None) -> str:
    """Give a time as people write it."""
    return f"{at:%d %b %Y %H:%M} UTC" if at else "never"


def _allowed(character: str, *, lines: bool) -> str:
    if character == "\n":
        return "\n" if lines else " "
    if character == "\t":
        return " "
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    return "" if hidden and character not in _FORMATTING else character


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return asdict(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")
