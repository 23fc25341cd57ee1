"""Paints the tiles that are seen.

At every key some thirty of them are others. Each is put together from what many share: a back that says the same, a
plate that looks the same, a name laid out before. Only the tile an officer is at, and those whose seconds run, are
painted from the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap, QStaticText

from launcher.catalogue.search import Hit
from launcher.shell.launchpad.choice import marks_of
from launcher.shell.launchpad.forms import Form, Grid
from launcher.shell.launchpad.ground import paint_star
from launcher.shell.launchpad.kit import Kit, kit
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.names import draw_marks, lines_of, placed
from launcher.shell.launchpad.plates import column_key, column_rect, paint_column, paint_new_plate, plate_key
from launcher.shell.launchpad.spots import Spots, spots
from launcher.shell.launchpad.tile import Tile
from launcher.shell.launchpad.tile_parts import (
    NamePlace,
    back_key,
    draw_other_name,
    muted,
    name_place,
    paint_back,
    paint_tile,
)
from launcher.shell.look import Radius, State, look, rounded


@dataclass(frozen=True, slots=True)
class _Made:
    """One tile put together: what to paint and where, from its corner. ``plain`` is not so while its seconds run."""

    tile: Tile
    current: bool
    hovered: bool
    plain: bool
    muted: bool
    back: str  # the names of the two shapes
    plate: str
    spot: NamePlace
    lines: tuple[str, ...]
    laid: tuple[tuple[float, QStaticText], ...]


class TilePainter:
    """Paints tiles. ``current_shown`` says whether the current one is marked, ``ringed`` that it has the focus."""

    def __init__(self, model: TileModel) -> None:
        self._model = model
        self.grid = Grid(Form.TALL, 1, 1, 1)
        self.current = -1
        self.hovered = -1
        self.current_shown = False
        self.ringed = False
        self._made: dict[str, _Made] = {}
        self._made_for: tuple[Grid, Kit] | None = None
        self._ahead = 0

    def paint(self, painter: QPainter, rows: Iterable[int], scrolled: int) -> None:
        """Paint the tiles of ``rows``, with the view scrolled down by so many pixels."""
        cells, model, half = self.grid, self._model, kit().gap // 2
        press = self._press(painter.device().devicePixelRatio())
        marked = self.current if self.current_shown else -1
        names: list[tuple[_Made, int, int]] = []
        others: list[tuple[_Made, int, int, Hit]] = []
        for row in rows:
            line, column = divmod(row, cells.columns)
            x, y = column * cells.cell_width + half, line * cells.cell_height - scrolled + half
            hit = model.hit(row)
            each = self._made_of(model.tile(row), press.place, current=row == marked, hovered=row == self.hovered)
            if each.plain:
                press.pieces(painter, each, x, y)
                if hit is not None:
                    press.marks(painter, each, hit, x, y)
                    if hit.field == "alias":
                        others.append((each, x, y, hit))
                names.append((each, x, y))
            else:
                press.whole(painter, each, hit, x, y)
            if each.current and self.ringed:
                press.ring(painter, x, y)
        _write(painter, names)
        for each, x, y, hit in others:
            draw_other_name(painter, x, y, each.spot, each.tile, hit, len(each.lines))

    def make_ahead(self, ratio: float, count: int) -> bool:
        """Make ready up to ``count`` tiles that were not painted yet; say whether there may be more.

        What a first letter finds is tiles nobody has seen yet: each costs as much as thirty that were seen.
        """
        press = self._press(ratio)
        tiles = self._model.all_tiles()
        while self._ahead < len(tiles) and count > 0:
            tile = tiles[self._ahead]
            self._ahead += 1
            made = self._made.get(tile.id)
            if made is None or made.tile is not tile:
                press.make_ready(self._made_of(tile, press.place, current=False, hovered=False))
                count -= 1
        return self._ahead < len(tiles)

    def begin_ahead(self) -> None:
        """Begin again with the first tile: tiles say something else, or are of another size."""
        self._ahead = 0

    def _press(self, ratio: float) -> _Press:
        tools, cells = kit(), self.grid
        if self._made_for != (cells, tools):
            self._made_for = cells, tools
            self._made.clear()
        return _Press(cells, tools, ratio)

    def _made_of(self, tile: Tile, place: Spots, *, current: bool, hovered: bool) -> _Made:
        made = self._made.get(tile.id)
        if made is None or made.tile is not tile or made.current is not current or made.hovered is not hovered:
            made = self._made[tile.id] = _make(tile, self.grid.form, place, current=current, hovered=hovered)
        return made

    def star_at(self, cell: QRect, at: QPoint) -> bool:
        """Say whether ``at`` is on the star of the tile in ``cell``."""
        gap = kit().gap
        half = gap // 2
        place = spots(self.grid.form, cell.width() - gap, cell.height() - gap, look())
        star = place.star.translated(cell.x() + half, cell.y() + half)
        reach = 4
        return star.adjusted(-reach, -reach, reach, reach).contains(QPointF(at))


class _Press:
    """Puts the pieces of tiles down, for one size of tile on a device of pixel ratio ``ratio``."""

    def __init__(self, cells: Grid, tools: Kit, ratio: float) -> None:
        self._form = cells.form
        self._tools = tools
        self._ratio = ratio
        self._width = cells.cell_width - tools.gap
        self._height = cells.cell_height - tools.gap
        place = self.place = spots(cells.form, self._width, self._height, tools.look)
        plate = column_rect(place) if cells.form is Form.TALL else place.plate
        self._left, self._top = round(plate.x()), round(plate.y())
        self._plate_size = plate.width(), plate.height(), ratio

    def make_ready(self, each: _Made) -> None:
        """Have the pieces of a tile at hand."""
        if each.plain:
            self._back(each)
            self._plate_of(each)

    def pieces(self, painter: QPainter, each: _Made, x: int, y: int) -> None:
        """Put down all of a tile but its name, with the corner at ``x`` and ``y``."""
        painter.drawPixmap(x, y, self._back(each))
        painter.drawPixmap(x + self._left, y + self._top, self._plate_of(each))
        if each.tile.favourite or each.hovered:
            paint_star(painter, self.place.star.translated(x, y), filled=each.tile.favourite)

    def marks(self, painter: QPainter, each: _Made, hit: Hit, x: int, y: int) -> None:
        """Put down the marks behind the letters of the name that were found."""
        if ranges := marks_of(hit):
            marks = placed(each.tile.system.name, each.lines, ranges)
            draw_marks(painter, x + each.spot.left, y + each.spot.top, marks, each.lines, each.spot.face)

    def whole(self, painter: QPainter, each: _Made, hit: Hit | None, x: int, y: int) -> None:
        """Paint a tile from the beginning, rounded from its own corner as the shared pieces are."""
        rect = QRectF(0, 0, self._width, self._height)
        shown = {"current": each.current, "hovered": each.hovered}
        painter.translate(x, y)
        paint_tile(painter, rect, self.place, each.tile, self._form, hit, **shown)
        painter.translate(-x, -y)

    def ring(self, painter: QPainter, x: int, y: int) -> None:
        """Paint the ring of the focus around a tile."""
        here = self._tools.look
        reach = here.space(2) + here.space(3)
        around = QRectF(x, y, self._width, self._height).adjusted(-reach, -reach, reach, reach)
        radius = here.space(Radius.CONTROL) + reach
        rounded(painter, around, radius, None, here.colours.ring, float(here.space(3)))

    def _back(self, each: _Made) -> QPixmap:
        tools, size = self._tools, (self._width, self._height, self._ratio)
        if (found := tools.found(each.back, *size)) is not None:
            return found

        def paint(first: QPainter, rect: QRectF) -> None:
            shown = {"current": each.current, "hovered": each.hovered}
            paint_back(first, rect, self.place, each.tile, self._form, **shown)

        return tools.shape(each.back, *size, paint, tools.colours.canvas)

    def _plate_of(self, each: _Made) -> QPixmap:
        if (found := self._tools.found(each.plate, *self._plate_size)) is not None:
            return found

        def paint(first: QPainter, rect: QRectF) -> None:
            if self._form is Form.TALL:
                paint_column(first, self.place, each.tile.system, muted=each.muted)
            else:
                paint_new_plate(first, rect, each.tile.system, muted=each.muted)

        return self._tools.shape(each.plate, *self._plate_size, paint)


def _make(tile: Tile, form: Form, place: Spots, *, current: bool, hovered: bool) -> _Made:
    quiet = muted(tile)
    spot = name_place(tile, form, place, current=current)
    face = spot.face
    lines = lines_of(tile.system.name, face, spot.width, spot.most)
    tops = (face.top(spot.top + face.line * (at + 0.5)) for at in range(len(lines)))
    return _Made(
        tile,
        current,
        hovered,
        plain=not tile.moving and not (current and tile.state is State.FAILED),
        muted=quiet,
        # Texts: their hash is known, that of a tuple is reckoned again for each of thirty tiles at each key.
        back=repr((*back_key(tile, form, place, current=current), current, hovered)),
        plate=repr((column_key if form is Form.TALL else plate_key)(tile.system, muted=quiet)),
        spot=spot,
        lines=lines,
        laid=tuple(zip(tops, map(face.laid, lines), strict=True)),
    )


def _write(painter: QPainter, names: list[tuple[_Made, int, int]]) -> None:
    """Write the names: all of one colour together."""
    if not names:
        return
    tools = kit()
    painter.setFont(names[0][0].spot.face.font)
    for quiet, ink in ((False, tools.colours.text), (True, tools.colours.text2)):
        painter.setPen(ink)
        for each, x, y in names:
            if each.muted is quiet:
                left = x + each.spot.left
                for top, text in each.laid:
                    painter.drawStaticText(QPointF(left, y + top), text)
