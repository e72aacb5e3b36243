"""The x collector: posts and what they should become (tests/data/x), walks through a real server, and the money."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path

import pytest
from collect_server import TOKEN, Clock, Ledger, Platforms, collector, reset, says, surroundings, visit, wire

from harvester.collect import open_source
from harvester.collect._payload import native_id
from harvester.collect._x_post import first_id, join
from harvester.config import Source
from harvester.demo.sample import Platform, Sample
from harvester.errors import (
    AccessRefused,
    BudgetSpent,
    ConfigError,
    RateLimited,
    SourceError,
    Unavailable,
    UnreadableItem,
)
from harvester.model import START, Cursor, RawItem, SourceName

DATA = Path(__file__).parents[1] / "data" / "x"
CAPPED = {"title": "UsageCapExceeded", "type": "https://api.twitter.com/2/problems/usage-capped", "period": "Monthly"}


def sample(number, at, **more):
    return Sample(key=f"post-{number}", platform=Platform.X, text=f"Number {number}.", published_at=at, **more)


def numbers(pages):
    return [raw.payload["data"]["text"].split()[1].rstrip(".") for page in pages for raw in page.items]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(clock):
    with Platforms(clock=clock) as running:
        yield running


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def reader(server, clock, ledger):
    return collector("x", server.url, clock, ledger)


def fill(server, count, *, first=0, seconds=60):
    """Let `count` posts appear, one in so many `seconds`, and X's index see the last of them."""
    for number in range(first, first + count):
        server.clock.move(seconds=seconds)
        server.add(sample(number, server.clock()))
    server.clock.move(seconds=31)


# ---------------------------------------------------------------- posts and what they should become


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_reads_a_post_as_expected(path, clock):
    case = json.loads(path.read_text(encoding="utf-8"))
    payload = case["payload"]
    identifier = native_id(first_id(payload["data"]), payload)
    item = RawItem(source=SourceName("x"), native_id=identifier, payload=payload, fetched_at=clock())
    reader = collector("x", "https://api.x.com", clock)
    if "unreadable" in case:
        with pytest.raises(UnreadableItem, match=rf"^x: {case['unreadable']}"):
            reader.read(item)
        return
    post = reader.read(item)
    assert {name: shown(attrgetter(name)(post)) for name in case["post"]} == case["post"]


def shown(value):
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def test_a_post_is_joined_with_those_it_speaks_of_and_no_others():
    users = [{"id": str(n), "username": f"User{n}"} for n in range(6)]
    post = {
        "id": "1",
        "author_id": "1",
        "entities": {"mentions": [{"username": "USER2"}]},
        "note_post": {"text": "", "entities": {"mentions": [{"username": "user3"}]}},
        "referenced_posts": [{"type": "retweeted", "id": "9"}],
    }
    others = [{"id": "9", "author_id": "4"}, {"id": "8", "author_id": "5"}]
    joined = join(post, {"users": users, "posts": others})
    assert joined == {"data": post, "includes": {"users": users[1:5], "posts": others[:1]}}


@pytest.mark.parametrize("odd", [None, 7, "text", [], [7], {"users": 7, "posts": [None]}, {"users": [[]]}])
def test_a_join_of_nonsense_keeps_the_post(odd):
    post = {"id": "1", "entities": odd, "note_tweet": odd, "referenced_tweets": odd, "author_id": odd}
    assert join(post, odd if isinstance(odd, dict) else {"users": odd, "tweets": odd})["data"] is post


# ---------------------------------------------------------------- walks


def test_only_the_last_page_of_a_walk_moves_the_beginning_of_the_next(server, clock, reader):
    fill(server, 25)
    began = clock()
    pages, cursor = visit(reader, START)
    assert numbers(pages) == [str(n) for n in range(24, -1, -1)]
    assert ["since" in json.loads(page.cursor) for page in pages] == [False, False, True]
    assert json.loads(cursor)["since"] == began.isoformat()


