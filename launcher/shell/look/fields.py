"""The line field: label, text, the password's eye, Caps Lock said, and a red outline for the field at fault."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.look.announce import announce
from launcher.shell.look.caps_lock import caps_lock_after
from launcher.shell.look.focus_ring import RingShape
from launcher.shell.look.icons import Weight, paint_icon
from launcher.shell.look.look import current, look
from launcher.shell.look.paint import chip_width, draw_chip, rounded
from launcher.shell.look.palette import chrome_palette_of, palette_of
from launcher.shell.look.text import Text, Tint
from launcher.shell.look.tokens import Colours, Radius, State, Type
from launcher.shell.look.words import word

_SECRET_HINTS = (
    Qt.InputMethodHint.ImhHiddenText
    | Qt.InputMethodHint.ImhSensitiveData
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhNoAutoUppercase
)


class LineEdit(QLineEdit):
    """The text of a field: a real line edit without a frame; the box around it paints the outline."""

    caps_lock = Signal(bool)
    """Emitted when a key press shows that Caps Lock came on or went off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caps: bool | None = None
        self.setFrame(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        after = caps_lock_after(event, self._caps)
        if after is not None and after != self._caps:
            self._caps = after
            self.caps_lock.emit(after)
        super().keyPressEvent(event)

    def ring_shape(self) -> RingShape:
        """The ring goes around the whole box, not around the text in it."""
        box = self.parentWidget()
        if isinstance(box, FieldBox):
            return RingShape(box, box.rect(), look().space(Radius.CONTROL), box.on_chrome)
        return RingShape(self, self.rect(), look().space(Radius.CONTROL), False)

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(60), look().line(Type.LEAD))

    def sizeHint(self) -> QSize:
        return QSize(look().grow(200), look().line(Type.LEAD))


