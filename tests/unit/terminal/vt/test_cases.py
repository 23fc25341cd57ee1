"""The pinned cases of ``cases.toml``, played to both engines, whole and byte by byte."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from launcher.terminal.engine import VtEngine
from launcher.terminal.grid import DEFAULT, Flag, palette, rgb
from tests.unit.terminal.vt.engines import both, made


class Look(BaseModel):
    model_config = ConfigDict(extra="forbid")

    row: int
    column: int
    width: int = 1
    fg: int | str | None = None
    bg: int | str | None = None
    flags: list[str] = []


class Case(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    source: str
    sent: str
    rows: int = 4
    columns: int = 10
    screen: list[str] | None = None
    cursor: tuple[int, int] | None = None
    visible: bool | None = None
    shape: str | None = None
    looks: list[Look] = []
    answers: str = ""
    title: str | None = None
    bell: int | None = None
    above: int | None = None
    wrapped: list[int] | None = None
    pyte: str = ""
    ghostty: str = ""


CASES = [
    Case.model_validate(case) for case in tomllib.loads(Path(__file__).with_name("cases.toml").read_text())["case"]
]
_ESCAPES = {"e": "\x1b", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "\\": "\\"}


def read(sent: str) -> bytes:
    """Read the notation of the cases."""

    def one(found: re.Match[str]) -> str:
        return chr(int(found["hex"], 16)) if found["hex"] else _ESCAPES[found["one"]]

    return re.sub(r"\\(?:x(?P<hex>[0-9a-f]{2})|(?P<one>.))", one, sent).encode("latin-1")


def colour(wanted: int | str | None) -> int:
    if wanted is None:
        return DEFAULT
    if isinstance(wanted, int):
        return palette(wanted)
    return rgb(*bytes.fromhex(wanted.removeprefix("#")))


def seen(engine: VtEngine, case: Case) -> dict[str, object]:
    """What the engine shows of all that the case says something of."""
    grid = engine.grid
    cells = [
        (cell, grid.foreground[cell], grid.background[cell], Flag(grid.flags[cell]))
        for look in case.looks
        for cell in range((look.row - 1) * case.columns + look.column - 1, _end(look, case))
    ]
    return {
        "screen": [unicodedata.normalize("NFC", line.rstrip()) for line in grid.lines()],
        "cursor": (grid.cursor.row + 1, grid.cursor.column + 1),
        "visible": grid.cursor.visible,
        "shape": grid.cursor.shape,
        "looks": cells,
        "answers": engine.to_send(),
        "title": grid.title,
        "bell": grid.bell,
        "above": grid.scroll_back,
        "wrapped": [row + 1 for row in range(grid.rows) if grid.wrapped[row]],
    }


def wanted(case: Case) -> dict[str, object]:
    """What the case wants to be seen."""
    cells = [
        (cell, colour(look.fg), colour(look.bg), sum((Flag[flag.upper()] for flag in look.flags), Flag(0)))
        for look in case.looks
        for cell in range((look.row - 1) * case.columns + look.column - 1, _end(look, case))
    ]
    found: dict[str, object] = {"looks": cells, "answers": read(case.answers)}
    if case.screen is not None:
        found["screen"] = [*case.screen, *[""] * (case.rows - len(case.screen))]
    for name in ("cursor", "visible", "shape", "title", "bell", "above", "wrapped"):
        if getattr(case, name) is not None:
            found[name] = getattr(case, name)
    return found


def _end(look: Look, case: Case) -> int:
    return (look.row - 1) * case.columns + look.column - 1 + look.width


def differences(engine: VtEngine, case: Case) -> dict[str, tuple[object, object]]:
    """Where what is seen is not what is wanted."""
    shown = seen(engine, case)
    return {name: (shown[name], value) for name, value in wanted(case).items() if shown[name] != value}


def test_the_cases_are_many_and_each_has_a_name_and_a_source() -> None:
    assert len(CASES) >= 230
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.source for case in CASES)


@both
def test_an_engine_shows_what_the_definitions_say(name: str) -> None:
    make = made(name)
    wrong = {}
    for case in CASES:
        engine = make(case.rows, case.columns)
        engine.feed(read(case.sent))
        if found := differences(engine, case):
            wrong[case.name] = found
    cannot = {case.name for case in CASES if getattr(case, name)}
    assert {at: found for at, found in wrong.items() if at not in cannot} == {}
    assert cannot <= wrong.keys(), "what it can by now need not be excused"


@both
def test_a_stream_in_pieces_and_its_pictures_come_to_the_same_screen(name: str) -> None:
    make = made(name)
    for case in CASES:
        whole, pieces = make(case.rows, case.columns), make(case.rows, case.columns)
        whole.feed(read(case.sent))
        drawn = {row.row: row.runs for row in pieces.grid.picture(whole=True).changed}
        for byte in read(case.sent):
            pieces.feed(bytes([byte]))
            drawn.update({row.row: row.runs for row in pieces.grid.picture().changed})
        assert drawn == {row: whole.grid.runs(row) for row in range(case.rows)}, case.name
        assert seen(pieces, case) == seen(whole, case), case.name
