"""A station's word for an officer: believed once, for a sitting that it has reported; each part is looked at."""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.service import Hub
from launcher.hub.stations import rows as stations
from launcher.signing import SigningKey
from launcher.wire.hub.officers import Nonce, OfficerProof, OfficerSession, VouchedProof
from launcher.wire.hub.sittings import Person, Vouch, Vouched
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
ALICE = person("4471", "helpdesk", "auditor", "response")


def a_nonce(client: Asking) -> str:
    return Nonce.model_validate(client.post("/officers/nonce").json()).nonce


def vouched(
    by: StationHand, nonce: str, now: float, /, *, key: SigningKey | None = None, **changed: object
) -> Vouched:  # fmt: skip
    """What the station says of Alice; ``changed``: fields that are not as they should be."""
    fields = {
        "station": by.id, "hub": "hub", "sitting": "sit-1", "person": ALICE, "proved_by": "directory",
        "nonce": nonce, "at": now, "until": now + 120,
    } | changed  # fmt: skip
    vouch = Vouch.model_validate(fields)
    return Vouched(vouch=vouch, signature=(key or by.key).sign("vouch", vouch))


def prove(client: Asking, said: Vouched, at_sitting: str | None = "sit-1") -> requests.Response:
    proof = OfficerProof(proof=VouchedProof(vouched=said), sitting=at_sitting)
    return client.post("/officers/session", json=proof.model_dump(mode="json"))


def refused(answer: requests.Response) -> str:
    assert (answer.status_code, answer.json()["reference"]) == (401, "officer-vouch-refused"), answer.text
    return str(answer.json()["detail"])


@pytest.fixture
def station(enrolled: Enrolled) -> StationHand:
    made = enrolled()
    assert made.report(sitting(ALICE, "sit-1")).ok
    return made


def test_a_vouch_gives_a_session_with_the_roles_that_a_stations_word_gives(
    hub: Hub, client: Asking, clock: Clock, station: StationHand
) -> None:
    answer = prove(client, vouched(station, a_nonce(client), clock.now))

    begun = OfficerSession.model_validate(answer.json())
    assert begun.person == Person(officer=ALICE.officer, number="4471", name=ALICE.name, user_name=ALICE.user_name)
    assert {held.role for held in begun.roles} == {"officer", "helpdesk"}  # "auditor" only by a real proof
    assert begun.proved_by == "vouched"
    with Asking(client.origin, begun.token) as asking:
        assert asking.get("/officers/me").json()["person"]["officer"] == ALICE.officer
    with hub.store.reading() as connection:
        row = connection.execute(select(audit_rows).where(audit_rows.c.kind == "vouched")).one()
    assert (row.actor, row.subject, row.station) == (f"station:{station.id}", ALICE.officer, station.id)


def test_a_nonce_is_good_once(client: Asking, clock: Clock, station: StationHand) -> None:
    first = vouched(station, a_nonce(client), clock.now)
    assert prove(client, first).ok
    assert refused(prove(client, first)) == "vouch-nonce"


def test_a_nonce_that_is_not_the_hubs_or_over_is_refused(client: Asking, clock: Clock, station: StationHand) -> None:
    right = base64.b64decode(a_nonce(client))
    longer = right[:16] + (2**44).to_bytes(8) + right[24:]
    challenge = base64.b64decode(client.post("/stations/challenge").json()["nonce"])
    for own in (b"x" * 56, b"x", longer, right[1:], right[:-1] + bytes([right[-1] ^ 1]), challenge):
        said = vouched(station, base64.b64encode(own).decode(), clock.now)
        assert refused(prove(client, said)) == "vouch-nonce"
    old = a_nonce(client)
    clock.pass_s(121)
    assert refused(prove(client, vouched(station, old, clock.now))) == "vouch-nonce"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"hub": "another"}, "vouch-hub"),
        ({"sitting": "sit-9"}, "vouch-sitting"),
        ({"person": person("2210")}, "vouch-officer"),
        ({"station": "st-0000000000000000"}, "station-not-proved"),
        ({"until": -1.0}, "vouch-until"),
        ({"until": 121.0}, "vouch-until"),
        ({"at": 31.0, "until": 100.0}, "vouch-until"),
        ({"at": 3600.0, "until": 3700.0}, "vouch-until"),
    ],
)
def test_each_part_of_it_is_looked_at(
    client: Asking, clock: Clock, station: StationHand, changed: dict[str, object], why: str
) -> None:
    absolute = {name: clock.now + value if isinstance(value, float) else value for name, value in changed.items()}
    said = vouched(station, a_nonce(client), clock.now, **absolute)

    assert refused(prove(client, said, None)) == why


def test_what_was_changed_after_it_was_signed_is_refused(client: Asking, clock: Clock, station: StationHand) -> None:
    said = vouched(station, a_nonce(client), clock.now)
    more = ALICE.model_copy(update={"groups": (*ALICE.groups, "administrator")})
    changed = said.model_copy(update={"vouch": said.vouch.model_copy(update={"person": more})})

    assert refused(prove(client, changed)) == "vouch-signature"


def test_a_signature_for_something_else_is_none_for_this(client: Asking, clock: Clock, station: StationHand) -> None:
    said = vouched(station, a_nonce(client), clock.now)
    other = said.model_copy(update={"signature": station.key.sign("second", said.vouch)})

    assert refused(prove(client, other)) == "vouch-signature"


def test_another_station_cannot_vouch_for_a_sitting_that_is_not_its_own(
    client: Asking, clock: Clock, station: StationHand, enrolled: Enrolled
) -> None:
    thief = enrolled()

    assert refused(prove(client, vouched(thief, a_nonce(client), clock.now))) == "vouch-sitting"
    in_its_name = vouched(thief, a_nonce(client), clock.now, station=station.id)
    assert refused(prove(client, in_its_name)) == "vouch-signature"


def test_a_quarantined_station_vouches_for_nobody(hub: Hub, client: Asking, clock: Clock, station: StationHand) -> None:
    with hub.store.writing() as connection:
        stations.quarantine(connection, hub, stations.station_that_may(connection, station.id), "a test")

    assert refused(prove(client, vouched(station, a_nonce(client), clock.now))) == "station-quarantined"


@pytest.mark.parametrize("state", ["locked", "ending"])
def test_a_sitting_that_nobody_works_at_is_not_vouched_for(
    client: Asking, clock: Clock, station: StationHand, state: str
) -> None:
    assert station.report(sitting(ALICE, "sit-1", state=state)).ok

    assert refused(prove(client, vouched(station, a_nonce(client), clock.now))) == "vouch-locked"


def test_a_sitting_that_has_ended_or_is_another_is_not_vouched_for(
    client: Asking, clock: Clock, station: StationHand
) -> None:
    assert refused(prove(client, vouched(station, a_nonce(client), clock.now), "sit-9")) == "vouch-sitting"
    assert station.report().ok

    assert refused(prove(client, vouched(station, a_nonce(client), clock.now))) == "vouch-sitting"


def test_of_two_that_answer_a_nonce_at_once_one_is_refused(client: Asking, clock: Clock, station: StationHand) -> None:
    said = vouched(station, a_nonce(client), clock.now)

    def at_once(_: int) -> int:
        with Asking(client.origin) as asking:
            return prove(asking, said).status_code

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(at_once, range(4))) == [200, 401, 401, 401]
