"""Serve the samples with some held back, which then appear one by one: a day's news in a few minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from harvester.demo.sample import Sample, Samples
from harvester.demo.server import DemoServer

EVERY = timedelta(seconds=20)
HELD_BACK = 24


@contextmanager
def serve(
    samples: Samples,
    *,
    now: Callable[[], datetime],
    port: int = 0,
    every: timedelta = EVERY,
    held_back: int = HELD_BACK,
) -> Iterator[DemoServer]:
    """Serve on 127.0.0.1 until the block ends; `every` so often one of the posts held back appears, dated then.

    X shows it 30 seconds later.
    """
    later = hold_back(samples.posts, held_back)
    shown = Samples(
        posts=tuple(post for post in samples.posts if post not in later),
        sites=samples.sites,
        supporters=samples.supporters,
    )
    stop = threading.Event()
    with DemoServer(shown, now=now, port=port) as server:
        thread = threading.Thread(target=_drip, args=(server, later, every, stop), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            thread.join()


def hold_back(posts: tuple[Sample, ...], number: int) -> tuple[Sample, ...]:
    """Choose `number` posts from all over the samples, none of them broken, a repost or reposted."""
    reposted = {post.repost_of.key for post in posts if post.repost_of}
    free = [post for post in posts if post.expect and not post.repost_of and post.key not in reposted]
    return tuple(free[n * len(free) // number] for n in range(number))


def _drip(server: DemoServer, later: tuple[Sample, ...], every: timedelta, stop: threading.Event) -> None:
    for post in later:
        if stop.wait(every.total_seconds()):
            return
        server.add(replace(post, published_at=server.now(), edited_at=None))
