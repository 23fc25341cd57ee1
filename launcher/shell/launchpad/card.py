"""The card at the top, and what it folds into while something is searched."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.launchpad.kit import kit
from launcher.shell.launchpad.plates import draw_plate
from launcher.shell.launchpad.round import CardText
from launcher.shell.launchpad.tile import Tile
from launcher.shell.look import (
    STATES,
    Button,
    Card,
    Kind,
    ProgressSegments,
    Radius,
    State,
    Text,
    Type,
    current,
    look,
    paint_icon,
    rounded,
    text1,
    text2,
    word,
)

PLATE = 44
BADGE = 22


class Plates(QWidget):
    """One plate a system, with the state on its corner once it opens; those beyond the room are counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[Tile, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        current().changed.connect(self.updateGeometry)

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Stand for these systems."""
        if len(tiles) != len(self._tiles):
            self.updateGeometry()
        self._tiles = tuple(tiles)
        names = ", ".join(tile.system.name for tile in tiles)
        self.setToolTip(names)
        self.setAccessibleName(names)
        self.update()

    def sizeHint(self) -> QSize:
        here = look()
        count = len(self._tiles)
        side = here.grow(PLATE)
        return QSize(
            count * side + max(0, count - 1) * here.space(10) + 2 * here.space(6), side + 2 * here.grow(BADGE * 0.4)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        painter = QPainter(self)
        side, gap = here.grow(PLATE), here.space(10)
        room = self.width() - 2 * here.space(6)
        fits = max(0, (room + gap) // (side + gap))
        shown = self._tiles if len(self._tiles) <= fits else self._tiles[: max(0, fits - 1)]
        rest = len(self._tiles) - len(shown)
        count = len(shown) + (1 if rest and fits else 0)
        left = self.width() - here.space(6) - count * side - max(0, count - 1) * gap
        top = (self.height() - side) // 2
        for tile in shown:
            rect = QRectF(left, top, side, side)
            muted = tile.state in (State.OFFLINE, State.UNKNOWN)
            draw_plate(painter, rect, tile.system, muted=muted)
            if tile.state is not None and tile.state is not State.UNKNOWN:
                _paint_badge(painter, rect, tile.state)
            left += side + gap
        if rest and fits:
            painter.setFont(here.font(Type.STRONG))
            painter.setPen(here.colours.text2)
            painter.drawText(QRectF(left, top, side, side), Qt.AlignmentFlag.AlignCenter, f"+{rest}")


def _paint_badge(painter: QPainter, plate: QRectF, state: State) -> None:
    """Paint the state's icon on the plate's upper right corner, filled only where it is loud."""
    here = look()
    side = here.grow(BADGE)
    rect = QRectF(round(plate.right() - side * 0.6), round(plate.top() - side * 0.4), side, side)
    colours = here.colours
    loud = colours.loud.get(state)
    ink = loud.text if loud is not None else colours.states[state].fg
    rounded(painter, rect, here.space(Radius.BADGE), loud.fill if loud is not None else colours.surface)
    inset = round(side * 0.12)
    side -= 2 * inset
    # Still: the segments and the tiles turn already, and a row of small spinners only flickers.
    style = STATES[state]
    paint_icon(painter, QRectF(rect.left() + inset, rect.top() + inset, side, side), style.icon, ink, style.weight)


def needs_button() -> Button:
    """Return the amber button that leads to what needs a person."""
    return Button("", Kind.NEEDS, icon="hand-palm", weight="fill", key=word("launchpad.key_needs"))


class ShiftCard(Card):
    """The card: "Open my systems", then how far it is, then how long it took."""

    open_mine = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.button = Button(
            word("launchpad.open_mine"),
            Kind.PRIMARY,
            icon="stack",
            weight="fill",
            key=word("launchpad.key_open"),
            height=68,
        )
        self.heading = Text("", Type.SECTION)
        self.line = Text("", Type.LEAD, text2)
        self.segments = ProgressSegments(word("launchpad.progress"))
        self.plates = Plates()
        self.needs = needs_button()
        self._texts = QVBoxLayout()
        self._texts.addStretch(1)
        self._texts.addWidget(self.heading)
        self._texts.addWidget(self.line)
        self._texts.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.button)
        self._row.addLayout(self._texts, 1)
        self._row.addWidget(self.segments, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self.plates)
        self._row.addWidget(self.needs)
        self._text = CardText("nothing")
        self._count = 0
        self._with_key = True
        self.button.clicked.connect(self.open_mine)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def say(self, text: CardText, tiles: Sequence[Tile], need: int) -> None:
        """Show ``text``, a plate for each of ``tiles``, and how many systems need the officer."""
        changed = (text.heading, text.line) != (self._text.heading, self._text.line) or (
            text.shows,
            len(text.systems),
        ) != (
            self._text.shows,
            len(self._text.systems),
        )
        changed |= (need > 0) != (self._count > 0)
        self._text, self._count = text, need
        self.segments.show_steps(text.steps)
        self.plates.show_tiles(tiles)
        if need:
            self.needs.setText(word("launchpad.need", count=need))
        if changed:
            self._fit()

    def show_key(self, on: bool) -> None:
        """Show on the amber button the key that leads to what needs the officer, or not."""
        if on is not self._with_key:
            self._with_key = on
            self.needs.set_key(word("launchpad.key_needs") if on else "")
            self._fit()

    def beat(self, text: CardText) -> None:
        """Move on the seconds and the segments."""
        changed = (text.heading, text.line) != (self._text.heading, self._text.line)
        self._text = text
        self.segments.show_steps(text.steps)
        if changed:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        # It comes back with the last letter taken back: its ground is painted once.
        here = look()

        def paint(first: QPainter, place: QRectF) -> None:
            rounded(first, place, here.space(Radius.CARD), here.colours.surface, here.colours.line)

        kit().stamp(QPainter(self), QRectF(self.rect()), ("card",), paint, here.colours.canvas)

    def sizeHint(self) -> QSize:
        here = look()
        texts = here.line(Type.SECTION) + here.space(2) + here.line(Type.LEAD)
        high = max(
            self.button.sizeHint().height(), texts, 0 if self.plates.isHidden() else self.plates.sizeHint().height()
        )
        return QSize(here.grow(480), high + 2 * here.space(12 if here.large else 23))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def _fit(self) -> None:
        """Show what there is room for: plates go first, then the segments, never the words."""
        here = look()
        gap = self._row.spacing()
        margins = self._row.contentsMargins()
        start = self._text.shows == "start"
        self.button.setVisible(start)
        self.needs.setVisible(self._count > 0)
        room = self.width() - margins.left() - margins.right()
        if start:
            room -= self.button.sizeHint().width() + gap
        if self._count:
            room -= self.needs.sizeHint().width() + gap
        room -= self._say_within(room)
        wide = self.segments.sizeHint().width() + gap
        segments = self._text.shows in ("running", "finished") and bool(self._text.steps) and room >= wide
        self.segments.setVisible(segments)
        room -= wide if segments else 0
        plates = min(self.plates.sizeHint().width(), room - gap)
        shown = plates >= 3 * here.grow(PLATE)
        if shown is self.plates.isHidden():
            self.plates.setVisible(shown)
            self.updateGeometry()
        self.plates.setFixedWidth(max(1, plates))

    def _say_within(self, room: int) -> int:
        """Say as much as there is room for; return the width it takes, in pixels."""
        here = look()
        text = self._text
        heading, line = text.heading, text.line
        if here.width(Type.SECTION, heading) >= room and text.short_heading:
            # What the heading no longer says, the line does.
            heading, line = text.short_heading, text.short
        if here.width(Type.LEAD, line) >= room:
            # Never what the heading says already.
            line = text.short_line if here.width(Type.LEAD, text.short_line) < room else ""
        self.heading.setText(heading)
        self.line.setText(line)
        self.line.setVisible(bool(line))
        self.button.setAccessibleDescription(f"{text.heading}. {text.line}")
        return max(here.width(Type.SECTION, heading), here.width(Type.LEAD, line)) + 1

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(12 if here.large else 23)
        self._row.setContentsMargins(here.space(23), edge, here.space(17), edge)
        self._row.setSpacing(here.space(26))
        self._texts.setSpacing(here.space(2))
        self._fit()
        self.updateGeometry()


class FoldedCard(QWidget):
    """The card while something is searched: how many are ready, segments, seconds left, on one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Text("", Type.STRONG)
        self.segments = ProgressSegments(word("launchpad.progress"))
        self.left = Text("", Type.META, text2)
        self._row = QHBoxLayout(self)
        for widget in (self.heading, self.segments, self.left):
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def say(self, text: CardText) -> None:
        """Show how far it is; :meth:`fit` decides how much of it."""
        self.heading.setText(text.heading)
        self.segments.show_steps(text.steps)
        self.left.setText(text.short if text.shows == "running" else "")

    def fit(self, room: int) -> int:
        """Show what ``room`` pixels hold: the seconds give way first, then the segments; return the width taken."""
        margins = self._row.contentsMargins()
        width = self.heading.sizeHint().width() + margins.left() + margins.right()
        for part in (self.segments, self.left):
            wide = part.sizeHint().width() + self._row.spacing()
            shown = not look().large and width + wide <= room and (part is not self.left or bool(self.left.text()))
            part.setVisible(shown)
            width += wide if shown else 0
        self.updateGeometry()
        return width

    def sizeHint(self) -> QSize:
        return QSize(self._row.sizeHint().width(), look().touch(48))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        if not here.large:
            rounded(
                QPainter(self), QRectF(self.rect()), here.space(Radius.CONTROL), here.colours.surface, here.colours.edge
            )

    def _look_changed(self) -> None:
        here = look()
        side = 0 if here.large else here.space(16)
        self._row.setContentsMargins(side, 0, here.space(4) if here.large else here.space(20), 0)
        self._row.setSpacing(here.space(14))
        self.heading.set_role(Type.LEAD if here.large else Type.STRONG)
        self.heading.set_tint(text2 if here.large else text1)
        self.updateGeometry()
