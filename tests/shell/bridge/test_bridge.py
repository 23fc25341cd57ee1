"""The bridge: commands in, the newest snapshot out, requests with one answer, and an end that leaves nobody waiting."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QApplication

from launcher.errors import InternalFaultError, LauncherError
from launcher.session.commands import Command, LogOff, OpenSystem
from launcher.session.snapshot import SignInView, Snapshot, StationView
from launcher.shell.bridge import Bridge, Reply
from launcher.sign_on.driver import DriverGoneError
from tests.shell.engine_room import EngineRoom, engine_room

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def room(qapp: QApplication) -> Iterator[EngineRoom]:
    with engine_room() as running:
        yield running


def a_snapshot(faults: int) -> Snapshot:
    return Snapshot("spare", StationView("FD-02", "Front desk", "4100"), SignInView(()), catalogue_faults=faults)


def test_commands_arrive_in_order(room: EngineRoom) -> None:
    sent: list[Command] = [OpenSystem("a"), OpenSystem("b"), LogOff()]
    for command in sent:
        room.bridge.send(command)

    async def receive() -> list[Command]:
        return [await room.bridge.next_command() for _ in sent]

    assert room.run(receive()) == sent


def test_a_command_sent_before_the_engine_starts_is_not_lost(qapp: QApplication) -> None:
    bridge = Bridge()
    bridge.send(LogOff())
    got: list[Command] = []
    ended: list[object] = []

    async def engine() -> None:
        got.append(await bridge.next_command())

    bridge.ended.connect(ended.append)
    bridge.start(engine)
    while not ended:
        QCoreApplication.processEvents()
    assert got == [LogOff()]
    assert ended == [None]
    assert bridge.shut(5.0)


def test_only_the_newest_snapshot_is_drawn(room: EngineRoom) -> None:
    drawn: list[Snapshot] = []
    room.bridge.drawn.connect(drawn.append)

    async def draw_many() -> None:
        for number in range(1000):
            room.bridge.draw(a_snapshot(number))

    future = room.start(draw_many())
    future.result(timeout=10)  # while Qt's loop stands still
    room.until(lambda: drawn)
    assert [one.catalogue_faults for one in drawn] == [999]


def test_snapshots_are_drawn_on_the_main_thread(room: EngineRoom) -> None:
    threads: list[int] = []
    room.bridge.drawn.connect(lambda _: threads.append(threading.get_ident()))

    async def draw() -> None:
        room.bridge.draw(a_snapshot(1))

    room.run(draw())
    room.until(lambda: threads)
    assert threads == [threading.get_ident()]


def test_a_request_is_carried_out_on_the_main_thread(room: EngineRoom) -> None:
    def begin(reply: Reply[int]) -> None:
        reply.give(threading.get_ident())

    assert room.run(room.bridge.ask(begin)) == threading.get_ident()


def test_an_exception_of_the_request_is_its_answer(room: EngineRoom) -> None:
    def begin(reply: Reply[None]) -> None:
        raise LauncherError("no such page")

    with pytest.raises(LauncherError, match="no such page"):
        room.run(room.bridge.ask(begin))


def test_only_the_first_answer_counts(room: EngineRoom) -> None:
    def begin(reply: Reply[str]) -> None:
        reply.give("first")
        reply.give("second")
        reply.fail(LauncherError("third"))

    assert room.run(room.bridge.ask(begin)) == "first"


def test_posts_and_requests_keep_their_order(room: EngineRoom) -> None:
    seen: list[str] = []

    async def mixed() -> None:
        room.bridge.post(lambda: seen.append("post 1"))

        def begin(reply: Reply[None]) -> None:
            seen.append("ask")
            reply.give(None)

        waiting = asyncio.create_task(room.bridge.ask(begin))
        await asyncio.sleep(0)
        room.bridge.post(lambda: seen.append("post 2"))
        await waiting

    room.run(mixed())
    room.until(lambda: len(seen) == 3)
    assert seen == ["post 1", "ask", "post 2"]


def test_a_call_that_fails_is_said_without_what_was_typed_and_the_next_one_is_carried_out(
    room: EngineRoom, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def falls(typed: str) -> None:
        raise ValueError(typed)

    room.bridge.call(partial(falls, "swordfish"))
    room.bridge.call(partial(done.append, "next"))
    room.until(lambda: done)
    said = [(record.getMessage(), record.exc_info) for record in caplog.records]
    where = f"{__name__}:{falls.__code__.co_firstlineno + 1}"
    assert said == [(f"what the screen asked for failed: ValueError at {where}", None)]
    assert "swordfish" not in str([record.__dict__ for record in caplog.records])


def test_a_request_given_up_is_told_so_and_its_late_answer_goes_nowhere(room: EngineRoom) -> None:
    kept: list[Reply[str]] = []
    told: list[str] = []

    def begin(reply: Reply[str]) -> None:
        kept.append(reply)
        reply.when_abandoned(lambda: told.append("abandoned"))

    future = room.start(room.bridge.ask(begin))
    room.until(lambda: kept)
    future.cancel()
    room.until(lambda: told)
    assert kept[0].settled
    kept[0].give("too late")


def test_a_request_given_up_before_its_turn_is_never_carried_out(room: EngineRoom) -> None:
    carried_out: list[str] = []

    def begin(reply: Reply[None]) -> None:
        carried_out.append("yes")
        reply.give(None)

    async def give_up_at_once() -> None:
        task = asyncio.create_task(room.bridge.ask(begin))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    room.start(give_up_at_once()).result(timeout=10)  # Qt's loop stands still: the request waits for its turn

    def last(reply: Reply[None]) -> None:
        reply.give(None)

    room.run(room.bridge.ask(last))
    assert carried_out == []


def test_the_end_of_the_screen_fails_what_waits_and_what_comes(room: EngineRoom) -> None:
    waiting: list[Reply[None]] = []
    future = room.start(room.bridge.ask(waiting.append))
    room.until(lambda: waiting)
    room.bridge.close_road()
    with pytest.raises(DriverGoneError):
        room.finish(future)
    with pytest.raises(DriverGoneError):
        room.run(room.bridge.ask(waiting.append))
    assert len(waiting) == 1


def test_shut_ends_an_engine_that_is_waiting(qapp: QApplication) -> None:
    bridge = Bridge()
    cleaned_up = threading.Event()

    async def engine() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned_up.set()

    bridge.start(engine)
    assert bridge.shut(10.0)
    assert cleaned_up.is_set()
    bridge.send(LogOff())  # goes nowhere and hurts nobody


@pytest.mark.parametrize(
    ("fault", "kind"), [(LauncherError("said"), LauncherError), (ZeroDivisionError("unsaid"), InternalFaultError)]
)
def test_an_engine_that_falls_says_how(
    qapp: QApplication, fault: Exception, kind: type[LauncherError], caplog: pytest.LogCaptureFixture
) -> None:
    bridge = Bridge()
    ended: list[object] = []
    bridge.ended.connect(ended.append)

    async def engine() -> None:
        raise fault

    bridge.start(engine)
    while not ended:
        QCoreApplication.processEvents()
    assert type(ended[0]) is kind
    assert bridge.shut(5.0)


def test_the_age_of_the_screen_grows_while_it_does_not_turn(room: EngineRoom) -> None:
    async def age_after(ticks: int) -> float:
        before = room.bridge.screen_age_ms()
        while room.bridge.screen_age_ms() <= before + ticks:  # noqa: ASYNC110 - the age is a number, not an event
            await asyncio.sleep(0.001)
        return room.bridge.screen_age_ms()

    stood_still_ms = room.start(age_after(300)).result(timeout=10)
    assert stood_still_ms > 300
    room.until(lambda: room.bridge.screen_age_ms() < stood_still_ms)


def test_a_bridge_dies_with_its_last_reference(qapp: QApplication) -> None:
    bridge = Bridge()
    assert bridge.shut(1.0)
    gone = weakref.ref(bridge)
    del bridge
    gc.collect()
    assert gone() is None


class _Bell(QObject):
    rung = Signal(bool)


def test_a_widget_in_a_cycle_is_never_destroyed_on_the_engine_s_thread(room: EngineRoom) -> None:
    """Python collects cycles on the thread that allocates; Qt wants its widgets destroyed on the main one."""
    destroyed_on: list[int] = []

    class Ring(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.itself = self

        def __del__(self) -> None:
            destroyed_on.append(threading.get_ident())

    async def allocate() -> int:
        kept = [[number] for number in range(200_000)]
        return len(kept)

    for _ in range(2_000):  # more than the collector's threshold
        Ring()
    assert room.run(allocate()) == 200_000
    for _ in range(2_000):  # what the engine freed has lowered the collector's count again
        Ring()
    room.until(lambda: destroyed_on)
    assert set(destroyed_on) == {threading.get_ident()}


def test_calls_into_qt_leave_the_constants_alone(qapp: QApplication) -> None:
    """PySide6 6.12.0 loses a reference to None with each void call and one to True with each emit; ours must not."""
    bell = _Bell()
    heard: list[bool] = []
    bell.rung.connect(heard.append)
    qapp.processEvents()
    none_before, true_before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(2_000):
        qapp.processEvents()
    for _ in range(10_000):
        bell.rung.emit(True)
    heard.clear()
    # Python 3.12 made both immortal: the counts then never move.
    assert sys.getrefcount(None) >= none_before - 100
    assert sys.getrefcount(True) >= true_before - 100
