"""Read the hashtag timelines of one Mastodon server, or of another that speaks its API (GoToSocial, Pleroma ...).

    no cursor  ->  back:    the newest pages, `max_pages` far
    an id      ->  forward: the page just above the id (`min_id`), again and again, until there is none
                   back:    the newest pages once more, `reread_pages` or `reread` far, and always down to the id

`since_id` would give the newest page above the id and leave a gap; `min_id` leaves none, but does not reach everything:
posts that arrive late get an id made from their own date, below the cursor, and a server that hides all posts of one
page answers with an empty one, before which the walk forward would stand for ever. The way back finds both.

An id is opaque text (Mastodon: a number, GoToSocial: a ULID), ordered by length, then text; a post has another id on
each server and the same `uri` on all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import requests
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonError, MastodonRatelimitError
from mastodon.types_base import PaginationInfo
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from harvester.collect import Surroundings
from harvester.collect._mastodon_status import read_status
from harvester.collect._payload import native_id
from harvester.collect._session import base_address, find_token, open_session, rest_until, told, trouble
from harvester.config import Duration, Source
from harvester.errors import AccessRefused, RateLimited, SourceError, Unavailable
from harvester.model import START, Cursor, Page, Post, RawItem

CLOCKS_DIFFER = timedelta(minutes=10)
_Uncast = TypeVar("_Uncast")  # what Mastodon.py casts to this it leaves as it is


def _hashtag(tag: str) -> str:
    if not re.fullmatch(r"#?\w+", tag):
        raise ValueError("letters and digits of any script and underscores")
    return tag.removeprefix("#")


class Options(BaseModel):
    """The keys of a source of kind "mastodon"; `deadline` is for one answer, `max_bytes` for what it unpacks to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    server: str
    hashtags: tuple[Annotated[str, AfterValidator(_hashtag)], ...] = Field(min_length=1, max_length=4)
    access_token_secret: str = ""
    page_size: int = Field(default=40, ge=1, le=40)
    max_pages: int = Field(default=10, ge=1, le=100)
    reread_pages: int = Field(default=3, ge=1, le=100)
    reread: Duration = timedelta(hours=48)
    deadline: Duration = timedelta(seconds=30)
    max_bytes: int = Field(default=8_000_000, ge=10_000)


def open_source(source: Source, options: Options, surroundings: Surroundings) -> HashtagCollector:
    """Make the collector; raise ConfigError if `server` is no address that may be used. Touches no network."""
    server = base_address(source, "server", options.server)
    return HashtagCollector(source=source, options=options, surroundings=surroundings, server=server)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashtagCollector:
    """The posts with any of up to four hashtags that one server knows of."""

    source: Source
    options: Options
    surroundings: Surroundings
    server: str

    def fetch(self, cursor: Cursor) -> Iterator[Page]:
        """Yield what is new above the cursor, oldest page first, then the newest pages again; raise SourceError."""
        variable = self.options.access_token_secret
        token = find_token(variable, self.surroundings.secret) if variable else None
        with open_session(
            user_agent=self.surroundings.user_agent,
            token=token,
            deadline=self.options.deadline,
            max_bytes=self.options.max_bytes,
        ) as session:
            timeline = _Timeline(self, session, token)
            reached, caught_up = self._resume(cursor), True
            if reached:
                reached, caught_up = yield from self._forward(timeline, reached)
            yield from self._back(timeline, reached, caught_up=caught_up)

    def read(self, item: RawItem) -> Post:
        """Turn a status into a post; raise UnreadableItem."""
        return read_status(item)

    def _forward(self, timeline: _Timeline, reached: str) -> Generator[Page, None, tuple[str, bool]]:
        """Give how far it came, and whether that is the end."""
        for _ in range(self.options.max_pages):
            statuses = timeline.page(min_id=reached)
            newest = self._newest(statuses)
            if _order(newest) <= _order(reached):
                return reached, True
            reached = newest
            yield self._page(statuses, reached)
        return reached, False

    def _back(self, timeline: _Timeline, reached: str, *, caught_up: bool) -> Iterator[Page]:
        """Walk down from the newest post; if all between it and `reached` was seen, the cursor moves up to it."""
        most = max(self.options.max_pages if caught_up else 0, self.options.reread_pages)
        top, below, met = "", "", False
        for number in range(1, most + 1):
            statuses = timeline.page(max_id=below)
            lowest = min(_ids(statuses), key=_order, default="")
            if statuses:
                yield self._page(statuses, reached)
            if not lowest or (below and _order(lowest) >= _order(below)):
                met = True
                break
            top, below = top or self._newest(statuses), lowest
            met = bool(reached) and _order(lowest) <= _order(reached)
            if (met or not caught_up) and (number >= self.options.reread_pages or self._is_old(statuses)):
                break
        if caught_up and _order(top) > _order(reached):
            note = "" if met or not reached else f"over {most} pages were new at once; the oldest posts may be missing"
            yield Page(items=(), cursor=self._cursor(top), note=note)

    def _page(self, statuses: Sequence[object], reached: str) -> Page:
        now = self.surroundings.now()
        payloads = [status if isinstance(status, dict) else {"not a status": status} for status in statuses]
        items = tuple(
            RawItem(source=self.source.name, native_id=native_id(p.get("uri"), p), payload=p, fetched_at=now)
            for p in payloads
        )
        return Page(items=items, cursor=self._cursor(reached))

    def _newest(self, statuses: Iterable[object]) -> str:
        """Give the highest id; a date in the future makes an id above all that come later, so it does not count."""
        soon = self.surroundings.now() + CLOCKS_DIFFER
        return max(_ids(s for s in statuses if (_date(s) or soon) <= soon), key=_order, default="")

    def _is_old(self, statuses: Iterable[object]) -> bool:
        oldest = self.surroundings.now() - self.options.reread
        return any(date < oldest for status in statuses if (date := _date(status)))

    def _of(self) -> list[str]:
        """Name what a cursor belongs to: an id means nothing on another server, and another hashtag begins anew."""
        return [self.server, *sorted(tag.casefold() for tag in self.options.hashtags)]

    def _cursor(self, reached: str) -> Cursor:
        return Cursor(json.dumps({"of": self._of(), "min_id": reached})) if reached else START

    def _resume(self, cursor: Cursor) -> str:
        try:
            kept = json.loads(cursor or "{}")
            return str(kept["min_id"]) if kept["of"] == self._of() else ""
        except (ValueError, LookupError, TypeError):
            return ""


