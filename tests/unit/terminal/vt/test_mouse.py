"""What a program is sent of the mouse; the sequences are those of xterm's "Mouse Tracking" (ctlseqs)."""

from __future__ import annotations

import pytest

from launcher.terminal.engine import VtEngine
from launcher.terminal.mouse import MouseAct
from tests.unit.terminal.vt.engines import both, made


def sent(engine: VtEngine, *acts: MouseAct) -> list[bytes]:
    out = []
    for act in acts:
        told = engine.mouse(act)
        data = engine.to_send()
        assert told == bool(data)
        out.append(data)
    return out


PRESS, RELEASE = MouseAct("press", "left", 2, 5), MouseAct("release", "left", 2, 5)
DRAG, MOVE = MouseAct("move", "left", 2, 6), MouseAct("move", "", 2, 7)
UP, DOWN = MouseAct("press", "wheel-up", 0, 0), MouseAct("press", "wheel-down", 23, 79)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (b"", [b"", b"", b"", b"", b"", b""]),
        (
            b"\x1b[?1000h\x1b[?1006h",
            [b"\x1b[<0;6;3M", b"\x1b[<0;6;3m", b"", b"", b"\x1b[<64;1;1M", b"\x1b[<65;80;24M"],
        ),
        (
            b"\x1b[?1002h\x1b[?1006h",
            [b"\x1b[<0;6;3M", b"\x1b[<0;6;3m", b"\x1b[<32;7;3M", b"", b"\x1b[<64;1;1M", b"\x1b[<65;80;24M"],
        ),
        (
            b"\x1b[?1003h\x1b[?1006h",
            [
                b"\x1b[<0;6;3M",
                b"\x1b[<0;6;3m",
                b"\x1b[<32;7;3M",
                b"\x1b[<35;8;3M",
                b"\x1b[<64;1;1M",
                b"\x1b[<65;80;24M",
            ],
        ),
        (b"\x1b[?1000h", [b"\x1b[M &#", b"\x1b[M#&#", b"", b"", b"\x1b[M`!!", b"\x1b[Map8"]),
        (b"\x1b[?9h", [b"\x1b[M &#", b"", b"", b"", b"", b""]),
    ],
)
def test_a_program_is_told_what_it_has_asked_for_and_how(asked: bytes, told: list[bytes]) -> None:
    engine = made("ghostty")(24, 80)
    engine.feed(asked)
    assert engine.grid.mouse == bool(asked)
    assert engine.grid.picture().mouse == bool(asked)
    assert sent(engine, PRESS, RELEASE, DRAG, MOVE, UP, DOWN) == told


def test_the_keys_that_are_held_are_told_too() -> None:
    engine = made("ghostty")(24, 80)
    engine.feed(b"\x1b[?1000h\x1b[?1006h")
    acts = (
        MouseAct("press", "middle", 0, 0, ctrl=True),
        MouseAct("press", "right", 0, 0, alt=True),
        MouseAct("press", "left", 0, 0, shift=True),
    )
    assert sent(engine, *acts) == [b"\x1b[<17;1;1M", b"\x1b[<10;1;1M", b"\x1b[<4;1;1M"]


def test_a_program_that_has_ended_or_whose_line_has_is_told_nothing() -> None:
    engine = made("ghostty")(24, 80)
    engine.feed(b"\x1b[?1002h\x1b[?1006h")
    asked = engine.grid.mouse
    engine.feed(b"\x1b[?1002l")
    assert (asked, engine.grid.mouse) == (True, False)
    assert sent(engine, PRESS) == [b""]
    engine.feed(b"\x1b[?1000h")
    engine.lost()
    assert sent(engine, PRESS) == [b""]


@both
def test_a_full_screen_of_a_programs_own_is_known(name: str) -> None:
    engine, seen = made(name)(24, 80), []
    for said in (b"$ ", b"\x1b[?1049h", b"\x1b[?1049l"):
        engine.feed(said)
        seen.append(engine.grid.alternate)
    assert seen == [False, True, False]


def test_the_other_engine_tells_nobody_and_says_so() -> None:
    engine = made("pyte")(24, 80)
    engine.feed(b"\x1b[?1000h\x1b[?1006h")
    assert not engine.grid.mouse
    assert not engine.mouse(PRESS)
    assert engine.to_send() == b""
