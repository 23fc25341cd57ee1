"""How long the hub waits for a request: whoever connects and says nothing, or says it a byte at a time, is cut off.

Else a few thousand connections that cost nobody anything would take all that the hub may hold, and no station got in.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from launcher.hub.lateness import HUNG_UP

_WAITED_FOR: Final = (h11.IDLE, h11.SEND_BODY)
"""What a client is in while the rest of its request is still to come."""


class ImpatientHttp(H11Protocol):
    """Uvicorn's, with a limit on how long a request may take to come: from its first byte to its last.

    ``request_within_s`` is enough for the largest body over a slow line. A connection on which a request was answered
    is closed by uvicorn's own limit where no other one follows.
    """

    request_within_s: ClassVar[float] = 30.0
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came, and go on waiting where it was not all."""
        super().data_received(data)
        if self.conn.their_state not in _WAITED_FOR or self._is_taken_over():
            self._wait_no_more()
        elif self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go; what was asked on it is not done any more."""
        self._wait_no_more()
        if self.scope is not None:
            self.scope[HUNG_UP] = True  # type: ignore[typeddict-unknown-key] # ours
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._late = self.loop.call_later(self.request_within_s, self._cut_off)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _cut_off(self) -> None:
        self._late = None
        if not self._is_taken_over():
            self.transport.abort()

    def _is_taken_over(self) -> bool:
        """Say whether it has become a socket: that has limits of its own."""
        return self.transport.get_protocol() is not self
