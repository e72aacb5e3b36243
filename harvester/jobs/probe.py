"""Try one source, whether it is reached, readable and plausible, without storing anything."""

from __future__ import annotations

from harvester.collect import Collector
from harvester.errors import Unavailable, UnreadableItem
from harvester.model import START, Post


def probe(collector: Collector) -> str:
    """Fetch one page and read it; say what it holds. Raises SourceError, with the remedy in its words.

    A paid source is charged for the page, as for any other.
    """
    page = next(collector.fetch(START), None)
    items = page.items if page else ()
    posts: list[Post] = []
    unreadable = 0
    for item in items:
        try:
            if post := collector.read(item):
                posts.append(post)
        except UnreadableItem:
            unreadable += 1
    if items and unreadable == len(items):
        raise Unavailable(f"reached, but none of its {len(items)} items can be read; has its format changed?")
    if not posts:
        return "reached; nothing there at present"
    newest = max((post.published_at for post in posts if post.published_at), default=None)
    aside = f", {unreadable} unreadable" if unreadable else ""
    return f"reached; {len(posts)} posts on its first page{aside}, the newest of {newest or 'no known date'}"
