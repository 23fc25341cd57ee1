"""Several processes of one hub: what is made in one is heard at a socket of another; one that dies is started again."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from websockets.sync.client import connect

from launcher.cli import main
from launcher.wire.hub.stations import Hello, Wake, Welcome
from tests.servers.hub import HubProcess, running_hub
from tests.servers.postgresql import PostgreSql
from tests.servers.process import wait_for_exit
from tests.unit.hub.hands import StationHand, enrol_with, person, sitting

pytestmark = pytest.mark.needs("postgresql")


def _address(hub: HubProcess) -> str:
    return f"{hub.origin.replace('http', 'ws', 1)}/v1/stations/socket"


def _welcomed(socket: object, hand: StationHand) -> Welcome:
    hello = Hello.model_validate_json(socket.recv(timeout=60))  # type: ignore[attr-defined]
    socket.send(hand.proved(nonce=hello.challenge.nonce).model_dump_json())  # type: ignore[attr-defined]
    return Welcome.model_validate_json(socket.recv(timeout=60))  # type: ignore[attr-defined]


def test_news_from_one_process_wakes_a_socket_of_another(hubs: tuple[HubProcess, HubProcess]) -> None:
    one, two = hubs
    here = enrol_with(one.code(), one.origin, "FD-01")
    there = enrol_with(one.code(), two.origin, "FD-02")
    officer, now = person("4471"), time.time()
    assert there.report(sitting(officer, "sit-there", since=now)).ok
    with connect(_address(two), proxy=None, open_timeout=60) as socket:
        before = _welcomed(socket, there).known.news.elsewhere
        assert here.report(sitting(officer, "sit-here", since=now)).ok  # at the other process
        assert Wake.model_validate_json(socket.recv(timeout=60)).news.elsewhere > before
    here.ask.close()
    there.ask.close()


@pytest.mark.timeout(300)
def test_one_that_dies_is_started_again_and_all_end_with_their_parent(postgresql: PostgreSql) -> None:
    with running_hub(database=postgresql.create("hub_of_children"), processes=2) as hub:
        hand = enrol_with(hub.code(), hub.origin)
        children = hub.children()
        assert len(children) == 2
        for child in children:
            os.kill(child, signal.SIGKILL)
            assert wait_for_exit(child, 10_000)
        assert hand.ask.get(
            "/stations/news", timeout=120
        ).ok  # the socket is the parent's: who calls waits for the next child
        hand.ask.close()
        children = hub.children()
        os.kill(hub.pid, signal.SIGKILL)
        assert all(wait_for_exit(child, 30_000) for child in children)


def test_several_processes_need_postgresql(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hub", "serve", "--processes", "2", "--state", str(tmp_path)]) == 1
    assert "hub-settings-faulty" in capsys.readouterr().err