class IconButton(QPushButton):
    """A small button that is an icon; its name is for a screen reader and the tool tip."""

    def __init__(self, icon: str, name: str, *, on_chrome: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._on_chrome = on_chrome
        self.rename(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        current().changed.connect(self._look_changed)

    def rename(self, name: str) -> None:
        """Change what it is called."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: str) -> None:
        """Change the icon."""
        self._icon_name = icon
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        side = look().touch(44)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def ring_shape(self) -> RingShape:
        """The ring goes around the icon's own square."""
        inset = look().space(6)
        return RingShape(
            self, self.rect().adjusted(inset, inset, -inset, -inset), look().space(Radius.BADGE), self._on_chrome
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colours = here.colours
        painter = QPainter(self)
        px = here.grow(22)
        left, top = (self.width() - px) // 2, (self.height() - px) // 2
        if self.underMouse() and self.isEnabled():
            warm = colours.chrome_line if self._on_chrome else colours.accent_soft
            inset = here.space(4)
            rounded(
                painter, QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), here.space(Radius.SEGMENT), warm
            )
        ink = colours.chrome_text if self._on_chrome else colours.accent
        paint_icon(
            painter, QRectF(left, top, px, px), self._icon_name, ink if self.isEnabled() else colours.disabled, "bold"
        )

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class FieldBox(QWidget):
    """The outlined box: an optional icon, the text, an optional key hint, and small buttons at the right."""

    def __init__(
        self, *, icon: str = "", on_chrome: bool = False, height: int = 52, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.on_chrome = on_chrome
        self._icon_name = icon
        self._height = height
        self._key = ""
        self._at_fault = False
        self.edit = LineEdit(self)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.addWidget(self.edit, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self.update)
        self.edit.installEventFilter(self)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def add_button(self, icon: str, name: str) -> IconButton:
        """Add a small button at the right."""
        button = IconButton(icon, name, on_chrome=self.on_chrome, parent=self)
        self._row.addWidget(button)
        self._look_changed()
        return button

    def add_clear(self, name: str) -> IconButton:
        """Add the cross that empties the field; it shows only while something stands there."""
        button = self.add_button("x", name)
        button.setVisible(bool(self.edit.text()))
        self.edit.textChanged.connect(lambda text: button.setVisible(bool(text)))
        button.clicked.connect(self.edit.clear)
        button.clicked.connect(self.edit.setFocus)
        return button

    @property
    def key(self) -> str:
        """The key hint."""
        return self._key

    def set_key(self, key: str) -> None:
        """Show a key hint while the field is empty and without focus."""
        self._key = key
        self._look_changed()

    def set_at_fault(self, on: bool) -> None:
        """Give the field the two-pixel red outline."""
        self._at_fault = on
        self.update()

    @property
    def at_fault(self) -> bool:
        """Whether the field has the red outline."""
        return self._at_fault

    def sizeHint(self) -> QSize:
        return QSize(look().grow(220), look().touch(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(120), look().touch(self._height))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colours = here.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = here.space(Radius.CONTROL)
        fill = colours.chrome_raised if self.on_chrome else colours.surface
        if not self.isEnabled():
            fill = colours.disabled_bg
        if self._at_fault:
            rounded(painter, rect, radius, fill, colours.loud[State.FAILED].edge, 2.0)
        else:
            rounded(painter, rect, radius, fill, colours.chrome_edge if self.on_chrome else colours.edge)
        if self._icon_name:
            px = here.grow(22)
            left = here.space(14)
            ink = colours.chrome_text2 if self.on_chrome else colours.text2
            paint_icon(painter, QRectF(left, (self.height() - px) // 2, px, px), self._icon_name, ink)
        if self._chip_shown():
            ink = colours.chrome_text2 if self.on_chrome else colours.text2
            draw_chip(painter, self.width() - chip_width(self._key) - here.space(10), self.height() / 2, self._key, ink)

    def _chip_shown(self) -> bool:
        if not self._key or self.edit.text() or self.edit.hasFocus() or look().large:
            return False
        placeholder = look().width(Type.LEAD, self.edit.placeholderText())
        return self.edit.x() + placeholder + chip_width(self._key) + look().space(20) <= self.width()

    def _look_changed(self) -> None:
        here = look()
        colours = here.colours
        left = here.space(16) if not self._icon_name else here.space(14) + here.grow(22) + here.space(12)
        right = here.space(4) if self._row.count() > 1 else here.space(14)
        self._row.setContentsMargins(left, 1, right, 1)
        self.edit.setFont(here.font(Type.LEAD))
        palette = chrome_palette_of(colours) if self.on_chrome else palette_of(colours)
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.edit.setPalette(palette)
        self.updateGeometry()
        self.update()


class LineField(QWidget):
    """A labelled field. ``secret`` hides what is typed and adds the eye and the Caps Lock notice.

    Paste is allowed. :meth:`forget` empties it so that undo cannot bring the text back.
    """

    def __init__(self, label: str, *, secret: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._secret = secret
        self.label = Text(label, Type.STRONG)
        self.box = FieldBox()
        self.edit = self.box.edit
        self.label.setBuddy(self.edit)
        self.edit.setAccessibleName(label)
        self.caps_notice = _Notice(word("look.caps_lock_on"), "arrow-fat-line-up", "bold", _warning)
        self.caps_notice.hide()
        self.asks = _Notice("", "warning-octagon", "fill", _failing)
        self.asks.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.label)
        self._column.addWidget(self.box)
        self._column.addWidget(self.caps_notice)
        self._column.addWidget(self.asks)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusProxy(self.edit)
        self.eye: IconButton | None = None
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.edit.setInputMethodHints(_SECRET_HINTS)
            self.eye = self.box.add_button("eye", word("look.show_password"))
            self.eye.clicked.connect(self._toggle_eye)
            self.edit.caps_lock.connect(self._say_caps)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def add_note(self, note: QWidget) -> None:
        """Put a note, such as a rule, close beneath the field."""
        self._column.addWidget(note)

    def text(self) -> str:
        """Return what stands in the field."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Put ``text`` into the field; this also empties its undo history."""
        self.edit.setText(text)

    def forget(self) -> None:
        """Empty the field, its undo history, and hide what will be typed next."""
        self.edit.setText("")
        if self._secret:
            self._hide_text()

    def show_kept(self, on: bool) -> None:
        """Show dots in the place of a password that was sent and is no longer in the field."""
        self.edit.setPlaceholderText("●" * 8 if on else "")

    def relabel(self, label: str) -> None:
        """Change the label."""
        self.label.setText(label)
        self.edit.setAccessibleName(label)

    def set_at_fault(self, on: bool, why: str = "") -> None:
        """Mark the field as the one at fault; ``why`` is read with it by a screen reader."""
        self.box.set_at_fault(on)
        self.edit.setAccessibleDescription(why if on else "")

    def ask(self, what: str) -> None:
        """Say beneath the field, which is at fault then, what is to be typed there; nothing takes that away."""
        self.asks.text.setText(what)
        self.asks.setVisible(bool(what))
        self.set_at_fault(bool(what), what)
        if what and self.isVisible():
            announce(self.edit, what)

    def _say_caps(self, on: bool) -> None:
        self.caps_notice.setVisible(on)
        if on:
            announce(self.edit, word("look.caps_lock_on"))

    def _toggle_eye(self) -> None:
        if self.edit.echoMode() == QLineEdit.EchoMode.Password:
            self.edit.setEchoMode(QLineEdit.EchoMode.Normal)
            self._name_eye("eye-slash", word("look.hide_password"))
        else:
            self._hide_text()

    def _hide_text(self) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._name_eye("eye", word("look.show_password"))

    def _name_eye(self, icon: str, name: str) -> None:
        if self.eye is not None:
            self.eye.set_icon(icon)
            self.eye.rename(name)

    def _look_changed(self) -> None:
        self._column.setSpacing(look().space(6))
        self.updateGeometry()


class _Notice(QWidget):
    """A line beneath a field: that Caps Lock is on, or what is to be typed."""

    def __init__(self, said: str, icon: str, weight: Weight, tint: Tint) -> None:
        super().__init__()
        self._icon, self._weight, self._tint = icon, weight, tint
        self.text = Text(said, Type.META, tint, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text)
        self._row = row
        current().changed.connect(self._look_changed)
        self._look_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        px, line = here.grow(18), here.line(Type.META)
        place = QRectF(0, (line - px) // 2, px, px)
        paint_icon(QPainter(self), place, self._icon, self._tint(here.colours), self._weight)

    def _look_changed(self) -> None:
        self._row.setContentsMargins(look().grow(18) + look().space(6), 0, 0, 0)
        self.update()


def _failing(colours: Colours) -> QColor:
    return colours.states[State.FAILED].fg


def _warning(colours: Colours) -> QColor:
    return colours.states[State.DEGRADED].fg