def test_a_walk_that_was_broken_off_goes_on_with_the_same_bounds(server, clock, reader):
    fill(server, 5)
    _, cursor = visit(reader, START)
    fill(server, 25, first=5, seconds=90)
    walk = reader.fetch(cursor)
    first = next(walk)
    walk.close()
    fill(server, 10, first=30)
    server.requests.clear()
    pages, cursor = visit(reader, first.cursor)
    assert numbers([first, *pages])[:25] == [str(n) for n in range(29, 4, -1)]
    starts = {request.one("start_time") for request in server.requests}
    assert len(starts) == 1
    assert all(request.one("next_token") for request in server.requests)
    pages, _ = visit(reader, cursor)
    assert set(numbers(pages)) >= {str(n) for n in range(30, 40)}


def test_a_backlog_longer_than_a_visit_is_walked_over_several(server, clock, ledger):
    fill(server, 70)
    reader = collector("x", server.url, clock, ledger, max_pages=3)
    seen, cursor = [], START
    for _ in range(3):
        pages, cursor = visit(reader, cursor)
        assert len(pages) <= 3
        seen += numbers(pages)
    assert seen == [str(n) for n in range(69, -1, -1)]


def test_a_late_post_inside_the_overlap_is_found_and_a_quiet_search_costs_nothing(server, clock, ledger, reader):
    fill(server, 5)
    _, cursor = visit(reader, START)
    server.add(sample("late", clock() - timedelta(minutes=9)))
    pages, cursor = visit(reader, cursor)
    assert "late" in numbers(pages)
    clock.move(minutes=30)
    _, cursor = visit(reader, cursor)
    left = ledger.left
    clock.move(minutes=30)
    pages, cursor = visit(reader, cursor)
    assert (numbers(pages), ledger.left) == ([], left)


def test_since_id_is_never_sent(server, clock, reader):
    fill(server, 25)
    _, cursor = visit(reader, START)
    visit(reader, cursor)
    assert not any(request.one("since_id") for request in server.requests)
    assert [bool(request.one("start_time")) for request in server.requests] == [False] * 3 + [True]


@pytest.mark.parametrize("wrong", [timedelta(hours=3), -timedelta(hours=3)])
def test_our_clock_may_be_wrong(server, clock, ledger, wrong):
    """The time that counts is X's, or ours if that is the earlier one."""
    reader = collector("x", server.url, lambda: clock() + wrong, ledger)
    _, cursor = visit(reader, START)
    fill(server, 3, seconds=600)
    pages, _ = visit(reader, cursor)
    assert numbers(pages) == ["2", "1", "0"]


def test_a_cursor_older_than_seven_days_leaves_a_gap_that_is_told(server, clock, ledger, reader):
    fill(server, 5)
    _, cursor = visit(reader, START)
    clock.move(days=8)
    fill(server, 15, first=5)
    pages, cursor = visit(reader, cursor)
    assert numbers(pages) == [str(n) for n in range(19, 4, -1)]
    assert [page.note for page in pages] == [
        "X shows seven days only, and the last visit was before them: older posts may be missing",
        "",
    ]
    pages, _ = visit(reader, cursor)
    assert not any(page.note for page in pages)
    assert ledger.entries.count(-100) == 1


def test_a_forgotten_token_begins_the_walk_again_without_a_gap(server, clock, reader):
    fill(server, 5)
    _, cursor = visit(reader, START)
    fill(server, 25, first=5)
    walk = reader.fetch(cursor)
    first = next(walk)
    walk.close()
    server.faults = iter([says({"title": "Invalid Request", "detail": "next_token"}, 400)])
    pages, cursor = visit(reader, first.cursor)
    assert set(numbers(pages)) >= {str(n) for n in range(5, 30)}
    assert not any(page.note for page in pages)
    assert "since" in json.loads(cursor)


def test_pages_that_never_end_are_ended(server, clock, reader):
    """[M] X's playground gave 12 pages with 25 different posts."""
    posts = [{"id": str(100 + n), "text": f"Number {n}."} for n in range(20)]
    pages = [says({"data": part, "meta": {"next_token": "again"}}) for part in (posts[10:], posts[:10])]
    server.faults = iter(pages * 10)
    walked, cursor = visit(reader, START)
    assert len(walked) == 4
    assert walked[-1].note == "X offered further pages that brought nothing new; the search was ended there"
    assert "since" in json.loads(cursor)


