"""A notice reaches the stations it is for, and is gone from them as quickly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import insert

from launcher.hub.audit import rows as audit
from launcher.hub.notices import rows
from launcher.hub.notices.tables import notices
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, RoleSettings
from launcher.wire.hub.helpdesk import GiveNotice
from launcher.wire.hub.sittings import AllNotices
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person

Officer = Callable[..., Asking]
Enrolled = Callable[..., StationHand]


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(roles=RoleSettings(helpdesk=("helpdesk",)))


@pytest.fixture
def analyst(officer: Officer) -> Asking:
    return officer(person("8001", name="An analyst"), "helpdesk")


def _seen_at(station: StationHand) -> AllNotices:
    return AllNotices.model_validate(station.ask.get("/stations/notices").json())


def _give(analyst: Asking, key: str = "k1", text: str = "Custody is slow.", **more: object) -> dict[str, object]:
    answer = analyst.post("/helpdesk/notices", json={"key": key, "text": text, **more})
    assert answer.status_code == 200, answer.text
    said: dict[str, object] = answer.json()
    return said


def test_a_notice_shows_at_its_place_only_and_stations_hear_of_it(analyst: Asking, enrolled: Enrolled) -> None:
    here, there = enrolled("FD-01", place="Front desk"), enrolled("CU-01", place="Custody")
    before = here.news().notices
    _give(analyst, places=["front desk"], systems=["custody"])
    assert here.news().notices == before + 1
    seen = _seen_at(here)
    assert seen.version == before + 1
    assert [(one.text, one.systems) for one in seen.notices] == [("Custody is slow.", ("custody",))]
    assert (seen.notices[0].by_name, seen.notices[0].places) == ("", ())
    assert _seen_at(there).notices == ()


def test_the_newest_stands_first_and_the_helpdesk_sees_who_gave_it(analyst: Asking) -> None:
    _give(analyst, "k1", "The first one.")
    _give(analyst, "k2", "The second one.", places=["Custody"])
    seen = analyst.get("/helpdesk/notices").json()
    assert [one["text"] for one in seen] == ["The second one.", "The first one."]
    assert (seen[0]["by_name"], seen[0]["places"]) == ("An analyst", ["Custody"])


def test_a_withdrawn_notice_is_gone_at_once_and_for_good(analyst: Asking, enrolled: Enrolled) -> None:
    station = enrolled()
    number = _give(analyst)["id"]
    for _ in range(2):
        assert analyst.post(f"/helpdesk/notices/{number}/withdrawn").status_code == 204
    assert _seen_at(station).notices == ()
    assert station.news().notices == 2
    assert analyst.post("/helpdesk/notices/999/withdrawn").status_code == 404


def test_a_notice_whose_time_is_over_is_gone_and_wakes_the_stations(
    analyst: Asking, enrolled: Enrolled, hub: Hub, clock: Clock
) -> None:
    station = enrolled()
    _give(analyst, hours=30 / 3600)
    rows.keep(hub)
    assert station.news().notices == 1
    clock.pass_s(31)
    assert _seen_at(station).notices == ()  # also before anybody keeps house
    woken: list[str] = []
    hub.wakes.hand_on = woken.append
    rows.keep(hub)
    rows.keep(hub)
    assert woken == ["stations"]
    assert station.news().notices == 2


def test_the_same_key_is_the_same_notice_and_with_other_words_refused(analyst: Asking) -> None:
    assert _give(analyst)["id"] == _give(analyst)["id"]
    other = analyst.post("/helpdesk/notices", json={"key": "k1", "text": "Something else."})
    assert other.status_code == 409
    assert len(analyst.get("/helpdesk/notices").json()) == 1


def test_what_nobody_could_read_is_refused(hub: Hub, analyst: Asking, clock: Clock) -> None:
    for hours in (0, -1, 24 * 31 + 1):
        over = analyst.post("/helpdesk/notices", json={"key": "k", "text": "Over already.", "hours": hours})
        assert over.status_code == 422
    with hub.store.writing() as connection:
        given = {"given_by": "i#ann", "given_by_name": "Ann", "since": clock.now}
        said = GiveNotice(key="k", text="Custody is slow.").model_dump_json()
        connection.execute(
            insert(notices), [{"key": f"k{number}", "said": said, **given} for number in range(rows.MANY - 1)]
        )  # fmt: skip
    _give(analyst)
    assert analyst.post("/helpdesk/notices", json={"key": "one-more", "text": "One more."}).status_code == 409


def test_only_the_helpdesk_gives_notices(officer: Officer, enrolled: Enrolled, client: Asking) -> None:
    said = {"key": "k", "text": "Nothing works."}
    assert officer(person("1")).post("/helpdesk/notices", json=said).status_code == 403
    assert enrolled().ask.post("/helpdesk/notices", json=said).status_code == 401
    assert client.post("/helpdesk/notices", json=said).status_code == 401


def test_who_gave_and_withdrew_it_stands_in_the_audit(analyst: Asking, hub: Hub) -> None:
    number = _give(analyst)["id"]
    analyst.post(f"/helpdesk/notices/{number}/withdrawn")
    with hub.store.reading() as connection:
        found = [row for row in audit.since(connection, 0, 100) if row.kind == "notice"]
    assert [(row.actor_name, row.reason) for row in found] == [("An analyst", "Custody is slow."), ("An analyst", "")]
    assert '"withdrawn":true' in found[1].details
