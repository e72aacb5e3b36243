"""The mastodon collector: statuses and what they should become (tests/data/mastodon), and walks through a real server."""

from __future__ import annotations

import json
import time
import warnings
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path

import pytest
from collect_server import TOKEN, Clock, Platforms, collector, says, surroundings, visit

from harvester.collect import open_source
from harvester.collect._payload import native_id
from harvester.config import Source
from harvester.demo.sample import Platform, Sample
from harvester.errors import AccessRefused, ConfigError, RateLimited, SourceError, UnreadableItem
from harvester.model import START, RawItem, SourceName

DATA = Path(__file__).parents[1] / "data" / "mastodon"


def sample(number, at, **more):
    return Sample(
        key=f"post-{number}", platform=Platform.MASTODON, text=f"Number {number}. #ParisCall", published_at=at, **more
    )


def numbers(pages):
    return [raw.payload["content"].split()[1].rstrip(".") for page in pages for raw in page.items]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(clock):
    with Platforms(clock=clock) as running:
        yield running


def fill(server, count, *, first=0, minutes=1):
    """Let `count` posts appear, one in `minutes`."""
    for number in range(first, first + count):
        server.clock.move(minutes=minutes)
        server.add(sample(number, server.clock()))


# ---------------------------------------------------------------- statuses and what they should become


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_reads_a_status_as_expected(path, clock):
    case = json.loads(path.read_text(encoding="utf-8"))
    payload = case["payload"]
    item = RawItem(
        source=SourceName("m"), native_id=native_id(payload["uri"], payload), payload=payload, fetched_at=clock()
    )
    reader = collector("mastodon", "https://social.example", clock)
    if "unreadable" in case:
        with pytest.raises(UnreadableItem, match=rf"^m: {case['unreadable']}: "):
            reader.read(item)
        return
    post = reader.read(item)
    assert {name: shown(attrgetter(name)(post)) for name in case["post"]} == case["post"]


def shown(value):
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


# ---------------------------------------------------------------- walks


def test_a_first_visit_walks_back_as_far_as_it_may_and_the_next_goes_on_from_the_newest(server, clock):
    fill(server, 100)
    reader = collector("mastodon", server.url, clock, max_pages=3)
    pages, cursor = visit(reader, START)
    assert numbers(pages) == [str(n) for n in range(99, 69, -1)]
    assert [page.cursor for page in pages[:-1]] == [START] * 3
    fill(server, 25, first=100)
    pages, _ = visit(reader, cursor)
    assert numbers(pages)[:25] == [str(n) for ten in ((109, 99), (119, 109), (124, 119)) for n in range(*ten, -1)]


def test_a_backlog_longer_than_a_visit_is_walked_forward_over_several(server, clock):
    fill(server, 5)
    reader = collector("mastodon", server.url, clock, max_pages=2, reread_pages=1)
    _, cursor = visit(reader, START)
    fill(server, 70, first=5)
    seen = set()
    for _ in range(4):
        pages, cursor = visit(reader, cursor)
        assert len(pages) <= 4
        seen |= set(numbers(pages))
    assert seen >= {str(n) for n in range(5, 75)}


def test_a_quiet_visit_asks_twice_and_never_for_the_instance(server, clock):
    fill(server, 3)
    reader = collector("mastodon", server.url, clock)
    _, cursor = visit(reader, START)
    server.requests.clear()
    clock.move(days=3)
    _, again = visit(reader, cursor)
    assert again == cursor
    assert [request.path for request in server.requests] == ["/api/v1/timelines/tag/ParisCall"] * 2
    assert [bool(request.one("min_id")) for request in server.requests] == [True, False]
    assert not any(request.one("since_id") for request in server.requests)


def test_a_late_post_below_the_cursor_is_found_within_the_overlap(server, clock):
    fill(server, 20)
    reader = collector("mastodon", server.url, clock)
    _, cursor = visit(reader, START)
    server.add(sample("late", clock() - timedelta(minutes=12.5)))
    pages, _ = visit(reader, cursor)
    assert "late" in numbers(pages)


