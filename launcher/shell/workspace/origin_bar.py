"""The origin bar above every system: whose page this is, painted by the shell so that no page can say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from launcher.shell.look import (
    Button,
    Ground,
    IconButton,
    Kind,
    Plate,
    Text,
    Type,
    current,
    group_of,
    look,
    paint_icon,
    text2,
    word,
)

_HEIGHT = 52
_KIND_ICON = {"web": "globe-simple", "terminal": "terminal-window", "program": "app-window"}


@dataclass(frozen=True, slots=True)
class Origin:
    """What the bar says."""

    name: str
    hue: str
    icon: str
    kind: str
    host: str
    signed_on: str  # a sentence, or empty
    ready: str  # a sentence, or empty
    can_reload: bool
    can_go: tuple[bool, bool] | None  # back, forward; none: it is a browser's of its own, which has buttons for them
    is_page: bool  # of the web, which has a menu of its own
    reload: str  # what to load it anew is called


class OriginBar(Ground):
    """Plate, name, kind, host; signed on as, ready in; Reload, Report a problem. What is least needed goes first."""

    reload_wanted = Signal()
    report_wanted = Signal()
    step_wanted = Signal(int)
    """-1 back, +1 forward."""
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lambda colours: colours.surface, parent)
        self.setAccessibleName(word("workspace.origin"))
        self._origin: Origin | None = None
        self.plate = Plate("", group_of("slate"), side=30)
        self.name = Text("", Type.STRONG)
        self.kind = _KindIcon()
        self.host = Text("", Type.MONO, text2)
        self.signed_on = Text("", Type.META, text2)
        self.ready = Text("", Type.META, text2)
        self.back = IconButton("arrow-left", word("workspace.page.back"))
        self.forward = IconButton("arrow-right", word("workspace.page.forward"))
        self.more = IconButton("dots-three", word("workspace.page.more"))
        self.back.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.forward.clicked.connect(lambda: self.step_wanted.emit(1))
        self.more.clicked.connect(lambda: self.menu_wanted.emit(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        self.reload = Button(word("workspace.reload"), Kind.QUIET, icon="arrow-clockwise", height=44, role=Type.STRONG)
        self.report = Button(word("workspace.report"), Kind.QUIET, icon="flag", height=44, role=Type.STRONG)
        self.reload.clicked.connect(self.reload_wanted)
        self.report.clicked.connect(self.report_wanted)
        self.row = QHBoxLayout(self)
        for widget in (
            self.back,
            self.forward,
            self.plate,
            self.name,
            self.kind,
            self.host,
            self.signed_on,
            self.ready,
        ):
            self.row.addWidget(widget)
        self.row.addStretch(1)
        self.row.addWidget(self.reload)
        self.row.addWidget(self.report)
        self.row.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, origin: Origin) -> None:
        """Say whose page it is."""
        if origin == self._origin:
            return
        self._origin = origin
        self.plate.show_system(origin.name, group_of(origin.hue), origin.icon)
        self.name.setText(origin.name)
        self.kind.show_kind(origin.kind)
        self.host.setText(origin.host)
        self.signed_on.setText(origin.signed_on)
        self.ready.setText(origin.ready)
        self.reload.setText(origin.reload)
        self.reload.setEnabled(origin.can_reload)
        for button, there in zip((self.back, self.forward), origin.can_go or (False, False), strict=True):
            button.setEnabled(there)
        self.more.setVisible(origin.is_page)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(QRectF(0, self.height() - 1, self.width(), 1), look().colours.line)

    def _fit(self) -> None:
        """Leave things out until the rest fits; the name and the host are the last to be cut."""
        if self._origin is None:
            return
        here = look()
        gap = here.space(12)
        fixed = self.plate.sizeHint().width() + self.name.sizeHint().width() + self.kind.sizeHint().width()
        fixed += self.more.sizeHint().width() + gap if self._origin.is_page else 0
        fixed += self.host.sizeHint().width() + 5 * gap + 2 * here.space(20)
        words = self.reload.natural_width() + self.report.natural_width() + gap
        icons = self.reload.natural_width(words=False) + self.report.natural_width(words=False) + gap
        signed = self.signed_on.sizeHint().width() + gap if self._origin.signed_on else 0
        ready = self.ready.sizeHint().width() + gap if self._origin.ready else 0
        room = self.width() - fixed
        steps = self.back.sizeHint().width() + self.forward.sizeHint().width() + 2 * gap
        walks = self._origin.is_page and self._origin.can_go is not None
        in_bar = walks and steps + icons <= room  # else they are in the menu, and on the keys
        self.back.setVisible(in_bar)
        self.forward.setVisible(in_bar)
        room -= steps if in_bar else 0
        icon_only = here.large or words + ready > room
        room -= icons if icon_only else words
        self.reload.set_icon_only(icon_only)
        self.report.set_icon_only(icon_only)
        self.ready.setVisible(bool(ready) and ready <= room)
        self.signed_on.setVisible(bool(signed) and signed + ready <= room)

    def _look_changed(self) -> None:
        here = look()
        height = here.touch(_HEIGHT)
        self.setFixedHeight(height)
        self.row.setContentsMargins(here.space(20), 3, here.space(12), 4)
        self.row.setSpacing(here.space(12))
        self._fit()


class _KindIcon(QWidget):
    """The icon of a kind, named for a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self._kind = "web"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_kind(self, kind: str) -> None:
        """Stand for a kind."""
        self._kind = kind
        self.setAccessibleName(word(f"kind.{kind}"))
        self.setToolTip(word(f"kind.{kind}"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        name = _KIND_ICON.get(self._kind, "app-window")
        paint_icon(QPainter(self), QRectF(self.rect()), name, look().colours.text2)

    def _look_changed(self) -> None:
        side = look().grow(20)
        self.setFixedSize(side, side)
