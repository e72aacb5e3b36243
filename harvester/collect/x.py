"""Search X for the posts of the last days, page by page from the newest to the oldest.

As the newest come first, a search has reached back only when its last page is stored; until then the cursor is a walk:

    no cursor                         ->  a walk through all that X shows, which is seven days
    since                             ->  a walk through what was posted from `overlap` before `since` until now
    start, until, next_token          ->  the walk that was broken off, from where it was
    after the last page of a walk     ->  since := until, X's time at the walk's first page

A walk is bounded by time (`start_time`) and not by the newest id (`since_id`): ids made in the same seconds are not
ordered and X's index lags, so the last minutes must be searched again, and "ten minutes before" is a sum of times but
would be arithmetic on ids, which are opaque. It also lets a quiet search cost nothing. What is read twice counts twice
here, but X bills it once a day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from harvester.collect import Surroundings
from harvester.collect._payload import native_id
from harvester.collect._session import base_address, find_token, open_session
from harvester.collect._x_post import first_id, join, read_post
from harvester.collect._x_search import HOST, SMALLEST_PAGE, Found, QuestionRefused, Search
from harvester.config import Duration, Source
from harvester.model import Cursor, Page, Post, RawItem

FIELDS = {
    "tweet": "author_id,created_at,edit_history_tweet_ids,entities,lang,note_tweet,referenced_tweets",
    "post": "author_id,created_at,edit_history_post_ids,entities,lang,note_post,referenced_posts",
}
MOST_BARREN = 2
"""So many pages in a row that bring nothing new end a walk: X has been seen to offer next pages for ever."""
SOONER_LOST = "X shows seven days only, and the last visit was before them: older posts may be missing"
ENDLESS = "X offered further pages that brought nothing new; the search was ended there"


class Options(BaseModel):
    """The keys of a source of kind "x"; `deadline` is for one answer, `max_bytes` for what it unpacks to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str = Field(min_length=1, max_length=512)
    bearer_token_secret: str = Field(min_length=1)
    base_url: str = HOST
    spelling: Literal["tweet", "post"] = "tweet"
    max_reads_per_day: int = Field(default=500, ge=SMALLEST_PAGE)
    max_reads_per_month: int = Field(default=5000, ge=SMALLEST_PAGE)
    page_size: int = Field(default=100, ge=SMALLEST_PAGE, le=100)
    max_pages: int = Field(default=10, ge=MOST_BARREN, le=100)
    overlap: Duration = Field(default=timedelta(minutes=10), ge=timedelta(minutes=1), le=timedelta(days=1))
    deadline: Duration = timedelta(seconds=30)
    max_bytes: int = Field(default=8_000_000, ge=10_000)


def open_source(source: Source, options: Options, surroundings: Surroundings) -> SearchCollector:
    """Make the collector; raise ConfigError if `base_url` is no address that may be used. Touches no network."""
    base_url = base_address(source, "base_url", options.base_url)
    return SearchCollector(source=source, options=options, surroundings=surroundings, base_url=base_url)


