"""Work beside the event loop, which must go on downloading while a monstrous page is read."""

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

_Result = TypeVar("_Result")

_places = asyncio.Semaphore((os.cpu_count() or 1) + 2)


async def in_thread(function: Callable[..., _Result], *arguments: Any) -> _Result:
    """What ``function`` gives or raises, called in a thread of its own.

    Unlike those of ``asyncio.to_thread``, these threads do not hold up the end of the program.
    """
    async with _places:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Result] = loop.create_future()

        def settle(done: Callable[[Any], None], value: Any) -> None:
            if not future.done():
                done(value)

        def work() -> None:
            outcome: tuple[Callable[[Any], None], Any]
            try:
                outcome = future.set_result, function(*arguments)
            except BaseException as error:
                outcome = future.set_exception, error
            with suppress(RuntimeError):  # the loop has been closed meanwhile
                loop.call_soon_threadsafe(settle, *outcome)

        threading.Thread(target=work, daemon=True).start()
        return await future
