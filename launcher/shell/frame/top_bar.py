"""The top bar: mark, search, Helpdesk (F7, with the role), Help (F1), officer, Lock (F12), always in that order."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from launcher.shell.frame.mark import Mark
from launcher.shell.look import (
    Button,
    Chrome,
    FieldBox,
    Kind,
    Radius,
    Type,
    current,
    draw_line,
    look,
    paint_icon,
    rounded,
    word,
)

HEIGHT = 64
_SEARCH = 240


class OfficerButton(QPushButton):
    """Who is logged on: number, and the name where there is room. It leads to the page about them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = ""
        self._name = ""
        self._with_name = True
        self._press = word("you.key")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)

    def show_officer(self, number: str, name: str) -> None:
        """Name the officer."""
        self._number, self._name = number, name
        self.setText(f"{number} {name}".strip().replace("&", "&&"))
        named = word("you.open", officer=f"{number} {name}".strip()) if number or name else ""
        self.setAccessibleName(named)
        self.setToolTip(f"{named} {self._press}" if named else "")
        self._look_changed()

    def show_press(self, press: str) -> None:
        """Say which key leads there."""
        self._press = press
        self.show_officer(self._number, self._name)

    def show_name(self, on: bool) -> None:
        """Show the name beside the number."""
        if on != self._with_name:
            self._with_name = on
            self._look_changed()

    def width_with(self, *, name: bool) -> int:
        """Return the width with or without the name, in pixels."""
        here = look()
        width = 2 * _pad() + here.grow(22) + here.space(8) + here.width(Type.STRONG, self._number)
        return width + here.space(8) + here.width(Type.BODY, self._name) if name and self._name else width

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(self.width_with(name=self._with_name) + 1, look().touch(44))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colours = here.colours
        painter = QPainter(self)
        if self.underMouse() or self.isDown():
            rounded(painter, QRectF(self.rect()), here.space(Radius.CONTROL), colours.chrome_raised)
        px = here.grow(22)
        left = float(_pad())
        paint_icon(
            painter, QRectF(left, round((self.height() - px) / 2), px, px), "user", colours.chrome_text2, weight="fill"
        )
        rect = QRectF(self.rect())
        left += px + here.space(8)
        left += draw_line(
            painter, rect.adjusted(left, 0, 0, 0), self._number, Type.STRONG, colours.chrome_text, elide=False
        )
        if self._with_name:
            left += here.space(8)
            draw_line(painter, rect.adjusted(left, 0, -_pad(), 0), self._name, Type.BODY, colours.chrome_text2)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


def pressed(key: str, family: str) -> str:
    """Return what to press for a function key of the launcher while a terminal of this family has the plain ones."""
    return word("key.with_ctrl", chord=key) if family else key


def _pad() -> int:
    return look().space(8)


