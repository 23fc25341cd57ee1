"""Recipes of screens against a real Unix host over SSH and telnet."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_off_screens, sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.sign_on.trace import Trace
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.session_log import SessionLog
from tests.servers import host_screens as h
from tests.servers import people, unix_host
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd
from tests.unit.sign_on.host_bench import UNIX_LOGON, UNIX_SHELL, WITHIN_S, Watch, by_ssh, by_telnet, run, screens

UNIX_MENU = screens(
    h.at_prompt("shell", unix_host.PROMPT, "menu", "menu"),
    {"name": "menu", "text": [*unix_host.ENTRIES, "<Cancel>"], "means": "ready"},
)
UNIX_OFF = screens(
    {"name": "menu", "text": [*unix_host.ENTRIES], "fill": [{"value": "3"}], "press": "Enter"},
    {"name": "shell", "before_cursor": unix_host.PROMPT, "press": "Ctrl+D"},
)


def test_after_ssh_has_signed_on_a_menu_is_ready_and_its_own_log_off_ends_the_line(ssh_host: Sshd) -> None:
    async def story() -> None:
        async with by_ssh(ssh_host) as terminal:
            driver, watch = TerminalDriver(terminal), Watch()
            outcome = await sign_on_screens(driver, UNIX_MENU, Values(unix_host.USER), within_s=WITHIN_S, watch=watch)
            assert (outcome.outcome, outcome.tried, watch.said) == ("ready", False, ["ready"])
            off = await sign_off_screens(driver, UNIX_OFF, Values(), within_s=WITHIN_S, line_end=True)
            assert off.proved
            assert unix_host.GOODBYE in "\n".join(terminal.grid.lines())

    run(story())


def test_the_end_of_the_line_proves_no_sign_off_unless_the_entry_says_so(ssh_host: Sshd) -> None:
    async def story() -> None:
        async with by_ssh(ssh_host) as terminal:
            driver = TerminalDriver(terminal)
            assert (await sign_on_screens(driver, screens(UNIX_SHELL), Values(), within_s=WITHIN_S)).outcome == "ready"
            off = await sign_off_screens(driver, UNIX_OFF, Values(), within_s=WITHIN_S)
            assert (off.proved, off.why_not) == (False, "The host has closed the line.")
            # A shell that was left by hand is left: the host has closed the line in good order.
            assert (await sign_off_screens(driver, UNIX_OFF, Values(), within_s=WITHIN_S, line_end=True)).proved

    run(story())


@pytest.mark.parametrize(
    ("password", "ended"),
    [(people.PASSWORD, "ready"), (people.WRONG_PASSWORD, "failed")],
    ids=["right", "wrong"],
)
def test_prompts_of_a_telnet_host_are_answered_and_no_log_holds_a_password(
    telnet_host: Telnetd, tmp_path: Path, caplog: pytest.LogCaptureFixture, password: str, ended: str
) -> None:
    async def story() -> None:
        async with by_telnet(telnet_host, SessionLog(tmp_path / "log", "records")) as terminal:
            values = Values(unix_host.USER, Secret(password))
            watch, trace = Watch(), Trace()
            driver = TerminalDriver(terminal)
            outcome = await sign_on_screens(driver, UNIX_LOGON, values, within_s=WITHIN_S, watch=watch, trace=trace)
            assert (outcome.outcome, outcome.credential_refused) == (ended, ended == "failed")
            assert watch.said == ["inject", "ready"]
            assert password not in "\n".join((*map(str, trace.lines), *terminal.grid.lines()))

    with caplog.at_level(logging.DEBUG):
        run(story())
    assert password not in caplog.text + (tmp_path / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("user", "said"),
    [("pc1234\r", "a character that is a key"), ("pc£", "the host's character set lacks one")],
)
def test_a_value_that_would_arrive_as_another_is_not_typed_at_a_prompt(
    telnet_host: Telnetd, user: str, said: str
) -> None:
    async def story() -> None:
        async with by_telnet(telnet_host) as terminal:
            driver, values = TerminalDriver(terminal, encoding="ascii"), Values(user, Secret(people.PASSWORD))
            with pytest.raises(FieldRefusedError, match=said):
                await sign_on_screens(driver, UNIX_LOGON, values, within_s=WITHIN_S)

    run(story())
