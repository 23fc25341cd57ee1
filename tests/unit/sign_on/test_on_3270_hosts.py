"""Recipes of screens against real 3270 hosts: one of forms, and a console."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from launcher.secret import Secret
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_off_screens, sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.sign_on.trace import Trace
from launcher.terminal.errors import FieldRefusedError, TerminalLineError
from launcher.terminal.keys import Key
from launcher.terminal.tn3270.engine import Tn3270Engine
from tests.servers import host_screens as h
from tests.servers import linux3270, mocker3270
from tests.servers.linux3270 import Linux3270
from tests.servers.mocker3270 import Mocker3270
from tests.unit.sign_on.host_bench import WITHIN_S, Watch, run, screens
from tests.unit.terminal.tn3270.calling import called

# --- a host of forms

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
MOCKER_OFF = screens(*h.MOCKER_OFF)


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
            assert outcome == SignOnOutcome("ready", "", "127.0.0.1, screen 'menu'", 2, tried=True, at="menu")
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
                return Secret("?")  # there is a clock on the screen, and sooner or later each digit

            def told(did: str) -> None:
                if "another screen had come" in did:
                    assert "?" not in "".join(terminal.grid.text)
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


# --- a console, whose prompts scroll

CONSOLE = screens(*h.CONSOLE_LOGON, {**h.REFUSED, "says": "The console did not accept it."})
CONSOLE_OFF = screens(*h.CONSOLE_OFF)


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
