"""Posts held back appear one by one, as news."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from harvester.demo.drip import hold_back, serve
from harvester.demo.exchange import Request
from harvester.demo.sample import Platform, read_samples

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)


def test_posts_held_back_are_of_all_platforms_and_stand_for_themselves():
    posts = read_samples(NOW).posts
    later = hold_back(posts, 24)
    assert len({post.key for post in later}) == 24
    assert {post.platform for post in later} == set(Platform)
    assert {post.expect.label for post in later if post.expect} == {"announcement", "mention", "unrelated"}
    assert not [post for post in posts if post.repost_of in later]
    assert len({post.language for post in later}) >= 5


def test_every_post_held_back_appears_in_its_turn_dated_then():
    samples = read_samples(NOW - timedelta(hours=1))
    feeds = [f"/feeds/{site.name}.xml" for site in samples.sites]

    def shown(mark: bytes) -> int:
        answers = [server.answer(Request(base=server.url, path=path)) for path in feeds]
        return sum(answer.body.count(mark) for answer in answers if answer)

    late = [post for post in hold_back(samples.posts, 24) if post.platform is Platform.FEED]
    everything = sum(post.platform is Platform.FEED for post in samples.posts)
    with serve(samples, now=lambda: NOW, every=timedelta(milliseconds=20)) as server:
        assert shown(b"<item>") < everything
        deadline = time.monotonic() + 10
        while shown(b"<item>") < everything and time.monotonic() < deadline:
            time.sleep(0.02)
        assert shown(b"<item>") == everything
        assert shown(b"<pubDate>Mon, 14 Sep 2026 10:00:00 GMT</pubDate>") == len(late)


def test_the_end_does_not_wait_for_the_next_post():
    began = time.monotonic()
    with serve(read_samples(NOW), now=lambda: NOW, every=timedelta(hours=1)):
        pass
    assert time.monotonic() - began < 5
