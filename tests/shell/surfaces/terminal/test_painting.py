"""What is on the screen: colours, lines, wide characters, the cursor; and only what has changed is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPaintEvent, QPdfWriter, QRegion

from launcher.shell.look import Look, current
from launcher.shell.look.tokens import Theme
from launcher.shell.surfaces.terminal import TerminalView
from launcher.shell.surfaces.terminal.colours import colours_for
from launcher.shell.surfaces.terminal.printing import draw_page
from launcher.terminal.grid import DEFAULT, palette
from tests.shell.look.seeing import settle
from tests.shell.surfaces.terminal.feeds import DirectFeed


class Painted(QObject):
    """Which part of a widget was painted since it was last asked."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def colours_in(view: TerminalView, row: int, column: int, width: int = 1) -> set[str]:
    """The colours in some cells as they are on the screen."""
    image = view.area.viewport().grab().toImage()
    place = view.area._cell_place(row, column)
    place.setWidth(place.width() * width)
    return {image.pixelColor(x, y).name() for x in range(place.left(), place.right() + 1) for y in
            range(place.top(), place.bottom() + 1)}  # fmt: skip


def test_only_the_rows_that_changed_are_drawn_again(view: TerminalView, on_vt: DirectFeed) -> None:
    on_vt.say(b"\x1b[2J\x1b[5;1Hhere")
    settle()
    painted = Painted()
    view.area.viewport().installEventFilter(painted)
    on_vt.say(b"!")
    settle()
    view.area.viewport().removeEventFilter(painted)
    assert painted.region.boundingRect() == view.area._row_place(4)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_grounds_and_letters_are_the_themes(view: TerminalView, on_vt: DirectFeed, theme: Theme) -> None:
    current().wear(Look(theme))
    colours = colours_for(theme)
    on_vt.say("\x1b[2J\x1b[H\x1b[44;97mMM\x1b[0m█M\x1b[7m  ".encode())
    blue = colours.pair(palette(15), palette(4), 0)[1].name()
    assert blue in colours_in(view, 0, 0)
    assert colours_in(view, 0, 2) == {colours.text.name()}
    assert colours.ground.name() in colours_in(view, 0, 3)
    assert colours_in(view, 0, 4) == {colours.text.name()}
    assert colours_in(view, 3, 3) == {colours.pair(DEFAULT, DEFAULT, 0)[1].name()}


def test_a_wide_character_takes_two_cells_and_what_follows_stays_in_its_own(
    view: TerminalView, on_vt: DirectFeed
) -> None:
    on_vt.say("\x1b[2J\x1b[H\x1b[41m中\x1b[42mx\x1b[0m\r\n\x1b[41me\u0301\x1b[42my\x1b[0m\x1b[9;1H".encode())
    ground = {n: colours_for("light").pair(DEFAULT, palette(n), 0)[1].name() for n in (1, 2)}
    assert ground[1] in colours_in(view, 0, 1)
    assert ground[2] not in colours_in(view, 0, 0, 2)
    assert ground[2] in colours_in(view, 0, 2)
    assert ground[2] not in colours_in(view, 1, 0)
    assert ground[2] in colours_in(view, 1, 1)


def test_the_cursor_is_filled_only_while_the_keys_go_there(view: TerminalView, on_vt: DirectFeed) -> None:
    text = colours_for("light").text.name()
    on_vt.say(b"\x1b[2J\x1b[3;7H")
    assert colours_in(view, 2, 6) == {text}
    view.search.show()
    view.search.edit.setFocus()
    settle()
    assert colours_in(view, 2, 6) == {text, colours_for("light").ground.name()}
    view.area.setFocus()
    on_vt.say(b"\x1b[?25l")
    assert colours_in(view, 2, 6) == {colours_for("light").ground.name()}


def test_input_fields_have_a_line_and_hidden_ones_nothing_else(view: TerminalView, on_3270: DirectFeed) -> None:
    ground = colours_for("light").ground.name()
    assert len(colours_in(view, 10, 24, 3)) > 1
    place = view.area._cell_place(10, 24)
    image = view.area.viewport().grab().toImage()
    assert image.pixelColor(place.left() + 2, place.bottom()).name() != ground
    assert image.pixelColor(place.left() + 2, place.top()).name() == ground


def test_a_page_is_black_on_white_whatever_the_theme(view: TerminalView, on_3270: DirectFeed) -> None:
    current().wear(Look("dark"))
    image = QImage(1200, 800, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw_page(painter, QRect(0, 0, 1200, 800), view.shown, "host.example, 26 November 2025")
    painter.end()
    inks = {image.pixelColor(x, y).name() for x in range(0, 1200, 3) for y in range(0, 800, 3)}
    assert "#ffffff" in inks
    assert len(inks) > 2
    assert colours_for("dark").ground.name() not in inks


def test_a_page_can_be_a_pdf(view: TerminalView, on_3270: DirectFeed, tmp_path: Path) -> None:
    file = tmp_path / "screen.pdf"
    writer = QPdfWriter(str(file))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    painter = QPainter(writer)
    draw_page(painter, QRect(0, 0, writer.width(), writer.height()), view.shown)
    painter.end()
    assert file.read_bytes().startswith(b"%PDF-")


def test_a_text_that_is_drawn_again_looks_as_it_did(view: TerminalView, on_3270: DirectFeed) -> None:
    port = view.area.viewport()
    first, second, third = (port.grab().toImage() for _ in range(3))
    assert first == second == third
