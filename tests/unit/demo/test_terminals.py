"""The demo's hosts with terminals: each entry signs its officer on and off, and a host keeps what it says it keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from launcher.bootstrap.parts import read_catalogue
from launcher.connectors.plan import ScreenChange, ScreenSignOff, TerminalTarget
from launcher.connectors.terminal import TerminalConnector
from launcher.demo.content import TERMINALS
from launcher.demo.people import DemoOfficer
from launcher.demo.terminals.host_accounts import HostAccounts
from launcher.demo.terminals.tn3270_server import LINES
from launcher.policy.settings import Settings
from launcher.policy.station_file import load as load_settings
from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import change_password_on_screens, sign_off_screens, sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.engine import Engine
from launcher.terminal.errors import HostKeyUnknownError, TerminalSignInRefusedError
from launcher.terminal.keys import Key
from launcher.terminal.lines.ssh import Password, open_ssh
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.terminal import Terminal
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.vt.choice import vt_engine
from tests.unit.demo.conftest import Served

WITHIN_S = 30.0
"""No test waits so long unless it fails."""
NEW = Secret("larch-quay-204!")


class Desk:
    """One officer before one system."""

    def __init__(self, served: Served, target: TerminalTarget, system: str, officer: int = 0) -> None:
        self.served = served
        self.target = target
        self.officer: DemoOfficer = served.officers[officer]
        self.account = self.officer.accounts[system]
        self.host: HostAccounts = served.estate.accounts[system]

    @property
    def off(self) -> ScreenSignOff:
        assert self.target.sign_off is not None
        return self.target.sign_off

    @property
    def change(self) -> ScreenChange:
        assert self.target.change is not None
        return self.target.change

    def values(self, password: str = "", new: Secret | None = None) -> Values:
        known = self.host.by_name[self.account.user_name].password
        return Values(self.account.user_name, Secret(password or known), new_password=new)

    @asynccontextmanager
    async def opened(
        self, *, lu_names: tuple[str, ...] = (), tn3270e: bool = True, name: str = "", password: str = ""
    ) -> AsyncIterator[Terminal[Engine]]:
        target, values = self.target, self.values(password)
        terminal: Terminal[Engine]
        if target.line == "tn3270":
            line = await open_tcp(target.host, target.port, tls=target.tls, ca_file=target.ca_file)
            engine = Tn3270Engine(code_page_name=target.code_page, lu_names=lu_names, tn3270e=tn3270e)
            terminal = Terminal(cast("Engine", engine), line)
        else:
            assert target.known_hosts is not None
            assert values.password is not None
            ssh = await open_ssh(
                target.host, target.port, name or values.user_name, Password(values.password),
                target.known_hosts.read_text(), rows=target.rows, columns=target.columns, term=target.term,
            )  # fmt: skip
            terminal = Terminal(cast("Engine", vt_engine(target.rows, target.columns)), ssh)
        try:
            yield terminal
        finally:
            await terminal.close()

    async def sign_on(self, terminal: Terminal[Engine], values: Values, *, anywhere: bool = False) -> SignOnOutcome:
        return await sign_on_screens(
            TerminalDriver(terminal), self.target.screens, values,
            within_s=WITHIN_S, begins=self.target.begins, anywhere=anywhere,
        )  # fmt: skip

    async def sign_off(self, terminal: Terminal[Engine]) -> bool:
        done = await sign_off_screens(
            TerminalDriver(terminal), self.off.screens, Values(), within_s=WITHIN_S, line_end=self.off.line_end
        )
        return done.proved


def run(story: Awaitable[None]) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story

    asyncio.run(walk())


@pytest.fixture(scope="module")
def settings(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo's station file, with the terminals' entries beside the others."""
    folder = tmp_path_factory.mktemp("station")
    return load_settings(served.station_in(folder))


@pytest.fixture(scope="module")
def targets(settings: Settings) -> dict[str, TerminalTarget]:
    read, connector = read_catalogue(settings), TerminalConnector()
    assert (read.faults, read.warnings) == ((), ())
    entries = {one.id: one for one in read.entries}
    return {one.id: cast("TerminalTarget", connector.plan(entries[one.id], settings).target) for one in TERMINALS}


@pytest.fixture
def records(served: Served, targets: dict[str, TerminalTarget]) -> Desk:
    return Desk(served, targets["national-records"], "national-records")


@pytest.fixture
def duty(served: Served, targets: dict[str, TerminalTarget]) -> Desk:
    return Desk(served, targets["duty-log"], "duty-log")


# --- the 3270


