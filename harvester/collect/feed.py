"""Read RSS, Atom and JSON feeds: news sites, blogs, news searches.

A feed shows only its newest entries, so each visit reads all of them again and the store drops what it has. What is
odd about real feeds (no ids, no dates, the same id twice, a move, a web page in place of the feed) is met here;
`web` fetches and `_feed_parser` parses.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harvester.collect import Surroundings
from harvester.collect._feed_links import canonical, is_web_address, links_in, related, same_site
from harvester.collect._feed_parser import ParsedFeed, parse_feed
from harvester.collect._payload import Moment, Payload, domain, read_payload
from harvester.collect.web import Address, Answer, Validators, Web, open_web
from harvester.config import Duration, Source
from harvester.errors import AccessRefused, Unavailable, UnreadableItem
from harvester.model import START, Author, Cursor, NativeId, Page, Post, PostId, RawItem
from harvester.text import clean, plain_text

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
VISITS_BEFORE_MOVING = 5
"""How many visits in a row must find the same permanent redirect before the new address is used."""
MOST_REMEMBERED = 250
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""A date before this is a machine's zero, not a date."""


class Options(BaseModel):
    """A feed's own keys in `sources.toml`. `title` replaces the site's own name; `max_bytes` is after unpacking."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Address
    title: str = ""
    max_bytes: int = Field(default=4_000_000, ge=1_000, le=50_000_000)
    deadline: Duration = Field(default=timedelta(minutes=1), gt=timedelta(), le=timedelta(minutes=5))


class State(BaseModel):
    """What a feed's cursor holds. `seen` are short fingerprints of the entries at the last visit that had any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    configured: str
    address: str
    moves_to: str = ""
    moves_seen: int = 0
    validators: Validators = Validators()
    seen: tuple[str, ...] = ()

    @classmethod
    def read(cls, cursor: Cursor, url: str) -> State:
        """Read `cursor`; begin anew if it is START, is damaged, or belongs to another address than `url`."""
        new = cls(configured=url, address=url)
        try:
            state = new if cursor == START else cls.model_validate_json(cursor)
        except ValidationError:
            return new
        return state if state.configured == url else new

    def write(self) -> Cursor:
        """Give the cursor that holds this."""
        return Cursor(self.model_dump_json(exclude_defaults=True))


class Entry(Payload):
    """One entry in the form that `_feed_worker` gives it."""

    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    published: Moment | Literal[""] = ""
    updated: Moment | Literal[""] = ""
    language: str = ""
    source: Mapping[str, str] = Field(default_factory=dict)
    broken: str = ""


