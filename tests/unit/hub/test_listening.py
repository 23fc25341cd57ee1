"""Where the hub listens: an answer goes out at once."""

from __future__ import annotations

import socket

from launcher.hub.serve import listen
from launcher.hub.settings import ServeSettings


def test_no_answer_waits_for_the_acknowledgement_of_the_one_before() -> None:
    with listen(ServeSettings(port=0)) as listening:
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
