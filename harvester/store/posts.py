"""The shelf of posts: items as they came, the posts read from them, and what detection found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, update

from harvester.model import Finding, Label, Post, PostId, RawItem
from harvester.store.dialect import upsert
from harvester.store.tables import finding, item, post

POST_FIELDS = ("source", "url", "author", "title", "text", "language", "published_at", "edited_at", "links", "mentions")
FINDING_FIELDS = ("confidence", "claims", "reasons", "language", "rules_version")


class Kept(Enum):
    """What became of an item that was put on the shelf."""

    NEW = "new"
    EDITED = "edited"
    REPEAT = "repeat"


class PendingPost(NamedTuple):
    """A stored post that waits for judgement; `key` is its row."""

    key: int
    post: Post


class Posts:
    """Items, posts and findings, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def keep(self, raw: RawItem, read: Post) -> Kept:
        """Store a post exactly once, whichever sources show it; a changed one replaces the old and is judged again."""
        known = self._db.execute(
            select(post.c.id, post.c.item_id, post.c.fingerprint, post.c.source).where(post.c.post_id == read.id)
        ).first()
        if known is None:
            self._db.execute(insert(post).values(post_id=read.id, item_id=self._put(raw), **_columns(read)))
            return Kept.NEW
        if known.fingerprint == read.fingerprint or known.source != read.source:
            return Kept.REPEAT
        self._db.execute(
            update(item).where(item.c.id == known.item_id).values(payload=raw.payload, fetched_at=raw.fetched_at)
        )
        self._db.execute(update(post).where(post.c.id == known.id).values(pending=True, **_columns(read)))
        return Kept.EDITED

    def set_aside(self, raw: RawItem, why: str) -> Kept:
        """Keep an unreadable item whole; the same one again is a repeat."""
        known = select(item.c.id).where(item.c.source == raw.source, item.c.native_id == raw.native_id)
        if self._db.scalar(known) is not None:
            return Kept.REPEAT
        self._put(raw, unreadable=why)
        return Kept.NEW

    def pending(self, *, after: int = 0, limit: int) -> list[PendingPost]:
        """Give up to `limit` posts that wait for judgement, oldest first, from behind the one with key `after`."""
        waiting = select(post).where(post.c.pending, post.c.id > after).order_by(post.c.id).limit(limit)
        return [PendingPost(row.id, as_post(row)) for row in self._db.execute(waiting)]

    def count_pending(self, before: datetime) -> int:
        """Count the posts that wait for judgement though they were fetched before a time."""
        waiting = post.join(item, item.c.id == post.c.item_id)
        late = select(func.count()).select_from(waiting).where(post.c.pending, item.c.fetched_at < before)
        return int(self._db.scalar(late) or 0)

    def judge(self, waiting: PendingPost, verdict: Finding, at: datetime) -> bool:
        """Write the verdict on a post; say False, and write none, if it was judged or edited in the meantime."""
        key = waiting.key
        same = (post.c.id == key, post.c.pending, post.c.fingerprint == waiting.post.fingerprint)
        if self._db.execute(update(post).where(*same).values(pending=False)).rowcount != 1:
            return False
        values = {f: getattr(verdict, f) for f in FINDING_FIELDS} | {"label": verdict.label.value, "judged_at": at}
        statement = upsert(self._db, finding).values(post_id=key, **values)
        self._db.execute(statement.on_conflict_do_update(index_elements=["post_id"], set_=values))
        return True

    def judged(self, *, since: datetime | None, after: int = 0, limit: int) -> list[tuple[PendingPost, Finding]]:
        """Give up to `limit` judged posts with their verdicts, from behind the one with key `after`.

        `since` leaves out what was fetched before it.
        """
        joined = post.join(finding, finding.c.post_id == post.c.id).join(item, item.c.id == post.c.item_id)
        chosen = select(post.c.id).select_from(joined).where(post.c.id > after, ~post.c.pending)
        if since:
            chosen = chosen.where(item.c.fetched_at >= since)
        keys = list(self._db.scalars(chosen.order_by(post.c.id).limit(limit)))
        rows = self._db.execute(select(post).where(post.c.id.in_(keys)).order_by(post.c.id))
        found = self._db.execute(select(finding).where(finding.c.post_id.in_(keys)))
        verdicts = {row.post_id: as_finding(row) for row in found}
        return [(PendingPost(row.id, as_post(row)), verdicts[row.id]) for row in rows]

    def judge_again(self, keys: Sequence[int]) -> None:
        """Let judged posts wait for judgement once more; what staff decided stays."""
        self._db.execute(update(post).where(post.c.id.in_(keys)).values(pending=True))

    def labels(self) -> dict[Label, int]:
        """Count the posts under each label."""
        counted = select(finding.c.label, func.count()).group_by(finding.c.label)
        return {Label(label): count for label, count in self._db.execute(counted)}

    def unreadable(self) -> Sequence[tuple[RawItem, str]]:
        """Give the items that are set aside, each with the reason."""
        aside = select(item).where(item.c.unreadable.is_not(None)).order_by(item.c.id)
        return [(as_raw(row), row.unreadable) for row in self._db.execute(aside)]

    def _put(self, raw: RawItem, unreadable: str | None = None) -> int:
        """Store the item; one that was unreadable before and is readable now is taken over."""
        values: dict[str, Any] = {
            "payload": dict(raw.payload),
            "fetched_at": raw.fetched_at,
            "unreadable": unreadable,
        }
        statement = upsert(self._db, item).values(
            source=raw.source, native_id=raw.native_id, first_seen_at=raw.fetched_at, **values
        )
        stored = statement.on_conflict_do_update(index_elements=["source", "native_id"], set_=values)
        return int(self._db.execute(stored.returning(item.c.id)).scalar_one())


def as_raw(row: Row[Any]) -> RawItem:
    """Make the item from a row of its table."""
    return RawItem(source=row.source, native_id=row.native_id, payload=row.payload, fetched_at=row.fetched_at)


def as_post(row: Row[Any]) -> Post:
    """Make the post from a row of its table."""
    return Post(id=PostId(row.post_id), repost_of=row.repost_of, **{f: getattr(row, f) for f in POST_FIELDS})


def as_finding(row: Row[Any]) -> Finding:
    """Make the finding from a row of its table."""
    return Finding(label=Label(row.label), **{f: getattr(row, f) for f in FINDING_FIELDS})


def _columns(read: Post) -> dict[str, Any]:
    columns = {f: getattr(read, f) for f in (*POST_FIELDS, "repost_of", "fingerprint")}
    return columns | {"mentions": dict(read.mentions)}
