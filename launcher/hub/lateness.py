"""A request that has waited too long changes nothing any more: whoever asked has given up, and may ask again.

Else a log-off that an analyst believes to have failed is carried out whenever the store goes on. Nor does one whose
sender has hung up, however new it seems: where the hub's computer stood still it has waited before anybody counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from launcher.hub.errors import StoreAwayError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LATE_S: Final = 10.0
"""So long waits who asks: ``ANSWER_S`` of :mod:`launcher.hub_client.road`."""

HUNG_UP: Final = "launcher.hung_up"
"""In a request's scope, once its connection is lost."""


@dataclass(frozen=True, slots=True)
class _Request:
    came: float
    scope: Scope


_asked: Final[ContextVar[_Request | None]] = ContextVar("asked", default=None)


class Timed:
    """Notes when each request came; what is done for it on worker threads knows, too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = _asked.set(_Request(time.monotonic(), scope))
        try:
            await self._app(scope, receive, send)
        finally:
            _asked.reset(asked)


@contextmanager
def whenever() -> Iterator[None]:
    """Let what is done in the block be done however late it is: it takes something back, or is for no request at all.

    A socket may be born in a request's context, where it came on the same connection.
    """
    asked = _asked.set(None)
    try:
        yield
    finally:
        _asked.reset(asked)


def must_be_in_time() -> None:
    """Raise :class:`StoreAwayError` where what is done is for a request that nobody waits for any more."""
    asked = _asked.get()
    if asked is None:
        return
    if asked.scope.get(HUNG_UP):
        raise StoreAwayError("Whoever asked has hung up.", detail="hung up")
    if time.monotonic() - asked.came > LATE_S:
        raise StoreAwayError("The hub's store did not answer in time.", detail="late")
