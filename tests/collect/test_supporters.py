"""The official list as its site's template writes it, whole and broken, over a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faulty_server import FaultyServer
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.collect import Surroundings, open_source
from harvester.collect.supporters import VISITS_OF_ALARM, Options, Supporters
from harvester.collect.web import Answer
from harvester.config import Source
from harvester.errors import ConfigError, Unavailable, UnreadableItem
from harvester.model import START, Cursor, Page, Post

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIST = Path(__file__).parents[1] / "data" / "feeds" / "supporters" / "list.csv"
HEAD = "name,category,nationality,nature,website,twitter,date_signed"
SURROUNDINGS = Surroundings(user_agent="Harvester/1", now=lambda: NOW, secret=lambda _: None, meter=lambda *_: None)


class StillWeb:
    """Has one answer for every address."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(self, url: str, **_: object) -> Answer:
        return Answer(status=200, url=url, headers={}, body=self.body, moved_for_good=False)


def still(body: bytes) -> Supporters:
    source = Source(name="official-list", kind="supporters")
    return Supporters(source, Options(), SURROUNDINGS, StillWeb(body))


def rows(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def row(name: str, nationality: str = "FRA", **more: str) -> str:
    fields = {"category": "private-sector", "nature": "", "website": "", "twitter": "", "date_signed": ""} | more
    fields |= {"name": name, "nationality": nationality}
    return ",".join(f'"{fields[column]}"' for column in HEAD.split(","))


def only_page(collector: Supporters, cursor: Cursor = START) -> Page:
    (page,) = collector.fetch(cursor)
    return page


def posts(collector: Supporters) -> list[Post | None]:
    found = []
    for item in only_page(collector).items:
        try:
            found.append(collector.read(item))
        except UnreadableItem:
            found.append(None)
    return found


@pytest.fixture(scope="module")
def running() -> Iterator[FaultyServer]:
    with FaultyServer() as server:
        yield server


@pytest.fixture
def server(running: FaultyServer) -> FaultyServer:
    return running.forget()


def opened(server: FaultyServer) -> Supporters:
    source = Source(name="official-list", kind="supporters", allow_private=True, url=server.url("/s.csv"))
    return open_source(source, SURROUNDINGS)


def test_reads_the_list_as_expected():
    expected = json.loads(LIST.with_name("list.expected.json").read_text(encoding="utf-8"))
    found = posts(still(LIST.read_bytes()))
    for post, wanted in zip(found, expected, strict=True):
        if wanted is None:
            assert post is None
            continue
        signed = post.published_at.date().isoformat() if post.published_at else None
        seen = {"name": post.author.name, "domain": post.author.domain, "handle": post.author.handle}
        seen |= {"title": post.title, "text": post.text, "signed": signed, "links": list(post.links)}
        assert {name: seen[name] for name in wanted} == wanted


def test_a_post_says_who_signed_what_and_where_that_stands():
    (post,) = posts(still(rows(row("مؤسسة المثال 🎉", "EGY"))))
    assert post.title.startswith("مؤسسة المثال 🎉 is on the official list of supporters of the Paris Call")
    assert post.text.startswith("Officially joined the Paris Call for Trust and Security in Cyberspace.\n")
    assert post.url == "https://pariscall.international/en/supporters"
    assert (post.author.platform, post.author.name) == ("official-list", "مؤسسة المثال 🎉")


def test_known_rows_keep_their_ids_whatever_else_changes():
    one = only_page(still(rows(row("Acme"), row("Beta")))).items
    two = only_page(still(rows(row("Alpha"), row(" BETA ", date_signed="2026-01-01"), row("Acme", "DEU")))).items
    assert one[1].native_id == two[1].native_id
    assert one[0].native_id != two[2].native_id
    assert len({item.native_id for item in one + two}) == 4


@pytest.mark.parametrize("other", ["Acmé", "A.C.M.E.", "Acme 2", "एक्मे", "एक्म"])
def test_different_names_stay_different(other):
    assert len(only_page(still(rows(row("Acme"), row(other), row("एक्मी")))).items) == 3


def test_a_broken_row_spoils_no_other():
    broken = [
        '"The "Best" Club","civil-society","USA","","","",""',
        '"never closed,"x"',
        "a,b",
        "," * 6,
        '"\0"',
        "x" * 200_000,
    ]
    found = posts(still(rows(row("First"), *broken, row("Last"))))
    assert [post.author.name if post else None for post in found] == ["First", *[None] * len(broken), "Last"]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5))
