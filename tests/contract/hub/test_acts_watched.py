"""An act is watched from another process of the hub than the one that its terminal answers, and outlives both."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from launcher.bootstrap.hub_place import HubPlace
from launcher.hub.officers import rows as officers
from launcher.hub.officers.sessions import Session, begin
from launcher.wire.hub.helpdesk import Acted
from launcher.wire.hub.sittings import BringHere
from tests.servers.hub import HubProcess
from tests.servers.hub_in_process import Asking
from tests.unit.hub.hands import StationHand, enrol_with, person, sitting

pytestmark = pytest.mark.needs("postgresql")

ANALYST = person("1001", "helpdesk", name="Jo Field")
ALICE, BOB = person("4471", name="Alice Jones"), person("2210", name="Bob Ng")


def analyst(hub: HubProcess) -> str:
    """Return the token of an analyst, as if they had been proved."""
    place = HubPlace(hub.file, hub.state)
    store = place.store()
    served = place.hub(store)
    session = Session(ANALYST.officer, ANALYST.number, ANALYST.name, "", "openid", proved=ANALYST.groups)
    with store.writing() as connection:
        officers.note(connection, ANALYST, "openid", served.clock())
        token = begin(connection, served, session)
    store.close()
    return token


def ask(asking: Asking, **wait: float) -> Acted:
    answer = asking.get("/helpdesk/acts/key-1", params=wait)
    assert answer.ok, answer.text
    return Acted.model_validate(answer.json())


@pytest.mark.timeout(300)
def test_each_step_is_heard_at_once_and_nothing_is_lost_or_done_twice(hubs: tuple[HubProcess, HubProcess]) -> None:
    one, two = hubs
    station = enrol_with(one.code(), one.origin, "FD-02")
    assert station.report(sitting(ALICE, "a", since=time.time())).ok
    station.news()
    token = analyst(two)
    with two.asking(token) as watching, one.asking(token) as asking, ThreadPoolExecutor(1) as thread:
        case = asking.post("/helpdesk/cases", json={"reason": "cannot work", "key": "k"}).json()["case"]
        act = {"key": "key-1", "case": case, "kind": "log-off", "officer": ALICE.officer, "sitting": "a"}
        act["reason"] = "asked for"
        first = Acted.model_validate(asking.post("/helpdesk/acts", json=act).json())
        watched = thread.submit(ask, watching, wait_s=20, seen=first.version)
        (signed,) = station.commands()
        station.take(signed.command.id)
        taken = watched.result()
        assert taken.commands[0].state == "acknowledged"
        one.kill9()
        one.start()
        again = Acted.model_validate(asking.post("/helpdesk/acts", json=act).json())
        assert [command.id for command in again.commands] == [signed.command.id]
        assert station.commands() == ()
        watched = thread.submit(ask, watching, wait_s=20)
        assert station.answer(signed.command.id, covered_ms=50.0).ok
        assert watched.result().state == "answered"
    station.ask.close()


@pytest.mark.timeout(300)
def test_a_sitting_is_brought_from_a_terminal_at_another_process(hubs: tuple[HubProcess, HubProcess]) -> None:
    one, two = hubs
    here, there = enrol_with(one.code(), one.origin, "FD-01"), enrol_with(one.code(), two.origin, "CU-02")
    there.report(sitting(BOB, "there", since=time.time()))
    here.report(sitting(BOB, "here", since=time.time()))
    there.news()
    with ThreadPoolExecutor(1) as thread:
        pressed = thread.submit(_bring, here)
        (signed,) = _commands(there)
        there.take(signed.command.id)
        there.answer(signed.command.id, covered_ms=40.0, systems=("records",))
        assert pressed.result()["answer"]["systems"] == ["records"]  # type: ignore[index]
    here.ask.close()
    there.ask.close()


def _bring(station: StationHand) -> dict[str, object]:
    said = BringHere(from_sitting="there", to_sitting="here", key="key-1")
    answer: dict[str, object] = station.say("POST", "/stations/bring", said).json()
    return answer


def _commands(station: StationHand) -> tuple[object, ...]:
    """Ask until there is one, as a station that has no socket."""
    while not (commands := station.commands()):
        pass
    return commands