def test_pages_that_never_end_are_ended_even_if_a_visit_is_short(server, clock):
    reader = collector("x", server.url, clock, max_pages=2)
    posts = [{"id": str(100 + n), "text": f"Number {n}."} for n in range(40)]
    parts = [posts[at : at + 10] for at in (30, 20, 10, 0)]
    server.faults = iter([says({"data": part, "meta": {"next_token": "again"}}) for part in parts] * 5)
    cursor, visits = START, 0
    while "since" not in json.loads(cursor or "{}"):
        _, cursor = visit(reader, cursor)
        visits += 1
    assert visits == 3


def test_one_empty_page_is_passed_over(server, clock, reader):
    fill(server, 15)
    server.faults = iter([says({"meta": {"result_count": 0, "next_token": "b26v89c19zqg8o3f9999999999999999999"}})])
    pages, _ = visit(reader, START)
    assert numbers(pages) == [str(n) for n in range(14, -1, -1)]


def test_an_edit_keeps_its_first_id(server, clock, reader):
    server.add(sample("x", clock() - timedelta(minutes=20)))
    (before,) = visit(reader, START)[0][0].items
    server.add(sample("x", clock() - timedelta(minutes=20), edited_at=clock() - timedelta(minutes=2)))
    (after,) = visit(reader, START)[0][0].items
    assert before.native_id == after.native_id
    assert before.payload["data"]["id"] != after.payload["data"]["id"]
    assert reader.read(before).id == reader.read(after).id
    assert reader.read(after).edited_at == clock() - timedelta(minutes=2)


@pytest.mark.parametrize(
    "damage",
    [
        {"since": 5},
        {"since": "x"},
        {"start": "", "until": "x"},
        {"next_token": "x"},
        {"since": "0001-01-01T00:00:00+00:00"},
    ],
)
def test_a_cursor_with_a_damaged_part_begins_anew(server, clock, reader, damage):
    fill(server, 5)
    _, cursor = visit(reader, START)
    of = json.loads(cursor)["of"]
    pages, _ = visit(reader, Cursor(json.dumps({"of": of, **damage})))
    assert numbers(pages) == ["4", "3", "2", "1", "0"]


def test_another_query_begins_anew(server, clock, reader):
    fill(server, 5)
    _, cursor = visit(reader, START)
    clock.move(hours=1)
    pages, _ = visit(collector("x", server.url, clock, query="other"), cursor)
    assert len(numbers(pages)) == 5


@pytest.mark.parametrize("spelling", ["tweet", "post"])
def test_asks_in_either_spelling(server, clock, spelling):
    fill(server, 1)
    reader = collector("x", server.url, clock, spelling=spelling)
    pages, _ = visit(reader, START)
    request = server.requests[0]
    assert f"note_{spelling}" in request.several(f"{spelling}.fields")
    assert not request.several({"tweet": "post.fields", "post": "tweet.fields"}[spelling])
    assert request.one("query") == '"Paris Call"'
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["user-agent"] == "Harvester-Test/1"
    post = reader.read(pages[0].items[0])
    assert (post.author.handle, post.author.name) == ("sample", "Sample author")


