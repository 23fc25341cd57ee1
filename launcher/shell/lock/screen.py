"""The lock face of an officer's own session: whose it is, since when, where this is, and how it is unlocked.

It is made before it is needed, so that locking only shows it.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from launcher.session.snapshot import Snapshot
from launcher.shell.frame import Clock
from launcher.shell.lock.form import LockForm
from launcher.shell.lock.spans import clock_time
from launcher.shell.look import word
from launcher.shell.sign_in.between import BetweenPeople
from launcher.shell.sign_in.ink_panel import Held


class LockScreen(BetweenPeople):
    """The face. It draws the lock of a snapshot and nothing of the work."""

    def __init__(self, clock: Clock | None = None, parent: QWidget | None = None) -> None:
        form = LockForm()
        super().__init__(form, clock, parent)
        self.lock_form = form
        self._snapshot: Snapshot | None = None
        form.command.connect(self.command)
        form.help_wanted.connect(self.help_wanted)
        self.help_wanted.connect(self.show_help)
        self.clock.ticked.connect(self._look_again)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the lock; the first picture of it begins anew."""
        before, self._snapshot = self._snapshot, snapshot
        if before is None:
            self._paper.setCurrentWidget(self._scroll)
            self.lock_form.begin()
        self.lock_form.draw(snapshot, self.clock.now())
        if before is None or (before.station, before.officer) != (snapshot.station, snapshot.officer):
            self.show_station(snapshot.station, (), self._held(snapshot))
        self.show_hub(snapshot)
        self.setFocusProxy(self.lock_form.first())
        self._fit()

    def forget(self) -> None:
        """Keep nothing of this lock: the work is back."""
        self._snapshot = None
        self.lock_form.begin()

    def _held(self, snapshot: Snapshot) -> Held:
        officer, lock = snapshot.officer, snapshot.lock
        name = f"{officer.number} {officer.name}".strip() if officer is not None else ""
        return Held(name, word_since(lock.since) if lock is not None else "")

    def _look_again(self) -> None:
        if self._snapshot is not None and self.isVisible():
            self.lock_form.look_again(self._snapshot.officer, self.clock.now())


def word_since(epoch: float) -> str:
    """Return since when a terminal is locked, for the ink panel."""
    return word("lock.held", time=clock_time(epoch))