@dataclass(frozen=True, slots=True)
class Walk:
    """A search under way; `start` None is as far back as X shows, `until` and `oldest` are known after a page."""

    start: datetime | None = None
    until: datetime | None = None
    oldest: str = ""
    next_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCollector:
    """The posts that one query finds."""

    source: Source
    options: Options
    surroundings: Surroundings
    base_url: str

    def fetch(self, cursor: Cursor) -> Iterator[Page]:
        """Yield the pages of one walk, `max_pages` at most; raise SourceError."""
        options = self.options
        token = find_token(options.bearer_token_secret, self.surroundings.secret)
        with open_session(
            user_agent=self.surroundings.user_agent,
            token=token,
            deadline=options.deadline,
            max_bytes=options.max_bytes,
            instead_of=HOST,
            base_url=self.base_url,
        ) as session:
            search = Search(
                session=session,
                token=token,
                variable=options.bearer_token_secret,
                parameters=self._parameters(),
                page_size=options.page_size,
                meter=self.surroundings.meter(options.max_reads_per_day, options.max_reads_per_month),
                now=self.surroundings.now,
            )
            yield from self._walk(search, self._resume(cursor))

    def read(self, item: RawItem) -> Post:
        """Turn an item into a post; raise UnreadableItem."""
        return read_post(item)

    def _walk(self, search: Search, walk: Walk) -> Iterator[Page]:
        barren = 0
        for _ in range(self.options.max_pages):
            asked, found = _ask(search, walk)
            oldest = min((asked.oldest, *_ids(found)), key=_age)
            barren = barren + 1 if oldest == asked.oldest else 0
            endless = bool(found.next_token) and barren == MOST_BARREN
            notes = (SOONER_LOST if walk.start and not asked.start else "", ENDLESS if endless else "")
            walk = Walk(asked.start, asked.until or found.at, oldest, "" if endless else found.next_token)
            yield Page(items=self._items(found), cursor=self._cursor(walk), note="; ".join(filter(None, notes)))
            if not walk.next_token:
                return

    def _items(self, found: Found) -> tuple[RawItem, ...]:
        now = self.surroundings.now()
        return tuple(
            RawItem(
                source=self.source.name,
                native_id=native_id(first_id(post), post),
                payload=join(post, found.includes),
                fetched_at=now,
            )
            for post in found.posts
        )

    def _parameters(self) -> dict[str, str]:
        """Give what every request asks for. Expansions cost money too, so none is for posts that others refer to."""
        return {
            "query": self.options.query,
            "expansions": "author_id,entities.mentions.username",
            "user.fields": "description,entities,name,username",
            f"{self.options.spelling}.fields": FIELDS[self.options.spelling],
        }

    def _of(self) -> str:
        """Name what a cursor belongs to: another query begins anew."""
        return hashlib.sha256(f"{self.base_url} {self.options.query}".encode()).hexdigest()[:16]

    def _cursor(self, walk: Walk) -> Cursor:
        """Write down the walk, or, at its end, only until when all is known."""
        times = {
            name: time.isoformat() if time else "" for name, time in (("start", walk.start), ("until", walk.until))
        }
        under_way = {**times, "oldest": walk.oldest, "next_token": walk.next_token}
        return Cursor(json.dumps({"of": self._of(), **(under_way if walk.next_token else {"since": times["until"]})}))

    def _resume(self, cursor: Cursor) -> Walk:
        try:
            kept = json.loads(cursor or "{}")
            if kept["of"] != self._of():
                return Walk()
            if "since" in kept:
                return Walk(start=_time(kept["since"]) - self.options.overlap)
            start = _time(kept["start"]) if kept["start"] else None
            return Walk(start, _time(kept["until"]), str(kept["oldest"]), str(kept["next_token"]))
        except (ValueError, LookupError, TypeError, OverflowError):
            return Walk()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _ids(found: Found) -> Iterator[str]:
    return (identifier for post in found.posts if isinstance(identifier := post.get("id"), str))


def _age(identifier: str) -> tuple[bool, int, str]:
    """Give the key by which ids are ordered: by length, then text; none at all is above every other."""
    return not identifier, len(identifier), identifier


def _ask(search: Search, walk: Walk) -> tuple[Walk, Found]:
    """Give a page, and the walk that it belongs to.

    X refuses a `next_token` that it has forgotten and a `start` that is over seven days ago, in the same words as a
    search that it does not understand. So the walk is tried from its beginning, then without its bound.
    """
    refusals = []
    for attempt in dict.fromkeys((walk, Walk(start=walk.start), Walk())):
        try:
            return attempt, search.page(attempt.start, attempt.next_token)
        except QuestionRefused as refusal:
            refusals.append(refusal)
    raise refusals[-1]
