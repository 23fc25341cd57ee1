"""A terminal's screen on paper: asked for in its tab, made a page at once, and given to a real print server."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from launcher.shell.look import Look, current
from launcher.shell.surfaces.terminal import TerminalView
from launcher.shell.surfaces.terminal.printers import Answer, Printers, PrintServer, printers_in
from launcher.shell.surfaces.terminal.printing import page_of
from tests.servers.cups import CLOSED, PRINTER, Cups
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.surfaces.terminal.feeds import DirectFeed

IN_VAIN_MS = 60_000


class LateServer(PrintServer):
    """Answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Answer] = []

    def printers(self, answer: Answer) -> None:
        self.answers.append(answer)


def until(holds: Callable[[], object]) -> None:
    """Turn Qt's loop until the screen says so; a wait in vain fails."""
    loop = QEventLoop()

    def look() -> None:
        if holds():
            loop.quit()

    QTimer.singleShot(IN_VAIN_MS, loop, loop.quit)
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)
    if not holds():
        loop.exec()
    assert holds(), "it never came"


@pytest.fixture
def printing(print_server: Cups, monkeypatch: pytest.MonkeyPatch) -> Cups:
    monkeypatch.setenv("CUPS_SERVER", print_server.place)
    return print_server


def ask(view: TerminalView) -> None:
    QTest.keyClick(view.area, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def letters_in(page: bytes) -> int:
    """How many letters a page draws: the strings of its streams hold two bytes for each."""
    drawn = 0
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", page, re.DOTALL):
        try:
            said = zlib.decompress(stream)
        except zlib.error:
            continue
        drawn += sum(len(one) // 4 for one in re.findall(rb"<([0-9a-fA-F]+)>\s*T[jJ]", said))
    return drawn


def test_the_screen_as_it_was_asked_for_goes_to_the_printer_that_is_chosen(
    view: TerminalView, on_3270: DirectFeed, printing: Cups
) -> None:
    view.whose = "A4471"
    ask(view)
    panel = view.printing
    assert panel.isVisible()
    until(panel.list.isVisible)
    assert [panel.list.item(row).text() for row in range(panel.list.count())] == [PRINTER, CLOSED]
    assert not nameless(panel)
    assert not cut_texts(panel)
    assert not too_small(panel)
    assert panel.list.hasFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    until(lambda: panel.said.text() == f"The screen has been sent to {PRINTER}.")
    [page] = printing.jobs()
    assert page.startswith(b"%PDF-")
    assert letters_in(page) > 300
    assert "NATIONAL" not in printing.names_of_jobs()
    QTest.keyClick(panel.end, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert view.area.hasFocus()
    assert on_3270.pressed == []


def test_a_printer_that_takes_nothing_is_said_and_another_can_be_chosen(
    view: TerminalView, on_3270: DirectFeed, printing: Cups
) -> None:
    view.print_screen()
    panel = view.printing
    until(panel.list.isVisible)
    panel.list.setCurrentRow(1)
    panel.act.click()
    until(panel.fault.isVisible)
    assert panel.fault.reference_text == "not-printed"
    assert panel.fault.what.text() == f"The printer {CLOSED} did not take the page."
    helped: list[str] = []
    view.help_wanted.connect(helped.append)
    panel.help.click()
    assert helped == ["not-printed"]
    panel.list.setCurrentRow(0)
    panel.act.click()
    until(lambda: PRINTER in panel.said.text() and "sent" in panel.said.text())
    assert len(printing.jobs()) == 1


def test_without_a_printer_or_a_print_server_that_is_said_with_a_reference(
    view: TerminalView, on_3270: DirectFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A place where nothing listens, whatever this computer's own printers are.
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:1")
    for server in (PrintServer(), PrintServer(ask="no-such-program-here")):
        view.printing.server = server
        view.print_screen()
        until(view.printing.fault.isVisible)
        assert view.printing.fault.reference_text == "no-printer"
        view.printing.closed.emit()
    assert not view.printing.isVisible()


def test_a_server_that_answers_late_changes_nothing_in_a_panel_that_was_left(
    view: TerminalView, on_3270: DirectFeed
) -> None:
    view.printing.server = late = LateServer()
    view.print_screen()
    view.printing.closed.emit()
    view.print_screen()
    first, second = late.answers
    first(Printers(("old",)))
    assert view.printing.list.count() == 0
    second(Printers(("new",)))
    assert view.printing.list.item(0).text() == "new"
    view.end()
    second(Printers(("newer",)))
    assert not view.printing.isVisible()


def test_where_text_is_large_it_stands_in_the_screens_place(view: TerminalView, on_3270: DirectFeed) -> None:
    current().wear(Look(scale=2.0))
    settle()
    view.printing.server = PrintServer(ask="no-such-program-here")
    view.print_screen()
    until(view.printing.fault.isVisible)
    settle()
    assert not view.area.isVisible()
    assert not cut_texts(view.printing)
    view.printing.closed.emit()
    assert view.area.isVisible()


def test_a_page_is_of_what_is_in_view_and_keeps_what_the_host_hides(on_3270: DirectFeed, view: TerminalView) -> None:
    before = letters_in(page_of(view.shown))
    on_3270.engine.type("SMITH")
    on_3270._draw()
    assert letters_in(page_of(view.shown)) == before + len("SMITH")
    assert letters_in(page_of(view.shown, "footer")) == before + len("SMITHfooter")
    on_3270.engine.place_cursor(9, 20)  # type: ignore[attr-defined] # a 3270
    on_3270.engine.type("secret")
    on_3270._draw()
    assert letters_in(page_of(view.shown)) == before + len("SMITH")


def test_what_the_print_server_says_is_read_for_names_only() -> None:
    said = (
        "desk\nback office\n-rf\nsystem default destination: hall\nhall\ndesk\n\x1b[2J\nno system default destination\n"
    )
    assert printers_in(said) == ("hall", "desk")
    assert printers_in("lpstat: Bad file descriptor\n") == ()
