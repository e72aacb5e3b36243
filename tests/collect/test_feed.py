"""The feed collector over real documents (tests/data/feeds: a feed and what it should become) and a real server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path

import pytest
from faulty_server import FaultyServer
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.collect import Surroundings, open_source
from harvester.collect._feed_links import canonical, is_web_address, links_in
from harvester.collect._feed_parser import parse_feed
from harvester.collect.feed import VISITS_BEFORE_MOVING, Feed, Options
from harvester.collect.web import Answer
from harvester.config import Source
from harvester.errors import AccessRefused, ConfigError, RateLimited, Unavailable, UnreadableItem
from harvester.model import START, Cursor, NativeId, Page, RawItem, SourceName

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DATA = Path(__file__).parents[1] / "data" / "feeds"
SURROUNDINGS = Surroundings(user_agent="Harvester/1", now=lambda: NOW, secret=lambda _: None, meter=lambda *_: None)


class StillWeb:
    """Has one answer for every address."""

    def __init__(self, body: bytes, **headers: str) -> None:
        self.body = body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def get(self, url: str, **_: object) -> Answer:
        return Answer(status=200, url=url, headers=self.headers, body=self.body, moved_for_good=False)


def source(name: str = "a-feed", **options: object) -> Source:
    return Source(name=name, kind="feed", allow_private=True, **options)


def still(body: bytes, url: str = "https://a.example/feed", name: str = "a-feed", **headers: str) -> Feed:
    return Feed(source(name, url=url), Options(url=url), SURROUNDINGS, StillWeb(body, **headers))


def only_page(feed: Feed, cursor: Cursor = START) -> Page:
    (page,) = feed.fetch(cursor)
    return page


def rss(*items: str, title: str = "A", site: str = "https://a.example/") -> bytes:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>{title}</title><link>{site}</link>{inner}</channel></rss>'.encode()


def item(number: int) -> str:
    return f"<guid>https://a.example/{number}</guid><title>Number {number}</title>"


@pytest.fixture(scope="module")
def running() -> Iterator[FaultyServer]:
    with FaultyServer() as server:
        yield server


@pytest.fixture
def server(running: FaultyServer) -> FaultyServer:
    return running.forget()


# ---------------------------------------------------------------- documents and what they should become


def inputs() -> list[Path]:
    return sorted(path for path in DATA.glob("*.*") if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("path", inputs(), ids=lambda path: path.name)
def test_reads_a_document_as_expected(path):
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text(encoding="utf-8"))
    feed = still(path.read_bytes(), expected["url"], content_type=expected["content_type"], etag='"1"')
    if "trouble" in expected:
        with pytest.raises(Unavailable, match=expected["trouble"]):
            only_page(feed)
        return
    page = only_page(feed)
    read, unreadable = [], 0
    for raw in page.items:
        try:
            read.append((raw, feed.read(raw)))
        except UnreadableItem:
            unreadable += 1
    assert unreadable == expected.get("unreadable", 0)
    assert ('"1"' in json.loads(page.cursor).get("validators", {}).values()) == expected.get("whole", True)
    for (raw, post), wanted in zip(read, expected["posts"], strict=True):
        if "shared" in wanted:
            assert wanted.pop("shared") == (post.id != f"feed:a-feed:{raw.native_id}"), post
        assert {name: shown(attrgetter(name)(post)) for name in wanted} == wanted
        assert not set(post.full_text) & {"\0", "\x1b", "\x07", "\ud800"}
    assert len({raw.native_id for raw in page.items}) == len(page.items)
    assert len({post.id for _, post in read}) == len(read)


def shown(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def test_every_document_says_why_it_is_there():
    for path in DATA.glob("*.expected.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["why"]


@settings(deadline=None, max_examples=15)
@given(st.binary(max_size=300), st.sampled_from(["text/xml", "application/json", "text/html; charset=\udcff", ""]))
def test_any_bytes_are_a_feed_or_unavailable(body, content_type):
    try:
        page = only_page(still(body, content_type=content_type))
    except Unavailable:
        return
    assert json.dumps([raw.payload for raw in page.items])


@pytest.mark.parametrize(
    "body",
    [
        b"\n<!ENTITY " * 35_000 + rss(item(1)),
        b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * 4_000 + b'">]>' + rss("<title>" + "&a;" * 1_000_000 + "</title>"),
    ],
    ids=["a regular expression of feedparser", "an entity that multiplies"],
)
def test_a_feed_that_is_too_much_for_the_parser_is_given_up(body):
    answer = Answer(status=200, url="https://a.example/f", headers={}, body=body, moved_for_good=False)
    began = time.monotonic()
    with pytest.raises(Unavailable, match=r"a\.example/f (keeps the feed parser busy|cannot be parsed)"):
        parse_feed(answer, seconds=1)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "html", ["<!--" * 87_500, "<div>" * 70_000, "<div>" * 9_999, "<a href='" * 40_000, "&#" * 170_000]
)
def test_hostile_html_in_an_entry_is_read_quickly_or_set_aside(html):
    began = time.monotonic()
    with suppress(UnreadableItem):
        still(b"").read(raw_item({"entry": {"title": "x", "summary": html}, "site": {}, "shared": ""}))
    assert time.monotonic() - began < 1


# ---------------------------------------------------------------- ids


def ids(feed: Feed) -> list[str]:
    return [raw.native_id for raw in only_page(feed).items]


def post_ids(feed: Feed) -> list[str]:
    return [feed.read(raw).id for raw in only_page(feed).items]


def test_an_entry_keeps_its_id_through_edits_and_in_any_order():
    one, two = item(1), item(2)
    assert ids(still(rss(one, two))) == ids(still(rss(two, one)))[::-1]
    edited = one.replace("Number 1", "Number one, corrected")
    assert ids(still(rss(edited))) == ids(still(rss(one)))
    assert post_ids(still(rss(edited))) == post_ids(still(rss(one)))


def test_a_guid_used_again_for_a_new_article_is_a_new_item():
    old = "<guid isPermaLink='false'>1</guid><link>https://a.example/monday</link><title>Monday</title>"
    new = "<guid isPermaLink='false'>1</guid><link>https://a.example/tuesday</link><title>Tuesday</title>"
    assert ids(still(rss(old))) != ids(still(rss(new)))


def test_the_same_article_in_two_feeds_of_a_site_is_one_post():
    one = still(rss(item(1)), "https://a.example/all.rss", name="all")
    two = still(rss(item(1).replace("/1<", "/1?utm_source=x<")), "https://www.a.example/news.rss", name="news")
    assert post_ids(one) == post_ids(two)


def test_a_stranger_cannot_speak_for_a_site():
    own = still(rss(item(1)), "https://a.example/rss")
    for url in ("https://evil.example/rss", "https://evila.example/rss", "https://sub.a.example/rss"):
        assert post_ids(own) != post_ids(still(rss(item(1)), url, name="stranger")), url


def test_one_native_id_never_means_two_posts():
    bodies = [rss(item(1)), rss(item(1), item(1).replace("Number", "Nr")), rss(item(2), item(1))]
    pairs = {}
    for body in bodies:
        feed = still(body)
        for raw in only_page(feed).items:
            assert pairs.setdefault(raw.native_id, feed.read(raw).id) == feed.read(raw).id


@pytest.mark.parametrize(
    ("link", "same"),
    [
        ("http://A.example:80/x/", "https://a.example/x"),
        ("https://a.example/x?utm_source=f&id=3&fbclid=q", "https://a.example/x?id=3"),
        ("https://a.example/x#comments", "https://a.example/x"),
        ("https://a.example/#!/x", "https://a.example#!/x"),
    ],
)
def test_one_page_has_one_spelling(link, same):
    assert canonical(link) == canonical(same)


@pytest.mark.parametrize(
    ("link", "other"),
    [
        ("https://a.example/x?id=3", "https://a.example/x?id=4"),
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example:8080/x", "https://a.example/x"),
        ("https://a.example/#!/x", "https://a.example/#!/y"),
        ("https://a.example/x", "https://b.example/x"),
    ],
)
def test_different_pages_stay_different(link, other):
    assert canonical(link) != canonical(other)


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"https?://[^\s]{0,40}", fullmatch=True))
def test_any_link_has_a_settled_spelling(link):
    assert canonical(canonical(link)) == canonical(link)
    assert is_web_address(canonical(link)) == is_web_address(link)


@settings(deadline=None)
@given(st.text(alphabet="<a href=\"https:/ex.org'>&#x0;", max_size=80))
def test_links_are_web_addresses_whatever_the_html(html):
    assert all(is_web_address(link) for link in links_in(html))


# ---------------------------------------------------------------- reading


def raw_item(payload: dict) -> RawItem:
    return RawItem(source=SourceName("a-feed"), native_id=NativeId("1"), payload=payload, fetched_at=NOW)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"entry": None, "site": {}, "shared": ""},
        {"entry": {"title": 5}, "site": {}, "shared": ""},
        {"entry": {"title": "x", "published": "soon"}, "site": {}, "shared": ""},
        {"entry": {"title": "a", "published": "2026-11-23"}, "site": {}, "shared": ""},
        {"entry": {"broken": "why", "raw": "x"}, "site": {}, "shared": ""},
        {"entry": {"title": " \u200b\0"}, "site": {"title": 3}, "shared": ""},
    ],
)
def test_a_payload_that_makes_no_sense_is_unreadable(payload):
    with pytest.raises(UnreadableItem):
        still(b"").read(raw_item(payload))


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["entry", "site", "shared", "title", "link", "source", "published", "content", "url", "language"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_read_raises_nothing_but_unreadable(payload):
    with suppress(UnreadableItem):
        still(b"").read(raw_item({"entry": payload, "site": payload, "shared": ""}))
    with suppress(UnreadableItem):
        still(b"").read(
            raw_item({"entry": {"title": "x", "link": payload, "content": payload}, "site": {}, "shared": ""})
        )


def test_the_title_in_the_config_replaces_the_sites_own():
    feed = Feed(source(), Options(url="https://a.example/f", title="Acme"), SURROUNDINGS, StillWeb(rss(item(1))))
    assert feed.read(only_page(feed).items[0]).author.name == "Acme"


def test_items_can_be_stored_as_json_and_read_again():
    feed = still(rss(item(1), "<title>&#x1F389; \u202eabc</title>"))
    for raw in only_page(feed).items:
        kept = RawItem(
            source=raw.source,
            native_id=raw.native_id,
            payload=json.loads(json.dumps(raw.payload)),
            fetched_at=raw.fetched_at,
        )
        assert feed.read(kept) == feed.read(raw)


# ---------------------------------------------------------------- visits


def opened(server: FaultyServer, path: str = "/f", **options: object) -> Feed:
    return open_source(source(url=server.url(path), **options), SURROUNDINGS)


def test_a_feed_that_has_not_changed_is_not_an_empty_one(server):
    server.gives("/f", rss(item(1), item(2)), etag='W/"7"', last_modified="yesterday, more or less")
    feed = opened(server)
    first = only_page(feed)
    server.gives("/f", status=304)
    second = only_page(feed, first.cursor)
    assert (second.items, second.note, second.cursor) == ((), "", first.cursor)
    assert server.requests[1].headers["If-None-Match"] == 'W/"7"'
    assert server.requests[1].headers["If-Modified-Since"] == "yesterday, more or less"
    assert "application/feed+json" in server.requests[1].headers["Accept"]


def test_a_feed_that_was_cut_short_is_read_again_whole(server):
    server.gives("/f", rss(item(1), item(2))[:-40], etag='"1"', content_type="application/xml")
    feed = opened(server)
    first = only_page(feed)
    server.gives("/f", rss(item(1), item(2)), etag='"1"', content_type="application/xml")
    assert len(only_page(feed, first.cursor).items) == 2
    assert "If-None-Match" not in server.requests[1].headers


@pytest.mark.parametrize(
    ("before", "after", "gap"),
    [
        ([1, 2, 3], [3, 4, 5], False),
        ([1, 2, 3], [4, 5, 6], True),
        ([1, 2, 3], [], False),
        ([], [1, 2, 3], False),
    ],
)
def test_tells_of_a_gap_between_visits(server, before, after, gap):
    feed = opened(server)
    server.gives("/f", rss(*map(item, before)))
    first = only_page(feed)
    server.gives("/f", rss(*map(item, after)))
    assert ("no overlap" in only_page(feed, first.cursor).note) == gap


def test_remembers_the_last_entries_through_an_empty_visit(server):
    feed, cursor, notes = opened(server), START, []
    for numbers in ([1, 2], [], [3, 4]):
        server.gives("/f", rss(*map(item, numbers)))
        page = only_page(feed, cursor)
        cursor, notes = page.cursor, [*notes, page.note]
    assert [bool(note) for note in notes] == [False, False, True]


def visits(feed: Feed, count: int, cursor: Cursor = START) -> list[Page]:
    pages = []
    for _ in range(count):
        pages.append(only_page(feed, cursor))
        cursor = pages[-1].cursor
    return pages


def test_moves_to_a_new_address_only_after_several_visits(server):
    server.gives("/f", status=301, location="/step")
    server.gives("/step", status=308, location="/new")
    server.gives("/new", rss(item(1)))
    pages = visits(opened(server), VISITS_BEFORE_MOVING + 1)
    assert server.paths() == ["/f", "/step", "/new"] * VISITS_BEFORE_MOVING + ["/new"]
    assert [bool(page.note) for page in pages] == [False] * (VISITS_BEFORE_MOVING - 1) + [True, False]
    assert server.url("/new") in pages[-2].note


@pytest.mark.parametrize("status", [302, 307])
def test_does_not_move_when_one_hop_is_temporary(server, status):
    server.gives("/f", status=301, location="/step")
    server.gives("/step", status=status, location="/new")
    server.gives("/new", rss(item(1)))
    visits(opened(server), VISITS_BEFORE_MOVING + 2)
    assert server.paths().count("/f") == VISITS_BEFORE_MOVING + 2


def test_counts_sightings_in_a_row_and_of_one_address(server):
    feed = opened(server)
    server.gives("/one", rss(item(1)))
    server.gives("/two", rss(item(1)))
    server.gives("/f", status=301, location="/one")
    pages = visits(feed, VISITS_BEFORE_MOVING - 1)
    server.gives("/f", status=301, location="/two")
    pages = visits(feed, VISITS_BEFORE_MOVING - 1, pages[-1].cursor)
    server.gives("/f", rss(item(1)))
    pages = visits(feed, 1, pages[-1].cursor)
    server.gives("/f", status=301, location="/two")
    pages = visits(feed, VISITS_BEFORE_MOVING - 1, pages[-1].cursor)
    assert not any(page.note for page in pages)


def test_goes_home_when_the_new_address_fails(server):
    feed = opened(server)
    server.gives("/f", status=301, location="/new")
    server.gives("/new", rss(item(1)))
    cursor = visits(feed, VISITS_BEFORE_MOVING)[-1].cursor
    server.gives("/new", status=410)
    server.gives("/f", rss(item(1), item(2)))
    page = only_page(feed, cursor)
    assert len(page.items) == 2
    del server.requests[:]
    only_page(feed, page.cursor)
    assert server.paths() == ["/f"]


def test_does_not_go_home_to_be_sent_to_a_busy_host_again(server):
    feed = opened(server)
    server.gives("/f", status=301, location="/new")
    server.gives("/new", rss(item(1)))
    cursor = visits(feed, VISITS_BEFORE_MOVING)[-1].cursor
    server.gives("/new", status=429)
    del server.requests[:]
    with pytest.raises(RateLimited):
        only_page(feed, cursor)
    assert server.paths() == ["/new"]


def test_forgets_everything_when_the_config_names_another_address(server):
    server.gives("/f", rss(item(1)), etag='"1"')
    server.gives("/g", rss(item(2)), etag='"1"')
    cursor = only_page(opened(server)).cursor
    page = only_page(opened(server, "/g"), cursor)
    assert (len(page.items), page.note) == (1, "")


@pytest.mark.parametrize(
    "cursor", ["{", "[]", "null", '{"address": 3}', "\0", "9" * 5000, '{"configured":"x","address":"file:///"}']
)
def test_begins_anew_with_a_damaged_cursor(server, cursor):
    server.gives("/f", rss(item(1)))
    assert len(only_page(opened(server), Cursor(cursor)).items) == 1


def test_troubles_come_as_themselves(server):
    feed = opened(server)
    server.gives("/f", status=410)
    with pytest.raises(AccessRefused, match="gone for good"):
        only_page(feed)
    server.gives("/f", status=503, retry_after="3600")
    with pytest.raises(RateLimited) as caught:
        only_page(feed)
    assert caught.value.until == NOW + timedelta(hours=1)
    server.gives("/f", b"<html>", content_type="text/html")
    with pytest.raises(Unavailable, match="web page"):
        only_page(feed)


def test_a_private_address_needs_a_mark(server):
    server.gives("/f", rss(item(1)))
    feed = open_source(Source(name="a-feed", kind="feed", url=server.url("/f")), SURROUNDINGS)
    with pytest.raises(Unavailable, match="allow_private"):
        only_page(feed)
    assert server.requests == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"url": "a.example/feed"},
        {"url": "file:///etc/passwd"},
        {"url": "https://me:secret@a.example/"},
        {"url": "https://a.example/", "deadline": "0s"},
        {"url": "https://a.example/", "max_bytes": -1},
        {"url": "https://a.example/", "titel": "x"},
    ],
)
def test_wrong_options_are_named(options):
    with pytest.raises(ConfigError, match="a-feed"):
        open_source(source(**options), SURROUNDINGS)
