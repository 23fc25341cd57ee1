"""A code makes one station, once; a key belongs to one computer."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import requests
from sqlalchemy import func, select

from launcher.hub.service import Hub
from launcher.hub.stations import rows
from launcher.hub.stations.tables import enrolment_codes, stations
from launcher.signing import SigningKey
from launcher.wire.hub.stations import Enrol, SignedEnrol
from tests.servers.hub_in_process import Asking, HubServer
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand

Enrolled = Callable[..., StationHand]


def _code(hub: Hub, *, terminal: str = "", place: str = "") -> str:
    with hub.store.writing() as connection:
        return rows.make_code(connection, "a test", hub.clock(), hub.clock() + 60, terminal, place)


def _enrol(client: Asking, code: str, key: SigningKey | None = None) -> requests.Response:
    own = key or SigningKey.made()
    return _signed(client, Enrol(code=code, public_key=own.public, terminal="FD-02", place="Front desk"), own)


def _signed(client: Asking, asked: Enrol, by: SigningKey) -> requests.Response:
    said = SignedEnrol(enrol=asked, signature=by.sign("enrol", asked))
    return client.post("/stations/enrol", json=said.model_dump(mode="json"))


def _many(hub: Hub) -> int:
    with hub.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(stations)).scalar_one())


def test_a_station_that_enrols_is_known_while_its_token_holds(enrolled: Enrolled, clock: Clock) -> None:
    hand = enrolled("FD-02")
    assert hand.news().command == 0
    clock.pass_s(601)
    assert hand.ask.get("/stations/news").json()["reference"] == "hub-not-proved"
    assert hand.prove().ok
    assert hand.news().command == 0


def test_an_administrator_says_what_the_station_is_to_be(hub: Hub, client: Asking) -> None:
    made = _enrol(client, _code(hub, terminal="CU-01", place="Custody")).json()
    assert (made["terminal"], made["place"], made["hub_key"]) == ("CU-01", "Custody", hub.key.public)
    assert _enrol(client, _code(hub)).json()["terminal"] == "FD-02"


def test_a_code_is_typed_as_one_likes(hub: Hub, client: Asking) -> None:
    code = _code(hub)
    assert _enrol(client, f" {code.lower().replace('-', ' ')} ").ok


def test_wrong_used_and_old_codes_are_refused_alike(hub: Hub, client: Asking, clock: Clock) -> None:
    used, old = _code(hub), _code(hub)
    assert _enrol(client, used).ok
    clock.pass_s(61)
    answers = [_enrol(client, code) for code in ("ABCDEF-ABCDEF-ABCDEF-ABCDEF", used, old)]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["reference"] == "enrolment-code-refused"
    assert _many(hub) == 1


def test_of_two_who_use_a_code_at_once_one_is_a_station(hub: Hub, hub_server: HubServer) -> None:
    code = _code(hub)
    ready = threading.Barrier(4)
    answers: list[int] = []

    def use() -> None:
        with Asking(hub_server.origin) as client:
            ready.wait()
            answers.append(_enrol(client, code).status_code)

    several = [threading.Thread(target=use) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(answers) == [200, 403, 403, 403]
    assert _many(hub) == 1


def test_a_key_that_comes_a_second_time_is_trusted_nowhere(hub: Hub, client: Asking, enrolled: Enrolled) -> None:
    hand = enrolled()
    code = _code(hub)
    answer = _enrol(client, code, hand.key)
    assert answer.json()["reference"] == "station-quarantined"
    assert hand.ask.get("/stations/news").status_code == 401
    assert hand.prove().json()["reference"] == "station-quarantined"
    assert _many(hub) == 1
    assert _enrol(client, code).json()["reference"] == "enrolment-code-refused"  # it is spent


def test_who_does_not_hold_the_key_has_nobody_quarantined_by_it(hub: Hub, client: Asking, enrolled: Enrolled) -> None:
    hand, thief = enrolled(), SigningKey.made()
    code = _code(hub)
    theirs = Enrol(code=code, public_key=hand.key.public, terminal="FD-02", place="Front desk")

    assert _signed(client, theirs, thief).json()["reference"] == "station-not-proved"
    mine = theirs.model_copy(update={"public_key": thief.public})
    said = SignedEnrol(enrol=mine.model_copy(update={"terminal": "CU-01"}), signature=thief.sign("enrol", mine))
    assert client.post("/stations/enrol", json=said.model_dump(mode="json")).status_code == 401

    assert hand.news() is not None
    assert _enrol(client, code).ok  # it is not spent


def test_no_code_stands_in_the_store(hub: Hub) -> None:
    code = rows.plain_code(_code(hub))
    with hub.store.reading() as connection:
        for row in connection.execute(select(enrolment_codes)):
            assert code not in str(tuple(row))


@pytest.mark.parametrize(
    "changed",
    [
        {"public_key": "not a key"},
        {"public_key": "A" * 4097},
        {"public_key": "QUJD"},
        {"code": "short"},
        {"terminal": "x" * 121},
        {"more": 1},
        {"terminal": None},
    ],
)
def test_what_is_malformed_is_refused_and_not_said_again(client: Asking, changed: dict[str, object]) -> None:
    asked = {"code": "ABCDEF-ABCDEF-ABCDEF-ABCDEF", "public_key": SigningKey.made().public, "terminal": "", "place": ""}
    answer = client.post("/stations/enrol", json={"enrol": asked | changed, "signature": "QUJD"})
    assert answer.status_code == 422
    assert answer.json()["reference"] == "hub-request-malformed"
    assert "ABCDEF" not in answer.text
