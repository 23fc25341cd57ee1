"""The row above the systems while something is searched: how many were found, and the card folded beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from launcher.shell.launchpad.card import FoldedCard, needs_button
from launcher.shell.look import Text, Type, current, look, text2, word


class Results(QWidget):
    """The row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = Text("", Type.SECTION)
        self.contain = Text("", Type.LEAD, text2)
        self.folded = FoldedCard()
        self.needs = needs_button()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.found)
        self._row.addWidget(self.contain)
        self._row.addStretch(1)
        self._row.addWidget(self.folded)
        self._row.addWidget(self.needs)
        self._with_key = True
        current().changed.connect(self._look_changed)
        self._look_changed()

    def say_typed(self, typed: str) -> None:
        """Say what is searched."""
        self.contain.setText(word("launchpad.contain", text=typed))

    def say_needs(self, need: int) -> None:
        """Say how many systems need the officer."""
        self.needs.setVisible(need > 0)
        if need:
            self.needs.setText(word("launchpad.need", count=need))

    def show_key(self, on: bool) -> bool:
        """Show on the amber button the key that leads to what needs the officer, or not; say whether that is new.

        The button has another width then: the row is to be fitted again.
        """
        if on is self._with_key:
            return False
        self._with_key = on
        self.needs.set_key(word("launchpad.key_needs") if on else "")
        return True

    def fit(self, found: int, count: int, room: int) -> None:
        """Say how many of ``count`` were found, as fully as ``room`` pixels hold."""
        here = look()
        room -= 3 * self._row.spacing()
        room -= self.needs.sizeHint().width() if not self.needs.isHidden() else 0
        short = word("launchpad.found_short", found=found, count=count)
        said = word("launchpad.found", found=found, systems=word("launchpad.count", count=count))
        if not self.folded.isHidden():
            room -= self.folded.fit(room - here.width(Type.SECTION, short) - 1)
        if here.large or here.width(Type.SECTION, said) >= room:
            said = short
        self.found.setText(said)
        room -= here.width(Type.SECTION, said)
        self.contain.setVisible(not here.large and room > here.width(Type.LEAD, self.contain.text()))

    def _look_changed(self) -> None:
        here = look()
        self._row.setSpacing(here.space(12))
        self.setMinimumHeight(here.touch(48))
