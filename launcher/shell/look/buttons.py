"""The buttons: primary, secondary, quiet, on chrome, and the amber one that leads to what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from launcher.shell.look.announce import announce
from launcher.shell.look.icons import Weight, paint_icon
from launcher.shell.look.look import current, look
from launcher.shell.look.paint import chip_width, draw_chip, draw_line, rounded
from launcher.shell.look.pulse import pulse
from launcher.shell.look.tokens import HOVER_MS, Colours, Radius, Role, State, Type, mixed


class Kind(Enum):
    """What a button looks like."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    CHROME = "chrome"
    CHROME_QUIET = "chrome-quiet"
    NEEDS = "needs"


_HEIGHTS = {
    Kind.PRIMARY: 60,
    Kind.SECONDARY: 48,
    Kind.QUIET: 48,
    Kind.CHROME: 44,
    Kind.CHROME_QUIET: 44,
    Kind.NEEDS: 48,
}


class Button(QPushButton):
    """A button with an optional icon at its left and a key hint at its right.

    ``height`` overrides the kind's height at 100 % (68 for a big action). The key hint is only a hint: the shortcut
    itself belongs to the window. The hint goes first when there is no room for it, and from 150 % on.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = Kind.SECONDARY,
        *,
        icon: str = "",
        weight: Weight = "bold",
        key: str = "",
        height: int = 0,
        role: Role | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = ""
        self._kind = kind
        self._icon_name = icon
        self._icon_weight: Weight = weight
        self._key = key
        self._height = height or _HEIGHTS[kind]
        small = kind in (Kind.CHROME, Kind.CHROME_QUIET)
        self._role = role or (Type.SECTION if self._height >= 68 else Type.STRONG if small else Type.BUTTON)
        self._icon_only = False
        self._with_key = True
        self._flush = False
        self._busy = ""
        self._heat = QVariantAnimation(self)
        self._heat.setStartValue(0.0)
        self._heat.setEndValue(1.0)
        self._heat.valueChanged.connect(self.update)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        current().changed.connect(self._look_changed)

    # What it says

    @property
    def kind(self) -> Kind:
        """What it looks like."""
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        """Change what it looks like; its height stays."""
        self._kind = kind
        self.update()

    def text(self) -> str:
        return self._label

    def setText(self, text: str) -> None:
        self._label = text
        # An & is a letter here ("Fire & Rescue"), never the mark of a mnemonic.
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self._look_changed()

    def set_icon(self, name: str, weight: Weight = "bold") -> None:
        """Change the icon; an empty name takes it away."""
        self._icon_name, self._icon_weight = name, weight
        self._look_changed()

    @property
    def key(self) -> str:
        """The key hint, shown or not."""
        return self._key

    def set_key(self, key: str) -> None:
        """Change the key hint; empty takes it away."""
        self._key = key
        self._look_changed()

    def show_key(self, on: bool) -> None:
        """Show the key hint where there is one, or leave it out for lack of room."""
        self._with_key = on
        self._look_changed()

    def set_icon_only(self, on: bool) -> None:
        """Show the icon alone; the name stays for a screen reader and as a tool tip."""
        self._icon_only = on
        self.setToolTip(self.text() if on else "")
        self._look_changed()

    def set_flush(self, on: bool) -> None:
        """Let a quiet button's content begin at its left edge, in line with text above it."""
        self._flush = on
        self._look_changed()

    @property
    def busy(self) -> bool:
        """Whether it shows that its work is going on."""
        return bool(self._busy)

    def set_busy(self, words: str) -> None:
        """Show ``words`` and a spinner instead of the text, and take no clicks; empty ends it. Focus stays."""
        if words == self._busy:
            return
        self._busy = words
        self.setAccessibleName(words or self.text())
        if words:
            announce(self, words)
        (pulse().watch if words else pulse().unwatch)(self)
        self._look_changed()

    # How big it is

    def sizeHint(self) -> QSize:
        height = self._touch_height()
        if self._icon_only:
            return QSize(height, height)
        width = self._content_width(with_key=self._chip_wanted()) + 2 * self._pad()
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        height = self._touch_height()
        if self._icon_only:
            return QSize(height, height)
        return QSize(self._content_width(with_key=False) + 2 * self._pad(), height)

    def natural_width(self, *, key: bool = True, words: bool = True) -> int:
        """Return the width with or without the key hint, or of the icon alone, in pixels."""
        if not words:
            return self._touch_height()
        with_key = key and bool(self._key) and not look().large
        return self._content_width(with_key=with_key) + 2 * self._pad()

    def fitting(self, texts: Sequence[str], room: int) -> str:
        """Return the first of ``texts`` that is whole at ``room`` pixels without the hint, else the last."""
        here = look()
        rest = self.natural_width(key=False) - here.width(self._role, self._busy or self.text())
        return next((text for text in texts if rest + here.width(self._role, text) <= room), texts[-1])

    def clipped(self) -> bool:
        """Say whether some of the text is not shown at the present size."""
        return not self._icon_only and self.width() < self.minimumSizeHint().width()

    def _touch_height(self) -> int:
        # The primary button is already large: it grows less than space does.
        return max(self._height, look().space(self._height - 8 if self._height >= 60 else self._height))

    def _pad(self) -> int:
        if self._kind in (Kind.QUIET, Kind.CHROME_QUIET):
            return 0 if self._flush else look().space(12)
        return look().space(18)

    def _icon_px(self) -> int:
        return look().grow(22 if self._role.size >= 18 else 20)

    def _chip_wanted(self) -> bool:
        return bool(self._key) and self._with_key and not look().large and not self._busy

    def _shown_icon(self) -> str:
        return "circle-notch" if self._busy else self._icon_name

    def _content_width(self, *, with_key: bool) -> int:
        here = look()
        width = here.width(self._role, self._busy or self.text())
        if self._shown_icon():
            width += self._icon_px() + here.space(10)
        if with_key:
            width += here.space(12) + chip_width(self._key)
        return width

    # What it does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._busy:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._busy and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._warm(forward=True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._warm(forward=False)

    def _warm(self, *, forward: bool) -> None:
        duration = look().ms(HOVER_MS)
        direction = QVariantAnimation.Direction.Forward if forward else QVariantAnimation.Direction.Backward
        self._heat.setDirection(direction)
        self._heat.setDuration(max(1, duration))
        self._heat.start()
        if not duration:
            self._heat.setCurrentTime(1 if forward else 0)

    # How it is painted

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        painter = QPainter(self)
        fill, outline, ink, mark = self._colours(here.colours)
        rect = QRectF(self.rect())
        if fill is not None or outline is not None:
            rounded(painter, rect, here.space(Radius.CONTROL), fill, outline)
        self._paint_content(painter, ink, mark)

    def _paint_content(self, painter: QPainter, ink: QColor, mark: QColor) -> None:
        here = look()
        px = self._icon_px()
        middle = self.height() / 2
        turn = pulse().turn() if self._busy else 0.0
        weight: Weight = "bold" if self._busy else self._icon_weight
        if self._icon_only:
            left = (self.width() - px) // 2
            paint_icon(painter, QRectF(left, round(middle - px / 2), px, px), self._shown_icon(), mark, weight, turn)
            return
        room = self.width() - 2 * self._pad()
        with_key = self._chip_wanted() and self._content_width(with_key=True) <= room
        content = min(self._content_width(with_key=with_key), room)
        left = self._pad() if self._flush else (self.width() - content) // 2
        if self._shown_icon():
            paint_icon(painter, QRectF(left, round(middle - px / 2), px, px), self._shown_icon(), mark, weight, turn)
            left += px + here.space(10)
        text = self._busy or self.text()
        width = min(here.width(self._role, text), self.width() - self._pad() - left)
        draw_line(painter, QRectF(left, 0, width, self.height()), text, self._role, ink)
        if with_key:
            draw_chip(painter, left + width + here.space(12), middle, self._key, ink)

    def _colours(self, colours: Colours) -> tuple[QColor | None, QColor | None, QColor, QColor]:
        """Return fill, outline, text and icon colour."""
        heat = float(self._heat.currentValue() or 0.0) if self.isEnabled() else 0.0
        down = self.isDown() or self.isChecked()
        if not self.isEnabled():
            if self._kind in (Kind.QUIET, Kind.CHROME_QUIET):
                return None, None, colours.disabled, colours.disabled
            return colours.disabled_bg, None, colours.disabled, colours.disabled
        if self._kind is Kind.PRIMARY:
            warm = colours.action_press if down or self._busy else mixed(colours.action, colours.action_hover, heat)
            return warm, None, colours.on_action, colours.on_action
        if self._kind is Kind.NEEDS:
            loud = colours.loud[State.NEEDS]
            return mixed(loud.fill, loud.text, 0.16 if down else 0.08 * heat), None, loud.text, loud.text
        if self._kind is Kind.CHROME:
            warm = mixed(colours.chrome_raised, colours.chrome_edge, 0.35 if down else 0.2 * heat)
            return warm, colours.chrome_edge, colours.chrome_text, colours.chrome_text
        if self._kind is Kind.CHROME_QUIET:
            warm = mixed(colours.chrome, colours.chrome_raised, 1.0 if down else heat)
            return (warm if heat or down else None), None, colours.chrome_text, colours.chrome_text
        if self._kind is Kind.QUIET:
            warm = colours.accent_soft if down else mixed(colours.surface, colours.hover, heat)
            return (warm if heat or down else None), None, colours.accent, colours.accent
        warm = colours.accent_soft if down else mixed(colours.surface, colours.hover, heat)
        return warm, colours.edge, colours.text, colours.text

    def ring_rect(self) -> QRect:
        """Return where the focus ring goes around."""
        return self.rect()

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()
