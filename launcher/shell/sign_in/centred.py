"""The card in the middle of the paper: the form on a surface, or bare where there is no room to spare."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.look import Card, Radius, Text, Type, look
from launcher.shell.sign_in.forms import Form

CONTENT_WIDTH = 472
HALF_WIDTH = 280
"""What each half of a form needs, at 100 %, that stands in two beside each other."""


class Centred(QWidget):
    """The card, and which of its forms is shown.

    It places the card itself: a layout would ask for the height of the text at the paper's width, not at the card's.
    """

    placed = Signal()
    """The card is somewhere else, or of another size."""

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms = [form]
        self._bare = False
        self._card = Card(Radius.SIGN_IN_CARD, self)
        self._inside = QVBoxLayout(self._card)
        self._inside.addWidget(form)
        self._below: Text | None = None
        self.form = form
        self._card.installEventFilter(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add_form(self, form: Form) -> None:
        """Take another form, hidden until it is shown."""
        form.hide()
        self._forms.append(form)
        self._inside.addWidget(form)

    def show_form(self, form: Form) -> None:
        """Show one of the forms."""
        if form is self.form:
            return
        self.form = form
        self._spread()
        for each in self._forms:
            each.setVisible(each is form)

    def fit(self, *, bare: bool) -> None:
        """Stand on a surface or ``bare``, and place the card anew."""
        side = look().space(44)
        self._bare = bare
        self._card.set_bare(bare)
        above, below = (24, 24) if self.form.tight else (36, 40)
        around = (side, look().space(above), side, look().space(below))
        self._inside.setContentsMargins(*((0, 0, 0, 0) if bare else around))
        self._place()

    def say_below(self, text: str) -> None:
        """Say something beneath the card, which does not move for it; "": nothing."""
        if self._below is None:
            if not text:
                return
            self._below = Text("", Type.BODY, wrap=True, parent=self)
        if text != self._below.text():
            self._below.setText(text)
        self._below.setVisible(bool(text))
        self._place()
        self.updateGeometry()

    @property
    def below_text(self) -> Text | None:
        """What stands beneath the card, if something does."""
        return self._below if self.below else None

    @property
    def below(self) -> str:
        """What is said beneath the card."""
        return self._below.text() if self._below is not None else ""

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        card = self._card_width(width)
        height, below = self._card_height(card), self._below_height(card)
        above = self._above(height) if below else self._margin()
        return above + height + below + self._margin()

    def sizeHint(self) -> QSize:
        width = self._card_width(1 << 16) + 2 * self._margin()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.LayoutRequest and watched is self._card
        if asked or (event.type() == QEvent.Type.Resize and watched is not self._card):
            self._place()
        return super().eventFilter(watched, event)

    def _margin(self) -> int:
        return look().space(16)

    def _card_height(self, width: int) -> int:
        # A layout in which no text is wrapped has no height for a width: Qt then answers -1.
        wraps = self._inside.hasHeightForWidth()
        return self._inside.totalHeightForWidth(width) if wraps else self._inside.totalSizeHint().height()

    def _card_width(self, room: int) -> int:
        here = look()
        content = max(CONTENT_WIDTH, here.grow(CONTENT_WIDTH * 0.8))
        if self._spreads(room):
            content = 2 * content
        width = content if self._bare else content + 2 * here.space(44)
        return min(width, max(280, room - 2 * self._margin()))

    def _spreads(self, room: int) -> bool:
        """Say whether the form stands in two halves where there is so much room."""
        return self.form.spreads and self._bare and look().large and room >= 2 * look().grow(HALF_WIDTH)

    def _spread(self) -> None:
        self.form.spread(self._spreads(self.width()))

    def _place(self) -> None:
        """Where the height is short, what happens next gives way before the fields do."""
        self._spread()
        area = self._viewport_height()
        width = self._card_width(self.width())
        self._show_lead(width, area)
        height = self._card_height(width)
        place = QRect((self._paper_width() - width) // 2, self._above(height), width, height)
        if self._below is not None:
            high = max(0, self._below_height(width) - self._margin())
            self._below.setGeometry(place.left(), place.bottom() + 1 + self._margin(), width, high)
        if place != self._card.geometry():
            self._card.setGeometry(place)
            self.updateGeometry()
            self.placed.emit()

    def _above(self, height: int) -> int:
        return max(self._margin(), (self._viewport_height() - height) // 2)

    def _below_height(self, width: int) -> int:
        """Return what stands beneath the card takes of the height, with the space above it."""
        if self._below is None or not self._below.text():
            return 0
        return self._margin() + self._below.heightForWidth(width)

    def _show_lead(self, width: int, area: int) -> None:
        # Decided from heights, not by trying: each try would ask for another layout, without end.
        lead = self.form.lead
        with_lead = self._card_height(width) + 2 * self._margin()
        with_lead += lead.heightForWidth(width) if lead.isHidden() else 0
        wanted = bool(lead.text()) and (not self._bare or self.form.lead_stays or with_lead <= area)
        if wanted == lead.isHidden():
            lead.setVisible(wanted)
            # The height is asked for at once, before Qt would tell the layouts.
            self.form.column.invalidate()
            self._inside.invalidate()

    def _paper_width(self) -> int:
        """Return the width in whose middle the card stands: that of the paper, with the place of the scroll bar."""
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        return area.width() if area is not None else self.width()

    def _viewport_height(self) -> int:
        viewport = self.parentWidget()
        return viewport.height() if viewport is not None else self.height()
