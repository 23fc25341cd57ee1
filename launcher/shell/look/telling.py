"""What was told to the helpdesk and what came of it: one place for every panel that shows an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from launcher.session.hub.views import ToldView
    from launcher.session.snapshot import Snapshot


class Telling(QObject):
    """The shell's one. ``asked`` carries a reference and a system's id; ``changed``: there is something new."""

    asked = Signal(str, str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.on = False
        """Whether this terminal has a helpdesk that can be told."""
        self.helpdesk = ""
        """Its telephone number."""
        self._told: tuple[ToldView, ...] = ()

    def draw(self, snapshot: Snapshot) -> None:
        """Take what a picture says of it."""
        on = snapshot.hub is not None and snapshot.hub.enrolled
        now = on, snapshot.station.helpdesk, snapshot.told
        if now != (self.on, self.helpdesk, self._told):
            self.on, self.helpdesk, self._told = now
            self.changed.emit()

    def of(self, reference: str, system: str) -> ToldView | None:
        """Return what became of telling this, if it was told."""
        return next((one for one in self._told if (one.reference, one.system) == (reference, system)), None)

    def ask(self, reference: str, system: str) -> None:
        """Tell it."""
        self.asked.emit(reference, system)


_telling: Telling | None = None


def telling() -> Telling:
    """Return the shell's one."""
    global _telling
    if _telling is None:
        _telling = Telling()
    return _telling
