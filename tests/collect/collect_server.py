"""The demonstration's server with a clock of its own and faults, and a server that says what it likes on the wire."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from pydantic import SecretStr

from harvester.collect import Collector, Surroundings, open_source
from harvester.config import Source
from harvester.demo.exchange import Request, Response
from harvester.demo.sample import Sample
from harvester.demo.server import DemoServer
from harvester.model import Cursor, Page

TOKEN = "s3cr3t-AAAA%2Fbearer"
"""The token of every source in these tests; it must turn up nowhere."""

Fault = Callable[[Request], Response | None]


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Ledger:
    """A meter without a database: `left` reads may be made, `entries` is what was written down."""

    def __init__(self, left: int = 100_000) -> None:
        self.left = left
        self.entries: list[int] = []

    def allowance(self) -> int:
        return self.left

    def charge(self, reads: int) -> None:
        self.left -= reads
        self.entries.append(reads)


class Platforms(DemoServer):
    """The demonstration's server, whose `faults` (one a request, None for none) come before its answers."""

    def __init__(self, posts: Iterable[Sample] = (), *, clock: Clock | None = None, page_size: int = 10) -> None:
        self.clock = clock or Clock()
        super().__init__(posts, now=self.clock, page_size=page_size, window=10_000)
        self.faults: Iterator[Fault | None] = iter(())
        self.always: Fault | None = None
        # The demonstration looks 20 times a second whether it shall end; a few hundred tests cannot wait for that.
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.002,), daemon=True)
        handler = self._http.RequestHandlerClass
        handler.date_time_string = lambda *_: format_datetime(self.clock(), usegmt=True)

    def answer(self, request: Request) -> Response | None:
        fault = next(self.faults, None) or self.always
        return fault(request) if fault else super().answer(request)


def says(body: object = b"", status: int = 200, **headers: str) -> Fault:
    """Answer anything with this; an underscore in a header's name is a hyphen."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Response(status=status, headers={"Content-Type": "application/json", **named}, body=raw)


def surroundings(clock: Callable[[], datetime], ledger: Ledger | None = None) -> Surroundings:
    meter = ledger or Ledger()
    return Surroundings(
        user_agent="Harvester-Test/1", now=clock, secret=lambda _: SecretStr(TOKEN), meter=lambda _day, _month: meter
    )


def collector(
    kind: str, url: str, clock: Callable[[], datetime], ledger: Ledger | None = None, /, **options: object
) -> Collector:
    """Open a source of `kind` that reads the server at `url`."""
    own: dict[str, object] = {
        "feed": {"url": f"{url}/feeds/site.xml"},
        "supporters": {"url": f"{url}/supporters.csv"},
        "mastodon": {"server": url, "hashtags": ["ParisCall"], "access_token_secret": "TOKEN"},
        "x": {"base_url": url, "query": '"Paris Call"', "bearer_token_secret": "TOKEN"},
    }[kind]
    source = Source(name=f"the-{kind}", kind=kind, allow_private=True, **{**own, **options})
    return open_source(source, surroundings(clock, ledger))


def visit(reader: Collector, cursor: Cursor) -> tuple[list[Page], Cursor]:
    """Make one whole visit; give its pages and the last cursor."""
    pages = list(reader.fetch(cursor))
    return pages, pages[-1].cursor if pages else cursor


@contextlib.contextmanager
def wire(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Listen on loopback; call `answer` with each connection once a request has come in; give the address."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.01)

    def talk(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            while b"\r\n\r\n" not in connection.recv(65536):
                pass
            answer(connection, stop)

    def listen() -> None:
        talks = []
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = server.accept()
                talks.append(threading.Thread(target=talk, args=(connection,)))
                talks[-1].start()
        for thread in talks:
            thread.join()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        stop.set()
        listener.join()
        server.close()


def reset(connection: socket.socket, _: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(head: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Say `head` at once, and then one byte in 20 ms for ever: no silence is ever long enough for a timeout."""

    def answer(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(head)
        while not stop.wait(0.02):
            connection.sendall(b"1")

    return answer
