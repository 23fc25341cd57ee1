"""Writes down the screens of a host that was signed on to by hand or by its recipe, as the beginning of a recipe.

What is written are texts at places, the fields' order, which placeholder went where and the key; never a value that was
filled, never what is hidden, and no text with the officer's name or a number in it: it would be of one officer or day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from launcher.recipes.screens import Screen, ScreenFill, ScreenMeans
from launcher.secret import Secret
from launcher.sign_on.recognising import Recogniser, recogniser, texts_on, writes_by_lines
from launcher.sign_on.screen_driver import ScreenDriver
from launcher.sign_on.screen_sight import Sight, field_of, sight_of
from launcher.sign_on.stages import StageSeen
from launcher.terminal.engine import Engine, Family
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.terminal import Terminal

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z .,:;()'/&=>+-]*")
_LETTERS: Final = 3


@dataclass(slots=True)
class MetScreen:
    """One screen as it was met, and what was done there."""

    sight: Sight
    name: str = ""
    means: ScreenMeans = ""
    fills: list[ScreenFill] = field(default_factory=list)
    press: str = ""

    @property
    def untouched(self) -> bool:
        """Whether nothing was done there, and it proves nothing."""
        return not (self.fills or self.press or self.means)

    @property
    def is_given_a_password(self) -> bool:
        """Whether a password was filled there."""
        return any("password" in fill.names for fill in self.fills)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A screen that means failed. It came after the screen ``behind``, the how-manieth of its way from 0."""

    screen: MetScreen
    behind: int
    secret: bool
    """What was refused was a password, so it comes behind any screen that is given one."""


class Recording:
    """The screens met so far: those of the sign-on up to the one that means ready, then those of the sign-off.

    Where a host refused, it is called again, and the way of its sign-on begins anew.
    """

    def __init__(self, family: Family, leave_out: Collection[str], secrets: Collection[Secret] = ()) -> None:
        self.sign_on: list[MetScreen] = []
        self.refusals: list[Refusal] = []
        self.sign_off: list[MetScreen] = []
        self.family: Family = family
        self.ready = False
        self.line_ended = False
        """The host has closed the line at the sign-off."""
        self._leave_out = tuple(name.casefold() for name in leave_out if len(name.strip()) >= _LETTERS)
        self._secrets = tuple(secrets)

    def met(self, sight: Sight, name: str = "", means: ScreenMeans = "") -> None:
        """Note the screen that is in front now, before anything is filled there."""
        way = self.sign_off if self.ready else self.sign_on
        if way and way[-1].untouched:
            way.pop()  # it is looked at again
        way.append(MetScreen(sight, name, means))
        if means == "ready":
            self.is_ready()

    def filled(self, fill: ScreenFill) -> None:
        """Note which placeholder went where."""
        self._here.fills.append(fill)

    def pressed(self, key: str) -> None:
        """Note the key."""
        self._here.press = key

    def is_ready(self) -> None:
        """Note that the screen in front means ready: what is done from now on signs off, and may begin there."""
        here = self.sign_on[-1]
        here.means, self.ready = "ready", True
        self.sign_off = [MetScreen(here.sight, here.name or "ready")]

    def is_refusal(self) -> None:
        """Note that the screen in front means failed. The host is called again: the sign-on is met from the start."""
        *way, here = self.sign_on
        here.means = "failed"
        self.refusals.append(Refusal(here, len(way) - 1, bool(way) and way[-1].is_given_a_password))
        self.sign_on = []

    def is_notice(self) -> None:
        """Note that the screen in front is for the officer to read, who presses the key themselves."""
        self.sign_on[-1].means = "notice"

    @property
    def off(self) -> list[MetScreen]:
        """The sign-off as it is written: where the host closed the line, what it showed last may be no screen."""
        shown = self.family == "3270" and any(texts_on(self.sign_off[-1].sight)) if self.sign_off else False
        return self.sign_off if shown or not self.line_ended else self.sign_off[:-1]

    def is_logon(self) -> None:
        """Note that the screen in front proves that nobody is signed on."""
        self.sign_off[-1].means = "logon"

    @property
    def signed_off(self) -> bool:
        """Whether a screen was met that means logon."""
        return bool(self.sign_off) and self.sign_off[-1].means == "logon"

    @property
    def untouched(self) -> bool:
        """Whether nothing was done yet on the screen in front."""
        return self._here.untouched

    @property
    def needs(self) -> frozenset[str]:
        """The placeholders that were filled."""
        return frozenset().union(*(fill.names for screen in self.sign_on for fill in screen.fills))

    @property
    def _here(self) -> MetScreen:
        return (self.sign_off or self.sign_on)[-1]

    def shows(self, sight: Sight) -> bool:
        """Say whether the screen in front is the one that was met last."""
        met = (self.sign_off or self.sign_on)[-1].sight
        return (met.text, met.fields) == (sight.text, sight.fields)

    def stands_out(self, *, refuses: bool = False) -> bool:
        """Say whether something that may be written down tells the screen in front from those before it on its way."""
        way = self.sign_off or self.sign_on
        return self.recogniser(way[-1].sight, [one.sight for one in way[:-1]], refuses=refuses).own

    def recogniser(self, sight: Sight, others: Sequence[Sight], *, refuses: bool = False) -> Recogniser:
        """Return by what a screen is recognised beside others; ``refuses``: it is a host's refusal."""
        # A VT has as many rows in its tab as there is room for: a text stands in another one there.
        by_lines = self.family == "vt" or writes_by_lines([one.sight for one in (*self.sign_on, *self.off)])
        return recogniser(sight, others, self.family, self.may_be_written, by_lines=by_lines, refuses=refuses)

    def may_be_written(self, text: str) -> bool:
        """Say whether a text of the host's is neither of one officer nor of one day, and says something."""
        return bool(_PLAIN.fullmatch(text)) and sum(map(str.isalpha, text)) >= _LETTERS and self.is_nobodys(text)

    def is_nobodys(self, text: str) -> bool:
        """Say whether neither the officer's name nor a secret is in a text."""
        said = text.casefold()
        return not any(name in said for name in self._leave_out) and not any(
            secret.reveal().casefold() in said for secret in self._secrets if secret
        )


