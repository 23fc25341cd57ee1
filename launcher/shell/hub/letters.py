"""Six letters to read to the helpdesk, so large that they can be read from where the telephone is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from launcher.session.hub.views import LettersView
from launcher.shell.hub.words import spoken_letters
from launcher.shell.look import (
    Role,
    Text,
    Type,
    announce,
    chrome_text1,
    chrome_text2,
    current,
    look,
    text1,
    text2,
    word,
)

LETTERS = Role(34, 600, 42, mono=True, growth=0.5)


class LettersBlock(QWidget):
    """A sentence, and the letters three and three; not there while there are none."""

    def __init__(self, *, on_chrome: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = Text("", Type.BODY, chrome_text2 if on_chrome else text2, wrap=True)
        self.letters = Text("", LETTERS, chrome_text1 if on_chrome else text1)
        self._view: LettersView | None = None
        self._full = word("letters.say")
        self._short = False
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.says)
        self._column.addWidget(self.letters, 0, Qt.AlignmentFlag.AlignLeft)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setToolTip(word("letters.why"))
        current().changed.connect(self._look_changed)
        self._look_changed()
        self.hide()

    def show_letters(self, view: LettersView | None, helpdesk: str) -> None:
        """Show these; new ones are said once to a screen reader, letter by letter."""
        before, self._view = self._view, view
        self.setVisible(view is not None)
        if view is None:
            return
        self._full = word("letters.call", helpdesk=helpdesk) if helpdesk else word("letters.say")
        self.be_short(self._short)
        self.letters.setText(view.grouped)
        self.letters.setAccessibleName(spoken_letters(view))
        if before is None or before.letters != view.letters:
            announce(self, f"{self._full} {spoken_letters(view)}")

    def be_short(self, on: bool) -> None:
        """Say it in the fewest words, where there is no room for more."""
        self._short = on
        self.says.setText(word("letters.short") if on else self._full)

    def _look_changed(self) -> None:
        here = look()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(here.space(2))
