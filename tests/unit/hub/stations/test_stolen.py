"""A stolen terminal is shut out by an administrator: its word counts no more, nor what it has vouched for."""

from __future__ import annotations

from collections.abc import Callable

from launcher.hub.service import Hub
from launcher.hub.stations import reach
from launcher.wire.hub.officers import Nonce, OfficerSession
from launcher.wire.hub.sittings import Vouch, Vouched
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
