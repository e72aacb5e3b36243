"""The one guarded, polite HTTP client: it fetches a public address within a deadline and a size, or says why not.

The guard sits in the socket factory: the address that is judged is the one that is connected to, so neither a
second DNS answer nor a redirect gets round it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Annotated
from urllib.parse import urljoin, urlsplit

import aiohttp
from pydantic import AfterValidator

from harvester.collect import Surroundings
from harvester.collect._addresses import Resolver, anywhere, is_public, open_socket
from harvester.collect._turns import Turns
from harvester.config import Source
from harvester.errors import AccessRefused, RateLimited, Unavailable

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
MOST_HOPS = 5
LONGEST_ADDRESS = 4096
LONGEST_REST = timedelta(days=1)
USUAL_REST = timedelta(minutes=15)
"""How long a host is left alone that answers 429 without saying until when."""
USUAL_GAP = 1.0
"""Seconds between two requests to one host."""
_LONGEST_HEADER = 32_768  # aiohttp's own 8,190 is less than some sites' Content-Security-Policy
_LONGEST_VALIDATOR = 1000
_CHUNK = 65_536


def check_address(url: str) -> str:
    """Give `url` back if it can be fetched: http or https, a host, no user name; else raise ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an address that begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address without user name and password")
    if len(url) > LONGEST_ADDRESS:
        raise ValueError(f"an address of at most {LONGEST_ADDRESS} characters")
    return url


