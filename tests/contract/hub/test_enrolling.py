"""``station enrol``: with a code, once, into protected files; noticed by the station that runs."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from launcher.bootstrap.doctor.hub import hub_findings
from launcher.bootstrap.hub_link import hub_link
from launcher.bootstrap.where import Where
from launcher.cli import main
from launcher.grants.keeping import KEYS
from launcher.hub.audit import rows as audit_rows
from launcher.hub.service import Hub
from launcher.hub.sittings.rows import open_of
from launcher.hub.sittings.tables import sittings
from launcher.hub.stations import rows
from launcher.station.hub import thread, work
from launcher.station.hub.enrolment import key_name, read_enrolled
from launcher.station.hub.sitters import Sitters
from launcher.station.hub.thread import HubThread
from launcher.wire import messages
from tests.contract.hub.terminal import PaperDesk, seen
from tests.servers.fault_proxy import Cut, FaultProxy, Refuse
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.hands import person


@pytest.fixture
def where(tmp_path: Path, hub_server: HubServer) -> Where:
    station = tmp_path / "station.toml"
    station.write_text(
        '[station]\nterminal = "FD-02"\nplace = "Front desk"\n[sign_in]\nmethods = ["local"]\n[local]\n'
        f'[hub]\naddresses = ["{hub_server.origin}"]\n',
        encoding="utf-8",
    )
    return Where(station, tmp_path / "state")


def code_of(hub: Hub, **meant: str) -> str:
    now = hub.clock()
    with hub.store.writing() as connection:
        return rows.make_code(connection, "a test", now, now + 60, **meant)


def enrol(where: Where, code: str) -> int:
    """Run the command with the code on a descriptor, as a script would."""
    reading, writing = os.pipe()
    os.write(writing, f"{code}\n".encode())
    os.close(writing)
    return main(
        ["station", "enrol", "--code-fd", str(reading), "--station", str(where.station), "--state", str(where.state)]
    )


def _forget(where: Where) -> int:
    return main(["station", "enrol", "--forget", "--station", str(where.station), "--state", str(where.state)])


def test_a_code_makes_a_station_of_a_computer_without_a_key_store(
    hub: Hub, where: Where, capsys: pytest.CaptureFixture[str]
) -> None:
    code = code_of(hub, terminal="CU-01", place="Custody")
    assert enrol(where, code.lower().replace("-", " ")) == 0
    said = capsys.readouterr()
    enrolled = read_enrolled(where.state)
    assert enrolled is not None
    assert (enrolled.terminal, enrolled.place) == ("CU-01", "Custody")  # as the code says, not as the file does
    assert enrolled.station in said.out
    assert code not in said.out + said.err
    kept = [one for one in where.state.rglob("*") if one.is_file()]
    assert {stat.S_IMODE(one.stat().st_mode) for one in kept} == {0o600}
    assert not any(code.replace("-", "") in one.read_text(encoding="utf-8").replace("-", "") for one in kept)


def test_whoever_enrols_is_told_what_they_are_to_look_at(
    where: Where, hub_server: HubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody works on without the hub here."""
    here = where.station.read_text(encoding="utf-8")
    hub = urlsplit(hub_server.origin).port
    with FaultProxy(None, fault=Refuse()) as away, FaultProxy(hub, fault=Cut(1)) as cut:
        for port, reference, says in (
            (away.port, "hub-unreachable", "the code holds on. Look at [hub] addresses"),
            (cut.port, "hub-answer-missing", "hub stations lists this computer"),
        ):
            there = re.sub(r"addresses = .*", f'addresses = ["http://127.0.0.1:{port}"]', here)
            where.station.write_text(there, encoding="utf-8")
            assert enrol(where, "ABCDEF-ABCDEF-ABCDEF-ABCDEF") == 1
            said = capsys.readouterr().err
            assert f"Reference: {reference}" in said
            assert says in said
    assert not list(where.state.rglob("*.key"))


def test_a_code_holds_once(hub: Hub, where: Where, capsys: pytest.CaptureFixture[str]) -> None:
    code = code_of(hub)
    assert enrol(where, code) == 0
    first = read_enrolled(where.state)
    assert enrol(where, code) == 1
    assert "enrolment-code-refused" in capsys.readouterr().err
    assert read_enrolled(where.state) == first