def test_any_text_after_the_head_is_rows_or_set_aside(lines):
    collector = still(rows(row("First"), *lines))
    page = only_page(collector)
    for item in page.items:
        with suppress(UnreadableItem):
            assert collector.read(item).text
    assert collector.read(page.items[0]).author.name == "First"
    assert len({item.native_id for item in page.items}) == len(page.items)


@pytest.mark.parametrize(
    "body", [b"", b"<!DOCTYPE html>\n<p>name, nationality", b"names,countries\nA,FR", b"\0", b"\xff\xfe"]
)
def test_what_is_no_list_is_unavailable(body):
    with pytest.raises(Unavailable, match="is not the list of supporters"):
        only_page(still(body))


def test_asks_only_for_changes(server):
    server.gives("/s.csv", rows(row("Acme")), etag='W/"1"')
    collector = opened(server)
    first = only_page(collector)
    server.gives("/s.csv", status=304)
    second = only_page(collector, first.cursor)
    assert (second.items, second.cursor, second.note) == ((), first.cursor, "")
    assert server.requests[1].headers["If-None-Match"] == 'W/"1"'


@pytest.mark.parametrize(("after", "alarm"), [(1000, False), (980, False), (979, True), (0, True), (1500, False)])
def test_alarms_when_the_list_shrinks_by_more_than_two_per_cent(server, after, alarm):
    collector = opened(server)
    server.gives("/s.csv", rows(*(row(f"Member {n}") for n in range(1000))))
    first = only_page(collector)
    server.gives("/s.csv", rows(*(row(f"Member {n}") for n in range(after))))
    page = only_page(collector, first.cursor)
    assert bool(page.note) == alarm
    assert len(page.items) == after
    if alarm:
        assert "1000 rows" in page.note


def test_the_alarm_goes_on_until_the_list_is_back_or_is_taken_as_it_is(server):
    collector = opened(server)
    server.gives("/s.csv", rows(*(row(f"Member {n}") for n in range(100))), etag='"1"')
    cursor, notes = only_page(collector).cursor, []
    server.gives("/s.csv", rows(row("Member 1")), etag='"2"')
    for _ in range(VISITS_OF_ALARM + 2):
        page = only_page(collector, cursor)
        cursor, notes = page.cursor, [*notes, bool(page.note)]
    assert notes == [True] * VISITS_OF_ALARM + [False, False]
    assert [request.headers.get("If-None-Match") for request in server.requests[-3:]] == [None, None, '"2"']


def test_the_alarm_ends_when_the_list_is_back(server):
    collector = opened(server)
    whole = rows(*(row(f"Member {n}") for n in range(100)))
    server.gives("/s.csv", whole)
    cursor = only_page(collector).cursor
    server.gives("/s.csv", rows())
    cursor = only_page(collector, cursor).cursor
    server.gives("/s.csv", whole)
    page = only_page(collector, cursor)
    assert (page.note, json.loads(page.cursor)["alarms"]) == ("", 0)


@pytest.mark.parametrize("cursor", ["{", "[]", '{"count": "many"}', "\0"])
def test_begins_anew_with_a_damaged_cursor(cursor):
    assert len(only_page(still(rows(row("Acme"))), Cursor(cursor)).items) == 1


def test_wrong_options_are_named():
    with pytest.raises(ConfigError, match="url"):
        open_source(Source(name="official-list", kind="supporters", url="supporters.csv"), SURROUNDINGS)
