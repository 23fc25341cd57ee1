"""The place where the provider's own page is shown: a bar of ours above it, with the way back."""

from __future__ import annotations

import time
from enum import Enum

import shiboken6
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.look import (
    Button,
    Ground,
    Kind,
    State,
    Text,
    Type,
    about,
    announce,
    current,
    look,
    paint_icon,
    pulse,
    text2,
    word,
)

SPINNER = 40


class _OriginBar(Ground):
    """Whose page it is: painted by the shell, so that the page cannot pretend."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lambda colours: colours.surface, parent)
        self.name = Text("", Type.STRONG)
        self.host = Text("", Type.MONO, text2)
        self.cancel = Button(word("sign_in.cancel"), Kind.QUIET, icon="x", key=word("key.escape"), height=44)
        self.row = QHBoxLayout(self)
        self.row.addWidget(self.name)
        self.row.addWidget(self.host, 1)
        self.row.addWidget(self.cancel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        here = look()
        painter = QPainter(self)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), here.colours.line)
        px = here.grow(20)
        place = QRectF(here.space(20), round((self.height() - px) / 2), px, px)
        paint_icon(painter, place, "identification-badge", here.colours.text2)

    def _look_changed(self) -> None:
        here = look()
        self.row.setContentsMargins(
            here.space(20) + here.grow(20) + here.space(10), here.space(5), here.space(12), here.space(6)
        )
        self.row.setSpacing(here.space(12))
        self.updateGeometry()


class _Spinner(QWidget):
    """A ring that turns with the shell's pulse while something is awaited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        side = look().grow(SPINNER)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        tone = look().colours.states[State.OPENING].fg
        paint_icon(QPainter(self), QRectF(self.rect()), "circle-notch", tone, "bold", pulse().turn())


class Wait(Enum):
    """What is awaited while the provider's page is not to be seen."""

    OPENING = "opening"
    CHECKING = "checking"
    LEAVING = "leaving"


class WaitingFace(Ground):
    """What is awaited and for how long already: it stands where the page is not, and over one that is still white."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._wait = Wait.OPENING
        self._provider = ""
        self._since = time.monotonic()
        self.what = Text("", Type.SECTION, wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.passed = Text("", Type.LEAD, text2, align=Qt.AlignmentFlag.AlignHCenter)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self.spinner = _Spinner()
        self._column.addWidget(self.spinner, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self.what)
        self._column.addWidget(self.passed)
        self._column.addStretch(1)
        pulse().ticked.connect(self._tick)
        current().changed.connect(self._look_changed)
        self._look_changed()
        self._say()

    def show_wait(self, wait: Wait, provider: str) -> None:
        """Say what is awaited; the seconds begin anew with another thing."""
        if wait is not self._wait:
            self._since = time.monotonic()
        self._wait, self._provider = wait, provider
        self._say()

    def begin(self) -> None:
        """Count the seconds from now."""
        self._since = time.monotonic()
        self._say()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        pulse().watch(self.spinner)
        self._say_passed()
        announce(self, self.what.text())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # A screen that waits out of sight for its officer wakes for nothing.
        pulse().unwatch(self.spinner)

    def _say(self) -> None:
        match self._wait:
            case Wait.OPENING:
                said = word("sign_in.provider_opening", provider=self._provider)
            case Wait.CHECKING:
                said = word("sign_in.provider_checking")
            case Wait.LEAVING:
                said = word("sign_in.provider_leaving")
        if said != self.what.text():
            self.what.setText(said)
            if self.isVisible():
                announce(self, said)
        self._say_passed()

    def _tick(self) -> None:
        if self.isVisible():
            self._say_passed()

    def _say_passed(self) -> None:
        passed = about((time.monotonic() - self._since) * 1000)
        self.passed.setText(word("sign_in.provider_so_far", seconds=passed))

    def _look_changed(self) -> None:
        here = look()
        side = here.space(24)
        self._column.setContentsMargins(side, side, side, side)
        self._column.setSpacing(here.space(12))


class ProviderPage(Ground):
    """The slot. The page itself belongs to the shell's browser and is only lent.

    Never a blank area without a word: until the page has an address, and again once it was taken away while the
    answer is checked, the slot says what is awaited and for how long already.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.bar = _OriginBar()
        self._page: QWidget | None = None
        self._label = ""
        self._there = False
        self._was_there = False
        self._left = False
        self.waiting = WaitingFace(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.bar)
        self._column.addStretch(1)
        self.bar.cancel.clicked.connect(self.cancelled)

    @property
    def page(self) -> QWidget | None:
        """The page, once there is something to see of it."""
        return self._page if self._there else None

    def show_provider(self, label: str) -> None:
        """Name the provider."""
        self._label = label
        self.bar.name.setText(word("sign_in.with", provider=label))
        self._say()

    def show_host(self, host: str) -> None:
        """Say which host the page is from; call it at every navigation: with the first one the page is there."""
        self.bar.host.setText(host)
        if host and self._page is not None and not self._there:
            self._there = self._was_there = True
            self._say()
            self.focus_page()

    def set_page(self, page: QWidget | None) -> None:
        """Take ``page`` to show it with its first host, or take the one that is there away (it is not deleted)."""
        if page is self._page:
            return
        if self._page is not None and shiboken6.isValid(self._page) and self._page.parent() is self:
            self._column.removeWidget(self._page)
            self._page.setParent(None)
        self._page = page
        self._there = False
        self.bar.host.setText("")
        if page is not None:
            self._was_there = self._left = False
            self.waiting.begin()
            self._column.insertWidget(1, page, 1000)
            page.show()
        self._say()
        self.focus_page()

    def leave(self) -> None:
        """Say that the officer goes back: nothing is checked any more."""
        self._left = True
        self._say()

    def rest(self) -> None:
        """Begin anew: the card is in front."""
        if self._page is None:
            self._was_there = False
        self._left = False
        self.waiting.begin()
        self._say()

    def focus_page(self) -> None:
        """Give the focus to where the person goes on."""
        if self.isVisible():
            self.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def first(self) -> QWidget:
        """Return where the person goes on: the page, or Cancel while there is none to see."""
        return self.page or self.bar.cancel

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cover()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._cover()
        return done

    def _say(self) -> None:
        wait = Wait.LEAVING if self._left else Wait.CHECKING if self._was_there else Wait.OPENING
        self.waiting.show_wait(wait, self._label)
        self.waiting.setVisible(not self._there or self._left)
        self._cover()

    def _cover(self) -> None:
        top = max(self.bar.height(), self.bar.sizeHint().height())
        self.waiting.setGeometry(0, top, self.width(), max(0, self.height() - top))
        self.waiting.raise_()
