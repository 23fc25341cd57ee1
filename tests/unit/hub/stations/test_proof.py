"""A station proves that it holds its key, each time anew; others are refused, and two with one key both are."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from launcher.hub.audit.tables import audit_rows
from launcher.hub.service import Hub
from launcher.hub.stations import listed
from launcher.signing import SigningKey
from launcher.wire.hub.stations import Challenge
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand

Enrolled = Callable[..., StationHand]


def _nonce(client: Asking) -> str:
    return Challenge.model_validate(client.post("/stations/challenge").json()).nonce


def test_a_proof_holds_once(enrolled: Enrolled) -> None:
    hand = enrolled()
    proved = hand.proved()
    assert hand.prove(proved).ok
    answer = hand.prove(proved)
    assert (answer.status_code, answer.json()["reference"]) == (401, "station-not-proved")
    assert hand.prove().ok  # and nothing came of the second try


def test_a_challenge_is_over_in_a_minute(enrolled: Enrolled, clock: Clock) -> None:
    hand = enrolled()
    proved = hand.proved()
    clock.pass_s(61)
    assert hand.prove(proved).status_code == 401


def test_a_challenge_that_is_not_the_hubs_is_none(enrolled: Enrolled, client: Asking) -> None:
    hand = enrolled()
    good = base64.b64decode(_nonce(client))
    for at in (0, 20, 30, len(good) - 1):
        altered = bytearray(good)
        altered[at] ^= 1
        assert hand.prove(hand.proved(nonce=base64.b64encode(altered).decode())).status_code == 401
    for nonce in ("QUJD", base64.b64encode(good[:-1]).decode(), base64.b64encode(good + b"x").decode(), "A"):
        assert hand.prove(hand.proved(nonce=nonce)).status_code == 401
    assert hand.prove(hand.proved(nonce=base64.b64encode(good).decode())).ok


def test_only_its_own_key_proves_a_station(enrolled: Enrolled) -> None:
    one, other = enrolled(), enrolled()
    for proved in (
        one.proved(signed_by=SigningKey.made()),
        one.proved(signed_by=other.key),
        one.proved(station=other.id),
        one.proved(hub="another-hub"),
        one.proved(station="st-nobody"),
        one.proved().model_copy(update={"signature": "QUJD"}),
    ):
        assert one.prove(proved).status_code == 401
    assert one.prove().ok


def test_a_new_run_of_a_station_ends_the_tokens_of_the_one_before(enrolled: Enrolled) -> None:
    hand = enrolled()
    before = hand.ask.headers["Authorization"]
    hand.boot = "boot-2"
    assert hand.prove().ok
    assert hand.ask.get("/stations/news", headers={"Authorization": before}).status_code == 401
    assert hand.ask.get("/stations/news").ok


def test_an_answer_that_was_lost_on_the_way_costs_nothing(enrolled: Enrolled) -> None:
    hand = enrolled()
    for _ in range(3):
        link = hand.link
        assert hand.prove().ok
        hand.link = link  # the hub's answer did not arrive
        assert hand.prove().ok


@pytest.mark.parametrize("times", [1, 2])
def test_a_proof_that_comes_when_its_station_has_proved_itself_anew_costs_it_nothing(
    enrolled: Enrolled, clock: Clock, times: int
) -> None:
    """As from a computer of the hub that stood still meanwhile; taken, it would give a link that nobody has."""
    hand = enrolled()
    late = hand.proved()
    clock.pass_s(20)
    for _ in range(times):
        link = hand.link
        assert hand.prove().ok
    answer = hand.say("POST", "/stations/proof", late)
    assert (answer.status_code, answer.json()["reference"]) == (401, "station-not-proved")
    assert hand.prove(hand.proved(link=link)).ok  # the answer to the proof before may have been lost
    for _ in range(2):
        clock.pass_s(450)
        assert hand.prove().ok


def test_two_computers_with_one_key_are_both_trusted_no_more(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    copied = hand.link
    for _ in range(2):
        assert hand.prove().ok
    link, hand.link, hand.boot = hand.link, copied, "the-copy"
    answer = hand.prove()
    assert (answer.status_code, answer.json()["reference"]) == (403, "station-quarantined")
    hand.link, hand.boot = link, "boot-1"
    assert hand.prove().json()["reference"] == "station-quarantined"
    assert hand.ask.get("/stations/news").status_code == 401
    with hub.store.reading() as connection:
        kinds = connection.execute(audit_rows.select().where(audit_rows.c.kind == "quarantined")).all()
    assert [row.station for row in kinds] == [hand.id]


def test_the_end_of_a_quarantine_trusts_the_next_link_and_finds_the_second_computer_again(
    hub: Hub, enrolled: Enrolled
) -> None:
    hand = enrolled()
    old = hand.link
    assert hand.prove().ok
    assert hand.prove().ok
    newest, hand.link = hand.link, old
    assert hand.prove().status_code == 403
    with hub.store.writing() as connection:
        listed.end_quarantine(connection, hub, hand.id, by="a test")
    assert hand.prove().ok  # with the old link: a disk put back
    assert hand.prove().ok
    hand.link = newest
    assert hand.prove().json()["reference"] == "station-quarantined"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic QUJD", "Bearer " + "A" * 9000])
def test_who_shows_no_token_of_a_station_is_nobody(client: Asking, header: str) -> None:
    answer = client.get("/stations/news", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["reference"]) == (401, "hub-not-proved")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_challenges_leave_nothing_in_the_store(hub: Hub, client: Asking) -> None:
    from launcher.hub.tokens import tokens

    for _ in range(5):
        _nonce(client)
    with hub.store.reading() as connection:
        assert connection.execute(tokens.select()).all() == []
