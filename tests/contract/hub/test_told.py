"""What a station tells its hub and asks it for: all over real sockets, away and back."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from launcher.hub.happenings.tables import happenings
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, ServeSettings
from launcher.hub.sittings import letters
from launcher.hub.sittings.tables import sittings
from launcher.signing import is_signed
from launcher.station.hub import telling, thread
from launcher.station.hub.journal import Journal
from launcher.station.hub.ports import Happening, NoAnswer, Picture
from launcher.station.hub.questions import Bring, Question, SaySecond, TellHelpdesk, VouchFor
from launcher.wire.hub.commands import Answer
from launcher.wire.hub.sittings import Happened, ShownLetters, Told, Vouched
from launcher.wire.records import SwitchRecord
from tests.contract.hub.terminal import Place, enrolled_place, linked, seen
from tests.contract.hub.test_link import answered, make
from tests.servers.fault_proxy import FaultProxy, PassThrough, Refuse
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import person, sitting


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(serve=ServeSettings(beat_s=0.5))


def switch(number: int) -> Happening:
    return Happening(SwitchRecord(at=float(number), reason="reset", total_ms=1.0, phases=()))


def stored(hub: Hub) -> list[tuple[int, float]]:
    with hub.store.reading() as connection:
        rows = connection.execute(select(happenings.c.seq, happenings.c.record).order_by(happenings.c.seq))
        return [(seq, SwitchRecord.model_validate_json(record).at) for seq, record in rows]


def open_sittings(hub: Hub) -> list[tuple[str, str]]:
    with hub.store.reading() as connection:
        asked = select(sittings.c.sitting, sittings.c.number).where(sittings.c.ended.is_(None))
        return [(name, number) for name, number in connection.execute(asked)]


def test_the_picture_is_told_when_it_changes_and_again_after_an_absence(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        with FaultProxy(hub_server.port) as proxy:
            place.addresses = (f"http://127.0.0.1:{proxy.port}",)
            async with linked(place) as desk:
                desk.link.picture(Picture((sitting(person("1"), "s-1"),)))
                await seen(lambda: open_sittings(hub) == [("s-1", "1")])
                proxy.set(Refuse())
                await desk.until(lambda: desk.states[-1] == (True, False))
                desk.link.picture(Picture())
                desk.link.picture(Picture((sitting(person("2"), "s-2"),)))
                proxy.set(PassThrough())
                await seen(lambda: open_sittings(hub) == [("s-2", "2")])

    asyncio.run(play())


def test_what_happened_is_told_once_and_in_order_over_every_absence(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MANY", 3)

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        with FaultProxy(hub_server.port, fault=Refuse()) as proxy:
            place.addresses = (f"http://127.0.0.1:{proxy.port}",)
            async with linked(place) as desk:
                for number in range(4):
                    desk.link.happened(switch(number))
                await desk.until(lambda: bool(desk.states))
            async with linked(place) as desk:  # a restart meanwhile
                for number in range(4, 10):
                    desk.link.happened(switch(number))
                proxy.set(PassThrough())
                await seen(lambda: len(stored(hub)) == 10)
                desk.link.happened(switch(10))
                await seen(lambda: len(stored(hub)) == 11)
        assert stored(hub) == [(number + 1, float(number)) for number in range(11)]

    asyncio.run(play())


def test_a_disk_that_is_full_for_a_moment_costs_what_happened_in_it_and_nothing_else(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Journal.happened

    def happened(journal: Journal, things: Iterable[Happened]) -> int:
        kept = list(things)
        if any(one.what.at == 2.0 for one in kept):
            raise sqlite3.OperationalError("database or disk is full")
        return real(journal, kept)

    monkeypatch.setattr(Journal, "happened", happened)

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            for number in (1, 2, 3):
                desk.link.happened(switch(number))
            await seen(lambda: len(stored(hub)) == 2)
        assert stored(hub) == [(1, 1.0), (2, 3.0)]

    asyncio.run(play())


def test_a_fault_of_the_link_costs_no_answer_and_nothing_that_happened_meanwhile(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, faulty = Journal.unreceived, [True]

    def unreceived(journal: Journal, many: int = 500) -> tuple[Happened, ...]:
        if faulty[0]:
            raise sqlite3.OperationalError("database disk image is malformed")
        return real(journal, many)

    monkeypatch.setattr(Journal, "unreceived", unreceived)
    monkeypatch.setattr(thread, "FAULT_AGAIN_S", 0.1)

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            desk.outcome = lambda _: None
            made = make(hub, place)
            await desk.until(lambda: desk.commands == [made])
            await desk.until(lambda: (True, False) in desk.states[2:])  # the fault
            desk.link.happened(switch(1))
            desk.link.answer(made.id, Answer(outcome="done", at=1.0))
            faulty[0] = False
            assert (await answered(hub, made)).outcome == "done"
            await seen(lambda: stored(hub) == [(1, 1.0)])
            assert (False, False) not in desk.states

    asyncio.run(play())


def test_a_lost_journal_loses_nothing_that_comes_after_it(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            desk.link.happened(switch(1))
            desk.link.happened(switch(2))
            await seen(lambda: len(stored(hub)) == 2)
        # As an administrator may, to make room; the link is in it, so it is kept as the hub gave it.
        journal = place.state / "hub" / "journal.db"
        link = _link(journal, place)
        for file in journal.parent.glob("journal.db*"):
            file.unlink()
        _link(journal, place, link)
        async with linked(place) as desk:
            desk.link.happened(switch(3))
            await seen(lambda: len(stored(hub)) == 3)
        assert [at for _, at in stored(hub)] == [1.0, 2.0, 3.0]

    asyncio.run(play())


def _link(file: Path, place: Place, link: str = "") -> str:
    journal = Journal(file, place.enrolled.station)
    if link:
        journal.keep_link(link)
    found = journal.link()
    journal.close()
    return found


def test_the_helpdesk_is_told_and_the_number_comes_back(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            number = await desk.asked(TellHelpdesk(Told(key="k-1", at=time.time(), reference="sign-on-refused")))
            assert isinstance(number, str)
            assert number

    asyncio.run(play())


def test_what_is_asked_of_a_hub_that_is_away_is_answered_all_the_same(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        place.addresses = ("http://127.0.0.1:9",)
        async with linked(place) as desk:
            questions: tuple[Question[Any], ...] = (
                TellHelpdesk(Told(key="k-1", at=1.0, reference="sign-on-refused")),
                Bring("s-1", "s-2"),
                SaySecond("r-1", 1, None, "local", approve=False),
            )
            for found in await asyncio.gather(*(desk.asked(question) for question in questions)):
                assert isinstance(found, NoAnswer)
                assert found.reference == "hub-unreachable"

    asyncio.run(play())


def test_a_vouch_is_signed_by_the_stations_key_for_two_minutes_at_most(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        assert place.kept_key is not None
        async with linked(place) as desk:
            answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
            desk.link.ask(VouchFor("bm9uY2U=", 1e10, "s-1", person("1"), "local"), answer.set_result)
            # The session asks at once: the hub is to hear of the sitting first.
            desk.link.picture(Picture((sitting(person("1"), "s-1"),)))
            vouched = await answer
            assert isinstance(vouched, Vouched)
            assert open_sittings(hub) == [("s-1", "1")]
            assert is_signed("vouch", vouched.vouch, vouched.signature, place.kept_key.public)
            assert vouched.vouch.station == place.enrolled.station
            assert 0 < vouched.vouch.until - vouched.vouch.at <= 120

    asyncio.run(play())


def test_letters_hold_as_long_as_they_are_shown_though_the_stations_clock_is_an_hour_behind(
    hub: Hub, hub_server: HubServer, clock: Clock, tmp_path: Path
) -> None:
    clock.pass_s(3600.0)

    def left_s() -> list[float]:
        with hub.store.reading() as connection:
            return [one.until - hub.clock() for one in letters.holders(connection, "BCDFGH", hub.clock())]

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            shown = ShownLetters(letters="BCDFGH", sitting=None, until=time.time() + 600.0)
            desk.link.picture(Picture((), (shown,)))
            await seen(lambda: bool(left_s()))
            assert 0.0 < left_s()[0] <= 600.0

    asyncio.run(play())


def test_a_report_that_the_hub_refuses_does_not_stop_the_next(
    hub: Hub, hub_server: HubServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        one = await enrolled_place(hub, hub_server.origin, tmp_path / "one")
        two = await enrolled_place(hub, hub_server.origin, tmp_path / "two")
        async with linked(one) as first, linked(two) as second:
            first.link.picture(Picture((sitting(person("1"), "s-1"),)))
            await seen(lambda: open_sittings(hub) == [("s-1", "1")])
            second.link.picture(Picture((sitting(person("2"), "s-1"),)))  # another station's name
            await seen(lambda: any(record.getMessage() == "hub-refuses" for record in caplog.records))
            second.link.picture(Picture((sitting(person("2"), "s-2"),)))
            await seen(lambda: sorted(open_sittings(hub)) == [("s-1", "1"), ("s-2", "2")])

    asyncio.run(play())
