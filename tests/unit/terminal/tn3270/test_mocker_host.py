"""Signing on to ``mainframe-mocker`` over TN3270E and TN3270: fields, colours, models, LU names."""

from __future__ import annotations

import asyncio

import pytest

from launcher.secret import Secret
from launcher.terminal.engine import Typed
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.grid import Flag, palette
from launcher.terminal.terminal import Terminal
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.models import Display
from tests.servers.mocker3270 import CODE_PAGE, PASSWORD, USER, Mocker3270
from tests.unit.terminal.tn3270.calling import called, inputs, press, wait_for


async def sign_on(terminal: Terminal[Tn3270Engine], password: str = PASSWORD) -> None:
    await wait_for(terminal, "SIGN ON")
    user = next(field for field in inputs(terminal) if field.length > 2 and not field.hidden)
    secret = next(field for field in inputs(terminal) if field.hidden)
    terminal.fill(user.start, Secret(USER))
    terminal.fill(secret.start, Secret(password))
    press(terminal, "Enter")


@pytest.mark.parametrize("model", [2, 3, 4, 5])
def test_an_officer_signs_on_works_in_a_form_and_signs_off_on_every_model(mocker_host: Mocker3270, model: int) -> None:
    async def run() -> None:
        engine = Tn3270Engine(Display(model), code_page_name=CODE_PAGE, lu_names=("POLDESK1",))
        async with called(engine, mocker_host.port) as terminal:
            await sign_on(terminal)
            await wait_for(terminal, "MAIN MENU", f"WELCOME {USER}")
            assert terminal.grid.status.lu_name == "POLDESK1"
            assert PASSWORD not in "\n".join(terminal.grid.lines())
            await use_the_showcase(terminal)
            press(terminal, "PF3")
            await wait_for(terminal, "MAIN MENU")
            press(terminal, "PF3")
            await terminal.wait_for(lambda grid: "THANK YOU" in "\n".join(grid.lines()), 60)

    asyncio.run(run())


def test_a_paste_that_the_host_has_no_character_for_changes_no_field_of_its_form(mocker_host: Mocker3270) -> None:
    async def run() -> None:
        async with called(Tn3270Engine(code_page_name=CODE_PAGE), mocker_host.port) as terminal:
            await wait_for(terminal, "SIGN ON")
            before = terminal.grid.lines()
            assert terminal.paste(f"PC→1\n{PASSWORD}") == Typed(0, "not-in-code-page", "→")
            assert terminal.grid.lines() == before
            assert not any(field.modified for field in inputs(terminal))
            assert terminal.paste("PC1") == Typed(3)

    asyncio.run(run())


async def use_the_showcase(terminal: Terminal[Tn3270Engine]) -> None:
    """Fill the form with every kind of field that the host has."""
    terminal.fill(inputs(terminal)[0].start, Secret("FLDS"))
    press(terminal, "Enter")
    await wait_for(terminal, "FIELD SHOWCASE")
    numeric = next(field for field in inputs(terminal) if field.numeric)
    with pytest.raises(FieldRefusedError):
        terminal.fill(numeric.start, Secret("x"))
    terminal.fill(numeric.start, Secret("47"))
    press(terminal, "Enter")
    await wait_for(terminal, "DEM0104I", "AMOUNT 47")
    colours = set(terminal.grid.foreground)
    assert {palette(9), palette(10), palette(11), palette(13), palette(14)} <= colours
    looks = [Flag(cell) for cell in set(terminal.grid.flags)]
    assert all(any(flag & look for look in looks) for flag in (Flag.REVERSE, Flag.UNDERLINE, Flag.INPUT, Flag.HIDDEN))


def test_a_wrong_password_is_refused_by_the_host(mocker_host: Mocker3270) -> None:
    async def run() -> None:
        async with called(Tn3270Engine(code_page_name=CODE_PAGE), mocker_host.port) as terminal:
            await sign_on(terminal, "WRONG")
            await wait_for(terminal, "DEM0101E USER ID OR PASSWORD IS INCORRECT")

    asyncio.run(run())


def test_a_host_without_tn3270e_is_signed_on_to_as_well(plain_mocker_host: Mocker3270) -> None:
    async def run() -> None:
        async with called(Tn3270Engine(code_page_name=CODE_PAGE), plain_mocker_host.port) as terminal:
            await sign_on(terminal)
            await wait_for(terminal, "MAIN MENU")

    asyncio.run(run())
