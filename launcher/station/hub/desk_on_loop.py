"""The station's desk as the link's thread calls it: each call is made on the station's loop, in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launcher.station.hub.ports import HubDesk
    from launcher.wire.hub.commands import Command
    from launcher.wire.hub.sittings import Elsewhere, NoticeLine


class DeskOnLoop:
    """See :class:`launcher.station.hub.ports.HubDesk`."""

    def __init__(self, desk: HubDesk, on_loop: Callable[[Callable[[], None]], None]) -> None:
        self._desk = desk
        self._on_loop = on_loop
        self._state: tuple[bool, bool] | None = None

    def state(self, *, enrolled: bool, reachable: bool) -> None:
        """Say it where it has changed."""
        if (enrolled, reachable) != self._state:
            self._state = enrolled, reachable
            self._on_loop(partial(self._desk.state, enrolled=enrolled, reachable=reachable))

    def carry_out(self, command: Command) -> None:
        """Carry a command out."""
        self._on_loop(partial(self._desk.carry_out, command))

    def notices(self, notices: tuple[NoticeLine, ...]) -> None:
        """Say which notices hold."""
        self._on_loop(partial(self._desk.notices, notices))

    def barred(self, officers: tuple[str, ...], names: tuple[str, ...], forces: tuple[str, ...]) -> None:
        """Say who is suspended."""
        self._on_loop(partial(self._desk.barred, officers, names, forces))

    def elsewhere(self, sittings: tuple[Elsewhere, ...]) -> None:
        """Say where else officers are logged on."""
        self._on_loop(partial(self._desk.elsewhere, sittings))

    def letters_known(self, letters: tuple[str, ...]) -> None:
        """Say which letters the hub has."""
        self._on_loop(partial(self._desk.letters_known, letters))

    def roles_changed(self) -> None:
        """Say that a role may have changed."""
        self._on_loop(self._desk.roles_changed)