class TopBar(Chrome):
    """The bar. ``search`` is the one search field; the launchpad listens to it and draws what it finds."""

    all_systems = Signal()
    help_wanted = Signal()
    log_off = Signal()
    lock_wanted = Signal()
    you_wanted = Signal()
    """The page about the officer is wanted."""
    helpdesk_wanted = Signal()
    """The helpdesk's panel is wanted, by somebody with the role."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("frame.top_bar"))
        self.mark = Mark()
        self.all_systems_button = Button(
            word("frame.all_systems"), Kind.CHROME, icon="squares-four", key=word("key.all_systems")
        )
        self.all_systems_button.hide()
        self.search = FieldBox(icon="magnifying-glass", on_chrome=True, height=44)
        self.search.edit.setPlaceholderText(word("frame.find"))
        self.search.edit.setAccessibleName(word("frame.find"))
        self.search.set_key(word("key.find"))
        self.search.add_clear(word("frame.clear_search"))
        self.helpdesk_button = Button(
            word("helpdesk.open"), Kind.CHROME_QUIET, icon="user-switch", key=word("helpdesk.key")
        )
        self.helpdesk_button.setObjectName("helpdesk-open")
        self.helpdesk_button.hide()
        self.help_button = Button(word("frame.help"), Kind.CHROME_QUIET, icon="headset", key="F1")
        self.officer = OfficerButton()
        self.lock_button = Button(word("frame.lock"), Kind.CHROME, icon="lock-simple", key=word("key.lock"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.mark)
        self._row.addWidget(self.all_systems_button)
        self._row.addWidget(self.search, 1)
        self._row.addWidget(self.helpdesk_button)
        self._row.addWidget(self.help_button)
        self._row.addWidget(self.officer)
        self._row.addWidget(self.lock_button)
        self.all_systems_button.clicked.connect(self.all_systems)
        self.helpdesk_button.clicked.connect(self.helpdesk_wanted)
        self.help_button.clicked.connect(self.help_wanted)
        self.officer.clicked.connect(self.you_wanted)
        self.lock_button.clicked.connect(self.lock_wanted)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_officer(self, number: str, name: str) -> None:
        """Name the officer who is logged on."""
        self.officer.show_officer(number, name)
        self._fit()

    def show_host_keys(self, family: str) -> None:
        """Say which keys lead here while a host's terminal of this family has the plain ones; empty: none has."""
        self.helpdesk_button.set_key(pressed(word("helpdesk.key"), family))
        self.help_button.set_key(pressed("F1", family))
        self.officer.show_press(pressed(word("you.key"), family))
        self.lock_button.set_key(pressed(word("key.lock"), family))
        # Ctrl with a letter is the host's too where it is a VT; Alt Home leads to all systems from there.
        self.search.set_key("" if family == "vt" else word("key.find"))
        self._fit()

    def show_all_systems(self, on: bool) -> None:
        """Offer the way back to all systems; the product's name gives way to it."""
        self.all_systems_button.setVisible(on)
        self._fit()

    def show_helpdesk(self, on: bool) -> None:
        """Offer the helpdesk's panel to whoever has the role."""
        if on == self.helpdesk_button.isHidden():
            self.helpdesk_button.setVisible(on)
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(look().space(640), max(HEIGHT, look().space(HEIGHT)))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().space(320), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show what there is room for.

        First the product's name goes, then the officer's, then the key hints, then the words on the buttons.
        """
        here = look()
        way_back = not self.all_systems_button.isHidden()
        seldom = [one for one in (self.all_systems_button, self.helpdesk_button) if not one.isHidden()]
        buttons = [self.help_button, self.lock_button, *seldom]
        margins = self._row.contentsMargins()
        # From 150 % the officer stands in the strip.
        seen = not here.large and bool(self.officer.text())
        room = (
            self.width()
            - margins.left()
            - margins.right()
            - here.grow(_SEARCH)
            - (4 + len(seldom)) * self._row.spacing()
        )
        words = not here.large
        shown = (False, False, False, False)
        for shown in (
            (not way_back, not way_back, True, words),
            (False, not way_back, True, words),
            (False, False, True, words),
            (False, False, False, words),
            (False, False, False, False),
        ):
            product, name, keys, words = shown
            need = self.mark.width_with(text=product and words)
            need += self.officer.width_with(name=name) if seen else 0
            need += sum(button.natural_width(key=keys, words=words) for button in buttons)
            if need <= room:
                break
        product, name, keys, words = shown
        self.mark.show_text(product and words)
        self.officer.show_name(name)
        self.officer.setVisible(seen)
        for button in (self.help_button, self.lock_button, self.all_systems_button, self.helpdesk_button):
            button.show_key(keys)
            button.set_icon_only(not words)

    def _look_changed(self) -> None:
        here = look()
        self._row.setContentsMargins(here.space(20), 0, here.space(12), 0)
        self._row.setSpacing(here.space(16))
        self._fit()
        self.updateGeometry()
