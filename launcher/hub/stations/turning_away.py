"""Whoever calls while the door is full is turned away by the HTTP protocol itself, before anything is made for them.

Through uvicorn's WebSocket protocol each would cost a third of what it costs to let them in, and a line in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

from launcher.hub.patience import ImpatientHttp
from launcher.hub.refusal import refusal, retry_after
from launcher.hub.stations.socket import ADDRESS
from launcher.wire.hub import SAID_BY_HUB

if TYPE_CHECKING:
    from fastapi import FastAPI

    from launcher.hub.service import Hub

_ADDRESS = ADDRESS.encode()


def http_of(app: FastAPI) -> type[ImpatientHttp]:
    """Return the HTTP protocol of the server of a hub's application."""

    class AtTheDoor(ImpatientHttp):
        def handle_websocket_upgrade(self, event: h11.Request) -> None:
            """Let a socket be made, or say when to come again."""
            hub: Hub = app.state.hub
            if hub.door.is_full and event.target.partition(b"?")[0] == _ADDRESS:
                self._turn_away(hub)
            else:
                super().handle_websocket_upgrade(event)

        def _turn_away(self, hub: Hub) -> None:
            busy = hub.door.turn_away()
            headers = {"Content-Type": "application/json", "Connection": "close", SAID_BY_HUB: busy.reference}
            headers |= retry_after(busy)
            said = (
                h11.Response(status_code=busy.status, headers=list(headers.items()), reason=b"Service Unavailable"),
                h11.Data(data=refusal(busy).model_dump_json().encode()),
                h11.EndOfMessage(),
            )
            self.transport.write(b"".join(self.conn.send(one) or b"" for one in said))
            self.transport.close()

    return AtTheDoor
