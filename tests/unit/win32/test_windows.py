"""Windows of a session are taken off a desktop of Windows and brought back; the desktop is one on paper."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from launcher.display import win32_windows
from launcher.display.win32_windows import Win32Windows
from launcher.win32.ports import WS_CAPTION, WS_EX_TOOLWINDOW, WS_EX_TOPMOST, WS_POPUP
from tests.unit.win32.paper import OWN, PaperDesktop

OURS, ALSO_OURS, OTHERS = 900_001, 900_002, 900_003


def of_session(pid: int) -> bool:
    return pid in (OURS, ALSO_OURS)


@pytest.fixture
def desktop() -> PaperDesktop:
    return PaperDesktop()


@pytest.fixture
def windows(desktop: PaperDesktop) -> Iterator[Win32Windows]:
    with closing(Win32Windows(desktop)) as made:
        yield made


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline


def test_only_what_is_ours_goes_and_all_comes_back_in_its_place(desktop: PaperDesktop, windows: Win32Windows) -> None:
    launcher, red, green, blue = (desktop.open(pid) for pid in (OWN, OURS, OTHERS, ALSO_OURS))
    before = list(desktop.order)
    seen = windows.hide(of_session)
    assert (seen.hidden, seen.left, seen.answered) == (2, "", True)
    assert set(desktop.seen()) == {launcher, green}
    assert windows.hide(of_session).hidden == 2, "looking again finds nothing new"
    desktop.bring_to_foreground(blue)
    windows.show()
    assert set(desktop.seen()) == {launcher, red, green, blue}
    assert [window for window in desktop.order if window in (red, green)] == [green, red]
    assert before == [blue, green, red, launcher]
    windows.show()


@pytest.mark.parametrize("stands_still", [False, True])
def test_what_lay_over_the_launcher_does_again(
    desktop: PaperDesktop, windows: Win32Windows, stands_still: bool
) -> None:
    below, launcher, lower, others, upper = (desktop.open(pid) for pid in (OURS, OWN, OURS, OTHERS, ALSO_OURS))
    desktop.keys_at = upper
    windows.hide(of_session)
    assert desktop.keys_at == launcher
    assert desktop.order[0] == launcher
    if stands_still:
        desktop.still = {OURS, ALSO_OURS}
    windows.show()
    if stands_still:
        assert set(desktop.seen()) == {launcher, others}
        desktop.goes_on(OURS)
        desktop.goes_on(ALSO_OURS)
    assert desktop.order == [upper, others, lower, launcher, below]
    assert desktop.keys_at == upper
    assert len(desktop.seen()) == 5


def test_what_stays_on_top_takes_the_launcher_nowhere(desktop: PaperDesktop, windows: Win32Windows) -> None:
    launcher, red = desktop.open(OWN), desktop.open(OURS)
    clock = desktop.open(OURS, extended=WS_EX_TOPMOST)
    desktop.keys_at = clock
    windows.hide(of_session)
    windows.show()
    assert desktop.order[-1] == launcher
    assert set(desktop.order) == {launcher, red, clock}


def test_the_keys_stay_with_the_launcher_where_it_had_them(desktop: PaperDesktop, windows: Win32Windows) -> None:
    red, launcher = desktop.open(OURS), desktop.open(OWN)
    desktop.keys_at = launcher
    windows.hide(of_session)
    windows.show()
    assert desktop.keys_at == launcher
    assert desktop.order == [launcher, red]


def test_a_menu_goes_too_and_comes_back_only_where_it_may(desktop: PaperDesktop, windows: Win32Windows) -> None:
    menu = desktop.open(OURS, style=WS_POPUP, extended=WS_EX_TOOLWINDOW)
    palette = desktop.open(OURS, style=WS_POPUP | WS_CAPTION, extended=WS_EX_TOOLWINDOW)
    for menus in (True, False):
        assert windows.hide(of_session).hidden == 2
        assert desktop.seen() == []
        windows.show(menus=menus)
        assert desktop.is_visible(menu) == menus
        assert desktop.is_visible(palette)


def test_what_is_shown_while_hidden_is_hidden_as_it_comes(desktop: PaperDesktop, windows: Win32Windows) -> None:
    windows.hide(of_session)
    until(lambda: len(desktop.hooks) == 1)
    late, others = desktop.open(OURS), desktop.open(OTHERS)
    until(lambda: not desktop.is_visible(late))
    assert desktop.is_visible(others)
    windows.show()
    assert desktop.is_visible(late)
    until(lambda: not desktop.hooks)
    assert desktop.is_visible(desktop.open(OURS))


@pytest.mark.parametrize("why", ["stands still", "has higher rights"])
def test_a_program_that_does_not_hide_its_window_is_said(
    desktop: PaperDesktop, windows: Win32Windows, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(win32_windows, "GONE_WITHIN_S", 0.0)
    red, blue = desktop.open(OURS), desktop.open(ALSO_OURS)
    (desktop.still if why == "stands still" else desktop.forbidden).add(OURS)
    seen = windows.hide(of_session)
    assert seen.left == "a program does not hide its window"
    assert seen.answered
    assert desktop.seen() == [red]
    windows.show()
    desktop.goes_on(OURS)
    assert desktop.seen() == [blue, red]


def test_what_has_ended_meanwhile_is_not_missed_and_its_number_is_anothers(
    desktop: PaperDesktop, windows: Win32Windows
) -> None:
    red, blue = desktop.open(OURS), desktop.open(ALSO_OURS)
    desktop.keys_at = red
    windows.hide(of_session)
    desktop.end(red)
    desktop.of[red] = desktop.of.pop(blue)
    desktop.order = [red]
    desktop.of[red].pid = OTHERS
    windows.show()
    assert desktop.seen() == []
    assert desktop.keys_at == 0


def test_what_its_officer_copied_is_given_up_and_anothers_stays(desktop: PaperDesktop, windows: Win32Windows) -> None:
    red, green = desktop.open(OURS), desktop.open(OTHERS)
    desktop.clipboard = green
    assert windows.hide(of_session).left == ""
    assert desktop.clipboard == green
    desktop.clipboard, desktop.clipboard_is_open = red, True
    assert windows.hide(of_session).left == "another program holds the clipboard"
    desktop.clipboard_is_open = False
    assert windows.hide(of_session).left == ""
    assert desktop.clipboard == 0


def test_a_desktop_that_cannot_be_read_is_said_and_nothing_is_done(
    desktop: PaperDesktop, windows: Win32Windows
) -> None:
    red = desktop.open(OURS)
    desktop.readable = False
    seen = windows.hide(of_session)
    assert (seen.hidden, seen.left, seen.answered) == (0, "the desktop cannot be read", False)
    windows.show()
    assert desktop.seen() == [red]
    assert windows.holders() == ()


def test_after_the_end_nothing_comes_back(desktop: PaperDesktop, windows: Win32Windows) -> None:
    desktop.open(OURS)
    windows.hide(of_session)
    windows.close()
    windows.show()
    assert desktop.seen() == []
