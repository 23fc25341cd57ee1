"""How the hub is: it lives, it is ready while its store is as it should be, its figures name nobody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from launcher.hub.commands import rows as commands
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, ServeSettings
from launcher.wire.hub.commands import CommandKind
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]


def test_it_is_ready_while_its_store_has_its_form(hub: Hub, client: Asking) -> None:
    assert client.get("/health").json() == {"well": True}
    assert client.get("/ready").json() == {"well": True}
    with hub.store.writing() as connection:
        (form,) = connection.execute(text("SELECT version_num FROM alembic_version")).one()
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        answer = client.get("/ready")
        assert (answer.status_code, answer.json()["reference"]) == (503, "hub-not-ready")
        assert client.get("/health").ok
    finally:
        with hub.store.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :form"), {"form": form})


def test_it_is_ready_no_more_when_it_was_told_to_end(hub: Hub, client: Asking) -> None:
    hub.closing.set()
    assert client.get("/ready").json()["reference"] == "hub-not-ready"


def test_the_figures_name_nobody(hub: Hub, client: Asking, enrolled: Enrolled) -> None:
    hand = enrolled("FD-SECRET", place="Secret Street")
    hand.report(sitting(person("4471", name="Sam Secret"), "sit-secret", since=hub.clock()))
    with hub.store.writing() as connection:
        made = commands.add(connection, hub, hand.id, "lock", sitting="sit-secret", officer="ldap#1", reason="secret")
    hub.wakes.wake(f"station:{hand.id}")
    hand.take(made.id)
    hand.answer(made.id, "done")
    client.get("/helpdesk/officers?q=secret")
    client.get("/secret")
    client.request("SECRET", "/health")
    figures = client.get("/metrics")
    assert figures.headers["Content-Type"].startswith("text/plain")
    for line in (
        'station_launcher_hub_commands_total{kind="lock",outcome="made"} 1.0',
        'station_launcher_hub_commands_total{kind="lock",outcome="done"} 1.0',
        'station_launcher_hub_stations{state="enrolled"} 1.0',
        'station_launcher_hub_wakes_total{kind="station"} 1.0',
        "station_launcher_hub_commands_open 0.0",
        'station_launcher_hub_requests_total{address="none",method="GET",status="404"} 1.0',
    ):
        assert line in figures.text
    names = re.sub(r" [0-9.e+-]+$", "", figures.text, flags=re.MULTILINE)  # a figure may have any digits
    assert not re.search("secret|4471|st-", names, re.IGNORECASE)


def test_the_oldest_command_is_one_that_a_terminal_has_and_does_not_answer(
    hub: Hub, client: Asking, enrolled: Enrolled, clock: Clock
) -> None:
    here, away = enrolled(), enrolled()

    def add(station: StationHand, kind: CommandKind) -> int:
        with hub.store.writing() as connection:
            return commands.add(
                connection, hub, station.id, kind, sitting="sit-1", officer="ldap#1", reason="asked for"
            ).id

    def told() -> tuple[str, str]:
        figures = client.get("/metrics").text
        names = ("station_launcher_hub_commands_open ", "station_launcher_hub_command_oldest_seconds ")
        many, oldest = (next(line for line in figures.splitlines() if line.startswith(name)) for name in names)
        return many.split()[1], oldest.split()[1]

    message = add(here, "message")
    here.take(message)
    assert here.answer(message, "done", more=True).ok  # it is on the screen, and nobody has read it
    add(away, "lock")
    clock.pass_s(70)
    here.news()
    assert told() == ("1.0", "0.0")
    add(here, "lock")
    clock.pass_s(10)
    assert told() == ("2.0", "10.0")


def test_its_figures_are_not_told_through_a_proxy_that_nobody_has_named(client: Asking) -> None:
    for header in ("X-Forwarded-For", "Forwarded"):
        assert client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 403


class TestBehindAProxy:
    @pytest.fixture
    def settings(self) -> HubSettings:
        """A proxy on this computer may ask for whoever it likes."""
        return HubSettings(serve=ServeSettings(behind_proxy=True))

    def test_its_figures_are_not_told_through_it(self, client: Asking) -> None:
        answer = client.get("/metrics")
        assert (answer.status_code, answer.json()["reference"]) == (403, "hub-not-allowed")


def test_what_cannot_be_stored_is_malformed_and_no_fault(hub: Hub, client: Asking, enrolled: Enrolled) -> None:
    hand = enrolled()
    for text_of in ("a\u0000b", "\ud800"):
        body = f'{{"boot": "b", "at": 1.0, "words": "{text_of}"}}'.encode("utf-8", "surrogatepass")
        assert (
            client.post("/stations/enrol", data=body, headers={"Content-Type": "application/json"}).status_code == 422
        )
        said = {"outcome": "done", "at": 1.0, "words": text_of}
        assert hand.ask.post("/stations/commands/1/answer", json=said).status_code in (404, 422)
    assert client.get("/officers/me%00").status_code in (404, 422)
    assert client.post("/stations/enrol", data=b"x" * (4 * 1024 * 1024 + 1)).status_code == 413
