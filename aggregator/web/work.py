"""Where requests do their work: a few threads, and an end to waiting."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aggregator.web.problems import try_later

THREADS = 8
TIME_LIMIT = 15.0  # seconds that a request may wait and work before its answer begins

T = TypeVar("T")


class Work:
    """Runs what blocks outside the event loop."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self.time_limit = time_limit
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def run(self, function: Callable[[], T]) -> T:
        """What the function gives; a ProblemError when that takes too long.

        What has begun by then cannot be stopped and keeps its thread until it ends; what still waits for one
        is forgotten.
        """
        done = asyncio.get_running_loop().run_in_executor(self._pool, function)
        try:
            return await asyncio.wait_for(done, self.time_limit)
        except TimeoutError:
            raise try_later(f"this took longer than {self.time_limit:g} seconds: ask for less") from None

    def close(self) -> None:
        """Begins nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
