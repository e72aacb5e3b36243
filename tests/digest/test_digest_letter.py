"""The letter as a reader gets it: expected letters side by side with their facts, and what no text may ever do."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from digest_facts import FOLDER, make_case, make_source, read_day
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from harvester.digest import compose
from harvester.digest.mail import encode
from harvester.digest.plain import COLUMNS, width
from harvester.digest.view import MOST_WAITING, view
from harvester.model import Letter

DAYS = sorted(FOLDER.glob("*.toml"))
TYPICAL = read_day(FOLDER / "typical-day.toml")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=400)  # lone surrogates and NUL as well
MARKUP = st.lists(
    st.sampled_from(["<", ">", "</p>", "&lt;", '"', "'", "{{", "}}", "{%", "<script>", "\u202e", "א", "\n"])
)
HOSTILE = st.one_of(ANY_TEXT, MARKUP.map("".join))


def letter_of(path: Path) -> Letter:
    day = read_day(path)
    return compose(day.facts, time_zone=day.time_zone, segments=day.segments)


def letter_about(name: str, quote: str, url: str = "https://example.org/1") -> Letter:
    case = make_case(id=1, name=name, quote=quote, url=url)
    facts = dataclasses.replace(TYPICAL.facts, confirmed=(case,), waiting=(case,))
    return compose(facts, time_zone=TYPICAL.time_zone, segments=TYPICAL.segments)


def outline(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """List every element with its attributes' names: what a browser would act on."""
    root = LexborHTMLParser(html).root
    assert root is not None
    return [(node.tag or "", tuple(sorted(node.attributes))) for node in root.traverse()]


@pytest.mark.parametrize("path", DAYS, ids=lambda path: path.stem)
def test_the_letter_is_the_expected_one(path: Path) -> None:
    letter = letter_of(path)
    assert f"Subject: {letter.subject}\n\n{letter.text}" == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DAYS, ids=lambda path: path.stem)
def test_the_html_tells_all_that_the_text_tells(path: Path) -> None:
    day = read_day(path)
    seen = view(day.facts, day.time_zone, day.segments)
    body = LexborHTMLParser(letter_of(path).html).body
    assert body is not None
    shown = " ".join(body.text().split())
    told = [seen.campaign, seen.day, seen.opening, seen.progress, seen.segments_empty, seen.parked, *seen.alarms]
    for case in (*seen.confirmed, *seen.waiting):
        told += [case.name, case.about, case.more, case.command]
        assert case.link is None or f'href="{case.link.url.replace("&", "&amp;")}"' in letter_of(path).html
    told += [case.quote for case in seen.waiting]
    told += [f"{count} {title}" for title, count in seen.segments]
    told += [f"{source.health} {source.name} {source.kind}" for source in seen.sources]
    told += [source.words for source in seen.sources]
    squeezed = shown.replace(" ", "")
    assert [words for words in told if words.replace(" ", "") not in squeezed] == []


@pytest.mark.parametrize("path", DAYS, ids=lambda path: path.stem)
def test_the_html_has_nothing_that_acts_or_loads(path: Path) -> None:
    html = letter_of(path).html
    elements = outline(html)
    assert {tag for tag, _ in elements}.isdisjoint({"script", "img", "link", "iframe", "form", "object", "svg", "base"})
    assert not [name for _, names in elements for name in names if name.startswith("on") or name == "src"]
    assert "url(" not in html
    links = [node.attributes["href"] or "" for node in LexborHTMLParser(html).css("a")]
    assert all(re.match(r"https?://[a-z0-9]", link) for link in links)


def test_rules_stand_in_style_attributes_and_dark_mode_stays() -> None:
    html = letter_of(FOLDER / "typical-day.toml").html
    assert "prefers-color-scheme: dark" in html
    assert re.search(r'<table[^>]*style="[^"]*max-width: 600px', html)
    assert html.count("<style") == 1


@given(HOSTILE, HOSTILE)
def test_no_text_can_change_the_page(name: str, quote: str) -> None:
    # The leading letter keeps name and quote from being empty, which would leave their elements out.
    assert outline(letter_about("x" + name, "x" + quote).html) == outline(letter_about("Name", "Quote").html)


