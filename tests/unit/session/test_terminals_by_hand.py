"""What an officer does in a terminal's tab: finishing by hand, typing while it signs on, going before it is ready."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from launcher.grants.store import Kept
from launcher.session import commands as c
from launcher.terminal.keys import Key
from tests.servers import mocker3270, people, unix_host
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import NAME
from tests.unit.session.terminal_bench import left_on, log_off, opened, play

MENU = {"name": "menu", "text": list(unix_host.ENTRIES), "means": "ready"}


def unix(host: Sshd) -> t.Table:
    return {"host": host.host, "line": "ssh", "port": host.port, "sign_on": "password"}


def test_what_is_finished_by_hand_is_ready_then_and_its_screens_are_written_down_without_the_password(
    tmp_path: Path, ssh_host: Sshd
) -> None:
    entry = t.terminal(unix(ssh_host), (MENU,), off=t.UNIX_OFF, line_end=True, within_s=0.5)
    made = t.bench(tmp_path, {"shell": entry}, {"shell": t.UNIX_OWN}, ssh_host.known_hosts)
    logs = tmp_path / "logs"
    logs.mkdir()
    station = made.where.station
    station.write_text(f'{station.read_text()}\nsession_logs = "{logs}"\n')

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            waits = await here.launch("shell", "needs")
            assert waits.needs == "finish"
            view = here.surfaces.terminals["shell"]
            await here.heard(partial(view.shows, "records:~$"))
            view.feed.resize(30, 100)
            await here.heard(lambda: len(view.rows) == 30)
            view.feed.type("menu")
            view.feed.press(Key("Enter"))
            ready = await here.launch("shell", "ready")
            assert (ready.needs, ready.error, ready.unsent) == ("", None, False)
            view.feed.type("1")
            view.feed.press(Key("Enter"))
            await here.heard(partial(view.shows, "Chosen: 1"))
            view.feed.type(f"echo {people.PASSWORD}")
            await here.heard(partial(view.shows, people.PASSWORD))
            view.feed.press(Key("Enter"))
            await log_off(here)

    play(story)
    (log,) = logs.iterdir()
    written = log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600
    assert "echo •" in written
    assert f"UTC shell {NAME} " in written
    assert people.PASSWORD not in written
    assert t.kept(made, "shell") == Kept(t.UNIX_OWN)


def test_a_host_without_screens_is_unknown_and_there_to_be_used(tmp_path: Path, ssh_host: Sshd) -> None:
    made = t.bench(tmp_path, {"shell": t.terminal(unix(ssh_host), ())}, {"shell": t.UNIX_OWN}, ssh_host.known_hosts)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            await here.launch("shell", "unknown")
            view = here.surfaces.terminals["shell"]
            await here.heard(partial(view.shows, "records:~$"))
            view.feed.type("exit")
            view.feed.press(Key("Enter"))
            ended = await here.launch("shell", "needs", "failed")
            assert (ended.needs, ended.error) == ("line-closed", None)
            assert here.watched.launch_records()[-1].outcome == "unknown"

    play(story)


def test_keys_while_it_signs_on_go_nowhere_and_who_leaves_then_is_signed_off(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    never = {"name": "menu", "text": ["IT NEVER SHOWS THIS"], "means": "ready"}
    entry = t.terminal(
        t.tn3270(mocker_host.port, mocker3270.CODE_PAGE), (t.MOCKER[0], never, t.MOCKER[2]), off=t.MOCKER_OFF
    )
    made = t.bench(tmp_path, {"forms": entry}, {"forms": t.MOCKER_OWN})

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("forms"))
            await here.until(lambda now: "forms" in here.surfaces.terminals)
            view = here.surfaces.terminals["forms"]
            await here.heard(partial(view.shows, "MAIN MENU"))
            view.feed.type("9")
            view.feed.press(Key("PF3"))
            assert (await here.launch("forms", "signing")).unsent is False
            assert view.shows("MAIN MENU")
            await log_off(here)
            assert left_on(here) == []
            (record,) = here.watched.launch_records()
            assert (record.outcome, record.prompts) == ("cancelled", 2)

    play(story)


def test_a_tab_that_is_closed_and_opened_again_waits_for_the_sign_off_before_it(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    made = t.bench(tmp_path, {"forms": t.mocker(mocker_host)}, {"forms": t.MOCKER_OWN})

    async def story() -> None:
        async with made.session() as here:
            await opened(here, "forms")
            here.send(c.CloseSystem("forms"), c.OpenSystem("forms"))
            await here.heard(lambda: len(here.watched.launch_records()) == 2)
            assert [one.outcome for one in here.watched.launch_records()] == ["ready", "ready"]
            await log_off(here)
            assert left_on(here) == []

    play(story)


def test_an_entry_without_a_sign_off_is_said_to_be_left_signed_on(tmp_path: Path, mocker_host: Mocker3270) -> None:
    made = t.bench(tmp_path, {"forms": t.mocker(mocker_host, off=())}, {"forms": t.MOCKER_OWN})
    wrong = replace(t.MOCKER_OWN, user_name="NOBODY")
    refused = t.bench(tmp_path / "b", {"forms": t.mocker(mocker_host, off=())}, {"forms": wrong})

    async def story() -> None:
        async with made.session() as here:
            await opened(here, "forms")
            await log_off(here)
            assert len(left_on(here)) == 1
        async with refused.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("forms"))
            await here.launch("forms", "failed")
            await log_off(here)
            assert left_on(here) == []  # nobody was ever signed on

    play(story)
