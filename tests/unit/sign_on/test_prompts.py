"""Prompts as no real host has them when asked: still there, cleared and asked again, answered in the clear."""

from __future__ import annotations

import asyncio

import pytest

from launcher.secret import Secret
from launcher.sign_on.outcome import ValueMissingError
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.errors import FieldRefusedError
from tests.servers import host_screens as h
from tests.servers import people
from tests.unit.sign_on.host_bench import WITHIN_S, run, screens
from tests.unit.terminal.hosts import terminal as small_terminal


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
        {**h.at_prompt("password", "Password:", "{password}", "in"), "within_s": 0.2},
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
        h.at_prompt("code", "Code:", "{otp}", "in"),
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
        h.at_prompt("password", "Password:", value, "in", "no"),
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
