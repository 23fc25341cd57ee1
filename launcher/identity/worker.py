"""One thread for one blocking library: calls run in order, off the loop, and never hold up the end of the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

Result = TypeVar("Result")


class Worker:
    """A daemon thread that runs blocking calls one after another.

    An executor's threads are waited for when the interpreter ends; a call to a silent server would then hold up a log
    off for as long as its timeout. This thread dies with the process.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, call: Callable[[], Result]) -> Result:
        """Run the call on the thread and return what it returns, or raise what it raises.

        Cancelled while it waits its turn, the call is never made; cancelled later, it ends by itself and its result is
        dropped. The next call waits for it all the same.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        future: Future[Result] = Future()
        self._jobs.put(lambda: _carry_out(call, future))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Let the thread end after the calls that wait."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread = None

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # a waiting thread keeps no call's secrets alive


def _carry_out(call: Callable[[], Result], future: Future[Result]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as fault:  # handed to the asker, whatever it is
        future.set_exception(fault)
    else:
        future.set_result(result)
