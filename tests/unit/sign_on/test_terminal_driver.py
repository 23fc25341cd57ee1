"""Recipes of screens against real hosts: a 3270 host, a 3270 console, and a Unix host over SSH and telnet."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.sign_on.outcome import SignOnOutcome, ValueMissingError
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import change_password_on_screens, sign_off_screens, sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.sign_on.trace import Trace
from launcher.terminal.engine import VtEngine
from launcher.terminal.errors import FieldRefusedError, HostClosedLineError, TerminalLineError
from launcher.terminal.keys import Key
from launcher.terminal.lines.ssh import Password, open_ssh
from launcher.terminal.lines.telnet import open_telnet
from launcher.terminal.session_log import SessionLog
from launcher.terminal.terminal import Terminal
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.vt.choice import vt_engine
from tests.servers import linux3270, mocker3270, people, unix_host
from tests.servers.linux3270 import Linux3270
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd
from tests.unit.terminal.hosts import terminal as small_terminal
from tests.unit.terminal.tn3270.calling import called

WITHIN_S = 60.0
"""No test waits so long unless it fails."""


def screens(*written: dict[str, object]) -> tuple[Screen, ...]:
    return tuple(Screen.model_validate({"within_s": WITHIN_S, **one}) for one in written)


def run(story: Awaitable[None]) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story

    asyncio.run(walk())


class Watch:
    """Notes the phases in the order they began."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def phase(self, name: str, *, human: bool = False) -> Iterator[None]:
        self.said.append(name)
        yield


# --- a 3270 host of forms

MOCKER_LOGON = {
    "name": "logon",
    "text": ["M F M O C K"],
    "at": [{"text": "USER ID", "row": 10, "column": 20}],
    "inputs": 2,
    "fill": [{"label": "USER ID", "value": "{username}"}, {"label": "PASSWORD", "hidden": True, "value": "{password}"}],
    "press": "Enter",
    "next": ["menu", "refused"],
    "says_row": 23,
}
MOCKER_MENU = {"name": "menu", "at": [{"text": "MAIN MENU", "row": 1}], "means": "ready"}
MOCKER_REFUSED = {"name": "refused", "text": ["PASSWORD IS INCORRECT"], "means": "failed", "says_row": 23}
MOCKER_OFF = screens(
    {"name": "anything", "press": "PF3", "next": ["anything", "thanks"]},
    {"name": "thanks", "text": ["THANK YOU FOR USING"], "unlocked": False, "means": "logon"},
)


def officer(password: str = mocker3270.PASSWORD, user: str = mocker3270.USER) -> Values:
    return Values(user, Secret(password))


def mocker_engine() -> Tn3270Engine:
    return Tn3270Engine(code_page_name=mocker3270.CODE_PAGE)


