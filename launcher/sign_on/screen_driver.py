"""What a recipe of screens needs of the terminal that it drives.

A driver is called from the engine's loop only. Every method may raise :class:`LauncherError` of
``launcher.terminal.errors``: :class:`TerminalLineError` when the line has ended, its kind :class:`HostClosedLineError`
when the host has closed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from launcher.recipes.screens import Screen, ScreenFill
from launcher.secret import Secret
from launcher.sign_on.stages import StageSeen
from launcher.terminal.errors import FieldRefusedError


class ScreenGoneError(FieldRefusedError):
    """The screen that was seen last is not shown any more, and nothing has been done on it yet."""


class ScreenDriver(Protocol):
    """The three verbs of a recipe of screens, and what was last seen.

    What is filled and pressed is meant for the screen that was seen last: where the host shows another one by then,
    nothing is done, and :class:`ScreenGoneError` is raised; where it changes while it is being filled,
    :class:`FieldRefusedError`.
    """

    async def first_of(self, screens: Sequence[Screen], within_s: float) -> StageSeen | None:
        """Return the first screen shown (lowest index when several are), or None at the deadline.

        One that was shown already when the last key was pressed counts only once its texts have changed since.
        """
        ...

    async def fill(self, fill: ScreenFill, value: Secret, *, hides: bool) -> None:
        """Put the value into the field that the fill names, or type it at a VT's cursor; nothing is sent by it alone.

        ``hides``: a field that would show the value is not filled. Raises :class:`FieldRefusedError`.
        """
        ...

    async def press(self, key: str) -> None:
        """Press the key of that name. Raises :class:`FieldRefusedError` where it cannot be pressed."""
        ...

    def hides(self, value: Secret, *, is_name: bool) -> None:
        """Leave this out of whatever is said of a screen, and what is no name out of the session's log."""
        ...

    def last_seen(self) -> str:
        """Say what is in front now, for a person: the host, and the screen's name or top line, without any secret."""
        ...
