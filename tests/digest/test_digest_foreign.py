"""What strangers wrote, made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.digest.foreign import boundary, header_words, isolated, one_line, web_link

ANY_TEXT = st.text(st.characters(exclude_categories=()))
FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        ("  two\r\n\r\n lines\t", "two lines"),
        ("\x00\x1b[31mred\x9b0m\ud800", "[31mred 0m"),
        ("a\u2028b\u2029c", "a b c"),
        ("\u202egnp.exe\u202c \u2067x\u2069\ufeff", "gnp.exe x"),
        ("hid\u200b\u00adden \U000e0041", "hidden"),
        ("نمی\u200cدانم", "نمی\u200cدانم"),
        ("some words to cut off", "some words to…"),
        ("x" * 30, "x" * 15 + "…"),
        ("12345678901234" + FAMILY, "12345678901234…"),
        ("क्षत्रियक्षत्रियक्षत्रिय", "क्षत्रियक्षत्रि…"),
        ("cafe\u0301", "café"),
        ("x" * 14 + "🇺🇦🇫🇷", "x" * 14 + "…"),
        ("", ""),
    ],
)
def test_one_line_of_sixteen_characters(text: str, line: str) -> None:
    assert one_line(text, 16) == line


@given(ANY_TEXT, st.integers(min_value=2, max_value=50))
def test_one_line_is_short_and_clean(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert {unicodedata.category(sign) for sign in line}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert line == one_line(line, limit)


@given(ANY_TEXT, st.integers(min_value=1, max_value=50))
def test_a_boundary_moves_on(text: str, end: int) -> None:
    assert 0 < boundary(text, end) <= end


@pytest.mark.parametrize(
    ("url", "address", "host"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d", "example.org"),
        ("HTTP://Example.ORG:8080/", "http://example.org:8080/", "example.org"),
        ("https://example.org/%20a b", "https://example.org/%20a%20b", "example.org"),
        ("https://example.org/a%20b", "https://example.org/a%20b", "example.org"),
        ("https://example.org/الخبر", "https://example.org/%D8%A7%D9%84%D8%AE%D8%A8%D8%B1", "example.org"),
        ("https://правда.example/", "https://xn--80aafi6cg.example/", "xn--80aafi6cg.example"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E", "example.org"),
        ("javascript:alert(1)", None, None),
        ("JaVaScRiPt:alert(1)//https://example.org", None, None),
        ("java\nscript:alert(1)", None, None),
        ("data:text/html,x", None, None),
        ("//example.org/", None, None),
        ("https://bank.example@evil.example/", None, None),
        ("https://@evil.example/", None, None),
        ("https://example.org:99999/", None, None),
        ("https://[::1/", None, None),
        ("https://exa\u202emple.org/", None, None),
        ("https://<b>/", None, None),
        ("https://../", None, None),
        ("https:///path", None, None),
        ("https://example.org/" + "a" * 1000, None, None),
        ("", None, None),
    ],
)
def test_only_honest_links_are_links(url: str, address: str | None, host: str | None) -> None:
    link = web_link(url)
    assert (link.url if link else None, link.host if link else None) == (address, host)


@given(st.one_of(ANY_TEXT, ANY_TEXT.map("https://{}".format), ANY_TEXT.map("https://example.org/{}".format)))
def test_a_link_is_ascii_and_stays_itself(url: str) -> None:
    link = web_link(url)
    if link:
        assert link.url.isascii()
        assert not set(link.url) & set(' <>"\\\n')
        assert link.url.startswith((f"https://{link.host}", f"http://{link.host}"))


@pytest.mark.parametrize(
    ("text", "set_apart"),
    [
        ("Cairo", "Cairo"),
        ("القاهرة", "\u2068القاهرة\u2069"),
        ("a ש b", "\u2068a ש b\u2069"),
        ("北京", "北京"),
    ],
)
def test_right_to_left_text_is_isolated(text: str, set_apart: str) -> None:
    assert isolated(text) == set_apart


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Paris Call", "Paris Call"),
        ("Appel de Paris, l'été", "Appel de Paris, l'été"),
        ("Paris\r\nBcc: x@y.example", "Paris Bcc x y.example"),
        ("=?UTF-8?Q?=0ABcc:_x?=", "UTF-8 Q 0ABcc x"),
        ("نداء باريس", "نداء باريس"),
        ("<Paris> [Call]", "Paris Call"),
        ("🎉\x00", ""),
    ],
)
def test_header_words(text: str, folded: str) -> None:
    assert header_words(text, 40) == folded