def test_the_overlap_ends_where_it_is_old_enough(server, clock):
    fill(server, 60, minutes=60)
    reader = collector("mastodon", server.url, clock, reread="12h", reread_pages=5)
    _, cursor = visit(reader, START)
    pages, _ = visit(reader, cursor)
    assert numbers(pages) == [str(n) for n in range(59, 39, -1)]


def test_an_empty_page_before_hidden_posts_does_not_stop_the_walk_for_ever(server, clock):
    """[mastodon#33805] The server hides all posts of a page, and answers `min_id` with an empty one."""
    fill(server, 5)
    reader = collector("mastodon", server.url, clock, reread_pages=1)
    _, cursor = visit(reader, START)
    fill(server, 30, first=5)
    server.faults = iter([says([])])
    pages, moved = visit(reader, cursor)
    assert set(numbers(pages)) >= {str(n) for n in range(5, 35)}
    assert all(page.cursor == cursor for page in pages[:-1])
    assert moved != cursor
    assert not any(page.note for page in pages)
    pages, _ = visit(reader, moved)
    assert len(pages) == 1


def test_a_hole_too_deep_to_be_walked_back_is_told(server, clock):
    fill(server, 5)
    reader = collector("mastodon", server.url, clock, reread_pages=1, max_pages=2)
    _, cursor = visit(reader, START)
    fill(server, 60, first=5)
    server.faults = iter([says([])])
    pages, moved = visit(reader, cursor)
    assert pages[-1].note == "over 2 pages were new at once; the oldest posts may be missing"
    assert moved != cursor


def test_a_server_that_ignores_max_id_does_not_hold_us(server, clock):
    fill(server, 30)
    newest = [raw.payload for raw in visit(collector("mastodon", server.url, clock), START)[0][0].items]
    server.always = says(newest)
    reader = collector("mastodon", server.url, clock)
    pages, cursor = visit(reader, START)
    assert len(pages) == 3
    assert set(numbers(pages)) == {str(n) for n in range(20, 30)}
    assert visit(reader, cursor)[1] == cursor


def test_ids_of_gotosocial_are_text(server, clock):
    for number in range(30):
        server.add(
            sample(number, clock() - timedelta(minutes=60 - number), native_id=f"01KB3Y8Z00000000000000{number:04X}")
        )
    reader = collector("mastodon", server.url, clock)
    pages, cursor = visit(reader, START)
    assert sorted(map(int, numbers(pages))) == list(range(30))
    server.add(sample("new", clock(), native_id="01KB3Y8Z000000000000009999"))
    pages, cursor = visit(reader, cursor)
    assert numbers(pages)[0] == "new"
    assert json.loads(cursor)["min_id"] == "01KB3Y8Z000000000000009999"


def test_a_post_from_the_future_does_not_carry_the_cursor_away(server, clock):
    fill(server, 5)
    server.add(sample("future", clock() + timedelta(days=400)))
    reader = collector("mastodon", server.url, clock, reread_pages=1)
    pages, cursor = visit(reader, START)
    assert "future" in numbers(pages)
    clock.move(hours=1)
    fill(server, 30, first=5)
    pages, _ = visit(reader, cursor)
    assert set(numbers(pages)) >= {str(n) for n in range(5, 35)}


@pytest.mark.parametrize("change", [{"hashtags": ["AppelDeParis"]}, {"server": "/second"}])
def test_a_cursor_of_another_question_begins_anew(server, clock, change):
    fill(server, 5)
    _, cursor = visit(collector("mastodon", server.url, clock), START)
    if "server" in change:
        change = {"server": f"{server.url}/second"}
    server.requests.clear()
    visit(collector("mastodon", server.url, clock, **change), cursor)
    assert not any(request.one("min_id") for request in server.requests)


