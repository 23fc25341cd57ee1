"""An officer leaves a host by its own keys: the tab says so, and no more that it is ready or that somebody is on."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.connectors.plan import ScreenSignOff, TerminalTarget
from launcher.demo.terminals.entries import terminal_tables
from launcher.demo.terminals.host_accounts import HostAccount, HostAccounts
from launcher.demo.terminals.tn3270_server import Tn3270Host
from launcher.grants.credential import Credential
from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.left_by_hand import logon_screens
from launcher.session.snapshot import Snapshot
from launcher.terminal.keys import Key
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Bench
from tests.unit.session.terminal_bench import left_on, log_off, opened, play

NAME, PASSWORD = "okafor", "quay-larch-204"


@contextmanager
def national_records(folder: Path, *, notice: bool = False) -> Iterator[Bench]:
    """A station with the demo's 3270 host, in clear and in a thread, where the officer's password is kept."""
    accounts = HostAccounts({NAME: HostAccount(PASSWORD, notice=notice)})
    listener = socket.create_server(("127.0.0.1", 0))
    tables = terminal_tables("3270", "127.0.0.1", listener.getsockname()[1], 0.0)
    entry = 'name = "A host"\nkind = "terminal"\n' + tables.replace("[terminal]\n", "[terminal]\ntls = false\n", 1)
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    serving = threading.Thread(target=loop.run_until_complete, args=(Tn3270Host(accounts).serve(listener, None, stop),))
    serving.start()
    try:
        yield t.bench(folder, {"records": entry}, {"records": Credential(NAME, Secret(PASSWORD))})
    finally:
        loop.call_soon_threadsafe(stop.set)
        serving.join()
        loop.close()


def is_on_no_more(now: Snapshot) -> bool:
    (launch,) = now.launches
    return (launch.state, launch.needs, launch.signed_on_as, launch.error) == ("needs", "logged-off", "", None)


def test_who_signs_off_by_hand_is_said_to_be_off_and_ready_again_once_they_have_signed_on(tmp_path: Path) -> None:
    async def story() -> None:
        async with made.session() as here:
            await opened(here, "records")
            view = here.surfaces.terminals["records"]
            view.feed.press(Key("PF3"))
            await here.until(is_on_no_more)
            view.feed.type(NAME)
            view.feed.press(Key("Tab"))
            view.feed.paste(PASSWORD)
            view.feed.press(Key("Enter"))
            locks: list[str] = []
            view.feed.subscribe(lambda picture: locks.append(picture.status.lock))
            await here.heard(lambda: view.shows("NEWS") and not locks[-1])
            view.feed.press(Key("Enter"))
            await here.heard(lambda: view.shows("MAIN MENU"))
            ready = await here.launch("records", "ready")
            assert (ready.needs, ready.signed_on_as) == ("", "")
            view.feed.press(Key("PF3"))
            await here.until(is_on_no_more)
            here.send(c.RetrySystem("records"))
            assert (await here.launch("records", "ready")).signed_on_as == NAME
            await log_off(here)
            assert left_on(here) == []

    with national_records(tmp_path) as made:
        play(story)


def test_who_leaves_at_a_notice_is_off_and_is_not_signed_on_again_unasked(tmp_path: Path) -> None:
    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("records"))
            assert (await here.launch("records", "needs", "ready")).needs == "notice"
            here.surfaces.terminals["records"].feed.press(Key("PF3"))
            await here.until(is_on_no_more)
            await log_off(here)
            assert left_on(here) == []

    with national_records(tmp_path, notice=True) as made:
        play(story)


def test_a_notice_that_was_read_leads_on_to_ready_and_is_in_the_record(tmp_path: Path) -> None:
    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("records"))
            assert (await here.launch("records", "needs", "ready")).needs == "notice"
            here.surfaces.terminals["records"].feed.press(Key("PF5"))
            ready = await here.launch("records", "ready")
            assert (ready.signed_on_as, ready.needs) == (NAME, "")
            (record,) = here.watched.launch_records()
            assert (record.outcome, record.prompts) == ("ready", 1)
            await log_off(here)
            assert left_on(here) == []

    with national_records(tmp_path, notice=True) as made:
        play(story)


def test_a_shell_that_is_left_is_no_fault_where_the_end_of_its_line_proves_it(tmp_path: Path, ssh_host: Sshd) -> None:
    made = t.bench(tmp_path, {"shell": t.ssh(ssh_host)}, {"shell": t.UNIX_OWN}, ssh_host.known_hosts)

    async def story() -> None:
        async with made.session() as here:
            await opened(here, "shell")
            view = here.surfaces.terminals["shell"]
            view.feed.type("exit")
            view.feed.press(Key("Enter"))
            left = await here.launch("shell", "needs", "failed")
            assert (left.state, left.needs, left.error, left.signed_on_as) == ("needs", "line-closed", None, "")
            await log_off(here)
            assert left_on(here) == []

    play(story)


def test_only_a_prompt_says_on_a_vt_that_nobody_is_signed_on() -> None:
    def screen(name: str, **more: object) -> Screen:
        return Screen.model_validate({"name": name, **more})

    login = screen("login", before_cursor="login:", fill=[{"value": "{username}"}], press="Enter", next=["shell"])
    banner = screen("banner", text=["WELCOME"], fill=[{"value": "{username}"}], press="Enter", next=["login"])
    off = (screen("anything", press="PF3"), screen("logon", text=["LOGON"], means="logon"))
    target = TerminalTarget(
        "telnet", "host", 23, (login, banner), begins=("banner", "login"), sign_off=ScreenSignOff(off, 5.0, False)
    )
    assert logon_screens(target, "vt") == (login,)
    assert logon_screens(target, "3270") == (off[1], login, banner)