def test_a_key_store_that_keeps_no_key_costs_no_code(
    hub: Hub, where: Where, capsys: pytest.CaptureFixture[str]
) -> None:
    code = code_of(hub)
    keys = where.state / KEYS
    where.state.mkdir(mode=0o700)
    keys.mkdir(mode=0o755)  # others could read it
    keys.chmod(0o755)
    assert enrol(where, code) == 1
    assert "credential-store-unsafe" in capsys.readouterr().err
    keys.chmod(0o700)
    assert enrol(where, code) == 0


def test_no_key_stays_that_nobody_uses(hub: Hub, where: Where, capsys: pytest.CaptureFixture[str]) -> None:
    def kept() -> list[str]:
        return [one.stem for one in (where.state / KEYS).glob("*.key")]

    def name() -> str:
        enrolled = read_enrolled(where.state)
        assert enrolled is not None
        return key_name(enrolled.station)

    code = code_of(hub)
    assert enrol(where, code) == 0
    assert kept() == [name()]
    assert enrol(where, code) == 1  # refused: the key in use stays
    assert kept() == [name()]
    assert enrol(where, code_of(hub)) == 0
    assert kept() == [name()]
    assert _forget(where) == 0
    assert kept() == []
    assert "Forgotten." in capsys.readouterr().out


def test_an_enrolment_is_forgotten_also_where_its_key_cannot_be_removed(
    hub: Hub, where: Where, capsys: pytest.CaptureFixture[str]
) -> None:
    assert enrol(where, code_of(hub)) == 0
    where.station.write_text("[station\n", encoding="utf-8")  # nobody can say which store it is in
    assert _forget(where) == 0
    assert read_enrolled(where.state) is None
    assert "Its key is still kept here, as hub-station-" in capsys.readouterr().out


def test_enrolled_anew_it_has_another_key_and_is_not_quarantined(hub: Hub, where: Where) -> None:
    assert enrol(where, code_of(hub)) == 0
    first = read_enrolled(where.state)
    assert enrol(where, code_of(hub)) == 0
    second = read_enrolled(where.state)
    assert first is not None
    assert second is not None
    assert first.station != second.station
    asyncio.run(_is_heard(where))


class _SeatedDesk(PaperDesk):
    """A desk at which officers sit, as the station's own tells of them."""

    def __init__(self, link: HubThread) -> None:
        super().__init__(link)
        self.sitters = Sitters(link, lambda _: ())

    def enrolled_anew(self) -> None:
        self.sitters.anew()
        super().enrolled_anew()