def test_asks_for_all_hashtags_at_once_in_any_script(server, clock):
    server.add(Sample(key="a", platform=Platform.MASTODON, text="وقّعنا #نداء_باريس", published_at=clock()))
    reader = collector("mastodon", server.url, clock, hashtags=["#ParisCall", "AppelDeParis", "نداء_باريس"])
    pages, _ = visit(reader, START)
    assert reader.read(pages[0].items[0]).text == "وقّعنا #نداء_باريس"
    assert server.requests[0].query["any[]"] == ("AppelDeParis", "نداء_باريس")
    assert server.requests[0].headers["user-agent"] == "Harvester-Test/1"


def test_a_post_has_one_id_on_all_servers(server, clock):
    fill(server, 1)
    readers = [collector("mastodon", server.url + path, clock) for path in ("", "/second")]
    (first,), (second,) = (
        [reader.read(raw) for page in visit(reader, START)[0] for raw in page.items] for reader in readers
    )
    assert (
        first.id == second.id == f"mastodon:{first.url.replace('/@', '/users/').replace('sample/', 'sample/statuses/')}"
    )
    assert first.author.handle == second.author.handle == "sample@social.example"


def test_what_is_no_status_is_kept_whole_and_set_aside(server, clock):
    odd = [7, None, {}, {"uri": 5}, {"uri": "u" * 9000}, {"uri": "https://a.example/1\0\ud800"}]
    server.always = says(odd)
    reader = collector("mastodon", server.url, clock)
    pages, cursor = visit(reader, START)
    assert cursor == START
    items = [raw for page in pages for raw in page.items]
    assert len(items) == len(odd)
    server.always = says([*odd, {"id": "5", "created_at": "2027-06-01T00:00:00Z", "uri": "https://a.example/2"}])
    pages, _ = visit(reader, START)
    items = [raw for page in pages for raw in page.items]
    assert [dict(raw.payload) for raw in items[:2]] == [{"not a status": 7}, {"not a status": None}]
    assert len({raw.native_id for raw in items}) == len(odd) + 1
    assert all(len(raw.native_id) < 1000 and raw.native_id.isprintable() for raw in items)
    for raw in items:
        with pytest.raises(UnreadableItem):
            reader.read(raw)


# ---------------------------------------------------------------- refusals and other troubles


@pytest.mark.parametrize("status", [401, 403, 422])
def test_a_refusal_of_strangers_tells_how_to_get_a_token(server, clock, status):
    server.always = says({"error": "This method requires an authenticated user"}, status)
    reader = collector("mastodon", server.url, clock, access_token_secret="")
    with pytest.raises(AccessRefused, match="requires an authenticated user") as caught:
        visit(reader, START)
    assert "make an account there" in str(caught.value)
    assert '"read:statuses"' in str(caught.value)
    assert "access_token_secret" in str(caught.value)


def test_a_refused_token_tells_where_to_put_a_new_one_and_never_what_it_was(server, clock):
    server.always = says({"error": f"The access token {TOKEN} was revoked"}, 401)
    with pytest.raises(AccessRefused, match=r"Make a new token there .* and put it into TOKEN") as caught:
        visit(collector("mastodon", server.url, clock), START)
    assert TOKEN not in str(caught.value)
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_no_token_is_sent_where_none_is_configured(server, clock):
    visit(collector("mastodon", server.url, clock, access_token_secret=""), START)
    assert "authorization" not in server.requests[0].headers


def test_an_address_without_hashtag_timelines_is_for_the_operator(server, clock):
    server.always = says(b"<html>Not found</html>", 404)
    with pytest.raises(AccessRefused, match="is it the address of a Mastodon server"):
        visit(collector("mastodon", server.url, clock), START)


