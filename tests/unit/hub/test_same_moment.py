"""What two processes of a hub do at one moment ends as one after the other: nobody sees a fault of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests
from sqlalchemy import Connection, event, select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.finding import rows as finding
from launcher.hub.finding.tables import find_words
from launcher.hub.officers import rows as officers
from launcher.hub.service import Hub
from launcher.hub.stations import rows as stations
from launcher.hub.suspended import rows as suspended
from launcher.signing import SigningKey
from launcher.wire.hub.stations import Enrol, SignedEnrol
from tests.servers.hub_in_process import Asking
from tests.unit.hub.hands import StationHand, person, sitting

ANALYST, SERGEANT = person("1001"), person("2001")


@contextmanager
def at_the_same_moment(
    hub: Hub, table: str, other: Callable[[], object], does: str = "INSERT INTO"
) -> Iterator[None]:  # fmt: skip
    """Do the other's whole deed right before the first row comes into the table: where that cannot be, before all.

    ``does="UPDATE"``: before the first row is changed.
    """
    if not hub.store.several:
        other()
        yield
        return
    begun: list[str] = []

    def before(_: Connection, __: object, statement: str, *___: object) -> None:
        if statement.startswith(f"{does} {table} ") and not begun:
            begun.append(statement)
            other()

    event.listen(hub.store.engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(hub.store.engine, "before_cursor_execute", before)
    assert begun


def test_the_same_grant(hub: Hub, officer: Callable[..., Asking]) -> None:
    officer(ANALYST)
    supervisor, again = (officer(SERGEANT, "sergeants") for _ in range(2))
    said = {"officer": ANALYST.officer, "role": "helpdesk", "hours": 1, "reason": "a busy night", "key": "key-1"}
    answers: list[requests.Response] = []

    with at_the_same_moment(hub, "role_grants", lambda: answers.append(again.post("/officers/grants", json=said))):
        answers.append(supervisor.post("/officers/grants", json=said))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    other = {**said, "key": "key-2"}
    with at_the_same_moment(hub, "role_grants", lambda: again.post("/officers/grants", json={**other, "role": "it"})):
        assert supervisor.post("/officers/grants", json=other).status_code == 409


def test_a_name_that_a_token_tells_while_a_station_tells_another(
    hub: Hub, enrolled: Callable[..., StationHand]
) -> None:
    who = person("4471")
    station = enrolled()
    assert station.report(sitting(who, "before")).ok

    def token() -> None:
        with hub.store.writing() as connection:
            officers.note(connection, who.model_copy(update={"user_name": "renamed"}), "openid", hub.clock())

    with at_the_same_moment(hub, "officers", token, "UPDATE"):
        assert station.report(sitting(who.model_copy(update={"user_name": "lie"}), "sit-1")).ok

    with hub.store.reading() as connection:
        known = officers.known(connection, who.officer)
    assert known is not None
    assert (known.user_name, known.told_by, known.doubt) == ("renamed", "openid", "")


def test_a_key_that_is_enrolled_twice(hub: Hub, client: Asking) -> None:
    key = SigningKey.made()

    def enrol() -> requests.Response:
        with hub.store.writing() as connection:
            code = stations.make_code(connection, "a test", hub.clock(), hub.clock() + 60)
        asked = Enrol(code=code, public_key=key.public, terminal="FD-02", place="Front desk")
        said = SignedEnrol(enrol=asked, signature=key.sign("enrol", asked))
        return client.post("/stations/enrol", json=said.model_dump(mode="json"))

    first: list[requests.Response] = []
    with at_the_same_moment(hub, "stations", lambda: first.append(enrol())):
        second = enrol()

    assert [first[0].status_code, second.status_code] == [200, 403]
    assert second.json()["reference"] == "station-quarantined"
    with hub.store.reading() as connection:
        row = connection.execute(select(stations.stations)).one()
    assert (row.station, row.quarantined) == (first[0].json()["station"], hub.clock())


def test_somebody_who_is_first_seen_at_two_stations(hub: Hub) -> None:
    def note() -> None:
        with hub.store.writing() as connection:
            finding.note(connection, "officer", ANALYST.officer, (ANALYST.number, "Jo Field"))

    with at_the_same_moment(hub, "findable", note):
        note()

    with hub.store.reading() as connection:
        assert finding.find(connection, "officer", "field", 9) == [ANALYST.officer]
        words = connection.execute(select(find_words.c.word)).scalars().all()
    assert sorted(words) == ["1001", "field", "jo field"]


def test_a_sitting_of_one_name_at_two_stations(hub: Hub, enrolled: Callable[..., StationHand]) -> None:
    first, second = enrolled(), enrolled()
    answers: list[requests.Response] = []

    with at_the_same_moment(hub, "sittings", lambda: answers.append(first.report(sitting(ANALYST)))):
        answers.append(second.report(sitting(SERGEANT)))

    assert [answer.status_code for answer in answers] == [204, 409]


def test_somebody_whom_two_suspend(hub: Hub) -> None:
    def suspend() -> None:
        with hub.store.writing() as connection:
            suspended.suspend(connection, hub, ANALYST.officer, "i#ann", "Ann", "a stolen card")

    with at_the_same_moment(hub, "suspended", suspend):
        suspend()

    with hub.store.reading() as connection:
        assert suspended.barred(connection, hub).version == 1
        assert connection.execute(select(audit_rows.c.kind)).scalars().all() == ["suspended"]
