"""What the hub's sockets are held against: a bare Starlette application that says back what it hears, under uvicorn."""

from __future__ import annotations

import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


async def echo(websocket: WebSocket) -> None:
    """Say back what is heard."""
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        return


def main(descriptor: int) -> None:
    """Serve on a listening socket that was handed on."""
    application = Starlette(routes=[WebSocketRoute("/v1/stations/socket", echo)])
    settings = uvicorn.Config(application, log_config=None, access_log=False, ws_max_size=65536, lifespan="off")
    uvicorn.Server(settings).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