Address = Annotated[str, AfterValidator(check_address)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask it later whether `url` has changed, exactly as received (RFC 9110, section 8.8)."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""

    def headers_for(self, url: str) -> dict[str, str]:
        """Give the conditional headers for a request to `url`: none if the validators are of another address."""
        if url != self.url:
            return {}
        both = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in both.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came in the end. `status` is 200, or 304 with an empty body; header names are in lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    moved_for_good: bool
    """Whether there were redirects, all permanent and none from https to http."""

    @property
    def validators(self) -> Validators:
        """Give what to send next time; a validator that could not be sent back unchanged is left out."""
        etag, modified = (self.headers.get(name, "") for name in ("etag", "last-modified"))
        return Validators(url=self.url, etag=_sendable(etag), last_modified=_sendable(modified))


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """A client for one source. `deadline` and `gap` are seconds, `max_bytes` counts after decompression.

    It keeps no cookies and takes no proxy from the environment; `turns` is shared by all sources, and
    `may_connect` judges the address of every socket.
    """

    user_agent: str
    now: Callable[[], datetime]
    turns: Turns
    may_connect: Callable[[str], bool] = is_public
    deadline: float = 60.0
    max_bytes: int = 4_000_000
    gap: float = USUAL_GAP

    def get(self, url: str, *, accept: str = "*/*", validators: Validators | None = None) -> Answer:
        """Fetch `url` through at most MOST_HOPS redirects; raise Unavailable, RateLimited or AccessRefused."""
        ends = time.monotonic() + self.deadline
        address, permanent, headers = url, True, {"User-Agent": self.user_agent, "Accept": accept}
        for hops in range(MOST_HOPS + 1):
            conditional = (validators or Validators()).headers_for(address)
            answer = self._hop(address, headers | conditional, ends)
            if answer.status not in REDIRECTS:
                self._judge(answer, conditional=bool(conditional))
                return Answer(
                    status=answer.status,
                    url=address,
                    headers=answer.headers,
                    body=answer.body,
                    moved_for_good=hops > 0 and permanent,
                )
            target = _target(address, answer)
            downgraded = address.startswith("https:") and not target.startswith("https:")
            permanent = permanent and answer.status in PERMANENT and not downgraded
            address = target
        raise Unavailable(f"{shown(url)} leads on and on: more than {MOST_HOPS} redirects")

    def _hop(self, url: str, headers: dict[str, str], ends: float) -> Answer:
        try:
            host = urlsplit(check_address(url)).netloc.lower()
        except ValueError as error:
            raise Unavailable(f"{shown(url)} cannot be fetched; what can be is {error}") from None
        try:
            with self.turns.at(host, gap=self.gap, patience=ends - time.monotonic()):
                return asyncio.run(self._request(url, headers, ends - time.monotonic()))
        except TimeoutError:
            raise Unavailable(f"{shown(url)} did not answer in full within {self.deadline:.0f} seconds") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unavailable(f"{shown(url)}: {_words(error)}") from None

    async def _request(self, url: str, headers: dict[str, str], seconds: float) -> Answer:
        connector = aiohttp.TCPConnector(
            resolver=Resolver(),
            use_dns_cache=False,
            force_close=True,
            socket_factory=partial(open_socket, may_connect=self.may_connect),
        )
        # aiohttp's own timeouts start anew at each stage; the one below counts over all of them.
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
        )
        async with (
            asyncio.timeout(seconds),
            session,
            session.get(url, headers=headers, allow_redirects=False) as response,
        ):
            body = await self._body(url, response) if response.status == 200 else b""  # noqa: PLR2004 -- HTTP's OK
            received = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status, url=url, headers=received, body=body, moved_for_good=False)

    async def _body(self, url: str, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self.max_bytes:
                raise Unavailable(f"{shown(url)} is longer than {self.max_bytes} bytes; `max_bytes` sets the limit")
        return bytes(body)

    def _judge(self, answer: Answer, *, conditional: bool) -> None:
        """Raise what a status calls for that is neither 200 nor a 304 that was asked for."""
        status, name = answer.status, shown(answer.url)
        rest = _rest(answer.headers.get("retry-after", ""), self.now())
        if status == 200 or (status == 304 and conditional):  # noqa: PLR2004 -- HTTP's numbers are their own names
            return
        if status in {401, 403}:
            raise AccessRefused(f"{name} refuses access ({status})")
        if status == 410:  # noqa: PLR2004 -- HTTP
            raise AccessRefused(f"{name} is gone for good (410); take it out of sources.toml or give its new address")
        if status == 429 or (status == 503 and rest is not None):  # noqa: PLR2004 -- HTTP
            until = self.now() + (USUAL_REST if rest is None else rest)
            raise RateLimited(f"{name} asks to be left alone ({status})", until=until)
        raise Unavailable(f"{name} answered {status}")


def open_web(source: Source, surroundings: Surroundings, *, deadline: timedelta, max_bytes: int) -> Web:
    """Make the client for one source; addresses in our own network need no pause between requests."""
    return Web(
        user_agent=surroundings.user_agent,
        now=surroundings.now,
        turns=surroundings.turns,
        may_connect=anywhere if source.allow_private else is_public,
        gap=0.0 if source.allow_private else USUAL_GAP,
        deadline=deadline.total_seconds(),
        max_bytes=max_bytes,
    )


def shown(url: str) -> str:
    """Give `url` as it may stand in a message: without its query and user name, where secrets travel."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:300]


def _target(url: str, answer: Answer) -> str:
    """Give the address that a redirect leads to; raise Unavailable if it names none that can be read."""
    location = answer.headers.get("location", "").strip()
    with suppress(ValueError):
        if location:
            return urljoin(url, location)
    raise Unavailable(f"{shown(url)} redirects, but not to an address")


def _rest(value: str, now: datetime) -> timedelta | None:
    """Read Retry-After, in seconds or as a date (RFC 9110, section 10.2.3), as at most LONGEST_REST; else None."""
    text = value.strip()[:64]
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_REST)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta()), LONGEST_REST)


def _sendable(value: str) -> str:
    return value if value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR else ""


def _words(error: Exception) -> str:
    """Say what went wrong without the address, which some of aiohttp's messages quote with its query."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"its certificate is not valid ({error.certificate_error})"
    if isinstance(error, aiohttp.ClientConnectorError):
        return str(error.os_error)
    if isinstance(error, aiohttp.InvalidURL):
        return "this is not a valid address"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the server closed the connection without an answer"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the answer broke off or cannot be unpacked"
    return f"the answer cannot be understood ({type(error).__name__})"
