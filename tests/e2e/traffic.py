"""A crawl and an analyst that never rest, for tests of what becomes of the index meanwhile."""

import random
import threading
import time
from collections.abc import Callable
from itertools import count

from aggregator.errors import TryLaterError
from aggregator.index.protocol import SearchIndex
from aggregator.index.sync import sync
from aggregator.registry import Registry
from aggregator.search import search
from aggregator.search.results import SearchRequest
from aggregator.store import Store
from tests.e2e.processes import wait_until
from tests.index.conftest import make_article

PAUSE = 0.4  #: seconds


class Traffic:
    """Articles that come and change, each synced as a crawl does, and searches; both without a pause."""

    def __init__(self, store: Store, registry: Registry, writing: SearchIndex, reading: SearchIndex) -> None:
        self._store, self._registry = store, registry
        self._writing, self._reading = writing, reading
        self._done = threading.Event()
        self._threads = [
            threading.Thread(target=self._guard, args=(step,)) for step in (self._write, self._look)
        ]
        self._numbers = count(1)
        self._chance = random.Random(6)
        self.arrived = 0  #: articles of which a sync has said that they are there
        self.synced = 0  #: syncs that came to their end
        self.put_off = 0
        self.answered = 0  #: searches
        self.unanswered = 0
        self.broken: list[BaseException] = []

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            while not self._done.is_set():
                step()
        except BaseException as error:
            self.broken.append(error)

    def _write(self) -> None:
        new = [next(self._numbers) for _ in range(3)]
        changed = [self._chance.randint(1, new[-1]) for _ in range(2)]
        text = f"خبر {new[-1]}"
        self._store.put_articles(
            [make_article(number, text, body="آب و برق و گاز " * 20) for number in new + changed]
        )
        try:
            sync(self._store, self._writing, self._registry)
        except TryLaterError:
            self.put_off += 1
        else:
            self.arrived = new[-1]
            self.synced += 1
        time.sleep(PAUSE)

    def _look(self) -> None:
        expected = self.arrived
        try:
            total = search(SearchRequest("خبر"), self._reading, self._registry).total
        except TryLaterError:
            self.unanswered += 1
        else:
            assert total >= expected
            self.answered += 1
        time.sleep(PAUSE)

    def catch_up(self) -> None:
        """Ends it, and brings what is left."""
        self.stop()
        sync(self._store, self._writing, self._registry)

    def goes_on(self, times: int = 2) -> None:
        """Waits until articles have arrived and searches been answered so often."""
        synced, answered = self.synced + times, self.answered + times
        wait_until(lambda: bool(self.broken) or (self.synced >= synced and self.answered >= answered))
        assert self.broken == []
