"""The web client against a real server that does everything wrong, and against addresses that lead inside."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web
from faulty_server import FaultyServer
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.collect._addresses import anywhere, is_public
from harvester.collect._turns import Turns
from harvester.collect.web import LONGEST_REST, USUAL_REST, Answer, Validators, Web, check_address, shown
from harvester.errors import AccessRefused, RateLimited, SourceError, Unavailable

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[FaultyServer]:
    with FaultyServer() as server:
        yield server


@pytest.fixture
def server(running: FaultyServer) -> FaultyServer:
    return running.forget()


def client(**changes) -> Web:
    settings = {"deadline": 5.0, "gap": 0.0, "may_connect": anywhere} | changes
    return Web(user_agent="Harvester/1 (+mailto:staff@example.org)", now=lambda: NOW, turns=Turns(), **settings)


# ---------------------------------------------------------------- what arrives


def test_gives_status_headers_bytes_and_address(server):
    url = server.gives("/a", b"caf\xe9", content_type="text/plain; charset=iso-8859-1", etag='W/"1"')
    answer = client().get(url, accept="text/plain")
    assert (answer.status, answer.body, answer.url, answer.moved_for_good) == (200, b"caf\xe9", url, False)
    assert answer.headers["content-type"] == "text/plain; charset=iso-8859-1"
    assert server.requests[0].headers["User-Agent"] == "Harvester/1 (+mailto:staff@example.org)"
    assert server.requests[0].headers["Accept"] == "text/plain"


def test_sends_validators_back_exactly_as_received(server):
    url = server.gives("/a", b"x", etag='W/"a+b/c=="', last_modified="Mon, 23 Nov 2026  10:00:00 GMT")
    validators = client().get(url).validators
    server.gives("/a", status=304)
    answer = client().get(url, validators=validators)
    assert (answer.status, answer.body) == (304, b"")
    assert server.requests[1].headers["If-None-Match"] == 'W/"a+b/c=="'
    assert server.requests[1].headers["If-Modified-Since"] == "Mon, 23 Nov 2026  10:00:00 GMT"


def test_keeps_validators_from_addresses_that_they_are_not_of(server):
    # Two sites may both have an ETag "1"; sending one's to the other would hide the other's posts behind a 304.
    old, new = server.gives("/old", b"x", etag='"1"'), server.gives("/new", b"y", etag='"1"')
    validators = client().get(old).validators
    server.gives("/old", status=302, location=new)
    assert client().get(old, validators=validators).body == b"y"
    assert "If-None-Match" in server.requests[-2].headers
    assert "If-None-Match" not in server.requests[-1].headers


@pytest.mark.parametrize("etag", ["", '"\udcff"', '"a\r\nX: y"', '"' + "x" * 2000 + '"'])
def test_drops_a_validator_that_could_never_be_sent(etag):
    answer = Answer(status=200, url="http://a.org/", headers={"etag": etag}, body=b"", moved_for_good=False)
    assert answer.validators == Validators(url="http://a.org/")


def test_refuses_a_304_that_nobody_asked_for(server):
    with pytest.raises(Unavailable, match="304"):
        client().get(server.gives("/a", status=304))


def test_keeps_no_cookies(server):
    url = server.gives("/a", b"x", set_cookie="id=1")
    one = client()
    one.get(url)
    one.get(url)
    assert "Cookie" not in server.requests[1].headers


# ---------------------------------------------------------------- redirects


@pytest.mark.parametrize(
    ("statuses", "for_good"),
    [
        ([301], True),
        ([308], True),
        ([302], False),
        ([303], False),
        ([307], False),
        ([301, 308, 301], True),
        ([301, 302], False),
        ([302, 301], False),
        ([308] * 5, True),
    ],
)
def test_follows_redirects_and_says_whether_all_were_permanent(server, statuses, for_good):
    for number, status in enumerate(statuses):
        server.gives(f"/{number}", status=status, location=f"/{number + 1}")
    last = server.gives(f"/{len(statuses)}", b"here")
    answer = client().get(server.url("/0"))
    assert (answer.body, answer.url, answer.moved_for_good) == (b"here", last, for_good)


@pytest.mark.parametrize(
    "location",
    [
        "/a",
        "",
        "   ",
        "//",
        "http://",
        "http://[::1",
        "http://a..b/",
        "http://a.org/" + "x" * 5000,
        "http://user:secret@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "data:text/plain,x",
    ],
)
def test_gives_up_on_redirects_that_lead_nowhere(server, location):
    with pytest.raises(Unavailable) as caught:
        client().get(server.gives("/a", status=301, location=location))
    assert "secret" not in str(caught.value)
    assert len(server.requests) <= 6


def test_gives_up_on_a_redirect_without_an_address(server):
    with pytest.raises(Unavailable, match="redirects, but not to an address"):
        client().get(server.gives("/a", status=302))


def test_checks_the_address_of_every_hop(server):
    url = server.gives("/a", status=302, location=f"http://[::1]:{server.port}/inside")
    with pytest.raises(Unavailable, match="::1 is not a public address"):
        client(may_connect=lambda address: address == "127.0.0.1").get(url)
    assert server.paths() == ["/a"]


# ---------------------------------------------------------------- refusals and rests


@pytest.mark.parametrize("status", [401, 403, 410])
def test_tells_the_operator_of_refusals(server, status):
    with pytest.raises(AccessRefused, match=str(status)):
        client().get(server.gives("/a", status=status))


@pytest.mark.parametrize("status", [204, 206, 300, 400, 402, 404, 418, 451, 500, 502, 503])
def test_takes_other_statuses_for_passing_trouble(server, status):
    with pytest.raises(Unavailable, match=str(status)):
        client().get(server.gives("/a", status=status))


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "rest"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        ("999999999999999999999999", LONGEST_REST),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), timedelta()),
        (format_datetime(NOW + timedelta(days=365), usegmt=True), LONGEST_REST),
        ("Monday, 23-Nov-26 13:00:00 GMT", timedelta(hours=1)),
    ],
)
def test_rests_as_long_as_it_is_asked_to_but_not_for_ever(server, status, retry_after, rest):
    with pytest.raises(RateLimited) as caught:
        client().get(server.gives("/a", status=status, retry_after=retry_after))
    assert caught.value.until == NOW + rest


@settings(deadline=None)
@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=80))
def test_reads_any_retry_after_without_falling_over(retry_after):
    answer = Answer(
        status=429, url="http://a.org/", headers={"retry-after": retry_after}, body=b"", moved_for_good=False
    )
    with pytest.raises(RateLimited) as caught:
        client()._judge(answer, conditional=False)
    assert NOW <= caught.value.until <= NOW + LONGEST_REST


@pytest.mark.parametrize("retry_after", ["soon", "-5", "١٢", "Mon, 99 Foo 2026", "1e9"])
def test_rests_as_usual_when_the_date_cannot_be_read(server, retry_after):
    with pytest.raises(RateLimited) as caught:
        client().get(server.gives("/a", status=429, retry_after=retry_after))
    assert caught.value.until == NOW + USUAL_REST


# ---------------------------------------------------------------- faults


async def drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(b"x")
        await asyncio.sleep(0.1)
    return response


async def silence(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(10)
    return web.Response()


async def reset(request: web.Request) -> web.StreamResponse:
    request.transport.abort()
    return web.Response()


async def truncated(request: web.Request) -> web.StreamResponse:
    request.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>")
    request.transport.close()
    return web.Response()


async def cut_chunk(request: web.Request) -> web.StreamResponse:
    request.transport.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n")
    request.transport.close()
    return web.Response()


async def no_http(request: web.Request) -> web.StreamResponse:
    request.transport.write(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    request.transport.close()
    return web.Response()


async def endless_headers(request: web.Request) -> web.StreamResponse:
    request.transport.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 200_000 + b"\r\n")
    return await silence(request)


@pytest.mark.parametrize("handler", [drip, silence])
def test_ends_at_the_deadline_however_slow_the_server(server, handler):
    server.answers["/a"] = handler
    began = time.monotonic()
    with pytest.raises(Unavailable, match="within 1 seconds"):
        client(deadline=1.0).get(server.url("/a"))
    assert time.monotonic() - began < 2


def test_counts_all_hops_into_one_deadline(server):
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.4)
        return web.Response(status=302, headers={"Location": request.path + "x"})

    for length in range(1, 8):
        server.answers["/" + "a" + "x" * (length - 1)] = slow
    began = time.monotonic()
    with pytest.raises(Unavailable, match="within 1 seconds"):
        client(deadline=1.0).get(server.url("/a"))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("handler", [reset, truncated, cut_chunk, no_http, endless_headers])
def test_says_what_broke(server, handler):
    server.answers["/a"] = handler
    with pytest.raises(Unavailable) as caught:
        client(deadline=3.0).get(server.url("/a") + "?token=secret")
    assert "secret" not in str(caught.value)
    assert str(caught.value).startswith(server.url("/a"))


def test_says_that_nobody_listens():
    with pytest.raises(Unavailable, match="Connect call failed"):
        client().get("http://127.0.0.1:1/")


def bomb(encoding: str) -> bytes:
    plain = b"\0" * 100_000_000
    if encoding == "gzip":
        return gzip.compress(plain)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15 if encoding == "raw-deflate" else 15)
    return packer.compress(plain) + packer.flush()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw-deflate"])
def test_stops_unpacking_at_the_limit(server, encoding):
    url = server.gives("/a", bomb(encoding), content_encoding=encoding.removeprefix("raw-"))
    tracemalloc.start()
    with pytest.raises(Unavailable, match="longer than 1000000 bytes"):
        client(max_bytes=1_000_000).get(url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_asks_only_for_what_it_can_unpack_and_says_so_of_the_rest(server):
    with pytest.raises(Unavailable):
        client().get(server.gives("/a", b"\xff\xff\xff garbage", content_encoding="br"))
    accepted = server.requests[0].headers["Accept-Encoding"]
    with pytest.raises(Unavailable):
        client().get(server.gives("/b", b"not gzip at all", content_encoding="gzip"))
    assert client().get(server.gives("/c", gzip.compress(b"hello"), content_encoding="gzip")).body == b"hello"
    assert "gzip" in accepted


def test_limits_what_is_not_packed_too(server):
    url = server.gives("/a", b"x" * 1001)
    assert client(max_bytes=1001).get(url).body == b"x" * 1001
    with pytest.raises(Unavailable, match="longer than 1000 bytes"):
        client(max_bytes=1000).get(url)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_fails_on_any_text_as_a_source_does(text):
    try:
        check_address(text)
    except ValueError:
        with pytest.raises(SourceError):
            client().get(text)
    assert len(shown(text)) <= 300


# ---------------------------------------------------------------- addresses that lead inside

NAMES = """localhost LOCALHOST localhost. 127.0.0.1 127.0.0.1. 127.1 127.0.1 127.000.000.001 2130706433 0x7f000001 0x7f.0.0.1
0x7f.1 017700000001 0177.0.0.1 0177.0.0.01 0 0.0.0.0 0x0 127.127.127.127 127.0.0.2 [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1]
[::ffff:7f00:1] [::127.0.0.1] [::ffff:0:127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::1] [2002:7f00:1::] [2001::1] [2001:db8::1]
[fe80::1] [fe80::1%25lo] [fec0::1] [fc00::1] [fd00:ec2::254] [ff02::1] ①②⑦.⓪.⓪.① 127。0。0。1 １２７.0.0.1 %31%32%37.0.0.1
10.0.0.1 10.1 167772161 172.16.0.1 192.168.1.1 192.168.257 0xc0a80101 169.254.169.254 2852039166 0xa9fea9fe [::ffff:a9fe:a9fe] 100.64.0.1
100.100.100.200 168.63.129.16 198.18.0.1 192.0.2.1 192.0.0.192 224.0.0.1 240.0.0.1 255.255.255.255 example.org@127.0.0.1
127.0.0.1%00.example.org 127.0.0.1\\@example.org"""


@pytest.mark.parametrize("name", NAMES.split())
def test_never_connects_inside(server, name):
    server.gives("/", b"inside")
    with pytest.raises(Unavailable):
        client(may_connect=is_public, deadline=3.0).get(f"http://{name}:{server.port}/")
    assert server.requests == []


@pytest.mark.parametrize("name", NAMES.split())
def test_never_follows_inside(server, name):
    url = server.gives("/a", status=302, location=f"http://{name}:{server.port}/inside")
    asked = iter([True])  # the first hop alone may go to loopback
    with pytest.raises(Unavailable):
        client(may_connect=lambda address: next(asked, False) or is_public(address), deadline=3.0).get(url)
    assert server.paths() == ["/a"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.org/", "gopher://a.org/", "http:///a", "//a.org/", "", "a"]
)
def test_fetches_nothing_but_http(url):
    with pytest.raises(Unavailable, match="cannot be fetched"):
        client().get(url)


def test_judges_the_address_of_the_socket_not_the_name(server):
    seen = []
    server.gives("/", b"x")
    client(may_connect=lambda address: not seen.append(address)).get(f"http://localhost:{server.port}/")
    assert "127.0.0.1" in seen


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2a00:1450:4007:80e::200e", "64:ff9b::808:808", "185.199.108.153"]
)
def test_lets_the_public_internet_through(address):
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "example.org", "127.1", "2a00::1%eth0", "300.1.1.1", "1.2.3.4/8"])
def test_holds_what_is_no_public_literal_for_inside(address):
    assert not is_public(address)


@settings(deadline=None)
@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="100.64.0.0/10"))
def test_refuses_a_private_address_in_each_embedding(address):
    number = int(address)
    high, low = number >> 16, number & 0xFFFF
    for form in (f"{address}", f"::ffff:{high:x}:{low:x}", f"::{high:x}:{low:x}", f"64:ff9b::{high:x}:{low:x}"):
        assert not is_public(form)
    assert not is_public(f"2002:{high:x}:{low:x}::1")


# ---------------------------------------------------------------- turns at a host


def test_leaves_a_gap_and_never_two_at_once(server):
    at_once, most, lock = [0], [0], threading.Lock()

    async def busy(_: web.Request) -> web.StreamResponse:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        await asyncio.sleep(0.1)
        at_once[0] -= 1
        return web.Response()

    server.answers["/a"] = busy
    one = client(gap=0.2)
    threads = [threading.Thread(target=one.get, args=(server.url("/a"),)) for _ in range(4)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 1
    assert time.monotonic() - began >= 4 * 0.1 + 3 * 0.2


def test_counts_waiting_for_a_turn_into_the_deadline(server):
    server.answers["/a"] = silence
    turns, url = Turns(), server.url("/a")
    slow = Web(user_agent="a", now=lambda: NOW, turns=turns, may_connect=anywhere, deadline=2.0)
    hasty = Web(user_agent="b", now=lambda: NOW, turns=turns, may_connect=anywhere, deadline=0.3)

    def occupy() -> None:
        with pytest.raises(Unavailable):
            slow.get(url)

    holder = threading.Thread(target=occupy)
    holder.start()
    time.sleep(0.5)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="busy"):
        hasty.get(url)
    assert time.monotonic() - began < 1
    holder.join()
    assert len(server.requests) == 1


def test_leaves_no_gap_after_a_host_that_was_not_reached():
    one = client(gap=60.0)
    for _ in range(2):
        with pytest.raises(Unavailable, match="Connect call failed"):
            one.get("http://127.0.0.1:1/")


def test_leaves_a_gap_after_an_answer_that_broke_off(server):
    server.answers["/a"] = truncated
    one = client(gap=60.0)
    for words in ("broke off", "left alone"):
        with pytest.raises(Unavailable, match=words):
            one.get(server.url("/a"))


def test_does_not_wait_for_a_gap_longer_than_the_deadline():
    turns = Turns()
    with turns.at("a.org", gap=60.0, patience=1.0):
        pass
    began = time.monotonic()
    with pytest.raises(Unavailable, match="left alone"), turns.at("a.org", gap=60.0, patience=1.0):
        pytest.fail("the gap was not kept")
    with turns.at("b.org", gap=60.0, patience=1.0):
        assert time.monotonic() - began < 0.5
