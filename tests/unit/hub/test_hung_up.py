"""Nothing is done for who has hung up before it was: the hub's computer may have stood still meanwhile."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select

from launcher.hub.cases import rows
from launcher.hub.cases.tables import cases
from launcher.hub.service import Hub
from launcher.wire.hub.helpdesk import Case, OpenCase
from tests.servers.hub_in_process import Asking, HubServer
from tests.servers.process import LOOPBACK


def test_what_was_asked_for_on_a_line_that_is_lost_is_not_done(
    hub: Hub, hub_server: HubServer, officer: Callable[..., Asking], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on, over = threading.Event(), threading.Event(), threading.Event()
    real = rows.open_case

    def half(connection: Connection, analyst: str, said: OpenCase, now: float) -> Case:
        begun.set()
        goes_on.wait(30)
        hub.store.timed = lambda _, __: over.set()
        return real(connection, analyst, said, now)

    monkeypatch.setattr(rows, "open_case", half)
    asking = officer(None, "Helpdesk")
    said = OpenCase(reason="a test", key="its-key").model_dump_json()
    head = (
        "POST /v1/helpdesk/cases HTTP/1.1", "Host: hub", f"Authorization: {asking.headers['Authorization']!s}",
        "Content-Type: application/json", f"Content-Length: {len(said)}", "", said,
    )  # fmt: skip
    with socket.create_connection((LOOPBACK, hub_server.port)) as line:
        line.sendall("\r\n".join(head).encode())
        assert begun.wait(30)
    asking.get("/health")  # what the hub hears of this, it hears after that
    goes_on.set()
    assert over.wait(30)
    with hub.store.reading() as connection:
        assert connection.execute(select(cases)).all() == []
