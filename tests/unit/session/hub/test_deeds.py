"""What the helpdesk does in a session, as its officer reads it: before it is lost, once it is done, or was not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.policy.first_facts import FirstFacts
from launcher.session import commands as c
from launcher.session.first import first_snapshot
from launcher.session.hub.for_officer import EARLIER_S, ForOfficer
from launcher.session.hub.views import DeedView
from launcher.session.snapshot import NoticeKind
from launcher.session.states import SignedIn
from launcher.wire import messages as m
from launcher.wire.hub.officers import Deed
from tests.unit.session.bench import Bench, Running, Watched, program

READY = program("-c", "print('READY', flush=True); input()")
ASKS = program("-c", "n = input(); p = input(); print('READY', n, flush=True); input()", give="stdin")


def ask(here: Running, what: str, command: int, system: str = "one") -> None:
    deed = m.DeedHere(command=command, what=what, by_name="J. Field", reason="hangs", system=system, at=time.time())
    here.send(deed, m.DoHere.model_validate({"command": command, "what": what, "system": system}))


async def answered(here: Running, command: int, *, more: bool = False) -> m.DoneHere:
    def found() -> list[m.DoneHere]:
        return [one for one in here.watched.of(m.DoneHere) if (one.command, one.more) == (command, more)]

    await here.heard(found)
    return found()[0]


def deed(here: Running, command: int) -> DeedView:
    return next(one for one in here.now.deeds if one.command == command)


def in_strip(here: Running, command: int) -> int:
    return sum(one.what == "deed" and one.text == str(command) for one in here.now.notices)


@pytest.fixture
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.session.hub.doing.LOOK_S", 0.01)


@pytest.mark.usefixtures("looks_at_once")
@pytest.mark.parametrize("what", ["close-system", "open-system"])
def test_an_officer_is_told_what_would_be_lost_and_has_time_to_send_it(tmp_path: Path, what: str) -> None:
    async def run() -> None:
        async with Bench(tmp_path, {"one": ASKS}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"))
            await here.launch("one", "needs")
            here.surfaces.typed_in = ("one",)
            ask(here, what, 1)
            told = await answered(here, 1, more=True)
            assert "has 10 s" in told.words
            assert here.now.tabs == ("one",), "it stands"
            assert (deed(here, 1).stands, deed(here, 1).loses) == ("soon", True)
            assert in_strip(here, 1) == 1
            here.surfaces.typed_in = ()
            assert (await answered(here, 1)).outcome == "done"
            assert (deed(here, 1).stands, deed(here, 1).loses) == ("", False)
            assert in_strip(here, 1) == 1, "it was said to be done soon"

    asyncio.run(run())


@pytest.mark.usefixtures("looks_at_once")
def test_what_was_not_sent_in_time_or_by_nobody_there_is_lost_and_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with Bench(tmp_path, {"one": ASKS, "runs": READY}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"), c.OpenSystem("runs"))
            await here.launch("one", "needs")
            await here.launch("runs", "ready")
            here.surfaces.typed_in = ("one",)
            monkeypatch.setattr("launcher.session.hub.doing.WARNED_S", 0.03)
            ask(here, "close-system", 1)
            await answered(here, 1, more=True)
            assert (await answered(here, 1)).outcome == "done"
            assert here.now.tabs == ("runs",)
            assert (deed(here, 1).stands, deed(here, 1).loses) == ("", True)
            monkeypatch.setattr("launcher.session.hub.doing.WARNED_S", 60.0)
            ask(here, "close-system", 2, "runs")
            await answered(here, 2, more=True)
            here.send(m.Lock(why="idle"))
            assert (await answered(here, 2)).outcome == "done", "nobody is there to be waited for"
            assert deed(here, 2).loses

    asyncio.run(run())


def test_what_was_not_done_is_said_so_and_what_was_is_said_once_it_is(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path, {"one": READY}).session() as here:
            await here.log_on()
            ask(here, "close-system", 1)
            assert (await answered(here, 1)).reference == "system-not-open"
            assert (deed(here, 1).stands, in_strip(here, 1)) == ("not-done", 1)
            ask(here, "open-system", 2)
            assert (await answered(here, 2)).outcome == "done"
            assert (deed(here, 2).stands, in_strip(here, 2)) == ("", 1)
            lock = m.DeedHere(command=3, what="lock", by_name="J. Field", reason="left", at=time.time())
            here.send(lock)
            await here.until(lambda now: len(now.deeds) == 3)
            assert in_strip(here, 3) == 1

    asyncio.run(run())


def as_known(number: int, what: str, ago_s: float, outcome: str = "done") -> Deed:
    return Deed(
        id=number, at=time.time() - ago_s, kind=what, by_name="J. Field", reason="left on", terminal="FD-02",
        outcome=outcome,
    )  # fmt: skip


class Drawn:
    """A picture on paper, with its strip."""

    def __init__(self) -> None:
        self.snapshot = first_snapshot(FirstFacts(methods=(("local", "Name and password"),)))
        self.state = SignedIn("4471")
        self.strip: list[str] = []

    def draw(self, **changes: object) -> None:
        self.snapshot = replace(self.snapshot, **changes)  # type: ignore[arg-type]

    def notice(self, what: NoticeKind, *, system: str = "", text: str = "") -> None:
        self.strip.append(text)

    def end_itself(self) -> None:
        raise AssertionError

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        raise AssertionError


def test_all_that_the_hub_tells_stands_there_and_the_strip_says_the_news_alone() -> None:
    desk = Drawn()
    officer = ForOfficer(desk, Watched())
    days = as_known(1, "log-off", 5 * 86_400.0)
    officer.earlier((days, as_known(2, "log-off", EARLIER_S + 60), as_known(9, "lock", 9.0, "failed")))
    assert [(one.command, one.terminal) for one in desk.snapshot.deeds] == [(1, "FD-02"), (2, "FD-02")]
    assert desk.strip == []
    officer.earlier((days, as_known(3, "log-off", 3600.0)))
    assert [one.command for one in desk.snapshot.deeds] == [1, 2, 3]
    assert desk.strip == ["3"]


def test_what_the_hub_knows_was_not_done_is_called_so_once() -> None:
    desk = Drawn()
    officer = ForOfficer(desk, Watched())
    officer.deed(m.DeedHere(command=4, what="lock", by_name="J. Field", reason="left", at=time.time()))
    for _ in range(2):
        officer.earlier((as_known(4, "lock", 1.0, "failed"),))
    assert [one.stands for one in desk.snapshot.deeds] == ["not-done"]
    assert desk.strip == ["4", "4"]


def test_what_is_not_known_to_be_done_is_not_called_done_until_it_is_known() -> None:
    desk = Drawn()
    officer = ForOfficer(desk, Watched())
    never_said, interrupted, away = (
        as_known(1, "lock", 30.0, ""), as_known(2, "close-system", 20.0, "unknown"), as_known(3, "lock", 10.0, "")
    )  # fmt: skip

    def stands() -> list[str]:
        return [one.stands for one in desk.snapshot.deeds]

    for _ in range(2):
        officer.earlier((never_said, interrupted, away))
        assert stands() == ["unknown", "unknown", "unknown"]
    officer.earlier((as_known(1, "lock", 30.0), interrupted, as_known(3, "lock", 10.0, "expired")))
    assert stands() == ["", "unknown", "not-done"]


def test_what_a_session_is_told_to_do_is_called_done_once_it_was(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path, {"one": READY}).session() as here:
            await here.log_on()
            asked = m.DeedHere(
                command=1, what="open-system", by_name="J. Field", reason="hangs", system="one", at=time.time()
            )
            here.send(asked)
            await here.until(lambda now: [one.stands for one in now.deeds] == ["unknown"])
            assert in_strip(here, 1) == 0
            here.send(asked, m.DoHere(command=1, what="open-system", system="one"))
            assert (await answered(here, 1)).outcome == "done"
            assert (deed(here, 1).stands, in_strip(here, 1)) == ("", 1)

    asyncio.run(run())


def test_what_the_hub_told_of_first_is_said_by_the_terminal_itself() -> None:
    desk = Drawn()
    officer = ForOfficer(desk, Watched())
    officer.earlier((as_known(4, "lock", 0.0, ""),))
    officer.deed(m.DeedHere(command=4, what="lock", by_name="J. Field", reason="left", at=time.time()))
    assert [(one.stands, one.terminal) for one in desk.snapshot.deeds] == [("", "")]
    assert desk.strip == ["4"]
