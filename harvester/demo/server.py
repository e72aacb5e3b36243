"""A server on loopback that answers from sample posts as feeds, Mastodon servers, the X API and the official site do.

The real collectors read it in `harvester demo` and in the contract tests. Posts may be added while it runs, also late
or back-dated ones; to make it fail, override `DemoServer.answer`.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import astuple, fields
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from harvester.demo import mastodon, syndication, x
from harvester.demo.exchange import Request, Response, conditional, json_response
from harvester.demo.sample import Platform, Sample, Samples, Site, Supporter

ROUTES = {
    "feed": re.compile(r"/feeds/(?P<name>[\w-]+)\.(?:xml|atom)"),
    "timeline": re.compile(r"(?:/[\w-]+)?/api/v1/timelines/tag/(?P<name>[^/]+)"),
    "instance": re.compile(r"(?:/[\w-]+)?/api/v(?P<name>[12])/instance/?"),
    "search": re.compile(r"/2/tweets/search/recent(?P<name>)"),
    "supporters": re.compile(r"/supporters\.csv(?P<name>)"),
}
REMEMBERED = 1000


class DemoServer:
    """Serve `samples` on 127.0.0.1 between `with` and its end; `port` 0 takes a free one.

    `now` is the server's clock (aware UTC); X shows nothing of the last 30 seconds and nothing older than 7 days.
    A page of Mastodon or X holds at most `page_size` posts, a feed the newest `window`. `requests` remembers the
    newest thousand requests.
    """

    def __init__(
        self,
        samples: Samples | Iterable[Sample] = (),
        *,
        now: Callable[[], datetime],
        port: int = 0,
        page_size: int = 10,
        window: int = 20,
    ) -> None:
        shown = samples if isinstance(samples, Samples) else Samples(posts=tuple(samples))
        self.now = now
        self.page_size = page_size
        self.window = window
        self.requests: deque[Request] = deque(maxlen=REMEMBERED)
        self._lock = threading.Lock()
        self._posts = {post.key: post for post in shown.posts}
        self._supporters = list(shown.supporters)
        self._sites = {site.name: site for site in shown.sites}
        self._changed_at = now()
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Give the server's address, without a slash at the end."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def add(self, post: Sample) -> None:
        """Show `post` from now on, in place of the one with the same key if there is one (an edit)."""
        with self._lock:
            self._posts[post.key] = post
            self._changed_at = self.now()

    def remove(self, key: str) -> None:
        """Show the post with this key no longer; raise KeyError if there is none."""
        with self._lock:
            del self._posts[key]
            self._changed_at = self.now()

    def add_supporter(self, supporter: Supporter) -> None:
        """Put one more row at the end of the official list."""
        with self._lock:
            self._supporters.append(supporter)
            self._changed_at = self.now()

    def answer(self, request: Request) -> Response | None:
        """Answer one request; None closes the connection without a word. Called in many threads at once."""
        for route, pattern in ROUTES.items():
            if found := pattern.fullmatch(request.path):
                return self._route(route, found["name"], request)
        return json_response({"error": "Record not found"}, status=404)

    def _route(self, route: str, name: str, request: Request) -> Response:
        if route == "feed":
            site = self._sites.get(name) or Site(name=name, title=name, link=f"https://{name}.example")
            posts = [post for post in self._of(Platform.FEED) if post.place == name]
            return syndication.answer(request, site, posts, changed_at=self._changed_at, window=self.window)
        if route == "timeline":
            posts = self._of(Platform.MASTODON)
            return mastodon.timeline(request, name, posts, now=self.now(), page_size=self.page_size)
        if route == "instance":
            return mastodon.instance(request, int(name))
        if route == "search":
            return x.search(request, self._of(Platform.X), now=self.now(), page_size=self.page_size)
        return conditional(request, self._official_list(), self._changed_at)

    def _of(self, platform: Platform) -> list[Sample]:
        with self._lock:
            return [post for post in self._posts.values() if post.platform is platform]

    def _official_list(self) -> Response:
        with self._lock:
            rows = [astuple(supporter) for supporter in self._supporters]
        text = io.StringIO()
        csv.writer(text).writerows([[field.name for field in fields(Supporter)], *rows])
        return Response(headers={"Content-Type": "text/csv; charset=utf-8"}, body=text.getvalue().encode())


def _handler(server: DemoServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            request = Request(
                base=server.url,
                path=address.path,
                query={name: tuple(values) for name, values in parse_qs(address.query).items()},
                headers={name.lower(): value for name, value in self.headers.items()},
            )
            server.requests.append(request)
            # One request a connection: no thread is left waiting when the server ends.
            self.close_connection = True
            if (response := server.answer(request)) is not None:
                self._send(response)

        def _send(self, response: Response) -> None:
            self.send_response(response.status)
            headers = {"Content-Length": str(len(response.body)), "Connection": "close", **response.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            # A client that has read enough hangs up; there is nobody left to answer.
            with contextlib.suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(response.body)

        def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 -- only ever asked for now
            """Give the server's own time for the Date header, by which collectors go."""
            return format_datetime(server.now(), usegmt=True)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the standard library's name
            """Stay silent: what the server was asked is in `requests`."""

    return Handler
