"""Tiles are put together from shared pieces: what is seen is what painting each from the beginning would show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from launcher.session.snapshot import ErrorView, SystemView
from launcher.shell.launchpad.choice import Filter
from launcher.shell.launchpad.forms import grid
from launcher.shell.launchpad.kit import kit
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.spots import spots
from launcher.shell.launchpad.tile import Tile, tiles_of
from launcher.shell.launchpad.tile_painter import TilePainter
from launcher.shell.launchpad.tile_parts import paint_tile
from launcher.shell.look import Look, current, look
from tests.bench.keystroke import systems
from tests.shell.launchpad.conftest import HOME, Desk, launch, with_launches
from tests.shell.look.seeing import settle

ERROR = ErrorView("system-unreachable", "It cannot be reached.", "Open it again in a minute.")
STILL = replace(
    with_launches(
        launch("custody", "ready", took_ms=4200),
        launch("firearms", "needs", needs="credential"),
        launch("incident", "failed", took_ms=800, error=ERROR),
        launch("missing", "unknown"),
    ),
    favourites=frozenset({"files", "custody"}),
)
LOOKS = (Look(), Look("dark"), Look("light", 1.25), Look("dark", 2.0))
WIDTH = 1243


def canvas(width: int, height: int) -> QPixmap:
    made = QPixmap(width, height)
    made.fill(look().colours.canvas)
    return made


def put_together(model: TileModel, painter: TilePainter, rows: range) -> QImage:
    cells = painter.grid
    picture = canvas(WIDTH, (len(rows) // cells.columns + 1) * cells.cell_height)
    brush = QPainter(picture)
    painter.paint(brush, rows, 0)
    brush.end()
    return picture.toImage()


def from_the_beginning(model: TileModel, painter: TilePainter, rows: range) -> QImage:
    cells, gap = painter.grid, kit().gap
    width, height = cells.cell_width - gap, cells.cell_height - gap
    place = spots(cells.form, width, height, look())
    picture = canvas(WIDTH, (len(rows) // cells.columns + 1) * cells.cell_height)
    brush = QPainter(picture)
    for row in rows:
        line, column = divmod(row, cells.columns)
        marked = painter.current_shown and row == painter.current
        tile, hit = model.tile(row), model.hit(row)
        brush.save()
        brush.translate(column * cells.cell_width + gap // 2, line * cells.cell_height + gap // 2)
        rect = QRectF(0, 0, width, height)
        paint_tile(brush, rect, place, tile, cells.form, hit, current=marked, hovered=row == painter.hovered)
        brush.restore()
    brush.end()
    return picture.toImage()


@pytest.mark.parametrize("worn", LOOKS)
@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("typed", ["", "re", "cr", "pnc"])
def test_a_tile_put_together_looks_as_one_painted_from_the_beginning(worn: Look, compact: bool, typed: str) -> None:
    current().wear(worn)
    model = TileModel()
    model.set_tiles(tiles_of(STILL))
    model.search(typed)
    rows = range(model.rowCount())
    assert len(rows) > 0
    painter = TilePainter(model)
    painter.grid = grid(WIDTH, compact=compact)
    painter.current_shown = True
    for painter.current, painter.hovered in ((-1, -1), (0, len(rows) - 1), (len(rows) - 1, 0)):
        expected = from_the_beginning(model, painter, rows)
        assert put_together(model, painter, rows) == expected
        assert put_together(model, painter, rows) == expected  # from what was made before


def test_a_tile_is_put_together_anew_when_it_says_something_else() -> None:
    model = TileModel()
    model.set_tiles(tiles_of(STILL))
    painter = TilePainter(model)
    painter.grid = grid(WIDTH, compact=False)
    rows = range(model.rowCount())
    before = put_together(model, painter, rows)
    now = replace(STILL, launches=(launch("custody", "ready", took_ms=9900),), favourites=frozenset())
    model.set_tiles(tiles_of(now))
    after = put_together(model, painter, rows)
    assert after != before
    assert after == from_the_beginning(model, painter, rows)


def test_a_tile_that_says_the_same_stays_the_same() -> None:
    model = TileModel()
    model.set_tiles(tiles_of(STILL))
    before = {tile.id: tile for tile in model.all_tiles()}
    model.set_tiles(tiles_of(replace(STILL, favourites=frozenset({"custody"}))))
    after = {tile.id: tile for tile in model.all_tiles()}
    assert [each for each in before if after[each] is not before[each]] == ["files"]


def test_letters_taken_back_find_what_was_found_before() -> None:
    model = TileModel()
    model.set_tiles([Tile(each, None, None, favourite=False, mine=False) for each in systems()])
    found = []
    for typed in ("c", "cr", "cri", "crim"):
        model.search(typed)
        found.append((model.shown(), [model.hit(row) for row in range(model.rowCount())]))
    for typed, expected in zip(("cri", "cr", "c"), reversed(found[:-1]), strict=True):
        model.search(typed)
        assert (model.shown(), [model.hit(row) for row in range(model.rowCount())]) == expected
    model.search("cu")
    fresh = TileModel()
    fresh.set_tiles(list(model.all_tiles()))
    fresh.search("cu")
    assert model.shown() == fresh.shown()


def test_systems_that_change_are_searched_anew() -> None:
    model = TileModel()
    model.set_tiles(tiles_of(HOME))
    model.search("led")
    assert model.shown() == ("fresh",)
    other = SystemView("ledger", "Ledger", "Estate", "web", "slate")
    model.set_tiles([*tiles_of(HOME), Tile(other, None, None, favourite=False, mine=False)])
    assert set(model.shown()) == {"fresh", "ledger"}


def test_a_filter_leaves_tiles_out_and_back_in() -> None:
    model = TileModel()
    model.set_tiles(tiles_of(STILL))
    everything = model.shown()
    model.filter(Filter.NEEDS)
    assert model.shown() == ("firearms",)
    model.filter(Filter.ALL)
    assert model.shown() == everything


@pytest.mark.parametrize("compact", [0, 1])
def test_scrolled_tiles_are_where_they_are_clicked(desk: Desk, compact: int) -> None:
    desk.show(replace(HOME, systems=systems()))
    desk.pad.choices.choose_view(compact)
    view = desk.pad.tiles
    bar = view.verticalScrollBar()
    settle()
    assert bar.maximum() == -(-750 // view.columns) * view.line_height() - view.viewport().height()
    for value in (0, 37, bar.maximum()):
        bar.setValue(value)
        settle()
        for row in view.rows_in_sight():
            assert view.indexAt(view.cell(row).center()).row() == row
            assert view.cell(row).intersects(view.viewport().rect())
        beyond = QPoint(view.columns * view.cell(0).width() + 1, 10)
        assert not view.indexAt(beyond).isValid()
    assert view.rows_in_sight().stop == 750
    desk.type("zz")
    assert bar.maximum() == 0
    assert view.rows_in_sight() == range(0)


def test_tiles_made_ready_ahead_look_the_same_and_leave_nothing_to_make() -> None:
    model = TileModel()
    model.set_tiles(tiles_of(replace(STILL, favourites=frozenset())))
    painter = TilePainter(model)
    painter.grid = grid(WIDTH, compact=False)
    rows = range(model.rowCount())
    expected = from_the_beginning(model, painter, rows)
    assert painter.make_ahead(1.0, 3)
    while painter.make_ahead(1.0, 3):
        pass
    shapes = len(kit()._shapes)
    assert put_together(model, painter, rows) == expected
    assert len(kit()._shapes) == shapes
    painter.begin_ahead()
    assert not painter.make_ahead(1.0, 1)


def test_what_a_letter_would_find_is_made_ready_while_nobody_types(desk: Desk, qtbot: QtBot) -> None:
    desk.show(replace(HOME, systems=systems(60)))
    view = desk.pad.tiles
    assert len(view.rows_in_sight()) < 60
    qtbot.waitUntil(lambda: not view._ahead.isActive(), timeout=60_000)
    shapes = len(kit()._shapes)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    settle()
    assert len(kit()._shapes) == shapes
