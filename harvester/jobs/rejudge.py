"""Replay the rules over stored posts: what would be gained and lost, case by case, before anything changes.

Nothing is asked of any platform again. Applying it lets the changed posts be judged anew: new organisations become
cases, known ones get evidence. Evidence stays where it was, and what staff decided is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from harvester.jobs import Office
from harvester.jobs.judge import signatures
from harvester.model import Finding, Label, Post

CHUNK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One post on which the rules think otherwise than before; `key` is its row."""

    key: int
    post: Post
    before: Finding
    after: Finding

    @property
    def gained(self) -> tuple[str, ...]:
        """Name the organisations that the post is now taken to announce."""
        return tuple(sorted(_announced(self.after) - _announced(self.before)))

    @property
    def lost(self) -> tuple[str, ...]:
        """Name the organisations that the post is no longer taken to announce."""
        return tuple(sorted(_announced(self.before) - _announced(self.after)))


def changes(office: Office, detect: Callable[[Post], Finding], since: datetime | None = None) -> Iterator[Change]:
    """Yield each stored post whose label or announced organisations the rules now see differently."""
    after = 0
    while True:
        with office.store.read() as shelves:
            chunk = shelves.posts.judged(since=since, after=after, limit=CHUNK)
        if not chunk:
            return
        for stored, before in chunk:
            now = detect(stored.post)
            if now.label is not before.label or _announced(now) != _announced(before):
                yield Change(key=stored.key, post=stored.post, before=before, after=now)
        after = chunk[-1][0].key


def apply(office: Office, changed: Sequence[Change]) -> None:
    """Let the changed posts wait for judgement; the next round of judging takes them."""
    with office.store.write() as shelves:
        shelves.posts.judge_again([change.key for change in changed])


def _announced(finding: Finding) -> frozenset[str]:
    if finding.label is not Label.ANNOUNCEMENT:
        return frozenset()
    return frozenset(claim.organisation for claim in signatures(finding.claims))