class _Timeline:
    """Asks one server for pages, by way of Mastodon.py."""

    def __init__(self, collector: HashtagCollector, session: requests.Session, token: SecretStr | None) -> None:
        session.hooks["response"].append(_keep_from_interpretation)
        self._collector = collector
        self._token = token
        self._client = Mastodon(
            api_base_url=collector.server,
            session=session,
            ratelimit_method="throw",
            request_timeout=collector.options.deadline.total_seconds(),
            user_agent=collector.surroundings.user_agent,
        )

    def page(self, **place: str) -> list[Any]:
        """Give the statuses of one page as plain JSON; raise SourceError.

        `fetch_next` is Mastodon.py's general way to a page. Its `timeline_hashtag` knows one tag only, asks for
        /api/v2/instance on the way, and builds typed objects, at 1.5 ms a status where this takes 0.02.
        """
        first, *others = self._collector.options.hashtags
        asked = {
            "_pagination_method": "GET",
            "_pagination_endpoint": f"/api/v1/timelines/tag/{first}",
            "_mastopy_type": _Uncast,
            "any[]": others,
            "limit": self._collector.options.page_size,
            **{name: value for name, value in place.items() if value},
        }
        try:
            found: Any = self._client.fetch_next(PaginationInfo(asked))
        except (MastodonError, RecursionError) as error:
            raise self._trouble(error) from None
        if not isinstance(found, list):
            raise Unavailable(f"{self._collector.server} answered with something that is no list of posts")
        return found

    def _trouble(self, error: Exception) -> SourceError:
        server = self._collector.server
        if isinstance(error, MastodonRatelimitError):
            until = rest_until(self._collector.surroundings.now(), self._client.ratelimit_reset)
            return RateLimited(f"{server} asks us to stay away for a while", until=until)
        status = error.args[1] if isinstance(error, MastodonAPIError) and len(error.args) > 1 else None
        if not isinstance(status, int):
            return trouble(server, error)
        says = told(f"{status} {error.args[-1] or error.args[2]}", self._token)
        if status == requests.codes.not_found:
            return AccessRefused(f"{server} has no hashtag timelines ({says}): is it the address of a Mastodon server?")
        if status in {401, 403, 410, 422}:
            return AccessRefused(f"{server} refuses us ({says}). {self._remedy()}")
        return Unavailable(f"{server} is out of order ({says})")

    def _remedy(self) -> str:
        make = 'under Preferences > Development make an application with the scope "read:statuses"'
        if self._token:
            variable = self._collector.options.access_token_secret
            return f"Make a new token there ({make}) and put it into {variable}."
        return (
            f"It shows hashtags to its members only: make an account there, {make}, put its access token into an "
            "environment variable, and name that variable as access_token_secret."
        )


def _keep_from_interpretation(response: requests.Response, **_: object) -> None:
    """Take away the headers that Mastodon.py trusts and trips over, except those that a 429 needs."""
    needed = {"Date", "X-RateLimit-Reset"} if response.status_code == requests.codes.too_many_requests else set()
    for name in set(response.headers) - needed:
        del response.headers[name]


def _order(identifier: str) -> tuple[int, str]:
    return len(identifier), identifier


def _ids(statuses: Iterable[object]) -> Iterator[str]:
    """Give the ids that can be sent back as they are."""
    for status in statuses:
        identifier = status.get("id") if isinstance(status, dict) else None
        if isinstance(identifier, str) and re.fullmatch(r"[!-~]{1,200}", identifier):
            yield identifier


def _date(status: object) -> datetime | None:
    created = status.get("created_at") if isinstance(status, dict) else None
    try:
        date = datetime.fromisoformat(created) if isinstance(created, str) else None
    except ValueError:
        return None
    return date if date and date.tzinfo else None