def test_an_officer_is_signed_on_to_a_3270_host_and_signed_off_from_a_screen_deep_in_it(
    mocker_host: Mocker3270, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with called(mocker_engine(), mocker_host.port) as terminal:
            driver, watch, trace = TerminalDriver(terminal), Watch(), Trace()
            recipe = screens(MOCKER_LOGON, MOCKER_MENU, MOCKER_REFUSED)
            outcome = await sign_on_screens(driver, recipe, officer(), within_s=WITHIN_S, watch=watch, trace=trace)
            assert outcome == SignOnOutcome("ready", "", "127.0.0.1, screen 'menu'", 2, tried=True)
            assert watch.said == ["inject", "ready"]
            said = "\n".join(map(str, trace.lines))
            assert "fill the hidden field behind 'PASSWORD' with {password}" in said
            assert mocker3270.PASSWORD not in said
            assert mocker3270.USER not in said

            showcase = screens(
                MOCKER_MENU | {"means": "", "fill": [{"input": 2, "value": "3"}], "press": "Enter", "next": ["fields"]},
                {"name": "fields", "text": ["FIELD SHOWCASE"], "means": "ready"},
            )
            assert (await sign_on_screens(driver, showcase, officer(), within_s=WITHIN_S)).outcome == "ready"
            # The officer has typed where nothing is taken, and leaves it so.
            terminal.press(Key("Home"))
            terminal.press(Key("Left"))
            assert terminal.type("x").refused == "protected"
            assert terminal.grid.status.lock == "not-here"
            signed_off = await sign_off_screens(driver, MOCKER_OFF, Values(), within_s=WITHIN_S)
            assert signed_off.proved
            assert signed_off.last_seen == "127.0.0.1, screen 'thanks'"

    with caplog.at_level(logging.DEBUG):
        run(story())
    assert mocker3270.PASSWORD not in caplog.text


@pytest.mark.parametrize("named", [True, False])
def test_a_refused_password_is_given_once_and_said_in_the_hosts_own_words(mocker_host: Mocker3270, named: bool) -> None:
    """Also where the entry has no screen for it: the host has come back to its logon, and stays there."""

    async def story() -> None:
        async with called(mocker_engine(), mocker_host.port) as terminal:
            recipe = screens(MOCKER_LOGON, MOCKER_MENU, *((MOCKER_REFUSED,) if named else ()))
            trace = Trace()
            outcome = await sign_on_screens(
                TerminalDriver(terminal), recipe, officer("WRONG"), within_s=WITHIN_S, trace=trace
            )
            assert outcome.credential_refused
            assert outcome.says == "DEM0101E USER ID OR PASSWORD IS INCORRECT"
            assert sum("{password}" in line.did for line in trace.lines) == 1

    run(story())


@pytest.mark.parametrize(
    ("change", "values", "said"),
    [
        ({}, officer("LONGER THAN THE FIELD"), "longer than its field, which holds 8"),
        ({}, officer("ŁÓDŹ"), "code page cp037 lacks"),
        ({"fill": [{"label": "USER ID", "value": "{password}"}]}, officer(), "the field would show it"),
        ({"fill": [{"label": "OFFICER", "value": "{username}"}]}, officer(), "'OFFICER' is not on the screen"),
        ({"fill": [{"input": 1, "value": "X"}], "press": "Dup+"}, officer(), "cannot be pressed"),
    ],
)
def test_what_a_field_will_not_take_is_refused_before_anything_is_sent(
    mocker_host: Mocker3270, change: dict[str, object], values: Values, said: str
) -> None:
    async def story() -> None:
        async with called(mocker_engine(), mocker_host.port) as terminal:
            driver = TerminalDriver(terminal)
            with pytest.raises(FieldRefusedError, match=said):
                await sign_on_screens(driver, screens(MOCKER_LOGON | change, MOCKER_MENU), values, within_s=WITHIN_S)
            # The host has heard nothing: it is at its logon, and says nothing.
            assert not terminal.grid.line(22).strip()
            again = await sign_on_screens(
                driver, screens(MOCKER_LOGON, MOCKER_MENU, MOCKER_REFUSED), officer(), within_s=WITHIN_S
            )
            assert again.outcome == "ready"

    run(story())


class Told(Trace):
    """A trace that somebody reads as it is written."""

    def __init__(self, told: Callable[[str], None]) -> None:
        super().__init__()
        self._told = told

    def note(self, step: int, did: str, saw: str, at_ms: float) -> None:
        super().note(step, did, saw, at_ms)
        self._told(did)


def test_what_is_meant_for_one_screen_goes_into_no_other_that_has_come_meanwhile(mocker_host: Mocker3270) -> None:
    """The code takes its time, and the host shows another form by then, which has a second input field too."""
    asked: list[str] = []

    async def story() -> None:
        async with called(mocker_engine(), mocker_host.port) as terminal:
            driver = TerminalDriver(terminal)
            recipe = screens(MOCKER_LOGON, MOCKER_MENU, MOCKER_REFUSED)
            assert (await sign_on_screens(driver, recipe, officer(), within_s=WITHIN_S)).outcome == "ready"

            async def code() -> Secret:
                asked.append(terminal.grid.line(0))
                if len(asked) == 1:
                    assert not terminal.type("3").refused
                    terminal.press(Key("Enter"))
                    await terminal.wait_for(lambda grid: "FIELD SHOWCASE" in "".join(grid.text), WITHIN_S)
                return Secret("9")

            def told(did: str) -> None:
                if "another screen had come" in did:
                    assert "9" not in "".join(terminal.grid.text)
                    assert not terminal.engine.unsent
                    terminal.press(Key("PF3"))

            trace = Told(told)
            choosing = screens(
                MOCKER_MENU | {"means": "", "fill": [{"input": 2, "value": "{otp}"}], "press": "Enter", "next": ["no"]},
                {"name": "no", "text": ["INVALID"], "means": "ready"},
            )
            outcome = await sign_on_screens(driver, choosing, Values(code=code), within_s=WITHIN_S, trace=trace)
            assert (outcome.outcome, outcome.tried) == ("ready", True), [str(line) for line in trace.lines]

    run(story())
    assert len(asked) == 2


def test_a_form_that_changes_while_it_is_filled_in_is_not_sent(mocker_host: Mocker3270) -> None:
    async def story() -> None:
        async with called(mocker_engine(), mocker_host.port) as terminal:

            async def code() -> Secret:
                (hidden,) = (field for field in terminal.grid.fields if field.hidden and not field.protected)
                terminal.fill(hidden.start, Secret(mocker3270.PASSWORD))
                terminal.press(Key("Enter"))
                await terminal.wait_for(lambda grid: "MAIN MENU" in grid.line(0), WITHIN_S)
                return Secret("9")

            name, code_field = {"label": "USER ID", "value": "{username}"}, {"row": 5, "column": 1, "value": "{otp}"}
            logon = MOCKER_LOGON | {"fill": [name, code_field]}
            with pytest.raises(FieldRefusedError, match="has changed while it was filled in"):
                await sign_on_screens(
                    TerminalDriver(terminal),
                    screens(logon, MOCKER_MENU),
                    Values(mocker3270.USER, code=code),
                    within_s=WITHIN_S,
                )

    run(story())


def test_a_host_that_does_not_come_is_timed_out_with_its_top_line(mocker_host: Mocker3270) -> None:
    async def story() -> None:
        async with called(mocker_engine(), mocker_host.port) as terminal:
            driver = TerminalDriver(terminal)
            there = screens(MOCKER_LOGON, MOCKER_MENU)[:1]
            assert await driver.first_of(there, WITHIN_S) is not None
            elsewhere = screens({"name": "no", "text": ["ANOTHER HOST"], "means": "ready"})
            outcome = await sign_on_screens(driver, elsewhere, officer(), within_s=0.0)
            assert (outcome.outcome, outcome.reference) == ("timed-out", "sign-on-timed-out")
            assert not outcome.tried
            off = await sign_off_screens(driver, elsewhere, Values(), within_s=0.0)
            assert (off.proved, off.why_not) == (False, "it did not come to its logon screen in time")

    run(story())


def test_a_line_that_ends_while_signing_on_is_raised_and_while_signing_off_is_not_proved(
    mocker_host: Mocker3270,
) -> None:
    async def story() -> None:
        async with called(mocker_engine(), mocker_host.port) as terminal:
            driver = TerminalDriver(terminal)
            await terminal.close()
            with pytest.raises(TerminalLineError):
                await sign_on_screens(driver, screens(MOCKER_LOGON, MOCKER_MENU), officer(), within_s=WITHIN_S)
            off = await sign_off_screens(driver, MOCKER_OFF, Values(), within_s=WITHIN_S, line_end=True)
            assert (off.proved, off.why_not) == (False, "The terminal was closed here.")

    run(story())


# --- a 3270 console, whose prompts scroll

PROMPT = "~ $"
CONSOLE = screens(
    {
        "name": "login",
        "text": [f"{linux3270.HOST_NAME} login:"],
        "absent": ["Password:"],
        "fill": [{"input": 1, "value": "{username}"}],
        "press": "Enter",
        "next": ["password"],
    },
    {
        "name": "password",
        "text": ["Password:"],
        "hidden_inputs": 1,
        "fill": [{"hidden": True, "value": "{password}"}],
        "press": "Enter",
        "next": ["shell", "refused"],
    },
    {"name": "shell", "text": [PROMPT], "means": "ready"},
    {"name": "refused", "text": ["Login incorrect"], "means": "failed", "says": "The console did not accept it."},
)
CONSOLE_OFF = screens(
    {"name": "login", "text": [f"{linux3270.HOST_NAME} login:"], "absent": [PROMPT], "means": "logon"},
    {
        "name": "shell",
        "text": [PROMPT],
        "fill": [{"input": 1, "value": "exit"}],
        "press": "Enter",
        "next": ["login"],
    },
)


def test_after_our_sign_off_the_next_caller_of_a_3270_console_meets_its_logon_screen(linux_host: Linux3270) -> None:
    async def story() -> None:
        values = officer(linux3270.PASSWORD, linux3270.USER)
        engine = Tn3270Engine(code_page_name=linux3270.CODE_PAGE)
        async with called(engine, linux_host.port) as terminal:
            driver = TerminalDriver(terminal)
            assert (await sign_on_screens(driver, CONSOLE, values, within_s=WITHIN_S)).outcome == "ready"
            assert (await sign_off_screens(driver, CONSOLE_OFF, Values(), within_s=WITHIN_S)).proved
        async with called(Tn3270Engine(code_page_name=linux3270.CODE_PAGE), linux_host.port) as next_caller:
            seen = await TerminalDriver(next_caller).first_of((CONSOLE[2], CONSOLE_OFF[0]), WITHIN_S)
            assert seen is not None, (next_caller.grid.status, next_caller.lost, next_caller.grid.lines())
            assert seen.last_seen == "127.0.0.1, screen 'login'"

    run(story())


# --- a Unix host

UNIX_SHELL = {"name": "shell", "before_cursor": unix_host.PROMPT, "means": "ready"}
UNIX_LOGON = screens(
    {
        "name": "login",
        "before_cursor": "login:",
        "fill": [{"value": "{username}"}],
        "press": "Enter",
        "next": ["password"],
    },
    {
        "name": "password",
        "before_cursor": "Password:",
        "fill": [{"value": "{password}"}],
        "press": "Enter",
        "next": ["shell", "refused"],
    },
    UNIX_SHELL,
    {"name": "refused", "text": ["Login incorrect"], "means": "failed"},
)
UNIX_MENU = screens(
    {
        "name": "shell",
        "before_cursor": unix_host.PROMPT,
        "fill": [{"value": "menu"}],
        "press": "Enter",
        "next": ["menu"],
    },
    {"name": "menu", "text": [*unix_host.ENTRIES, "<Cancel>"], "means": "ready"},
)
UNIX_OFF = screens(
    {"name": "menu", "text": [*unix_host.ENTRIES], "fill": [{"value": "3"}], "press": "Enter"},
    {"name": "shell", "before_cursor": unix_host.PROMPT, "press": "Ctrl+D"},
)
NEW = "Next-Pw-2!x"
EXPIRED = screens(
    UNIX_SHELL,
    {"name": "expired", "text": ["Your password has expired"], "means": "change-password"},
)
CHANGE = screens(
    {
        "name": "current",
        "before_cursor": "Current password:",
        "fill": [{"value": "{password}"}],
        "press": "Enter",
        "next": ["new", "wrong"],
    },
    {
        "name": "new",
        "before_cursor": "New password:",
        "fill": [{"value": "{new_password}"}],
        "press": "Enter",
        "next": ["again", "not-taken"],
    },
    {
        "name": "again",
        "before_cursor": "Retype new password:",
        "fill": [{"value": "{new_password}"}],
        "press": "Enter",
        "next": ["changed", "not-taken"],
    },
    {"name": "changed", "text": ["password updated successfully"], "means": "changed"},
    {"name": "not-taken", "text": ["BAD PASSWORD"], "means": "failed"},
    {
        "name": "wrong",
        "text": ["password unchanged"],
        "means": "failed",
        "says": "Not your old one.",
    },
)


@asynccontextmanager
async def by_ssh(
    server: Sshd, user: str = unix_host.USER, password: str = people.PASSWORD
) -> AsyncIterator[Terminal[VtEngine]]:
    proof = Password(Secret(password))
    line = await open_ssh(server.host, server.port, user, proof, server.known_hosts, rows=24, columns=80)
    terminal = Terminal(vt_engine(24, 80), line)
    try:
        yield terminal
    finally:
        await terminal.close()


@asynccontextmanager
async def by_telnet(server: Telnetd, log: SessionLog | None = None) -> AsyncIterator[Terminal[VtEngine]]:
    line = await open_telnet(server.host, server.port, allowed=False, rows=24, columns=80)
    terminal = Terminal(vt_engine(24, 80), line, session_log=log)
    try:
        yield terminal
    finally:
        await terminal.close()


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


def test_an_expired_password_is_changed_on_the_hosts_own_screens(fresh_ssh_host: Sshd) -> None:
    async def story() -> None:
        async with by_ssh(fresh_ssh_host, unix_host.MUST_CHANGE) as terminal:
            driver = TerminalDriver(terminal)
            assert (
                await sign_on_screens(driver, EXPIRED, Values(), within_s=WITHIN_S, anywhere=True)
            ).outcome == "change-password"
            values = Values(unix_host.MUST_CHANGE, Secret(people.PASSWORD), new_password=Secret(NEW))
            changed = await change_password_on_screens(driver, CHANGE, values, within_s=WITHIN_S)
            assert (changed.changed, changed.refused) == (True, False)

        async with by_ssh(fresh_ssh_host, unix_host.MUST_CHANGE, NEW) as terminal:
            shell = screens({"name": "shell", "before_cursor": "$", "means": "ready"})
            driver = TerminalDriver(terminal)
            assert (await sign_on_screens(driver, shell, Values(), within_s=WITHIN_S)).outcome == "ready"

    run(story())


def test_a_host_that_refuses_the_change_has_refused_the_new_password(fresh_ssh_host: Sshd) -> None:
    async def story() -> None:
        values = Values(unix_host.MUST_CHANGE, Secret(people.WRONG_PASSWORD), new_password=Secret(NEW))
        async with by_ssh(fresh_ssh_host, unix_host.MUST_CHANGE) as terminal:
            changed = await change_password_on_screens(TerminalDriver(terminal), CHANGE, values, within_s=WITHIN_S)
            assert (changed.changed, changed.refused, changed.says) == (False, True, "Not your old one.")

    run(story())


def test_words_that_stand_there_before_anything_is_given_prove_no_change() -> None:
    """News of an earlier change, above the question for this one."""

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Last time: password updated successfully\r\nNew password: ")
        await reader.read()

    async def story() -> None:
        values = Values("x", Secret(people.PASSWORD), new_password=Secret(NEW))
        only = screens({"name": "changed", "text": ["password updated successfully"], "means": "changed"})
        async with small_terminal(plays) as terminal:
            await terminal.wait_for(lambda grid: "New password:" in "".join(grid.text), WITHIN_S)
            changed = await change_password_on_screens(TerminalDriver(terminal), only, values, within_s=0.0)
            assert not changed.changed

    run(story())


@pytest.mark.parametrize("after", ["Current password: ", "New password: "])
def test_a_new_password_that_may_have_arrived_is_neither_changed_nor_refused(after: str) -> None:
    """The host closes the line: before it has the new password that is a fault, after it nobody knows."""

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for prompt in ("Current password: ", "New password: "):
            writer.write(b"\r\n" + prompt.encode())
            await reader.readuntil(b"\r")
            if prompt == after:
                return

    async def story() -> None:
        values = Values("x", Secret(people.PASSWORD), new_password=Secret(NEW))
        async with small_terminal(plays) as terminal:
            changing = change_password_on_screens(TerminalDriver(terminal), CHANGE, values, within_s=WITHIN_S)
            if after.startswith("Current"):
                with pytest.raises(HostClosedLineError):
                    await changing
                return
            changed = await changing
            assert (changed.changed, changed.refused) == (False, False)
            assert changed.says == "The host has closed the line."

    run(story())


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


def test_a_prompt_that_stands_there_still_is_not_answered_twice() -> None:
    """The host takes its time: the screen that the key was pressed on is no answer to it."""
    got: list[bytes] = []
    answered = asyncio.Event()

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for page in (b"Page 1", b"Page 2", b"Page 3"):
            writer.write(b"\x1b[H\x1b[2J" + page + b"\r\nPress Enter to go on. ")
            got.append(await reader.readuntil(b"\r\0"))
            # The key is echoed, as a line's end, before anything new comes.
            writer.write(b"\r\n")
            await writer.drain()
            for _ in range(20):
                await asyncio.sleep(0)
        writer.write(b"\x1b[H\x1b[2JThe menu")
        await answered.wait()

    async def story() -> None:
        async with small_terminal(plays) as terminal:
            recipe = screens(
                {"name": "page", "text": ["Press Enter to go on."], "press": "Enter", "next": ["page", "menu"]},
                {"name": "menu", "text": ["The menu"], "means": "ready"},
            )
            outcome = await sign_on_screens(TerminalDriver(terminal), recipe, Values(), within_s=WITHIN_S)
            assert (outcome.outcome, outcome.step) == ("ready", 4)
            answered.set()

    run(story())
    assert got == [b"\r\0"] * 3


@pytest.mark.parametrize("answers", [True, False], ids=["asks-again", "says-nothing"])
def test_a_host_that_clears_its_screen_and_asks_with_the_same_words_has_refused(answers: bool) -> None:
    """One that says nothing at all has not."""
    given: list[bytes] = []

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            if answers or not given:
                writer.write(b"\x1b[H\x1b[2JPassword: ")
            given.append(await reader.readuntil(b"\r"))

    recipe = screens(
        {
            "name": "password",
            "before_cursor": "Password:",
            "fill": [{"value": "{password}"}],
            "press": "Enter",
            "next": ["in"],
            "within_s": 0.2,
        },
        {"name": "in", "text": ["Welcome"], "means": "ready"},
    )

    async def story() -> None:
        async with small_terminal(plays) as terminal:
            values = Values("x", Secret(people.WRONG_PASSWORD))
            outcome = await sign_on_screens(TerminalDriver(terminal), recipe, values, within_s=WITHIN_S)
            assert (outcome.outcome, outcome.credential_refused) == (
                ("failed", True) if answers else ("timed-out", False)
            )

    run(story())
    assert len(given) == 1


def test_a_host_is_given_a_code_where_it_asks_and_no_secret_that_there_is_not() -> None:
    got = bytearray()

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Code: ")
        got.extend(await reader.readuntil(b"\r"))
        writer.write(b"\r\nWelcome")
        await reader.read()

    async def code() -> Secret:
        return Secret("123456")

    recipe = screens(
        {
            "name": "code",
            "before_cursor": "Code:",
            "fill": [{"value": "{otp}"}],
            "press": "Enter",
            "next": ["in"],
        },
        {"name": "in", "text": ["Welcome"], "means": "already-signed-on"},
    )

    async def story() -> None:
        async with small_terminal(plays) as terminal:
            with pytest.raises(ValueMissingError):
                await sign_on_screens(TerminalDriver(terminal), recipe, Values(), within_s=WITHIN_S)
            assert not got
            given: list[Secret] = []
            values = Values(code=code, giving=given.append)
            outcome = await sign_on_screens(TerminalDriver(terminal), recipe, values, within_s=WITHIN_S)
            assert (outcome.outcome, outcome.tried) == ("already-signed-on", True)
            assert given == [Secret("123456")]

    run(story())
    assert bytes(got).rstrip(b"\0") == b"123456\r"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("{password}", "Sesame-1"), ("{password}", "SESAME-1"), ("{username}/{password}", "Sesame-1")],
    ids=["as-typed", "in-capitals", "taken-apart"],
)
def test_a_secret_that_the_host_shows_is_in_nothing_that_is_said(value: str, shown: str) -> None:
    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Password: ")
        await reader.readuntil(b"\r")
        writer.write(b"\x1b[H\x1b[2J" + shown.encode() + b" IS NOT RIGHT")
        await reader.read()

    recipe = screens(
        {
            "name": "password",
            "before_cursor": "Password:",
            "fill": [{"value": value}],
            "press": "Enter",
            "next": ["in", "no"],
        },
        {"name": "in", "text": ["Welcome"], "means": "ready"},
        {"name": "no", "text": ["IS NOT RIGHT"], "means": "failed", "says_row": 1},
    )

    async def story() -> None:
        async with small_terminal(plays) as terminal:
            driver = TerminalDriver(terminal)
            outcome = await sign_on_screens(driver, recipe, Values("x", Secret("Sesame-1")), within_s=WITHIN_S)
            assert (outcome.outcome, outcome.says) == ("failed", "•••••••• IS NOT RIGHT")
            await terminal.close()
            with pytest.raises(FieldRefusedError):
                await driver.press("Enter")
            assert driver.last_seen() == "127.0.0.1, '•••••••• IS NOT RIGHT'"

    run(story())