@pytest.mark.parametrize(
    ("reset", "minutes"),
    [
        (lambda now: f"{now + timedelta(minutes=4):%Y-%m-%dT%H:%M:%S.000000Z}", 4),
        (lambda now: f"{now + timedelta(hours=2, minutes=4):%Y-%m-%dT%H:%M:%S}+02:00", 4),
        (lambda now: str(int((now + timedelta(minutes=4)).timestamp())), 4),
        (lambda now: f"{now + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}", 60),
        (lambda now: f"{now + timedelta(seconds=3):%Y-%m-%dT%H:%M:%SZ}", 1),
        (lambda _: "2020-01-01T00:00:00Z", 5),
        (lambda _: "soon", 5),
        (lambda _: "9" * 400, 60),
        (lambda _: "", 5),
    ],
)
def test_a_rate_limit_gives_when_to_come_back(server, clock, reset, minutes):
    clock.at = datetime.now(UTC)  # Mastodon.py puts the server's time on the machine's clock
    server.always = says({"error": "Too many requests"}, 429, X_RateLimit_Reset=reset(clock()))
    began = time.monotonic()
    with pytest.raises(RateLimited) as caught:
        visit(collector("mastodon", server.url, clock), START)
    assert time.monotonic() - began < 1
    assert len(server.requests) == 1
    assert abs(caught.value.until - clock() - timedelta(minutes=minutes)) <= timedelta(seconds=3)


@pytest.mark.parametrize(
    "headers",
    [
        {"X_RateLimit_Reset": "soon", "X_RateLimit_Remaining": "many"},
        {"Deprecation": "@1688169599"},
        {"Link": '<http://[>; rel="next", <>; rel="prev", ;;;'},
        {"Link": '<https://a.example/?max_id=1>; rel="next", <https://a.example/?min_id=9>; rel="prev"'},
        {"Mastodon_Async_Refresh": 'id="x", retry=never'},
    ],
)
def test_odd_headers_on_a_good_answer_do_no_harm(server, clock, headers):
    server.always = says([], **headers)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert visit(collector("mastodon", server.url, clock), START) == ([], START)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[{",
        b'{"error": "x"}',
        b"7",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b"9" * 10_000,
        b"\xff\xfe\x00",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_whatever_the_body_it_is_a_trouble_of_the_source(server, clock, body, status):
    server.always = says(body, status)
    with pytest.raises(SourceError):
        visit(collector("mastodon", server.url, clock), START)


def test_an_instance_page_that_breaks_mastodon_py_does_not_matter(server, clock):
    """[halcy/Mastodon.py#450] Its `instance()` calls itself until the stack ends."""
    fill(server, 3)
    server.answer_of_old = server.answer
    server.always = None
    server.answer = lambda request: (
        says(b"<html>", 500)(request) if "instance" in request.path else server.answer_of_old(request)
    )
    pages, _ = visit(collector("mastodon", server.url, clock), START)
    assert numbers(pages) == ["2", "1", "0"]


def test_statuses_stay_plain_json(server, clock):
    """Mastodon.py's typed objects cost 160 times what json.loads does, and change what the server sent."""
    fill(server, 1)
    (raw,) = visit(collector("mastodon", server.url, clock), START)[0][0].items
    assert {type(value) for value in raw.payload.values()} <= {str, bool, int, list, dict, type(None)}
    assert type(raw.payload["created_at"]) is str


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hashtags": []}, "hashtags"),
        ({"hashtags": ["a", "b", "c", "d", "e"]}, "hashtags"),
        ({"hashtags": ["two words"]}, "letters and digits of any script"),
        ({"hashtags": ["a/../../b"]}, "letters and digits of any script"),
        ({"page_size": 41}, "page_size"),
        ({"server": "http://social.example"}, "https://example.org"),
        ({"tags": ["x"]}, "nobody knows this key"),
    ],
)
def test_a_wrong_option_is_told(clock, options, words):
    given = {"server": "https://social.example", "hashtags": ["ParisCall"], **options}
    with pytest.raises(ConfigError, match=words):
        open_source(Source(name="m", kind="mastodon", **given), surroundings(clock))
