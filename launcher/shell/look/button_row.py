"""A row of buttons: beside each other where all are whole, else one beneath the other."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout

from launcher.shell.look.buttons import Button
from launcher.shell.look.look import look


class ButtonRow(QBoxLayout):
    """Lays buttons out. ``first_grows``: the first takes what is left of the width, else nothing does.

    Whoever holds it says how wide it may be (:meth:`fit`) whenever that changes, or which buttons are there.
    """

    def __init__(self, *buttons: Button, gap: int, first_grows: bool = False) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._buttons = buttons
        self._gap = gap
        for at, button in enumerate(buttons):
            self.addWidget(button, 1 if first_grows and at == 0 else 0)
        if not first_grows:
            self.addStretch(1)

    def fit(self, room: int) -> None:
        """Fold or unfold it for ``room`` pixels; a key hint may be left out for it."""
        self.setSpacing(look().space(self._gap))
        shown = [button for button in self._buttons if not button.isHidden()]
        need = sum(button.natural_width(key=False) for button in shown) + self.spacing() * (len(shown) - 1)
        direction = QBoxLayout.Direction.LeftToRight if need <= room else QBoxLayout.Direction.TopToBottom
        if direction is not self.direction():
            self.setDirection(direction)