class RecordingDriver:
    """A driver of screens that has what it does written down."""

    def __init__(self, driver: ScreenDriver, terminal: Terminal[Engine], recording: Recording) -> None:
        self._driver = driver
        self._terminal = terminal
        self._recording = recording

    async def first_of(self, screens: Sequence[Screen], within_s: float) -> StageSeen | None:
        """Look for the first screen shown."""
        seen = await self._driver.first_of(screens, within_s)
        if seen is not None:
            screen = screens[seen.index]
            self._recording.met(sight_of(self._terminal.grid), screen.name, screen.means)
        return seen

    async def fill(self, fill: ScreenFill, value: Secret, *, hides: bool) -> None:
        """Fill a field."""
        await self._driver.fill(fill, value, hides=hides)
        self._recording.filled(fill)

    async def press(self, key: str) -> None:
        """Press a key."""
        await self._driver.press(key)
        self._recording.pressed(key)

    def hides(self, value: Secret, *, is_name: bool) -> None:
        """Leave this out of whatever is said of a screen."""
        self._driver.hides(value, is_name=is_name)

    def last_seen(self) -> str:
        """Say what is in front."""
        return self._driver.last_seen()


def fill_for(number: int, value: str, sight: Sight, is_nobodys: Callable[[str], bool]) -> ScreenFill:
    """Return how a recipe names the n-th input field (from 1): hidden, by its label, or by its order.

    ``is_nobodys``: whether a label may be written down.
    """
    field_wanted = sight.inputs[number - 1] if 0 < number <= len(sight.inputs) else None
    if field_wanted is None:
        raise FieldRefusedError(f"The screen has no input field {number}.")
    if field_wanted.hidden and sum(one.hidden for one in sight.inputs) == 1:
        return ScreenFill(hidden=True, value=value)
    row, column = divmod(field_wanted.start, sight.columns)
    before = [text for at, place, text in texts_on(sight) if at == row + 1 and place <= column]
    for label in (text for text in reversed(before) if sum(map(str.isalpha, text)) >= _LETTERS):
        fill = ScreenFill(label=label, value=value)
        try:
            if not any(map(str.isdigit, label)) and is_nobodys(label) and field_of(fill, sight) == field_wanted:
                return fill
        except FieldRefusedError:
            pass
    return ScreenFill(input=number, value=value)
