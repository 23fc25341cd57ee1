"""A station's link and a real hub: carried out once, away and back, by socket and by questions."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from launcher.hub import tokens
from launcher.hub.commands import rows as commands
from launcher.hub.commands.tables import commands as command_rows
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, ServeSettings
from launcher.hub.stations import rows as stations
from launcher.hub.stations.tables import stations as station_rows
from launcher.signing import SigningKey
from launcher.station.hub.heard import last_heard
from launcher.station.hub.journal import Journal
from launcher.station.hub.ports import Happening
from launcher.wire.hub.commands import Answer, Command, CommandState
from launcher.wire.records import SwitchRecord
from tests.contract.hub.terminal import Place, enrolled_place, linked, no_sockets, seen
from tests.servers.fault_proxy import FaultProxy, PassThrough, Refuse, Stall
from tests.servers.hub_in_process import HubServer

OFFICER = "ldap:x#1"
FORGED: dict[str, object] = {"reason": "signed with another key"}


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(serve=ServeSettings(beat_s=0.5))


def make(
    hub: Hub, place: Place, *, wake: bool = True, altered: dict[str, object] | None = None, **changed: object
) -> Command:
    """Make a command for a terminal; ``altered``: changed in it, and signed anew, before it is there."""
    with hub.store.writing() as connection:
        fields = {"sitting": "s-1", "officer": OFFICER, "reason": "a test"} | changed
        made = commands.add(connection, hub, place.enrolled.station, "lock", **fields)  # type: ignore[arg-type]
        if altered is not None:
            other = made.model_copy(update=altered)
            key = SigningKey.made() if altered == FORGED else hub.key
            written = {"said": other.model_dump_json(), "signature": key.sign("command", other)}
            connection.execute(update(command_rows).where(command_rows.c.id == made.id).values(written))
    if wake:
        hub.wakes.wake(f"station:{place.enrolled.station}")
    return made


def state(hub: Hub, command: Command) -> CommandState:
    with hub.store.reading() as connection:
        return next(one for one in commands.states(connection, hub, officer=OFFICER) if one.id == command.id)


async def answered(hub: Hub, command: Command) -> Answer:
    await seen(lambda: state(hub, command).state == "answered")
    found = state(hub, command).answer
    assert found is not None
    return found


@pytest.mark.parametrize("sockets", [True, False], ids=["socket", "questions"])
def test_a_command_is_carried_out_once_and_answered(
    hub: Hub, hub_server: HubServer, tmp_path: Path, sockets: bool
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state", sockets=sockets)
        async with linked(place) as desk:
            await desk.is_reachable()
            first, second = make(hub, place, wake=False), make(hub, place)
            assert (await answered(hub, first)).outcome == "done"
            assert (await answered(hub, second)).outcome == "done"
            assert desk.commands == [first, second]
            assert state(hub, first).acknowledged_at is not None

    asyncio.run(play())


def test_what_was_made_while_the_terminal_was_away_is_asked_for_when_it_is_back(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        before = make(hub, place)
        async with linked(place) as desk:
            await answered(hub, before)
            assert desk.commands == [before]
        between = make(hub, place)
        async with linked(place) as desk:
            await answered(hub, between)
            assert desk.commands == [between]  # and not the one before

    asyncio.run(play())


def test_an_answer_comes_after_the_first_that_says_more(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            desk.outcome = lambda _: Answer(outcome="done", at=1.0, covered_ms=12.0, more=True)
            made = make(hub, place)
            await seen(lambda: state(hub, made).answer is not None)
            assert state(hub, made).state == "acknowledged"
            desk.link.answer(made.id, Answer(outcome="partly", at=2.0, left_signed_on=("host:23",)))
            assert (await answered(hub, made)).left_signed_on == ("host:23",)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("altered", "reference"),
    [
        (FORGED, "command-forged"),
        ({"station": "st-other"}, "command-not-ours"),
        ({"hub": "other"}, "command-not-ours"),
        ({"expires": 1.0}, "command-expired"),
    ],
)
def test_what_the_hubs_store_holds_and_the_hub_did_not_say_is_refused(
    hub: Hub, hub_server: HubServer, tmp_path: Path, altered: dict[str, object], reference: str
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            made = make(hub, place, altered=altered)
            good = make(hub, place)
            assert (await answered(hub, made)).reference == reference
            assert (await answered(hub, good)).outcome == "done"
            assert desk.commands == [good]

    asyncio.run(play())


def test_a_command_that_comes_a_second_time_is_answered_as_before_and_not_done_again(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            made = make(hub, place)
            first = await answered(hub, made)
            # The same words again, in another row: as somebody would who has got hold of them.
            forgotten = {"acknowledged_at": None, "acknowledged_boot": None, "answered_at": None, "answer": None}
            with hub.store.writing() as connection:
                row = connection.execute(select(command_rows).where(command_rows.c.id == made.id)).one()
                connection.execute(insert(command_rows).values(row._asdict() | {"id": made.id + 1} | forgotten))
                connection.execute(update(command_rows).where(command_rows.c.id == made.id).values(forgotten))
                connection.execute(update(station_rows).values(command=made.id + 1))
            hub.wakes.wake(f"station:{place.enrolled.station}")
            assert await answered(hub, made) == first
            assert desk.commands == [made]

    asyncio.run(play())


def test_a_command_that_the_hub_takes_back_before_it_is_acknowledged_is_not_begun(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Journal.take

    def take(journal: Journal, command: Command) -> None:
        real(journal, command)
        with hub.store.writing() as connection:
            commands.withdraw(connection, hub, "a-press")

    monkeypatch.setattr(Journal, "take", take)

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        taken_back, good = make(hub, place, act="a-press"), make(hub, place)
        async with linked(place) as desk:
            assert (await answered(hub, good)).outcome == "done"
            assert desk.commands == [good]
            assert state(hub, taken_back).state == "expired"

    asyncio.run(play())


def test_a_hub_that_is_away_at_the_start_is_called_until_it_is_there(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        with FaultProxy(hub_server.port, fault=Refuse()) as proxy:
            place.addresses = (f"http://127.0.0.1:{proxy.port}",)
            async with linked(place) as desk:
                await desk.until(lambda: desk.states == [(True, False)])
                await seen(lambda: last_heard(place.state) is not None)
                proxy.set(PassThrough())
                await desk.is_reachable()
                proxy.break_connections()  # a restart
                made = make(hub, place)
                await answered(hub, made)
                assert desk.commands == [made]

    asyncio.run(play())


def test_a_half_open_road_is_noticed_by_the_beats_that_do_not_come(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        with FaultProxy(hub_server.port) as proxy:
            place.addresses = (f"http://127.0.0.1:{proxy.port}",)
            async with linked(place) as desk:
                await desk.is_reachable()
                proxy.set(Stall())
                await desk.until(lambda: desk.states[-1] == (True, False))
                proxy.set(PassThrough())
                made = make(hub, place)
                await answered(hub, made)

    asyncio.run(play())


def test_another_address_is_tried(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        with FaultProxy(None, fault=Refuse()) as nobody:
            place.addresses = (f"http://127.0.0.1:{nobody.port}", hub_server.origin)
            async with linked(place) as desk:
                made = make(hub, place)
                await answered(hub, made)
                assert desk.commands == [made]

    asyncio.run(play())


def test_where_no_socket_passes_the_hub_is_asked_instead(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with no_sockets(hub_server.port) as port:
            place.addresses = (f"http://127.0.0.1:{port}",)
            async with linked(place) as desk:
                await desk.is_reachable()
                made = make(hub, place)
                await answered(hub, made)
                assert desk.commands == [made]

    asyncio.run(play())


def test_two_computers_with_the_same_folder_are_both_quarantined(
    hub: Hub, hub_server: HubServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            await desk.is_reachable()
        shutil.copytree(place.state, tmp_path / "copy")
        copy = Place(tmp_path / "copy", place.addresses, place.kept_key, place.enrolled)
        async with linked(place) as desk:
            await desk.is_reachable()
            async with linked(copy) as second:
                await seen(lambda: _reference(copy) == "station-quarantined")
                await seen(lambda: _reference(place) == "station-quarantined")
                await desk.until(lambda: desk.states[-1] == (True, False))
                made = make(hub, place)
                with hub.store.reading() as connection, pytest.raises(Exception, match="quarantined"):
                    stations.station_that_may(connection, place.enrolled.station)
                assert (desk.commands, second.commands) == ([], [])
                assert state(hub, made).state != "acknowledged"

    asyncio.run(play())
    said = [one for one in caplog.records if one.levelname == "ERROR" and one.getMessage() == "hub-away"]
    assert len(said) == 2


def _reference(place: Place) -> str:
    heard = last_heard(place.state)
    return "" if heard is None else heard.reference


def test_a_token_is_renewed_before_it_ends_and_the_socket_stays(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "STATION_S", 2.0)

    def given() -> int:
        with hub.store.reading() as connection:
            asked = select(func.count()).where(tokens.tokens.c.kind == "station")
            return int(connection.execute(asked).scalar_one())

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        with FaultProxy(hub_server.port) as proxy:
            place.addresses = (f"http://127.0.0.1:{proxy.port}",)
            async with linked(place) as desk:
                await desk.is_reachable()
                await seen(lambda: given() >= 2)
                made = make(hub, place)
                await answered(hub, made)
                assert desk.states == [(True, False), (True, True)]

    asyncio.run(play())


def test_a_token_that_the_hub_has_lost_is_renewed_by_whoever_asks(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            await desk.is_reachable()
            with hub.store.writing() as connection:
                tokens.drop(connection, "station", place.enrolled.station)
            made = make(hub, place)
            await answered(hub, made)
            assert desk.commands == [made]

    asyncio.run(play())


def test_the_end_of_the_station_waits_for_no_hub(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        with FaultProxy(hub_server.port) as proxy:
            place.addresses = (f"http://127.0.0.1:{proxy.port}",)
            async with linked(place) as desk:
                await desk.is_reachable()
                proxy.set(Stall())
                desk.link.happened(Happening(SwitchRecord(at=1.0, reason="reset", total_ms=1.0, phases=())))
                desk.link.close()  # returns, though no answer can come
                assert proxy.fault == Stall()

    asyncio.run(play())
