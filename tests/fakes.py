"""Hand-written stand-ins: a post, and a collector that falls over where it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from harvester.errors import UnreadableItem
from harvester.model import Author, Cursor, NativeId, Page, Post, PostId, RawItem, SourceName

NOON = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)


def a_post(text: str = "We have signed the Paris Call!", **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "id": PostId("fake:1"),
        "source": SourceName("fake"),
        "url": "https://example.org/1",
        "author": Author(platform="mastodon", handle="@netz@example.org", name="Fundación Río Claro"),
        "title": "",
        "text": text,
        "published_at": NOON,
    }
    return Post(**(fields | changes))


def an_item(number: int, text: str | None, source: str = "fake") -> RawItem:
    """An item whose post says `text`; None makes one that cannot be read."""
    payload = {"number": number, "text": text}
    return RawItem(source=SourceName(source), native_id=NativeId(str(number)), payload=payload, fetched_at=NOON)


@dataclass
class FakeCollector:
    """A platform that is a list of texts: the cursor is the number of those that were given, with an overlap of one."""

    texts: list[str | None]
    page_size: int = 2
    source: str = "fake"
    trouble: dict[int, Exception] = field(default_factory=dict)
    """Raised before the page that begins at this place."""
    before_page: Callable[[int], None] = lambda _start: None

    def fetch(self, cursor: Cursor) -> Iterator[Page]:
        start = max(0, int(cursor or 0) - 1)
        while start < len(self.texts):
            self.before_page(start)
            if start in self.trouble:
                raise self.trouble.pop(start)
            end = min(start + self.page_size, len(self.texts))
            items = tuple(an_item(n, self.texts[n], self.source) for n in range(start, end))
            yield Page(items=items, cursor=Cursor(str(end)))
            start = end

    def read(self, item: RawItem) -> Post | None:
        text = item.payload["text"]
        if text is None:
            raise UnreadableItem("no text")
        return a_post(text, id=PostId(f"{item.source}:{item.native_id}"), source=item.source)
