"""Writes down the screens of a host that was signed on to by hand or by its recipe, as the beginning of a recipe.

What is written are texts at places, the fields' order, which placeholder went where and the key; never a value that was
filled, never what is hidden, and no text with the officer's name or a number in it: it would be of one officer or day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from launcher.recipes.screens import Screen, ScreenFill, ScreenMeans
from launcher.secret import Secret
from launcher.sign_on.screen_driver import ScreenDriver, ScreenSeen
from launcher.sign_on.screen_sight import Sight, field_of, sight_of
from launcher.terminal.engine import Engine, Family
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.terminal import Terminal

_PART: Final = re.compile(r"[^\s\0]+(?: [^\s\0]+)*")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z .,:;()'/&=>+-]*")
_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z ]*[A-Za-z]")
_LETTERS: Final = 3
_PROMPT: Final = re.compile(r"[A-Za-z][A-Za-z ]*[:>?]$")
_RULES: Final = (
    "# Recorded from the host. Read it before it is used: a text that is of one officer or one day has no place in it.",
    "# What was not met is missing: the host's refusal (failed), a password that has expired (change-password), a",
    "# notice, and a caller who is signed on still.",
)


@dataclass(slots=True)
class MetScreen:
    """One screen as it was met, and what was done there."""

    at: tuple[tuple[int, int, str], ...]
    before_cursor: str = ""
    inputs: int | None = None
    hidden_inputs: int | None = None
    locked: bool = False
    name: str = ""
    means: ScreenMeans = ""
    fills: list[ScreenFill] = field(default_factory=list)
    press: str = ""


class Recording:
    """The screens met so far: those of the sign-on up to the one that means ready, then those of the sign-off."""

    def __init__(self, family: Family, leave_out: Collection[str], secrets: Collection[Secret] = ()) -> None:
        self.sign_on: list[MetScreen] = []
        self.sign_off: list[MetScreen] = []
        self.ready = False
        self.line_ended = False
        """The host has closed the line at the sign-off."""
        self._family = family
        self._leave_out = tuple(name.casefold() for name in leave_out if len(name.strip()) >= _LETTERS)
        self._secrets = tuple(secrets)

    def met(self, sight: Sight, name: str = "", means: ScreenMeans = "") -> None:
        """Note the screen that is in front now, before anything is filled there."""
        found = MetScreen(tuple(self._chosen(sight)), name=name, means=means)
        found.locked = sight.locked
        if self._family == "3270" and not sight.locked:
            found.inputs = len(sight.inputs)
            found.hidden_inputs = sum(one.hidden for one in sight.inputs)
        elif self._family == "vt":
            found.before_cursor = self._prompt(sight)
        way = self.sign_off if self.ready else self.sign_on
        if way and not (way[-1].fills or way[-1].press or way[-1].means):
            way.pop()  # nothing was done there: it is looked at again
        way.append(found)
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
        self.sign_off = [MetScreen(here.at, here.before_cursor, here.inputs, here.hidden_inputs)]

    @property
    def off(self) -> list[MetScreen]:
        """The sign-off as it is written: where the host closed the line, what it showed last may be no screen."""
        shown = bool(self.sign_off) and bool(self.sign_off[-1].at or self.sign_off[-1].before_cursor)
        return self.sign_off if shown or not self.line_ended else self.sign_off[:-1]

    def is_logon(self) -> None:
        """Note that the screen in front proves that nobody is signed on."""
        self.sign_off[-1].means = "logon"

    @property
    def signed_off(self) -> bool:
        """Whether a screen was met that means logon."""
        return bool(self.sign_off) and self.sign_off[-1].means == "logon"

    @property
    def needs(self) -> frozenset[str]:
        """The placeholders that were filled."""
        return frozenset().union(*(fill.names for screen in self.sign_on for fill in screen.fills))

    @property
    def _here(self) -> MetScreen:
        return (self.sign_off or self.sign_on)[-1]

    def _chosen(self, sight: Sight) -> Iterator[tuple[int, int, str]]:
        """Give the first two texts and the last: a title, and the line that says which keys there are."""
        texts = list(_texts(sight))
        found = [place for place in texts if self._may_be_written(place[2])]
        # Where all have figures in them, some words between.
        found = found or [
            (row, column + words.start(), words[0])
            for row, column, text in texts
            for words in _WORDS.finditer(text)
            if self._may_be_written(words[0])
        ]
        yield from found[:2]
        if len(found) > 2:
            yield found[-1]

    def _may_be_written(self, text: str) -> bool:
        if not _PLAIN.fullmatch(text) or sum(map(str.isalpha, text)) < _LETTERS:
            return False
        said = text.casefold()
        return not any(name in said for name in self._leave_out) and not any(
            secret.reveal().casefold() in said for secret in self._secrets if secret
        )

    def _prompt(self, sight: Sight) -> str:
        begin = sight.cursor // sight.columns * sight.columns
        before = "".join(sight.text[begin : sight.cursor]).rstrip().rpartition("  ")[2]
        found = _PROMPT.search(before)
        return found[0] if found is not None and self._may_be_written(found[0][:-1]) else ""


class RecordingDriver:
    """A driver of screens that has what it does written down."""

    def __init__(self, driver: ScreenDriver, terminal: Terminal[Engine], recording: Recording) -> None:
        self._driver = driver
        self._terminal = terminal
        self._recording = recording

    async def first_of(self, screens: Sequence[Screen], within_s: float) -> ScreenSeen | None:
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

    def last_seen(self) -> str:
        """Say what is in front."""
        return self._driver.last_seen()


def fill_for(number: int, value: str, sight: Sight) -> ScreenFill:
    """Return how a recipe names the n-th input field (from 1): hidden, by its label, or by its order."""
    field_wanted = sight.inputs[number - 1] if 0 < number <= len(sight.inputs) else None
    if field_wanted is None:
        raise FieldRefusedError(f"The screen has no input field {number}.")
    if field_wanted.hidden and sum(one.hidden for one in sight.inputs) == 1:
        return ScreenFill(hidden=True, value=value)
    row, column = divmod(field_wanted.start, sight.columns)
    before = [text for at, place, text in _texts(sight) if at == row + 1 and place <= column]
    for label in (text for text in reversed(before) if sum(map(str.isalpha, text)) >= _LETTERS):
        fill = ScreenFill(label=label, value=value)
        try:
            if not any(map(str.isdigit, label)) and field_of(fill, sight) == field_wanted:
                return fill
        except FieldRefusedError:
            pass
    return ScreenFill(input=number, value=value)


def entry_text(untrusted_entry: Mapping[str, object], recording: Recording) -> str:
    """Return a whole entry as TOML: what stood in the one that was tried, and the screens that were met."""
    table = untrusted_entry.get("terminal")
    terminal = dict(table) if isinstance(table, dict) else {}
    terminal.pop("begins", None)  # it began with the first that was met
    if terminal.get("sign_on") == "none" and recording.needs:
        terminal["sign_on"] = "form"
    lines = [*_RULES, *_values(untrusted_entry), "", "[terminal]", *_values(terminal)]
    lines += _chain("screen", recording.sign_on)
    if recording.signed_off:
        line_end = ["line_end = true"] if recording.line_ended else []
        lines += ["", "[terminal.sign_off]", *line_end, *_off(recording.off)]
    return "\n".join(lines) + "\n"


# --- what stands on a screen


def _texts(sight: Sight) -> Iterator[tuple[int, int, str]]:
    """Give the texts that the host has written outside its input fields: row and column from 1, and the text."""
    cells = len(sight.text)
    typed = {(one.start + cell) % cells for one in sight.inputs for cell in range(one.length)}
    attributes = {(one.start - 1) % cells for one in sight.fields}
    for row in range(sight.rows):
        begin = row * sight.columns
        line = "".join(
            "\0" if begin + column in typed or begin + column in attributes else (sight.text[begin + column] or "\0")
            for column in range(sight.columns)
        )
        for found in _PART.finditer(line) if len(line) == sight.columns else ():
            yield row + 1, found.start() + 1, found[0]


# --- as TOML


def _chain(table: str, screens: Sequence[MetScreen]) -> Iterator[str]:
    names = _names(screens)
    for index, screen in enumerate(screens):
        yield from ("", f"[[{table}]]", f"name = {_text(names[index])}", *_recognised(screen))
        if screen.means:
            yield f"means = {_text(screen.means)}"
            continue
        if screen.fills:
            yield f"fill = [{', '.join(_inline(fill) for fill in screen.fills)}]"
        if screen.press:
            yield f"press = {_text(screen.press)}"
        yield f"next = [{_text(names[index + 1])}]" if index + 1 < len(names) else "next = []"


def _off(screens: Sequence[MetScreen]) -> Iterator[str]:
    """Give the sign-off: where one key did it all, that key from any screen; else as it was done."""
    done, proof = (screens[:-1], screens[-1:]) if screens[-1].means else (screens, [])
    keys = {screen.press for screen in done}
    if len(keys) != 1 or any(screen.fills for screen in screens):
        yield from _chain("terminal.sign_off.screen", screens)
        return
    yield from _chain("terminal.sign_off.screen", proof)
    proofs = _names(proof)
    name = "anything" if "anything" not in proofs else "any-other"
    yield from ("", "[[terminal.sign_off.screen]]", f"name = {_text(name)}", f"press = {_text(keys.pop())}")
    yield f"next = [{', '.join(map(_text, (name, *proofs)))}]"


def _names(screens: Sequence[MetScreen]) -> list[str]:
    names: list[str] = []
    for number, screen in enumerate(screens, 1):
        asks = any("password" in fill.names for fill in screen.fills)
        name = screen.name or screen.means or ("logon" if asks else f"screen-{number}")
        names.append(name if name not in names else f"{name}-{number}")
    return names


def _recognised(screen: MetScreen) -> Iterator[str]:
    if screen.at:
        places = (f"{{ text = {_text(text)}, row = {row}, column = {column} }}" for row, column, text in screen.at)
        yield f"at = [{', '.join(places)}]"
    if screen.before_cursor:
        yield f"before_cursor = {_text(screen.before_cursor)}"
    if screen.inputs is not None:
        yield f"inputs = {screen.inputs}"
    if screen.hidden_inputs is not None:
        yield f"hidden_inputs = {screen.hidden_inputs}"
    if screen.locked:
        yield "unlocked = false"


def _inline(fill: ScreenFill) -> str:
    given = fill.model_dump(exclude_defaults=True)
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in given.items()) + " }"


def _values(untrusted: Mapping[str, object]) -> Iterator[str]:
    for key, value in untrusted.items():
        if isinstance(value, str | bool | int | float) or (isinstance(value, list) and _are_plain(value)):
            yield f"{key} = {_value(value)}"


def _are_plain(values: Sequence[object]) -> bool:
    return all(isinstance(one, str | int) for one in values)


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    """Return a TOML basic string; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)
