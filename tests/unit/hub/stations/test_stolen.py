"""A stolen terminal is shut out by an administrator: its word counts no more, nor what it has vouched for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.hub.helpdesk import looking, visible
from launcher.hub.officers import rows as officers
from launcher.hub.service import Hub
from launcher.hub.stations import listed, reach, removal
from launcher.wire.hub.officers import Nonce, OfficerSession
from launcher.wire.hub.sittings import Began, Ended, Person, Vouch, Vouched
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

ALICE, BOB, ADMINISTRATOR = person("4471"), person("2210"), person("9001")
WHY = {"reason": "stolen from a van"}


def _vouched(station: StationHand, client: Asking, clock: Clock) -> str:
    nonce = Nonce.model_validate(client.post("/officers/nonce").json())
    vouch = Vouch(
        station=station.id, hub=nonce.hub, sitting="sit-1", person=ALICE, proved_by="directory", nonce=nonce.nonce,
        at=clock.now, until=clock.now + 60,
    )  # fmt: skip
    said = Vouched(vouch=vouch, signature=station.key.sign("vouch", vouch)).model_dump(mode="json")
    answer = client.post("/officers/session", json={"proof": {"method": "vouched", "vouched": said}})
    return OfficerSession.model_validate(answer.json()).token


def test_its_word_and_what_it_vouched_for_count_no_more(
    hub: Hub, enrolled: Callable[..., StationHand], officer: Callable[..., Asking], client: Asking, clock: Clock
) -> None:
    stolen, other = enrolled("MOBILE-1"), enrolled("FD-01")
    stolen.report(sitting(ALICE, "sit-1"))
    assert stolen.news() is not None  # as one that polls
    with hub.store.reading() as connection:
        assert reach.is_reachable(connection, hub, stolen.id)
    other.report(sitting(BOB, "sit-2"))
    bob, administrator = officer(BOB), officer(ADMINISTRATOR, "administrator")
    theirs = {"Authorization": f"Bearer {_vouched(stolen, client, clock)}"}
    assert client.get("/officers/me", headers=theirs).ok
    stolen.report()  # the thief's sitting is over as soon as its token is there
    address = f"/administrators/stations/{stolen.id}/quarantined"

    assert bob.post(address, json=WHY).status_code == 403
    assert administrator.post(address, json=WHY).status_code == 204

    with hub.store.reading() as connection:
        assert not reach.is_reachable(connection, hub, stolen.id)  # for nothing is handed out to it
    assert stolen.ask.get("/stations/news").status_code == 401
    assert stolen.prove().json()["reference"] == "station-quarantined"
    assert client.get("/officers/me", headers=theirs).status_code == 401
    assert bob.get("/officers/me").ok
    assert other.news() is not None
    assert administrator.post(address, json=WHY).json()["reference"] == "hub-not-now"
    assert administrator.post("/administrators/stations/st-0/quarantined", json=WHY).status_code == 404


@pytest.mark.parametrize("by_the_hub", [False, True])
def test_what_it_has_vouched_for_ends_whatever_it_has_said_of_that_sitting(
    hub: Hub, enrolled: Callable[..., StationHand], client: Asking, clock: Clock, by_the_hub: bool
) -> None:
    stolen = enrolled("MOBILE-1")
    stolen.report(sitting(ALICE, "sit-1", since=clock.now - 7200))
    theirs = {"Authorization": f"Bearer {_vouched(stolen, client, clock)}"}
    stolen.tell(stolen.happened(Ended(at=clock.now - 3600, reason="by the officer"), sitting="sit-1"))
    assert client.get("/officers/me", headers=theirs).ok

    if by_the_hub:
        stolen.link = "another computer's"
        assert stolen.prove().json()["reference"] == "station-quarantined"
    else:
        _quarantine(hub, stolen)

    assert client.get("/officers/me", headers=theirs).status_code == 401


ALIAS = ALICE.model_copy(update={"number": "zz", "name": "zz"})


def _quarantine(hub: Hub, station: StationHand) -> None:
    with hub.store.writing() as connection:
        listed.begin_quarantine(connection, hub, station.id, by="console:it", by_name="", reason="stolen")


def _says(station: StationHand, who: Person, clock: Clock) -> None:
    station.tell(station.happened(Began(at=clock.now, person=who), sitting="a-lie"))


def _is_called(hub: Hub) -> tuple[str, str, bool]:
    """Return what Alice is called, and whether she is found so."""
    with hub.store.reading() as connection:
        known = visible.officer(connection, hub, ALICE.officer)
        found = [looking.found(connection, hub, one).officers for one in (known.number, known.name)]
        return known.number, known.name, all(len(some) == 1 for some in found)


AS_SHE_IS = ALICE.number, ALICE.name, True


def test_whom_a_token_has_told_of_it_does_not_call_otherwise(
    hub: Hub, enrolled: Callable[..., StationHand], clock: Clock
) -> None:
    with hub.store.writing() as connection:
        officers.note(connection, ALICE, "openid", clock.now)

    _says(enrolled("MOBILE-1"), ALIAS, clock)

    assert _is_called(hub) == AS_SHE_IS


@pytest.mark.parametrize("goes_on_to_work", [False, True])
def test_whom_another_has_told_of_is_called_and_found_so_once_it_is_in_quarantine(
    hub: Hub, enrolled: Callable[..., StationHand], clock: Clock, goes_on_to_work: bool
) -> None:
    good, stolen = enrolled("FD-01"), enrolled("MOBILE-1")
    good.report(sitting(ALICE, "her-own", since=clock.now))
    if not goes_on_to_work:
        good.report()
    _says(stolen, ALIAS, clock)
    assert _is_called(hub) == ("zz", "zz", True)  # nobody knows yet which of the two is stolen

    _quarantine(hub, stolen)

    assert _is_called(hub) == AS_SHE_IS


def test_whom_it_alone_has_told_of_is_called_otherwise_by_the_next_word(
    hub: Hub, enrolled: Callable[..., StationHand], clock: Clock
) -> None:
    stolen = enrolled("MOBILE-1")
    _says(stolen, ALIAS, clock)
    _quarantine(hub, stolen)
    assert _is_called(hub) == ("zz", "zz", True)

    enrolled("FD-01").report(sitting(ALICE, "her-own"))

    assert _is_called(hub) == AS_SHE_IS


def test_a_terminal_is_meant_however_its_name_is_written(
    hub: Hub, enrolled: Callable[..., StationHand], clock: Clock
) -> None:
    station = enrolled("ÖST-01", place="Étage 1")
    with hub.store.writing() as connection:
        for typed in ("ÖST-01", "öst-01", station.id):
            assert listed.meant(connection, typed) == station.id
        (found,) = removal.of_name(connection, "öst-01", "étage 1")
        assert found.station == station.id
        assert removal.of_name(connection, "öst-01", "étage 2") == []
