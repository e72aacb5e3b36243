"""The wire under tweepy and Mastodon.py, against real servers that misbehave."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta

import pytest
import requests
from collect_server import Platforms, drip, reset, says, wire
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from harvester.collect._session import (
    LONGEST_QUOTE,
    Redirected,
    TooLarge,
    base_address,
    find_token,
    never_sent,
    open_session,
    rest_until,
    told,
    trouble,
)
from harvester.config import Source
from harvester.errors import AccessRefused, ConfigError, Unavailable

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


def session(token="t0ken", seconds=0.5, max_bytes=100_000, **more):
    return open_session(
        user_agent="Harvester/1",
        token=SecretStr(token) if token else None,
        deadline=timedelta(seconds=seconds),
        max_bytes=max_bytes,
        **more,
    )


def fault_of(url, **options):
    with session(**options) as wires, pytest.raises(requests.RequestException) as caught:
        wires.get(url)
    return caught.value


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"", id="status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", id="headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n", id="chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", id="size of a chunk"),
    ],
)
def test_the_deadline_counts_over_the_whole_answer(head):
    with wire(drip(head)) as url:
        began = time.monotonic()
        error = fault_of(url)
    assert 0.4 < time.monotonic() - began < 1.5
    assert str(trouble("The server", error)) == "The server did not answer in time"
    assert not never_sent(error)


def test_a_second_request_on_the_same_connection_has_all_its_time_again():
    with Platforms() as server, session() as wires:
        for _ in range(3):
            time.sleep(0.2)
            assert wires.get(f"{server.url}/supporters.csv").ok


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(coding):
    bomb = gzip.compress(bytes(50_000_000)) if coding == "gzip" else zlib.compress(bytes(50_000_000))
    with Platforms() as server:
        server.always = says(bomb, Content_Encoding=coding)
        tracemalloc.start()
        error = fault_of(server.url, seconds=5)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert isinstance(error, TooLarge)
    assert peak < 5_000_000
    assert str(trouble("The server", error)) == "The server sent more than 100000 bytes"


def test_an_answer_of_just_the_size_is_read():
    with Platforms() as server, session(max_bytes=5000) as wires:
        server.always = says(b"a" * 5000)
        assert len(wires.get(server.url).content) == 5000
        server.always = says(b"a" * 5001)
        with pytest.raises(TooLarge):
            wires.get(server.url)


@pytest.mark.parametrize("target", ["http://elsewhere.example/", "/same", "file:///etc/passwd", "\xff\xfe", "//["])
def test_no_redirect_is_followed(target):
    with Platforms() as server:
        server.always = says(status=302, Location=target)
        error = fault_of(server.url)
        assert len(server.requests) == 1
    assert isinstance(error, Redirected)
    assert isinstance(trouble("The server", error), AccessRefused)


def test_the_token_and_the_user_agent_are_put_on_and_no_request_that_is_kept_shows_them():
    with Platforms() as server, session() as wires:
        answer = wires.get(f"{server.url}/supporters.csv", headers={"Authorization": "Bearer other", "User-Agent": "o"})
        sent = server.requests[-1].headers
    assert sent["authorization"] == "Bearer t0ken"
    assert sent["user-agent"] == "Harvester/1"
    assert "t0ken" not in str(vars(answer.request)) + str(vars(wires))


def test_an_entry_in_netrc_does_not_take_the_tokens_place(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Platforms() as server, session() as wires:
        assert wires.get(f"{server.url}/supporters.csv").ok
        assert server.requests[-1].headers["authorization"] == "Bearer t0ken"


def test_the_address_that_a_library_has_built_in_is_replaced():
    with Platforms() as server, session(instead_of="https://api.twitter.com", base_url=f"{server.url}/proxy") as wires:
        wires.get("https://api.twitter.com/2/x?a=1")
        assert server.requests[-1].path == "/proxy/2/x"
        assert server.requests[-1].one("a") == "1"


def test_the_answer_is_read_as_utf_8_without_guessing():
    with Platforms() as server, session(max_bytes=3_000_000, seconds=5) as wires:
        server.always = says(
            b"\xef\xbb\xbf" + b'{"a": "' + b"\xff\xfe" * 1_000_000 + b'"}', Content_Type="application/json"
        )
        began = time.monotonic()
        assert wires.get(server.url).json()["a"][0] == "\ufffd"
        assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reset, "The server cannot be read: Connection reset by peer"),
        (
            lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
            "ConnectionError",
        ),
        (lambda connection, _: connection.sendall(b"\x00\x01 nonsense\r\n\r\n"), "ConnectionError"),
        (
            lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
            "ConnectionError",
        ),
    ],
)
def test_tells_what_went_wrong_on_the_wire(answer, words):
    with wire(answer) as url:
        error = fault_of(url)
    assert isinstance(trouble("The server", error), Unavailable)
    assert words in str(trouble("The server", error))
    assert not never_sent(error)


def test_tells_that_nobody_listens():
    with wire(reset) as url:
        pass
    error = fault_of(url)
    assert str(trouble("The server", error)) == "The server cannot be read: Connection refused"
    assert never_sent(error)


@pytest.mark.parametrize(
    ("address", "allow_private", "fine"),
    [
        ("https://social.example/", False, True),
        ("https://social.example/second", False, True),
        ("http://social.example", False, False),
        ("http://127.0.0.1:80", True, True),
        ("file:///etc/passwd", True, False),
        ("ftp://social.example", True, False),
        ("https://me:pass@social.example", True, False),
        ("https://social.example?x=1", True, False),
        ("social.example", True, False),
        ("https://[", True, False),
        ("", True, False),
    ],
)
def test_an_address_is_https_unless_it_is_private(address, allow_private, fine):
    source = Source(name="m", kind="mastodon", allow_private=allow_private)
    if fine:
        assert base_address(source, "server", address) == address.rstrip("/")
    else:
        with pytest.raises(ConfigError, match=r"sources.toml \[m\]: server: found"):
            base_address(source, "server", address)


def test_a_missing_token_is_told_with_the_remedy():
    with pytest.raises(AccessRefused, match="environment variable X_TOKEN, or the name of its file into X_TOKEN_FILE"):
        find_token("X_TOKEN", lambda _: None)


def test_a_token_that_cannot_be_one_is_refused_without_showing_it():
    with pytest.raises(AccessRefused, match="X_TOKEN holds no token") as caught:
        find_token("X_TOKEN", lambda _: SecretStr("hush\nhush"))
    assert "hush" not in str(caught.value)


def test_a_file_of_a_token_that_cannot_be_read_is_for_the_operator():
    def secret(_):
        raise ConfigError("X_TOKEN_FILE: /nowhere cannot be read")

    with pytest.raises(AccessRefused, match="/nowhere cannot be read"):
        find_token("X_TOKEN", secret)


@given(st.text(st.characters(exclude_categories=())))
def test_words_of_a_server_are_one_short_clean_line_without_the_token(text):
    words = told(text + "hush-hush" + text, SecretStr("hush-hush"))
    assert "hush-hush" not in words
    assert len(words) <= LONGEST_QUOTE
    assert "\n" not in words
    words.encode()


@given(st.one_of(st.none(), st.floats(allow_nan=False), st.integers(-(10**400), 10**400)))
def test_a_rest_lasts_from_one_minute_to_an_hour(reset):
    assert timedelta(minutes=1) <= rest_until(NOW, reset) - NOW <= timedelta(hours=1)


def test_a_rest_ends_when_the_server_says():
    until = NOW + timedelta(minutes=17)
    assert rest_until(NOW, until.timestamp()) == until