def test_whoever_sits_at_a_station_that_is_enrolled_anew_sits_at_the_new_one(
    hub: Hub, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ENROLMENT_S", 0.05)
    alice = person("4471", name="Alice")
    logged_on = messages.SignedIn(officer=alice.officer, number="4471", name="Alice", proved_by="local")
    shown = [(alice.officer, None)]

    def sat_at() -> list[tuple[str, float | None]]:
        enrolled = read_enrolled(where.state)
        assert enrolled is not None
        with hub.store.reading() as connection:
            asked = select(sittings.c.officer, sittings.c.ended).where(sittings.c.station == enrolled.station)
            return [tuple(row) for row in connection.execute(asked)]

    async def play() -> None:
        link = hub_link(where)
        assert link is not None
        desk = _SeatedDesk(link)
        link.begin(asyncio.get_running_loop(), desk)
        try:
            desk.sitters.began(1, logged_on)
            await seen(lambda: sat_at() == shown)
            assert await asyncio.to_thread(enrol, where, code_of(hub, terminal="FD-02", place="Front desk")) == 0
            await seen(lambda: sat_at() == shown)
            assert desk.times_anew == 1
            with hub.store.reading() as connection:
                assert [row.terminal for row in open_of(connection, alice.officer)] == ["FD-02"]
                audited = [row.kind for row in audit_rows.since(connection, 0, 100, terminal="FD-02")]
            assert audited.count("sign-in-ended") == 1
        finally:
            await asyncio.to_thread(link.close)

    assert enrol(where, code_of(hub)) == 0
    asyncio.run(play())


def test_a_station_that_runs_notices_that_it_is_enrolled_and_that_it_is_not(
    hub: Hub, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread, "LOOK_AGAIN_S", 0.05)
    monkeypatch.setattr(work, "ENROLMENT_S", 0.05)

    async def play() -> None:
        link = hub_link(where)
        assert link is not None
        desk = PaperDesk(link)
        link.begin(asyncio.get_running_loop(), desk)
        try:
            await desk.until(lambda: desk.states == [(False, False)])
            assert await asyncio.to_thread(enrol, where, code_of(hub)) == 0
            await desk.is_reachable()
            assert await asyncio.to_thread(_forget, where) == 0
            await desk.until(lambda: desk.states[-1] == (False, False))
        finally:
            await asyncio.to_thread(link.close)

    asyncio.run(play())


@pytest.mark.parametrize("code", ["short", "x" * 65, "ABCDEF-ABCDEF-ABCDEF-ABCDEF"])
def test_what_is_no_code_is_refused(hub: Hub, where: Where, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert enrol(where, code) == 1
    assert "Reference: " in capsys.readouterr().err
    assert read_enrolled(where.state) is None


def test_a_station_file_without_a_hub_says_what_to_write(where: Where, capsys: pytest.CaptureFixture[str]) -> None:
    where.station.write_text(where.station.read_text(encoding="utf-8").partition("[hub]")[0], encoding="utf-8")
    assert enrol(where, "ABCDEF-ABCDEF-ABCDEF-ABCDEF") == 1
    assert "[hub]\naddresses" in capsys.readouterr().err
    assert hub_link(where) is None


def test_the_doctor_says_whether_it_is_enrolled_and_heard(hub: Hub, where: Where) -> None:
    asked_for = where.settings().hub
    assert [one.found for one in hub_findings(where, None)] == []
    assert "not enrolled" in [one.found for one in hub_findings(where, asked_for)]
    assert enrol(where, code_of(hub)) == 0
    assert not list(hub_findings(where, asked_for))[-1].well  # the station has not run yet
    asyncio.run(_is_heard(where))
    found = list(hub_findings(where, asked_for))
    assert [one.looked_at for one in found if not one.well] == []
    enrolled = read_enrolled(where.state)
    assert enrolled is not None
    with hub.store.writing() as connection:
        row = rows.station_that_may(connection, enrolled.station)
        rows.quarantine(connection, hub, row, "a test")
    asyncio.run(_is_refused(where))
    assert any("quarantined" in one.found and one.next_step for one in hub_findings(where, asked_for))


def test_the_doctor_says_where_the_hub_knows_the_terminal_by_another_name(hub: Hub, where: Where) -> None:
    def named() -> list[str]:
        found = hub_findings(where, where.settings().hub)
        return [one.found for one in found if one.looked_at == "hub, the terminal's name"]

    assert enrol(where, code_of(hub)) == 0
    assert named() == []
    text = where.station.read_text(encoding="utf-8")
    where.station.write_text(text.replace('"Front desk"', '"Custody"'), encoding="utf-8")  # it was moved
    assert named() == ["FD-02, Custody in the station file, FD-02, Front desk at the hub"]
    assert enrol(where, code_of(hub)) == 0
    assert named() == []


def test_the_doctor_says_where_a_hub_does_not_answer(where: Where) -> None:
    text = where.station.read_text(encoding="utf-8")
    where.station.write_text(text.partition("addresses")[0] + 'addresses = ["http://127.0.0.1:9"]\n', encoding="utf-8")
    found = list(hub_findings(where, where.settings().hub))
    assert [one.looked_at for one in found if not one.well] == ["hub", "hub, this computer"]
    assert "127.0.0.1:9" in found[0].found


async def _is_heard(where: Where) -> None:
    link = hub_link(where)
    assert link is not None
    desk = PaperDesk(link)
    link.begin(asyncio.get_running_loop(), desk)
    await desk.is_reachable()
    await asyncio.to_thread(link.close)


async def _is_refused(where: Where) -> None:
    from launcher.station.hub.heard import last_heard

    def refused() -> bool:
        heard = last_heard(where.state)
        return heard is not None and not heard.reachable

    link = hub_link(where)
    assert link is not None
    link.begin(asyncio.get_running_loop(), PaperDesk(link))
    await seen(refused)
    await asyncio.to_thread(link.close)