@pytest.mark.parametrize("tn3270e", [True, False])
def test_an_officer_is_signed_on_to_the_3270_host_and_off_from_wherever_they_are(records: Desk, tn3270e: bool) -> None:
    async def story() -> None:
        async with records.opened(tn3270e=tn3270e) as terminal:
            assert (await records.sign_on(terminal, records.values())).outcome == "ready"
            (line,) = [one for one, who in records.host.signed_on.items() if who == records.account.user_name]
            assert line in terminal.grid.line(0)
            assert records.officer.user_name in terminal.grid.line(1)
            terminal.type("2")
            terminal.press(Key("Enter"))
            await terminal.wait_for(lambda grid: any("£14,200" in row for row in grid.lines()), WITHIN_S)
            assert await records.sign_off(terminal)
            assert records.host.signed_on == {}
            assert "IS SIGNED OFF" in terminal.grid.line(21)

    run(story())


def test_a_wrong_password_is_refused_in_the_hosts_words_and_not_shown(records: Desk) -> None:
    async def story() -> None:
        async with records.opened() as terminal:
            outcome = await records.sign_on(terminal, records.values("not-the-password"))
            assert (outcome.outcome, outcome.says) == ("failed", "NR012 OFFICER OR PASSWORD NOT KNOWN.")
            assert outcome.credential_refused
            assert "not-the-password" not in "\n".join(terminal.grid.lines())

    run(story())


def test_who_only_hangs_up_stays_signed_on_and_the_next_caller_has_their_session(served: Served, records: Desk) -> None:
    async def story() -> None:
        async with records.opened(lu_names=(LINES[0],)) as terminal:
            assert (await records.sign_on(terminal, records.values())).outcome == "ready"
        who = {LINES[0]: records.account.user_name}
        assert records.host.signed_on == who
        assert served.estate.left_signed_on() == (f"National Records, line {LINES[0]}",)
        async with records.opened(lu_names=(LINES[0],)) as next_caller:
            await next_caller.wait_for(lambda grid: "MAIN MENU" in grid.line(0), WITHIN_S)
            assert records.host.signed_on == who
            # The entry signs the last one off before it gives this officer's password.
            outcome = await records.sign_on(next_caller, records.values())
            assert (outcome.outcome, outcome.step) == ("ready", 4)
            assert await records.sign_off(next_caller)
        assert records.host.signed_on == {}
        assert served.estate.left_signed_on() == ()

    run(story())


def test_a_line_is_had_by_its_name_and_by_one_caller_only(records: Desk) -> None:
    async def story() -> None:
        async with (
            records.opened(lu_names=(LINES[3],)) as first,
            records.opened(lu_names=("NOSUCH", LINES[3], LINES[5])) as second,
        ):
            await first.wait_for(lambda grid: "LOGON" in grid.line(0), WITHIN_S)
            await second.wait_for(lambda grid: "LOGON" in grid.line(0), WITHIN_S)
            assert (first.grid.status.lu_name, second.grid.status.lu_name) == (LINES[3], LINES[5])

    run(story())


def test_an_expired_password_is_changed_then_the_notice_is_the_officers_to_read(served: Served, records: Desk) -> None:
    desk = Desk(served, records.target, "national-records", officer=1)

    async def story() -> None:
        async with desk.opened() as terminal:
            driver = TerminalDriver(terminal)
            assert (await desk.sign_on(terminal, desk.values())).outcome == "change-password"

            async def change(new: Secret) -> tuple[bool, bool, str]:
                done = await change_password_on_screens(
                    driver, desk.change.screens, desk.values(new=new), within_s=WITHIN_S
                )
                return done.changed, done.refused, done.says

            old = desk.host.by_name[desk.account.user_name].password
            for _ in range(2):  # the host draws the very same screen for the second time
                assert await change(Secret(old)) == (False, True, "THE NEW PASSWORD IS THE OLD ONE")
            assert await change(NEW) == (True, False, "")
            assert desk.host.by_name[desk.account.user_name].password == NEW.reveal()
            outcome = await desk.sign_on(terminal, desk.values(), anywhere=True)
            assert (outcome.outcome, outcome.says) == ("notice", "Read it, and press PF5.")
            terminal.press(Key("PF5"))
            await terminal.wait_for(lambda grid: "NEWS" in grid.line(0), WITHIN_S)
            assert await desk.sign_off(terminal)
        async with desk.opened() as terminal:
            assert (await desk.sign_on(terminal, desk.values())).outcome == "ready"
            assert await desk.sign_off(terminal)

    run(story())


@pytest.mark.parametrize(
    "untrusted", [b"", b"\xff", b"\xff\xfb\x28\xff\xfa", b"GET / HTTP/1.1\r\n\r\n", b"\xff\xfc\x28\xff\xfc\x18"]
)
def test_what_is_no_3270_gets_no_line(records: Desk, untrusted: bytes) -> None:
    async def story() -> None:
        line = await open_tcp(records.target.host, records.target.port, ca_file=records.target.ca_file)
        await line.write(untrusted)
        await line.close()
        async with records.opened(lu_names=(LINES[0],)) as terminal:
            await terminal.wait_for(lambda grid: "LOGON" in grid.line(0), WITHIN_S)

    run(story())


