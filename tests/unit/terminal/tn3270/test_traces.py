"""Recorded sessions with real hosts: our screen is ``s3270``'s, screen by screen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.models import Display
from tests.servers.s3270 import calling_s3270
from tests.servers.traces3270 import Trace, for_s3270, holds_a_screen, traces
from tests.unit.terminal.tn3270.comparing import differences, feed_both, speaks_tn3270e

DIFFERING: frozenset[str] = frozenset()
"""Every screen on which the two differ, by session and number: a new one fails, and one that has gone fails too."""

AT_LEAST = 0.99
_AT_A_TIME = 4
_CODE_PAGE = "cp037"


@pytest.mark.needs("s3270", "traces3270")
def test_the_screens_of_recorded_sessions_are_those_of_s3270() -> None:
    replayed = traces()
    with ThreadPoolExecutor(_AT_A_TIME) as workers:
        compared = dict(pair for screens in workers.map(_replay, replayed) for pair in screens)
    differing = {name: found for name, found in compared.items() if found}
    agreeing = len(compared) - len(differing)
    print(f"{agreeing} of {len(compared)} screens of {len(replayed)} recorded sessions agree with s3270.")
    for name, found in differing.items():
        print(f"  {name}: {len(found)} differences, first {found[0]}")
    assert set(differing) == DIFFERING
    assert agreeing / len(compared) >= AT_LEAST


@pytest.mark.needs("traces3270")
@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_session_that_comes_in_pieces_of_any_size_ends_on_the_same_screen(size: int) -> None:
    for trace in traces():
        whole, pieced = (Tn3270Engine(Display(trace.model), code_page_name=_CODE_PAGE) for _ in range(2))
        said = b""
        for piece in trace.pieces:
            whole.feed(piece)
            said += whole.to_send()
        data = b"".join(trace.pieces)
        for at in range(0, len(data), size):
            pieced.feed(data[at : at + size])
        assert pieced.grid.lines() == whole.grid.lines(), trace.name
        assert (pieced.grid.fields, pieced.grid.cursor) == (whole.grid.fields, whole.grid.cursor), trace.name
        assert pieced.grid.status == whole.grid.status, trace.name
        assert pieced.to_send() == said, trace.name


def _replay(trace: Trace) -> list[tuple[str, list[str]]]:
    engine = Tn3270Engine(Display(trace.model), code_page_name=_CODE_PAGE)
    screens: list[tuple[str, list[str]]] = []
    with calling_s3270(trace.model, code_page=_CODE_PAGE) as other:
        for piece in trace.pieces:
            feed_both(engine, other, piece, for_s3270(piece))
            if holds_a_screen(piece, in_tn3270e=speaks_tn3270e(engine)):
                screens.append((f"{trace.name} {len(screens) + 1}", differences(engine, *other.look())))
    return screens