def test_posts_with_errors_beside_them_are_taken(server, clock, reader):
    error = {"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}
    server.always = says({"data": [{"id": "5", "text": "Number 5."}], "errors": [error], "meta": {"result_count": 1}})
    pages, _ = visit(reader, START)
    assert numbers(pages) == ["5"]


@pytest.mark.parametrize(
    "answer",
    [
        {"errors": [{"title": "Not Found Error"}]},
        {},
        [],
        None,
        7,
        {"meta": []},
        {"data": {"id": "1"}, "meta": {}},
        {"data": [], "includes": [7], "meta": {}},
        {"meta": {"next_token": 7}},
    ],
)
def test_an_answer_that_found_nothing_out_moves_nothing(server, clock, reader, answer):
    server.always = says(answer)
    with pytest.raises(Unavailable):
        visit(reader, START)


def test_what_is_no_post_is_kept_whole_and_set_aside(server, clock, reader):
    odd = [
        7,
        None,
        "x",
        {},
        {"id": 5, "text": "x"},
        {"id": "1", "text": "x", "edit_history_tweet_ids": [1]},
        {"id": "9" * 999},
    ]
    server.always = says({"data": odd, "includes": {"users": [7], "tweets": "x"}, "meta": {}})
    (page,) = visit(reader, START)[0]
    assert [raw.payload["data"] for raw in page.items[:2]] == [{"not a post": 7}, {"not a post": None}]
    assert len({raw.native_id for raw in page.items}) == len(odd)
    for raw in page.items:
        with pytest.raises(UnreadableItem):
            reader.read(raw)


# ---------------------------------------------------------------- money


def test_the_most_is_charged_before_and_the_rest_given_back_after(server, clock, ledger, reader):
    fill(server, 15)
    visit(reader, START)
    assert ledger.entries == [100, -90, 100, -95]


def test_a_crash_while_x_answers_leaves_the_most_charged(server, clock, ledger, reader):
    class Dying(Ledger):
        def charge(self, reads):
            super().charge(reads)
            if reads < 0:
                raise KeyboardInterrupt

    fill(server, 15)
    dying = Dying()
    with pytest.raises(KeyboardInterrupt):
        visit(collector("x", server.url, clock, dying), START)
    assert dying.entries[0] == 100


def test_posts_that_are_included_are_counted_too(server, clock, ledger, reader):
    server.always = says({"data": [{"id": "5"}], "includes": {"tweets": [{"id": "1"}, {"id": "2"}]}, "meta": {}})
    visit(reader, START)
    assert sum(ledger.entries) == 3


def test_no_more_is_asked_for_than_is_left_and_then_the_source_rests_until_the_next_day(server, clock):
    fill(server, 60)
    ledger = Ledger(left=35)
    reader = collector("x", server.url, clock, ledger)
    seen, walk = [], reader.fetch(START)
    with pytest.raises(BudgetSpent, match="used up") as caught:
        seen.extend(walk)
    assert [request.one("max_results") for request in server.requests] == ["35", "25", "15"]
    assert ledger.left == 5
    assert caught.value.until == datetime(2027, 6, 2, tzinfo=UTC)
    ledger.left = 1000
    pages, _ = visit(reader, seen[-1].cursor)
    assert numbers([*seen, *pages]) == [str(n) for n in range(59, -1, -1)]


def test_nothing_is_asked_when_nothing_may_be_read(server, clock):
    with pytest.raises(BudgetSpent):
        visit(collector("x", server.url, clock, Ledger(left=9)), START)
    assert not server.requests


def test_the_caps_of_the_config_reach_the_meter(server, clock):
    asked = []

    def meter(day, month):
        asked.append((day, month))
        return Ledger()

    around = surroundings(clock)
    source = Source(name="x", kind="x", allow_private=True, base_url=server.url, query="q", bearer_token_secret="T", max_reads_per_day=20, max_reads_per_month=70)  # fmt: skip
    opened = open_source(source, type(around)(user_agent="t", now=clock, secret=around.secret, meter=meter))
    visit(opened, START)
    assert asked == [(20, 70)]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 429, 500, 503])
def test_a_refused_request_costs_nothing(server, clock, ledger, reader, status):
    server.always = says({"title": "No"}, status)
    with pytest.raises(SourceError):
        visit(reader, START)
    assert sum(ledger.entries) == 0


def test_a_request_that_never_left_costs_nothing(clock, ledger):
    with wire(reset) as url:
        pass
    with pytest.raises(Unavailable, match="Connection refused"):
        visit(collector("x", url, clock, ledger), START)
    assert ledger.entries == [100, -100]