# --- the menus over SSH


def test_an_officer_is_signed_on_over_ssh_and_off_to_the_logon_screen(duty: Desk) -> None:
    async def story() -> None:
        async with duty.opened() as terminal:
            assert (await duty.sign_on(terminal, duty.values())).outcome == "ready"
            assert list(duty.host.signed_on.values()) == [duty.account.user_name]
            # The menu asks for the cursor keys of applications: the engine's encoder knows it.
            terminal.press(Key("Down"))
            terminal.press(Key("Enter"))
            await terminal.wait_for(lambda grid: any("RP14" in row for row in grid.lines()), WITHIN_S)
            assert await duty.sign_off(terminal)
            assert duty.host.signed_on == {}
            assert "You are logged off." in "\n".join(terminal.grid.lines())

    run(story())


def test_a_menu_that_was_left_by_hand_ends_its_line_and_proves_it(duty: Desk) -> None:
    async def story() -> None:
        async with duty.opened() as terminal:
            assert (await duty.sign_on(terminal, duty.values())).outcome == "ready"
            terminal.type("3")
            await terminal.wait_for(lambda grid: any("Name:" in row for row in grid.lines()), WITHIN_S)
            terminal.press(Key("d", ctrl=True))
            await terminal.ended()
            assert await duty.sign_off(terminal)

    run(story())


def test_who_hangs_up_over_ssh_is_signed_off_by_it(duty: Desk) -> None:
    async def story() -> None:
        async with duty.opened() as terminal:
            assert (await duty.sign_on(terminal, duty.values())).outcome == "ready"
        async with duty.opened() as terminal:  # the host has seen the one's end before the other is let in
            assert (await duty.sign_on(terminal, duty.values())).outcome == "ready"
            await terminal.wait_for(lambda _: len(duty.host.signed_on) == 1, WITHIN_S)

    run(story())


def test_ssh_refuses_a_wrong_password_and_a_host_with_another_key(duty: Desk) -> None:
    async def story() -> None:
        with pytest.raises(TerminalSignInRefusedError):
            async with duty.opened(password="not-the-password"):
                pass
        target = duty.target
        assert target.known_hosts is not None
        host, kind, key = target.known_hosts.read_text().split()
        other = key[:-4] + ("AAAA" if key[-4:] != "AAAA" else "BBBB")
        with pytest.raises(HostKeyUnknownError):
            await open_ssh(
                target.host, target.port, "x", Password(Secret("x")), f"{host} {kind} {other}\n", rows=24, columns=80
            )

    run(story())


ON_SCREEN = tuple(
    Screen.model_validate(one)
    for one in (
        {
            "name": "name", "before_cursor": "Name:", "fill": [{"value": "{username}"}], "press": "Enter",
            "next": ["password"],
        },
        {
            "name": "password", "before_cursor": "Password:", "fill": [{"value": "{password}"}], "press": "Enter",
            "next": ["menu", "refused"],
        },
        {"name": "menu", "text": ["F10 Log off"], "means": "ready"},
        {"name": "refused", "text": ["not known"], "means": "failed", "says_row": 4},
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("password", "ended", "says"), [("", "ready", ""), ("not-the-password", "failed", "Name or password not known.")]
)
def test_the_hosts_own_logon_screen_signs_on_too(duty: Desk, password: str, ended: str, says: str) -> None:
    async def story() -> None:
        async with duty.opened(name="terminal") as terminal:
            outcome = await sign_on_screens(
                TerminalDriver(terminal), ON_SCREEN, duty.values(password), within_s=WITHIN_S
            )
            assert (outcome.outcome, outcome.says) == (ended, says)
            assert duty.values(password).password is not None
            assert (password or duty.account.password) not in "\n".join(terminal.grid.lines())

    run(story())


def test_a_password_that_expires_is_changed_over_ssh(served: Served, duty: Desk) -> None:
    desk = Desk(served, duty.target, "duty-log", officer=1)
    desk.host.by_name[desk.account.user_name].expired = True

    async def story() -> None:
        async with desk.opened() as terminal:
            driver = TerminalDriver(terminal)
            assert (await desk.sign_on(terminal, desk.values())).outcome == "change-password"
            for new, ended in ((Secret("short"), "A password has 8 characters or more."), (NEW, "")):
                done = await change_password_on_screens(
                    driver, desk.change.screens, desk.values(new=new), within_s=WITHIN_S
                )
                assert (done.changed, done.says) == (not ended, ended)
            assert (await desk.sign_on(terminal, desk.values(), anywhere=True)).outcome == "ready"
            assert NEW.reveal() not in "\n".join(terminal.grid.lines())
            assert await desk.sign_off(terminal)

    run(story())


def test_the_keys_of_the_hosts_are_no_secret_and_nobody_elses(served: Served) -> None:
    assert Path(served.addresses.known_hosts).read_text().startswith("[duty-log.localhost]:")
