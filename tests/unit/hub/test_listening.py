"""Where the hub listens: an answer goes out at once."""

from __future__ import annotations

import socket
from contextlib import ExitStack

from launcher.hub.serve import listen
from launcher.hub.settings import ServeSettings


def test_no_answer_waits_for_the_acknowledgement_of_the_one_before() -> None:
    with ExitStack() as opened:
        listening = opened.enter_context(listen(ServeSettings(port=0)))
        opened.enter_context(socket.create_connection(listening.getsockname()))
        taken = opened.enter_context(listening.accept()[0])
        assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
