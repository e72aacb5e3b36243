"""Give tweepy and Mastodon.py a wire that cannot hang, swell or wander off, and that alone knows the token.

tweepy has no timeout and prints the bearer token at DEBUG; Mastodon.py's timeout, like that of requests, is for the
silence between two bytes (a drip of one byte a second held it for as long as it dripped). So the session that both
are given counts down over the whole answer, caps what an answer unpacks to, follows no redirect (an API that moved
is for the operator to name), and puts the token on after the library has logged what it sends.
"""

from __future__ import annotations

import io
import re
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from harvester.config import Source
from harvester.errors import AccessRefused, ConfigError, SourceError, Unavailable
from harvester.text import clean

CONNECT_WITHIN = 10.0
CHUNK = 65536
SHORTEST_REST, USUAL_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1)
LONGEST_QUOTE = 200
STARS = "**********"


class Redirected(requests.RequestException):
    """The server sends us to another address, which we do not follow."""


class TooLarge(requests.RequestException):
    """The answer unpacks to more bytes than were allowed."""


def open_session(
    *,
    user_agent: str,
    token: SecretStr | None,
    deadline: timedelta,
    max_bytes: int,
    instead_of: str = "",
    base_url: str = "",
) -> requests.Session:
    """Make a session whose every answer ends within `deadline` (after at most ten seconds to connect).

    An answer of more than `max_bytes` after decompression raises TooLarge. In each address `instead_of`, if it stands
    at the front, becomes `base_url`. Neither proxies nor .netrc are read from the environment: requests would put a
    .netrc entry in the token's place.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers["Accept-Encoding"] = "gzip, deflate"
    adapter = _Adapter(
        headers={"User-Agent": user_agent} | ({"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}),
        deadline=deadline.total_seconds(),
        max_bytes=max_bytes,
        replace=(instead_of, base_url),
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def base_address(source: Source, key: str, address: str) -> str:
    """Give the address that the API's paths are put behind; raise ConfigError unless it is https.

    A token must not travel in clear text, so http is only for a source that is marked `allow_private`. More of a guard
    is not needed here: the operator named the host, and no redirect leads away from it.
    """
    try:
        parts = urlsplit(address)
        fine = parts.hostname and parts.scheme in ({"https", "http"} if source.allow_private else {"https"})
        if fine and not (parts.username or parts.password or parts.query or parts.fragment):
            return address.rstrip("/")
    except ValueError:
        pass
    allowed = "an address such as https://example.org (http only with allow_private = true)"
    raise ConfigError(f"sources.toml [{source.name}]: {key}: found {address!r}; allowed: {allowed}")


def find_token(variable: str, secret: Callable[[str], SecretStr | None]) -> SecretStr:
    """Give the token that the environment variable `variable` holds; raise AccessRefused with the remedy."""
    try:
        token = secret(variable)
    except ConfigError as error:
        raise AccessRefused(str(error)) from None
    if token is None or not token.get_secret_value():
        raise AccessRefused(
            f"there is no token: put it into the environment variable {variable}, or the name of its file into "
            f"{variable}_FILE"
        )
    if not re.fullmatch(r"[!-~]+", token.get_secret_value()):
        raise AccessRefused(
            f"{variable} holds no token: a token has neither blanks nor line ends nor letters with accents"
        )
    return token


def told(text: object, token: SecretStr | None) -> str:
    """Give a server's words fit for a message: one clean line, cut short, the token starred out if it is echoed."""
    words = " ".join(clean(str(text)).split())
    if token and token.get_secret_value():
        words = words.replace(token.get_secret_value(), STARS)
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + "…"


def trouble(server: str, error: BaseException) -> SourceError:
    """Say what a failed request means for the source: AccessRefused if the operator must act, else Unavailable."""
    if isinstance(error, Redirected):
        return AccessRefused(f"{server} sends us on to {error}; if that is its new home, name it in sources.toml")
    if isinstance(error, TooLarge):
        return Unavailable(f"{server} sent more than {error}")
    if isinstance(error, requests.Timeout) or any(isinstance(e, TimeoutError) for e in _causes(error)):
        return Unavailable(f"{server} did not answer in time")
    reasons = [e.strerror for e in _causes(error) if isinstance(e, OSError) and e.strerror]
    return Unavailable(f"{server} cannot be read: {told(reasons[0] if reasons else type(error).__name__, None)}")


def rest_until(now: datetime, reset: float | None) -> datetime:
    """Give when to come back after a 429 that names `reset` (seconds of the epoch) or nothing: in 1 to 60 minutes."""
    if not reset:
        return now + USUAL_REST
    soonest, latest = now + SHORTEST_REST, now + LONGEST_REST
    return datetime.fromtimestamp(min(max(reset, soonest.timestamp()), latest.timestamp()), UTC)


def never_sent(error: BaseException) -> bool:
    """Say whether the request surely never left, because no connection came about."""
    return any(isinstance(e, NewConnectionError | requests.ConnectTimeout) for e in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give `error` and what led to it; urllib3 hides the latter in `reason` and in the arguments."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            inner = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
            waiting.extend(e for e in inner if isinstance(e, BaseException))


class _Adapter(HTTPAdapter):
    def __init__(self, *, headers: dict[str, str], deadline: float, max_bytes: int, replace: tuple[str, str]) -> None:
        super().__init__()
        self._headers = headers
        self._timeout = (min(CONNECT_WITHIN, deadline), deadline)
        self._max_bytes = max_bytes
        self._replace = replace

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}

    def send(self, request: requests.PreparedRequest, *_: Any, **named: Any) -> requests.Response:
        """Send a copy with the token on it, so that no library and no log holds a request that has it."""
        sent, (front, other) = request.copy(), self._replace
        if front and sent.url and sent.url.startswith(front):
            sent.url = other + sent.url.removeprefix(front)
        sent.headers.update(self._headers)
        response = super().send(sent, stream=True, timeout=self._timeout, verify=named.get("verify", True))
        response.request = request
        try:
            body = self._read(response)
        except HTTPError as error:
            raise requests.ConnectionError(error) from error
        finally:
            response.close()
        response.raw = io.BytesIO(body)
        # JSON is UTF-8 (RFC 8259); unless told so, requests guesses, for minutes when the body is large and odd.
        response.encoding = "utf-8-sig"
        return response

    def _read(self, response: requests.Response) -> bytes:
        if response.is_redirect:
            raise Redirected(told(response.headers["Location"], None))
        body = bytearray()
        for chunk in response.raw.stream(CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._max_bytes:
                raise TooLarge(f"{self._max_bytes} bytes")
        return bytes(body)


class _Countdown(io.RawIOBase):
    """Reads from a socket, each time with the time that is left as its timeout.

    No clock in the sense of the house: it measures how long, never what time it is.
    """

    def __init__(self, source: io.RawIOBase, wire: socket.socket) -> None:
        self._source = source
        self._wire = wire
        self._ends = time.monotonic() + (wire.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._wire.settimeout(left)
        return self._source.readinto(buffer)

    def close(self) -> None:
        self._source.close()
        super().close()


class _Answer(HTTPResponse):
    """Takes its socket's timeout as the time for the whole answer, headers included."""

    def __init__(self, sock: socket.socket, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        self.fp = io.BufferedReader(_Countdown(self.fp.detach(), sock))


class _PlainConnection(HTTPConnection):
    response_class = _Answer


class _TlsConnection(HTTPSConnection):
    response_class = _Answer


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
