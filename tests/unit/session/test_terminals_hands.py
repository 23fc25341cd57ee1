"""What the officer's hands reach while a recipe has a terminal, and who counts as signed on by it."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from launcher.connectors.plan import LaunchPlan, TerminalTarget
from launcher.grants.credential import Credential
from launcher.grants.store import Kept
from launcher.recipes.steps import Recipe
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.openers.host_call import call_terminal
from launcher.terminal.keys import Key
from launcher.wire import messages as m
from tests.servers import mocker3270, people
from tests.servers.fault_proxy import WithholdResponses
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Running
from tests.unit.session.terminal_bench import left_on, log_off, opened, play, said_with_its_line
from tests.unit.terminal.hosts import host

PIN = Secret("482915")
READY = b"\r\nNEWS$ "


def signed_on(here: Running) -> list[int]:
    """At how many hosts the officer was said to be signed on, each time that it was said."""
    return [len(one.systems) for one in here.watched.of(m.SignedOnAt)]


class Talks:
    """A telnet host: it asks for a name and a password, says what it is told to, and notes what it gets."""

    def __init__(self) -> None:
        self.says = asyncio.Queue[bytes]()
        self.got = b""
        self.gone = asyncio.Event()

    async def plays(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for prompt in (b"login:", b"\r\nPassword:"):
            writer.write(prompt)
            await reader.readuntil(b"\r")
        writer.write(b"\r\nhello$ ")
        speaking = asyncio.create_task(self._speak(writer))
        try:
            while got := await reader.read(1000):
                self.got += got.replace(b"\0", b"")
        finally:
            speaking.cancel()
            self.gone.set()

    async def _speak(self, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(await self.says.get())


def telnet(port: int, *screens: t.Table) -> str:
    """An entry of it, ready once it has spoken."""
    spec = {"host": "127.0.0.1", "line": "telnet", "port": port, "sign_on": "form"}
    ready = {**t.UNIX_SHELL, "before_cursor": "NEWS$ "}
    return t.terminal(spec, (*screens, ready), off=t.UNIX_OFF, line_end=True, off_within_s=0.2)


def test_while_its_recipe_runs_no_key_reaches_the_host_and_its_size_stays(tmp_path: Path) -> None:
    async def story() -> None:
        talks = Talks()
        async with host(talks.plays) as port:
            entry = telnet(port, *t.UNIX_LOGON[:2], t.UNIX_LOGON[3])
            made = await asyncio.to_thread(t.bench, tmp_path, {"shell": entry}, {"shell": t.UNIX_OWN})
            async with made.session() as here:
                await here.log_on()
                here.send(c.OpenSystem("shell"))
                await here.until(lambda now: "shell" in here.surfaces.terminals)
                view = here.surfaces.terminals["shell"]
                await here.heard(partial(view.shows, "hello$"))
                assert here.now.launches[0].state == "signing"
                view.feed.type("typed")
                view.feed.paste("pasted")
                view.feed.press(Key("Enter"))
                view.feed.resize(30, 100)
                talks.says.put_nowait(b"\r\nwait")
                await here.heard(partial(view.shows, "wait"))
                assert len(view.rows) == 24  # its screens are looked for, which may be told by rows
                talks.says.put_nowait(READY)
                await here.launch("shell", "ready")
                await here.heard(lambda: len(view.rows) == 30)
                await log_off(here)
            await talks.gone.wait()
            assert talks.got == b"\x04"

    play(story)


def test_the_cursor_of_a_3270_is_put_by_the_officer_alone(tmp_path: Path, mocker_host: Mocker3270) -> None:
    made = t.bench(tmp_path, {"forms": t.mocker(mocker_host)}, {"forms": t.MOCKER_OWN})

    async def story() -> None:
        async with made.session() as here:
            await opened(here, "forms")
            view = here.surfaces.terminals["forms"]
            await here.heard(partial(view.shows, "MAIN MENU"))
            stood = view.cursor
            assert stood != (3, 3)
            here.send(c.SetPin(PIN))
            await here.until(lambda now: now.pin_set)
            here.send(c.Lock())
            await here.until(lambda now: now.stage == "locked")
            before = view.pictures
            view.feed.point(3, 3)
            here.send(c.GivePin(PIN))
            await here.heard(lambda: view.pictures > before)
            assert view.cursor == stood
            view.feed.point(3, 3)
            await here.heard(lambda: view.cursor == (3, 3))
            await log_off(here)

    play(story)


def test_who_was_given_a_password_or_a_key_counts_as_signed_on(tmp_path: Path, mocker_host: Mocker3270) -> None:
    spec = t.tn3270(mocker_host.port, mocker3270.CODE_PAGE)
    never = {"name": "menu", "text": ["IT NEVER SHOWS THIS"], "means": "ready"}
    given = t.terminal(spec, (t.MOCKER[0], never, t.MOCKER[2]), off=t.MOCKER_OFF)
    by_hand = t.terminal({**spec, "sign_on": "none"}, (), off=t.MOCKER_OFF)
    made = t.bench(tmp_path, {"given": given, "hand": by_hand}, {"given": t.MOCKER_OWN})

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("hand"))
            await here.launch("hand", "unknown")
            assert signed_on(here) == []
            view = here.surfaces.terminals["hand"]
            await here.heard(partial(view.shows, "USER ID"))
            view.feed.press(Key("Tab"))
            await here.heard(lambda: signed_on(here) == [1])
            here.send(c.OpenSystem("given"))
            await here.heard(lambda: "given" in here.surfaces.terminals)
            await here.heard(partial(here.surfaces.terminals["given"].shows, "MAIN MENU"))
            assert here.now.launches[1].state == "signing"
            assert signed_on(here) == [1, 2]
            await log_off(here)
            assert signed_on(here)[-1] == 0

    play(story)


def test_a_closed_tab_counts_until_its_sign_off_is_over_and_is_said_at_the_sessions_end(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    async def story() -> None:
        limits = "end_within_s = 0.2\nsign_off_within_s = 0\n"
        async with t.forms_behind_a_proxy(tmp_path, mocker_host, off_within_s=60, limits=limits) as (front, here):
            front.set(WithholdResponses())
            here.send(c.CloseSystem("forms"))
            await here.until(lambda now: not now.launches)
            assert signed_on(here) == [1], "who kills the session now leaves its officer signed on there"
            await log_off(here)
            assert said_with_its_line(left_on(here), front.port)

    play(story)


def test_a_name_and_password_that_were_given_are_kept_once_finished_by_hand_unless_others_were_typed(
    tmp_path: Path,
) -> None:
    async def story(folder: Path, types: str, kept: Kept | None) -> None:
        talks = Talks()
        async with host(talks.plays) as port:
            asks = {"name": "more", "text": ["hello$"], "means": "notice"}
            entry = telnet(port, t.UNIX_LOGON[0], {**t.UNIX_LOGON[1], "next": ["more", "shell"]}, asks)
            made = await asyncio.to_thread(t.bench, folder, {"shell": entry}, {})
            async with made.session() as here:
                await here.log_on()
                here.send(c.OpenSystem("shell"))
                assert (await here.launch("shell", "needs")).needs == "credential"
                own = t.UNIX_OWN
                here.send(c.GiveCredential("shell", own.user_name, own.password))
                await here.until(lambda now: now.launches[0].needs == "notice")
                view = here.surfaces.terminals["shell"]
                if types:
                    view.feed.type(types)
                view.feed.press(Key("Enter"))
                talks.says.put_nowait(READY)
                await here.launch("shell", "ready")
                await log_off(here)
            assert await asyncio.to_thread(t.kept, made, "shell") == kept

    play(partial(story, tmp_path / "read", "", Kept(t.UNIX_OWN)))
    play(partial(story, tmp_path / "typed", "another", None))


def test_what_ssh_has_taken_is_kept_whatever_the_screens_say(tmp_path: Path, ssh_host: Sshd) -> None:
    spec = {"host": ssh_host.host, "line": "ssh", "port": ssh_host.port, "sign_on": "password"}
    made = t.bench(tmp_path, {"shell": t.terminal(spec, ())}, {}, ssh_host.known_hosts)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            assert (await here.launch("shell", "needs")).needs == "credential"
            here.send(c.GiveCredential("shell", t.UNIX_OWN.user_name, Secret(people.PASSWORD)))
            await here.launch("shell", "unknown")
            await log_off(here)

    play(story)
    assert t.kept(made, "shell") == Kept(Credential(t.UNIX_OWN.user_name, Secret(people.PASSWORD)))


def test_each_line_that_is_left_is_told_by_itself(tmp_path: Path, ssh_host: Sshd) -> None:
    spec = {"host": ssh_host.host, "line": "ssh", "port": ssh_host.port, "sign_on": "password"}
    off = ({"name": "elsewhere", "before_cursor": "IT NEVER SHOWS THIS", "means": "logon"},)
    entry = t.terminal(spec, (t.UNIX_SHELL,), off=off, off_within_s=0.1)
    made = t.bench(tmp_path, {"shell": entry}, {"shell": t.UNIX_OWN}, ssh_host.known_hosts)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            for n in (1, 2):
                here.send(c.OpenSystem("shell"))
                await here.launch("shell", "ready")
                here.send(c.CloseSystem("shell"))
                await here.heard(lambda n=n: len(left_on(here)) == n)
            assert len(set(left_on(here))) == 1
            assert [one.text for one in here.now.notices if one.what == "left-signed-on"] == left_on(here)

    play(story)


def test_a_line_of_which_no_terminal_can_be_made_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def refused(thread: threading.Thread) -> None:
        if thread.name == "session log":
            raise RuntimeError("can't start new thread")  # as where an account has all that it may have
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refused)

    async def story() -> None:
        hung_up = asyncio.Event()

        async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.read(1000):
                pass
            hung_up.set()

        async with host(plays) as port:
            target = TerminalTarget("telnet", "127.0.0.1", port, term="vt220", encoding="utf-8", session_logs=tmp_path)
            plan = LaunchPlan("shell", "A host", "terminal", "none", target, Recipe(), (), (), 30.0)
            with pytest.raises(RuntimeError, match="new thread"):
                await call_terminal(plan, target, None, officer="4471")
            await hung_up.wait()

    play(story)
