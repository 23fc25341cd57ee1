"""Drives a :class:`Terminal` for a recipe of screens: looks after every change, fills fields, presses one key."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from launcher.recipes.screens import Screen, ScreenFill
from launcher.secret import Secret
from launcher.sign_on.screen_driver import ScreenGoneError
from launcher.sign_on.screen_sight import OFFICERS_LOCKS, Sight, field_of, is_shown, sight_of, words_of
from launcher.sign_on.stages import StageSeen
from launcher.terminal.engine import Engine
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.grid import CellGrid
from launcher.terminal.keys import AID_KEYS, Key, key_named
from launcher.terminal.session_log import lines_without
from launcher.terminal.terminal import EngineT, Terminal

_SAID_MOST: Final = 60
_QUIET_S: Final = 0.5
"""What a VT has to show a screen that is known, before whatever it shows counts as any screen: it draws piece by piece,
and echoes a key before it answers it. A 3270 host says by the keyboard that it is done."""
_CHECK: Final = "Nothing was sent. Check your name and password for this system, and press Retry."
_RESET: Final = Key("Reset")
_REFUSED: Final = {
    "locked": "the keyboard is locked",
    "protected": "nothing may be typed there",
    "too-long": "it is longer than its field",
    "not-in-code-page": "the host's character set lacks one of its characters",
    "numeric": "the field takes a number only",
}


class TerminalDriver:
    """Implements :class:`ScreenDriver` over one terminal, for the terminal's life; ``encoding`` is a VT host's."""

    def __init__(self, terminal: Terminal[EngineT], *, encoding: str = "utf-8") -> None:
        self._terminal = terminal
        self._encoding = encoding
        self.gave_secret = False
        """Whether the host may have a secret of a fill: a VT has it as it is typed, a 3270 with the next key."""
        self._holds_secret = False
        self._given: dict[Secret, None] = {}
        self._name = ""
        self._shown: Screen | None = None
        """The screen that was seen last; what is filled and pressed is meant for it alone."""
        self._form: tuple[object, ...] | None = None
        """Its fields, once something was done on it."""
        self._pieces_then = 0
        self._sight_then: Sight | None = None
        """What stood there when a key was pressed that the host has to answer."""

    async def first_of(self, screens: Sequence[Screen], within_s: float) -> StageSeen | None:
        """Return the first screen shown, looked for at once and after every change, or None at the deadline."""
        then = self._sight_then
        # What was there already when the key was pressed is what the key was pressed on.
        stale = frozenset(screen for screen in screens if then is not None and is_shown(screen, then))

        def find(grid: CellGrid, among: Sequence[Screen] = screens) -> int | None:
            sight = sight_of(grid)
            # A 3270 host that draws the same again, as for the second refusal, has taken what was typed all the same.
            unchanged = then is not None and (sight.text, sight.fields) == (then.text, then.fields)
            for index, screen in enumerate(screens):
                if screen in among and not (unchanged and screen in stale) and is_shown(screen, sight):
                    return index
            return None

        try:
            index = await self._terminal.wait_for(find, within_s)
            engine: Engine = self._terminal.engine
            if engine.family == "vt" and screens[index].recognised_by_nothing:
                known = tuple(one for one in screens if not one.recognised_by_nothing)
                with suppress(TimeoutError):
                    index = await self._terminal.wait_for(lambda grid: find(grid, known), min(within_s, _QUIET_S))
        except TimeoutError:
            again = self._asked_again(screens, stale)
            if again is None:
                return None
            index = again
        self._sight_then = None
        self._shown, self._form = screens[index], None
        self._name = screens[index].name
        return StageSeen(index, self.last_seen(), words_of(screens[index].says_row, self._lines()))

    def _asked_again(self, screens: Sequence[Screen], stale: frozenset[Screen]) -> int | None:
        """Return the prompt for a secret that stands there after all this time as it stood when it was answered.

        A VT host that clears its screen and asks with the same words has refused, where it has sent anything since.
        """
        engine: Engine = self._terminal.engine
        if engine.family != "vt" or self._terminal.pieces_fed == self._pieces_then:
            return None
        sight = sight_of(self._terminal.grid)
        asks = (index for index, one in enumerate(screens) if one in stale and one.secrets and one.before_cursor)
        return next((index for index in asks if is_shown(screens[index], sight)), None)

    async def fill(self, fill: ScreenFill, value: Secret, *, hides: bool) -> None:
        """Put the value into the field, read back in place; on a VT type it, where the cursor is."""
        if fill.names:
            self._given[value] = None
        engine: Engine = self._terminal.engine
        self._reset()
        self._require_same_screen()
        if engine.family == "3270":
            field = field_of(fill, sight_of(self._terminal.grid))
            if hides and not field.hidden:
                raise FieldRefusedError("The password was not filled in: the field would show it.")
            try:
                self._terminal.fill(field.start, value, secret=fill.is_secret)
            except FieldRefusedError as fault:
                raise FieldRefusedError(fault.message, hint=_CHECK if fill.names else None) from fault
            self._holds_secret = self._holds_secret or fill.is_secret
            return
        text = value.reveal()
        if not text.isprintable():
            raise FieldRefusedError("The value was not typed: it holds a character that is a key.")
        if not self._can_be_sent(text):
            raise FieldRefusedError(f"The value was not typed: {_REFUSED['not-in-code-page']}.")
        typed = self._terminal.type_secret(value) if fill.is_secret else self._terminal.type(text)
        self.gave_secret = self.gave_secret or (fill.is_secret and typed.taken > 0)
        if typed.refused:
            raise FieldRefusedError(f"The value was not typed: {_REFUSED[typed.refused]}.")

    async def press(self, key: str) -> None:
        """Press the key; what the host shows from now on is news."""
        found = key_named(key)
        self._reset()
        self._require_same_screen()
        self._shown = self._form = None
        self._sight_then = sight_of(self._terminal.grid) if self._asks_the_host(key) else None
        self._pieces_then = self._terminal.pieces_fed
        self._name = ""
        if found is None or not self._terminal.press(found):
            raise FieldRefusedError(f"The key {key} cannot be pressed now.")
        self.gave_secret = self.gave_secret or self._holds_secret

    def hides(self, value: Secret, *, is_name: bool) -> None:
        """Leave this out of whatever is said of a screen, and what is no name out of the session's log."""
        self._given[value] = None
        if not is_name:
            self._terminal.hide(value)

    def last_seen(self) -> str:
        """Say the host, and the screen by its name, or by its top line where it has none."""
        host = self._terminal.facts.host
        if self._name:
            return f"{host}, screen {self._name!r}"
        top = next((" ".join(line.split()) for line in self._lines() if line.strip()), "")
        return f"{host}, {top[:_SAID_MOST]!r}" if top else f"{host}, an empty screen"

    def _require_same_screen(self) -> None:
        """Nothing is done on another screen than the one that was seen: a host may draw a new one at any moment.

        Of a form that is being filled the fields must stay; what a host writes beside them is its own affair. A VT has
        none, and shows what is typed.
        """
        screen, sight = self._shown, sight_of(self._terminal.grid)
        if screen is None:
            return
        form = tuple((field.start, field.length, field.protected, field.hidden) for field in sight.fields)
        if self._form is None:
            if not is_shown(screen, sight):
                raise ScreenGoneError(f"The screen {screen.name!r} was not there any more, so nothing was done on it.")
            self._form = form
        elif form != self._form:
            raise FieldRefusedError(f"The screen {screen.name!r} has changed while it was filled in.")

    def _reset(self) -> None:
        """Take away the lock that a wrong key of the officer's has left: a recipe goes on from where they stopped."""
        if self._terminal.grid.status.lock in OFFICERS_LOCKS:
            self._terminal.press(_RESET)

    def _can_be_sent(self, text: str) -> bool:
        try:
            text.encode(self._encoding)
        except UnicodeError:  # the line would send a question mark instead
            return False
        return True

    def _lines(self) -> tuple[str, ...]:
        return lines_without(self._terminal.grid, self._given)

    def _asks_the_host(self, key: str) -> bool:
        engine: Engine = self._terminal.engine
        return engine.family == "vt" or key in AID_KEYS
