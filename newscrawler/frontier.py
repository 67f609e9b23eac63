"""Which URLs are read next: a few of each site, newest first, none of a host that must wait.

In: the ledger's rows, what became of those taken. Out: rows to fetch, or when to ask again. Must not know: Scrapy, HTTP.
The ledger holds the queue; here is only what is in flight or put back, so memory does not grow with the listing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from newscrawler.ledger import Ledger
from newscrawler.rechecks import take_due
from newscrawler.rows import Row, take_pending

MOST_PUT_BACK = 1_000
"""Rows of one site that may wait for another try; with more the site is taken for down and nothing new is taken."""


def lane_share(concurrency: int, total: int, sites: int) -> int:
    """Return how many rows of one site may be in flight: twice what its host is asked at once, so that it never waits for us.

    Less where the lanes of all sites together would fill the downloader (`total` requests): hosts that hang would take it all.
    """
    return max(1, min(2 * concurrency, total // sites))


@dataclass(slots=True)
class Lane:
    """One site's part of the frontier."""

    site: str
    run: str
    share: int
    """Most rows in flight: what keeps a slow site from filling the downloader."""
    limit: int | None = None
    """Most rows to read in this run."""
    window: tuple[float, float] | None = None
    recheck: float | None = None
    """Rows whose re-check was due at this time are read again; None: none are."""
    open: bool = False
    """Whether rows may be taken: not while the site is being discovered or learned, nor after it was stopped."""
    dry: bool = False
    """Whether the ledger had no more to give when asked last."""
    paused_until: float = 0.0
    taken: int = 0
    flying: dict[int, Row] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    """Ids that have their outcome, which the ledger learns with the next commit."""
    waiting: list[tuple[float, int, Row]] = field(default_factory=list)
    """Heap of rows put back: (seconds, id, row)."""

    @property
    def room(self) -> int:
        return self.share - len(self.flying)

    def withheld(self) -> set[int]:
        """Ids that the ledger would give but that are in hand already."""
        return {*self.flying, *self.settled, *(row_id for _, row_id, _ in self.waiting)}

    def left(self) -> int:
        """How many rows may yet be taken from the ledger."""
        room = self.room if len(self.waiting) < MOST_PUT_BACK else 0
        return room if self.limit is None else min(room, self.limit - self.taken)


class Frontier:
    """The lanes of one crawl."""

    def __init__(self, ledger: Ledger, lanes: Iterable[Lane]) -> None:
        self.ledger = ledger
        self.lanes = {lane.site: lane for lane in lanes}

    def take(self, now: float) -> list[Row]:
        """Return the rows to fetch now, the sites in turn; each is in flight until `settled` or `put_back`."""
        taken = [self._take(lane, now) for lane in self.lanes.values() if lane.open and lane.paused_until <= now]
        return [row for turn in zip_longest(taken) for row in turn]

    def _take(self, lane: Lane, now: float) -> list[Row]:
        rows: list[Row] = []
        while lane.room > len(rows) and lane.waiting and lane.waiting[0][0] <= now:
            rows.append(heapq.heappop(lane.waiting)[2])
        lane.flying.update((row.id, row) for row in rows)
        count = lane.left()
        lane.dry = lane.dry or lane.limit == lane.taken
        if count > lane.share // 2 or (count > 0 and not lane.flying):
            fresh = self._fresh(lane, count)
            lane.dry = len(fresh) < count
            lane.taken += len(fresh)
            lane.flying.update((row.id, row) for row in fresh)
            rows += fresh
        return rows

    def _fresh(self, lane: Lane, count: int) -> list[Row]:
        with self.ledger.begin() as conn:
            withheld = lane.withheld()
            rows = take_pending(conn, lane.site, count, without=withheld, window=lane.window)
            if len(rows) < count and lane.recheck is not None:
                rows += take_due(conn, lane.site, count - len(rows), now=lane.recheck, run=lane.run, without=withheld)
        return rows

    def settled(self, row: Row) -> None:
        """The row has its outcome; its place is free."""
        lane = self.lanes[row.site]
        lane.flying.pop(row.id, None)
        lane.settled.add(row.id)

    def committed(self) -> None:
        """The ledger knows the outcomes so far."""
        for lane in self.lanes.values():
            lane.settled.clear()

    def put_back(self, row: Row, not_before: float) -> None:
        """The row wants another try, not before that second."""
        lane = self.lanes[row.site]
        lane.flying.pop(row.id, None)
        heapq.heappush(lane.waiting, (not_before, row.id, row))

    def adopt(self, site: str, rows: Iterable[Row]) -> None:
        """Rows that were fetched already: they go first, and count."""
        lane = self.lanes[site]
        for row in rows:
            lane.taken += 1
            heapq.heappush(lane.waiting, (0.0, row.id, row))

    def busy(self) -> bool:
        """Is anything in flight, or left to take?"""
        return any(lane.flying or (lane.open and (lane.waiting or not lane.dry)) for lane in self.lanes.values())

    def next_time(self) -> float | None:
        """Return the earliest second at which a row that waits may go, or None when none waits."""
        times = [max(lane.waiting[0][0], lane.paused_until) for lane in self.lanes.values() if lane.open and lane.waiting]
        times += [lane.paused_until for lane in self.lanes.values() if lane.open and not lane.waiting]
        return min(times, default=None)


def zip_longest(lists: list[list[Row]]) -> list[list[Row]]:
    """Turn lists by site into rounds with one row a site, so that no site waits for another's batch."""
    return [[rows[turn] for rows in lists if turn < len(rows)] for turn in range(max(map(len, lists), default=0))]