class Kept(Payload):
    """What is kept of an item: the entry, its site, and the id that it shares with the same article elsewhere."""

    site: Mapping[str, str]
    entry: Entry
    shared: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The collector for one feed."""

    source: Source
    options: Options
    surroundings: Surroundings
    web: Web

    def fetch(self, cursor: Cursor) -> Iterator[Page]:
        """Yield one page with every entry that the feed shows, or with none if it has not changed."""
        state = State.read(cursor, self.options.url)
        state, answer = self._get(state)
        state, moved = _follow(state, answer)
        if answer.status == 304:  # noqa: PLR2004 -- HTTP's "not modified"
            yield Page(items=(), cursor=state.write(), note=moved)
            return
        feed = parse_feed(answer)
        items = self._items(feed)
        seen = _remember(items)
        gap = bool(seen and state.seen) and not set(seen) & set(state.seen)
        # Without validators the next visit reads a document again that was ill-formed and perhaps not complete.
        changes = {"seen": seen or state.seen, "validators": answer.validators if feed.whole else Validators()}
        notes = (moved, "no overlap with the last visit: entries may have been missed, visit more often" if gap else "")
        yield Page(items=items, cursor=state.model_copy(update=changes).write(), note="; ".join(filter(None, notes)))

    def read(self, item: RawItem) -> Post | None:
        """Turn an entry into a post, its site being the author; raise UnreadableItem."""
        kept = read_payload(Kept, item)
        entry = kept.entry
        if entry.broken:
            raise UnreadableItem(entry.broken)
        author = self._author(kept)
        title, text = _title_and_text(entry, author.name)
        if not title and not text:
            raise UnreadableItem("an entry with neither a title nor a text")
        published = _moment(entry.published or entry.updated, item.fetched_at)
        edited = _moment(entry.updated, item.fetched_at)
        return Post(
            id=PostId(kept.shared or f"feed:{item.source}:{item.native_id}"),
            source=item.source,
            url=entry.link if is_web_address(entry.link) else "",
            author=author,
            title=title,
            text=text,
            language=_language(entry.language or kept.site.get("language", "")),
            published_at=published,
            edited_at=edited if edited != published else None,
            links=links_in(f"{entry.summary} {entry.content}"),
        )

    def _get(self, state: State) -> tuple[State, Answer]:
        """Fetch from the address the feed moved to, and if that fails from the one in the config."""
        try:
            return state, self.web.get(state.address, accept=ACCEPT, validators=state.validators)
        except (Unavailable, AccessRefused):  # not RateLimited: home would lead to the same busy host
            if state.address == self.options.url:
                raise
        home = State(configured=self.options.url, address=self.options.url, seen=state.seen)
        return home, self.web.get(home.address, accept=ACCEPT)

    def _items(self, feed: ParsedFeed) -> tuple[RawItem, ...]:
        now = self.surroundings.now()
        crowded = _crowded(feed.entries)
        items = {}
        for entry in feed.entries:
            key = _native_id(entry, crowded)
            shared = "" if _keys(entry) & crowded else self._shared_id(entry.get("link", ""))
            payload = {"site": dict(feed.site), "entry": dict(entry), "shared": shared}
            items[key] = RawItem(source=self.source.name, native_id=key, payload=payload, fetched_at=now)
        return tuple(items.values())

    def _shared_id(self, link: str) -> str:
        """Give the post's id on the whole web, or nothing where `link` may stand for more than one post.

        Only a site's own feeds may say what its pages are: a stranger's entry on the same link has other words.
        """
        own = is_web_address(link) and same_site(domain(link), domain(self.options.url))
        return f"feed:{_hash(canonical(link))}" if own and urlsplit(link).path.strip("/") else ""

    def _author(self, kept: Kept) -> Author:
        entry, site = kept.entry, kept.site
        home = site.get("url", "") if is_web_address(site.get("url", "")) else self.options.url
        if entry.source.get("title") or entry.source.get("url"):
            url = entry.source.get("url", "")
            host = domain(url)
            return Author(platform="feed", name=clean(entry.source.get("title", "")) or host, url=url, domain=host)
        host = domain(entry.link)
        if host and not related(host, domain(home)) and not related(host, domain(self.options.url)):
            # A collection of other sites' articles: its owner has not said what they say.
            return Author(platform="feed", name=clean(entry.author) or host, url=f"https://{host}/", domain=host)
        name = self.options.title or plain_text(site.get("title", "")) or domain(home)
        return Author(platform="feed", name=name, url=home, domain=domain(home))


def open_source(source: Source, options: Options, surroundings: Surroundings) -> Feed:
    """Make the collector for one feed; touches no network."""
    web = open_web(source, surroundings, deadline=options.deadline, max_bytes=options.max_bytes)
    return Feed(source, options, surroundings, web)


def _follow(state: State, answer: Answer) -> tuple[State, str]:
    """Count the permanent redirects seen in a row; move when there were enough, and say so."""
    if not answer.moved_for_good:
        return state.model_copy(update={"moves_to": "", "moves_seen": 0}), ""
    seen = state.moves_seen + 1 if answer.url == state.moves_to else 1
    if seen < VISITS_BEFORE_MOVING:
        return state.model_copy(update={"moves_to": answer.url, "moves_seen": seen}), ""
    moved = state.model_copy(update={"address": answer.url, "moves_to": "", "moves_seen": 0})
    return moved, f"the feed has moved for good to {answer.url}: write that into sources.toml"


def _remember(items: Sequence[RawItem]) -> tuple[str, ...]:
    return tuple(item.native_id[:8] for item in items[:MOST_REMEMBERED])


def _keys(entry: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Give what names an entry: its guid and its link, as far as it has them."""
    link = canonical(entry.get("link", ""))
    return {(kind, key) for kind, key in (("guid", entry.get("guid", "")), ("link", link)) if key}


def _crowded(entries: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Give the guids and links that entries with different contents share, so that they name none of them."""
    different = {_content(entry): entry for entry in entries}.values()
    counted = Counter(key for entry in different for key in _keys(entry))
    return {key for key, times in counted.items() if times > 1}


def _native_id(entry: Mapping[str, Any], crowded: set[tuple[str, str]]) -> NativeId:
    """Name an entry by guid and link together, because guids are used again for new articles.

    One that has neither, or shares one with a neighbour, is named by its title and date as well.
    """
    keys = _keys(entry)
    return NativeId(_hash(*(key for _, key in sorted(keys)), "" if keys and not keys & crowded else _content(entry)))


def _content(entry: Mapping[str, Any]) -> str:
    if "broken" in entry:
        return str(entry["raw"])
    return _hash(
        entry["guid"], entry["link"], entry["title"] or entry["summary"] or entry["content"], entry["published"]
    )


def _hash(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _title_and_text(entry: Entry, publisher: str) -> tuple[str, str]:
    """Give title and text, without the publisher's name that news searches append to both (Google News)."""
    title = plain_text(entry.title).removesuffix(f" - {publisher}").strip()
    text = plain_text(max(entry.content, entry.summary, key=len))
    repeated = text.removesuffix(publisher).strip() == title
    return title, "" if repeated else text


def _moment(value: datetime | Literal[""], fetched_at: datetime) -> datetime | None:
    """Give a date that can be true: none before EARLIEST, and none after the moment when the entry was seen."""
    if value == "" or value < EARLIEST:
        return None
    return min(value, fetched_at)


def _language(tag: str) -> str:
    """Give the language of a tag such as "pt-BR": "pt"; empty for what is no tag."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag)
    return found[1].lower() if found else ""