@pytest.mark.parametrize(
    "answer", [reset, lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")]
)
def test_an_answer_that_was_lost_on_the_way_stays_charged(clock, ledger, answer):
    with wire(answer) as url, pytest.raises(Unavailable):
        visit(collector("x", url, clock, ledger), START)
    assert ledger.entries == [100]


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "see `query`"),
        (401, "does not accept the token in TOKEN"),
        (402, "the credits on X are used up .*buy more"),
        (403, "does not allow this search"),
        (404, "see `base_url`"),
    ],
)
@pytest.mark.parametrize("body", [{"title": "CreditsDepleted", "detail": f"token {TOKEN}"}, b"<html>no</html>", b""])
def test_a_refusal_is_told_with_the_remedy_and_without_the_token(server, clock, reader, status, words, body):
    server.always = says(body, status)
    with pytest.raises(AccessRefused, match=words) as caught:
        visit(reader, START)
    assert TOKEN not in str(caught.value)


def test_a_missing_token_is_told_before_any_request(server, clock, ledger):
    around = surroundings(clock, ledger)
    source = Source(name="x", kind="x", allow_private=True, base_url=server.url, query="q", bearer_token_secret="T")
    without = type(around)(user_agent="t", now=clock, secret=lambda _: None, meter=around.meter)
    with pytest.raises(AccessRefused, match="there is no token: put it into the environment variable T"):
        visit(open_source(source, without), START)
    assert not server.requests
    assert not ledger.entries


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"x_rate_limit_reset": "1811852040"}, 14),
        ({"x_rate_limit_reset": "9" * 30}, 60),
        ({"x_rate_limit_reset": "1"}, 1),
        ({}, 5),
    ],
)
def test_a_rate_limit_gives_when_to_come_back(server, clock, reader, headers, minutes):
    """[M] With wait_on_rate_limit tweepy sends 960 requests in two seconds when the header is missing."""
    server.always = says({"title": "Too Many Requests", "type": "about:blank"}, 429, **headers)
    began = time.monotonic()
    with pytest.raises(RateLimited) as caught:
        visit(reader, START)
    assert time.monotonic() - began < 1
    assert len(server.requests) == 1
    assert not isinstance(caught.value, BudgetSpent)
    assert caught.value.until == clock() + timedelta(minutes=minutes)


def test_x_s_own_cap_is_a_budget_that_is_spent(server, clock, reader):
    server.always = says({**CAPPED, "detail": "Usage cap exceeded: Monthly product cap"}, 429)
    with pytest.raises(BudgetSpent, match="Monthly product cap") as caught:
        visit(reader, START)
    assert caught.value.until == datetime(2027, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[{",
        b'["x"]',
        b"7",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b"9" * 10_000,
        b'{"errors": null}',
        b'{"errors": [7], "detail": 5}',
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
def test_whatever_the_body_it_is_a_trouble_of_the_source(server, clock, reader, body, status):
    server.always = says(body, status, x_rate_limit_reset="soon" if body == b"7" else "0")
    with pytest.raises(SourceError):
        visit(reader, START)


def test_the_token_is_in_no_log_record_at_any_level(server, clock, reader, caplog):
    fill(server, 15)
    caplog.set_level(logging.DEBUG)
    for name in ("tweepy", "tweepy.client", "urllib3", "requests"):
        caplog.set_level(logging.DEBUG, logger=name)
    visit(reader, START)
    server.always = says({"title": "Unauthorized"}, 401)
    with pytest.raises(AccessRefused):
        visit(reader, START)
    assert any(record.name.startswith("tweepy") for record in caplog.records)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"query": ""}, "query"),
        ({"query": "x" * 513}, "query"),
        ({"page_size": 9}, "page_size"),
        ({"overlap": "10s"}, "overlap"),
        ({"spelling": "xeet"}, "'tweet' or 'post'"),
        ({"base_url": "http://proxy.example"}, "https://example.org"),
        ({"bearer_token": "hush"}, "nobody knows this key"),
    ],
)
def test_a_wrong_option_is_told(clock, options, words):
    given = {"query": "x", "bearer_token_secret": "T", **options}
    with pytest.raises(ConfigError, match=words):
        open_source(Source(name="x", kind="x", **given), surroundings(clock))
