"""What the hub says to whoever stands before this screen: whether it is there, notices, letters to read out."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from launcher.session import commands as c
from launcher.session.hub.views import HubNoticeView, HubView, LettersView
from launcher.session.ports import Station
from launcher.session.snapshot import Snapshot
from launcher.wire.hub_messages import HubNotices, HubState, LettersHere, WantsLetters


class Picture(Protocol):
    """What is drawn on."""

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        ...

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        ...


class AtTerminal:
    """The parts of the picture that belong to the terminal, in every state of the session."""

    def __init__(self, desk: Picture, station: Station) -> None:
        self._desk = desk
        self._station = station
        self._asked = False
        self._letters: LettersView | None = None  # those that hold, shown or not

    def serve(self, message: object) -> bool:
        """Carry out what is the terminal's business; False for all else."""
        match message:
            case HubState():
                self.state(message)
            case HubNotices():
                self.notices(message)
            case LettersHere():
                self.letters(message)
            case c.AskForHelp(on=on):
                self.ask(on)
            case _:
                return False
        return True

    def state(self, told: HubState) -> None:
        """Show whether the hub is there."""
        now = replace(self._desk.snapshot.hub or HubView(), enrolled=told.enrolled, reachable=told.reachable)
        self._desk.draw(hub=now, letters=self._letters if told.reachable else None)  # nobody could look them up

    def notices(self, told: HubNotices) -> None:
        """Show what holds here now."""
        views = tuple(HubNoticeView(one.id, one.text, one.systems, one.since) for one in told.notices)
        if views != self._desk.snapshot.hub_notices:
            self._desk.draw(hub_notices=views)

    def letters(self, told: LettersHere) -> None:
        """Show the letters, as long as somebody asks for help."""
        if self._asked:
            self._letters = LettersView(told.letters, told.until) if told.letters else None
            self._desk.draw(letters=self._letters)

    def ask(self, on: bool) -> None:
        """Ask for letters, or want none any more."""
        if on == self._asked:
            return
        self._asked = on
        self._letters = None
        self._station.tell(WantsLetters(on=on))
        if not on and self._desk.snapshot.letters is not None:
            self._desk.draw(letters=None)
