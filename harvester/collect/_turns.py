"""Take turns at each host: one request at a time and a pause after it, however many sources ask."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from harvester.errors import Unavailable


class _Place:
    """One host: who is there, and from when on the next may come."""

    __slots__ = ("free_at", "taken")

    def __init__(self) -> None:
        self.taken = Lock()
        self.free_at = 0.0


class Turns:
    """The turns at all hosts; one object is shared by all threads of a process."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self._lock = Lock()

    @contextmanager
    def at(self, host: str, *, gap: float, patience: float) -> Iterator[None]:
        """Hold `host` for the body, at least `gap` seconds after the last one left it.

        A body that ends in OSError has not reached the host, and no gap is kept after it. Raises Unavailable when the
        turn does not come within `patience` seconds; it never waits longer.
        """
        with self._lock:
            place = self._places.setdefault(host, _Place())
        ends = time.monotonic() + patience
        if not place.taken.acquire(timeout=max(patience, 0.0)):
            raise Unavailable(f"{host} is still busy with another source after {patience:.0f} seconds of waiting")
        try:
            self._pause(host, place, gap, ends)
            reached = True
            try:
                yield
            except OSError:
                reached = False
                raise
            finally:
                place.free_at = time.monotonic() if reached else place.free_at
        finally:
            place.taken.release()

    @staticmethod
    def _pause(host: str, place: _Place, gap: float, ends: float) -> None:
        begins = place.free_at + gap if place.free_at else 0.0
        if begins > ends:
            raise Unavailable(f"{host} must be left alone for longer than this visit may take")
        time.sleep(max(0.0, begins - time.monotonic()))