@given(HOSTILE, HOSTILE)
def test_no_text_can_add_lines_or_turn_them(name: str, quote: str) -> None:
    letter = letter_about(name, quote)
    plain = letter_about("Name", "Quote").text
    headings = re.compile(r"^-+$", re.MULTILINE)
    assert len(headings.findall(letter.text.split("WAITING")[0])) == len(headings.findall(plain.split("WAITING")[0]))
    kinds = {unicodedata.category(sign) for sign in letter.text.replace("\n", "")}
    assert kinds.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert not re.search("[\u202a-\u202e\u2066\u2067]", letter.text)
    assert all(line.startswith((" ", "-")) or line == line.strip() for line in letter.text.split("\n"))


@given(HOSTILE, HOSTILE, ANY_TEXT)
def test_every_letter_can_be_sent(name: str, quote: str, campaign: str) -> None:
    case = make_case(id=1, name=name, quote=quote, country=name[:2], url=quote)
    source = make_source(name="news", kind="feed", health="trouble", detail=quote)
    facts = dataclasses.replace(
        TYPICAL.facts, campaign=campaign, confirmed=(case,), waiting=(case,), alarms=(name,), sources=(source,)
    )
    letter = compose(facts, time_zone=TYPICAL.time_zone, segments={name: quote})
    data = encode(
        letter,
        sender="a@example.org",
        recipients=["b@example.org"],
        reply_to="",
        message_id="<1@example.org>",
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert data.isascii()


@given(ANY_TEXT)
def test_lines_fit_unless_they_hold_a_link(quote: str) -> None:
    lines = letter_about("Name", quote).text.splitlines()
    assert [line for line in lines if width(line) > COLUMNS and "://" not in line] == []


def test_a_huge_text_is_cut() -> None:
    letter = letter_about("n" * 3_000_000, "<" * 3_000_000, "https://example.org/" + "a" * 3_000_000)
    assert len(letter.html) < 40_000
    assert "…" in letter.text
    assert "example.org" not in letter.text


def test_a_long_queue_is_cut_and_says_so() -> None:
    waiting = tuple(make_case(id=n, name=f"Organisation {n}") for n in range(1, MOST_WAITING + 13))
    facts = dataclasses.replace(TYPICAL.facts, waiting=waiting, confirmed=waiting)
    letter = compose(facts, time_zone=TYPICAL.time_zone, segments={})
    assert "12 more cases in the queue: harvester case list" in letter.text
    assert f"WAITING FOR YOU ({MOST_WAITING + 12})" in letter.text
    assert (
        letter.text.count(f"harvester case show {MOST_WAITING + 12}") == 1
    )  # among the confirmed: those are never cut


@pytest.mark.parametrize(
    ("healths", "told"),
    [
        (["well", "well"], "The harvester is alive: 2 sources answered."),
        (["well"], "The harvester is alive: 1 source answered."),
        (["well", "trouble", "resting"], "The harvester is alive: 1 of 3 sources answered."),
        (["trouble", "never"], "The harvester is alive, but no source answered."),
        ([], "The harvester is alive, but it has no source to read."),
    ],
)
def test_an_empty_day_says_that_we_live(healths: list[str], told: str) -> None:
    sources = tuple(make_source(name=f"s{n}", kind="feed", health=health) for n, health in enumerate(healths))
    facts = dataclasses.replace(TYPICAL.facts, confirmed=(), waiting=(), sources=sources, alarms=())
    assert f"Nothing new. {told}" in compose(facts, time_zone=TYPICAL.time_zone, segments={}).text


@pytest.mark.parametrize(
    ("alarms", "troubled", "subject"),
    [
        (0, 0, "[Paris Call] nothing new, 41/100"),
        (1, 0, "[Paris Call] 1 alarm, 41/100"),
        (2, 0, "[Paris Call] 2 alarms, 41/100"),
        (2, 3, "[Paris Call] 3 sources in trouble, 41/100"),
    ],
)
def test_the_subject_warns_once(alarms: int, troubled: int, subject: str) -> None:
    sources = tuple(make_source(name=f"s{n}", kind="feed", health="trouble") for n in range(troubled))
    facts = dataclasses.replace(TYPICAL.facts, confirmed=(), waiting=(), sources=sources, alarms=("Look!",) * alarms)
    assert compose(facts, time_zone=TYPICAL.time_zone, segments={}).subject == subject
