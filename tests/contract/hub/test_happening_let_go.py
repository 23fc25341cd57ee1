"""A thing that happened and that the hub cannot take holds nothing up that comes after it."""

from __future__ import annotations

import asyncio
from collections.abc import Container
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from launcher.hub.errors import MalformedError, StoreAwayError
from launcher.hub.happenings import rows
from launcher.hub.happenings.tables import happenings
from launcher.hub.requests import AskingStation
from launcher.hub.service import Hub
from launcher.station.hub import telling, whenever
from launcher.station.hub.enrolment import JOURNAL, hub_folder
from launcher.station.hub.journal import Journal
from launcher.station.hub.telling import MANY
from launcher.wire.hub.sittings import Happened, Happenings
from launcher.wire.records import Record, SwitchRecord
from tests.contract.hub.terminal import Place, enrolled_place, linked, seen
from tests.servers.hub_in_process import HubServer

ALL = MANY + 40
REFUSED = frozenset({7, 300, ALL - 1})


def choosy(monkeypatch: pytest.MonkeyPatch, refused: Container[float]) -> None:
    """Let the hub be unable to store some, as its store may be with what another version of a station has written."""
    real = rows.fit

    def fit(record: Record, now: float) -> Record:
        if isinstance(record, SwitchRecord) and record.total_ms in refused:
            raise MalformedError("Something that was sent cannot be stored.")
        return real(record, now)

    monkeypatch.setattr(rows, "fit", fit)


def _journal(place: Place) -> Journal:
    return Journal(hub_folder(place.state) / JOURNAL, place.enrolled.station)


def _kept(place: Place, many: int) -> None:
    journal = _journal(place)
    things = (SwitchRecord(at=1.0, reason="reset", total_ms=float(one), phases=()) for one in range(1, many + 1))
    assert journal.happened(Happened(seq=1, what=one) for one in things) == 0
    journal.close()


def _left(place: Place) -> int:
    journal = _journal(place)
    left = len(journal.unreceived(ALL))
    journal.close()
    return left


def _let_go(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int, str]]:
    said = [vars(one)["fields"] for one in caplog.records if one.getMessage() == "happening-let-go"]
    return [(one["kind"], one["number"], one["reference"]) for one in said]


def test_all_others_arrive_and_the_log_names_those_that_were_let_go(
    hub: Hub, hub_server: HubServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    choosy(monkeypatch, REFUSED)

    def taken() -> list[int]:
        with hub.store.reading() as connection:
            return list(connection.execute(select(happenings.c.seq).order_by(happenings.c.seq)).scalars())

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        await asyncio.to_thread(_kept, place, ALL)
        async with linked(place):
            await seen(lambda: _left(place) == 0)
        assert taken() == [one for one in range(1, ALL + 1) if one not in REFUSED]

    asyncio.run(play())
    assert _let_go(caplog) == [("switch", number, "hub-request-malformed") for number in sorted(REFUSED)]


def test_a_hub_that_takes_nothing_at_all_does_not_empty_the_journal(
    hub: Hub, hub_server: HubServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    choosy(monkeypatch, range(ALL + 1))

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        await asyncio.to_thread(_kept, place, ALL)
        async with linked(place):
            await seen(lambda: any(one.getMessage() == "hub-refuses" for one in caplog.records))
            assert _left(place) == ALL - 1  # the next one in a few seconds

    asyncio.run(play())
    assert ("switch", 1, "hub-request-malformed") in _let_go(caplog)


def test_on_a_line_that_does_not_carry_so_many_in_time_fewer_are_told_at_once(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them would be said again, in vain, for ever: and whatever else is on that line waits for them."""
    real, tried = rows.take, []

    def in_time(connection: Connection, hub: Hub, station: AskingStation, said: Happenings) -> rows.Taken:
        tried.append(len(said.happened))
        if len(said.happened) > 100:
            raise StoreAwayError("It came too late.")
        return real(connection, hub, station, said)

    monkeypatch.setattr(rows, "take", in_time)
    monkeypatch.setattr(whenever, "AGAIN_S", 0.01)
    monkeypatch.setattr(telling, "QUICK_S", 0.0)

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        await asyncio.to_thread(_kept, place, ALL)
        async with linked(place):
            await seen(lambda: _left(place) == 0)

    asyncio.run(play())
    told = [many for many in tried if many]
    assert told[:4] == [500, 250, 125, 62]
    assert max(told[3:]) == 62  # which was not quick: no more are tried
