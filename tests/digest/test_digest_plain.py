"""Text of any script in the columns of a plain-text letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.digest.plain import COLUMNS, bar, width, wrap

URL = "https://example.org/" + "a" * 100


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("北京", 4), ("e\u0301", 1), ("نداء", 4), ("\u2068a\u2069", 1), ("", 0), ("ｶﾅ", 2), ("가", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("word " * 20, [" ".join(["word"] * 15), " ".join(["word"] * 5)]),
        ("京" * 50, ["京" * 38, "京" * 12]),
        ("京" * 38 + "。京", ["京" * 37, "京。京"]),
        ("京" * 37 + "x「京」", ["京" * 37 + "x", "「京」"]),
        ("a" * 100, ["a" * 76, "a" * 24]),
        (f"See {URL}, please.", ["See", f"{URL},", "please."]),
        (f"({URL})", [f"({URL})"]),
        ("가나다 " * 12, [" ".join(["가나다"] * 11), "가나다"]),
    ],
)
def test_wrap(text: str, lines: list[str]) -> None:
    assert wrap(text).split("\n") == lines


def test_the_first_line_can_have_a_mark() -> None:
    assert wrap("word " * 20, "   ", " * ") == f" * {' '.join(['word'] * 14)}\n   {' '.join(['word'] * 6)}"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])))
def test_wrapping_loses_nothing_and_fits(text: str) -> None:
    wrapped = wrap(text, "  ")
    assert "".join(wrapped.split()) == "".join(text.split())
    assert all(width(line) <= COLUMNS for line in wrapped.split("\n") if "://" not in line)


@pytest.mark.parametrize(
    ("share", "drawn"), [(0, "[....] 0 %"), (24, "[....] 24 %"), (25, "[#...] 25 %"), (100, "[####] 100 %")]
)
def test_bar(share: int, drawn: str) -> None:
    assert bar(share, 4) == drawn
