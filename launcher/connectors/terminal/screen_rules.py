"""What the screens of an entry have to keep: names that lead somewhere, keys and fields that its line has, values that
its method has, and passwords that are given once and where they are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from launcher.catalogue.entry import Entry
from launcher.connectors.plan import TerminalLine, family_of
from launcher.connectors.stage_rules import again_faults, name_faults
from launcher.connectors.terminal.spec import TerminalSpec
from launcher.policy.toml_faults import unknown
from launcher.policy.toml_text import Fault, Key
from launcher.recipes.screens import Screen, ScreenFill, ScreenMeans
from launcher.recipes.stages import STAGE_VALUE
from launcher.sign_on.stages import reachable
from launcher.terminal.keyboards import host_keys
from launcher.terminal.tn3270.models import MODELS

SIGN_ON: Final[Key] = ("screen",)
SIGN_OFF: Final[Key] = ("terminal", "sign_off", "screen")
CHANGE: Final[Key] = ("terminal", "change_password", "screen")

_MEANS: Final[Mapping[Key, frozenset[ScreenMeans]]] = MappingProxyType(
    {
        SIGN_ON: frozenset({"ready", "failed", "change-password", "already-signed-on", "notice"}),
        SIGN_OFF: frozenset({"logon", "failed", "notice"}),
        CHANGE: frozenset({"changed", "failed", "notice"}),
    }
)
_WHAT: Final[Mapping[Key, str]] = MappingProxyType(
    {SIGN_ON: "signing on", SIGN_OFF: "signing off", CHANGE: "changing the password"}
)
_WITH_CTRL: Final = re.compile(r"Ctrl\+[A-Za-z\[\]\\^_@]")


def screens_of(entry: Entry, spec: TerminalSpec) -> Mapping[Key, tuple[Screen, ...]]:
    """Return the screens of each of the three runs that the entry has, by the key they stand at."""
    runs = {SIGN_ON: entry.screens}
    if spec.sign_off is not None:
        runs[SIGN_OFF] = spec.sign_off.screen
    if spec.change_password is not None:
        runs[CHANGE] = spec.change_password.screen
    return runs


def fills_of(screens: Sequence[Screen]) -> list[ScreenFill]:
    """Return all that is filled on screens."""
    return [fill for screen in screens for fill in screen.fill]


def screens_faults(entry: Entry, spec: TerminalSpec) -> list[Fault]:
    """Find what is wrong with the screens of all three runs."""
    faults: list[Fault] = []
    for at, screens in screens_of(entry, spec).items():
        faults += name_faults(entry, at, screens, "screen")
        for index, screen in enumerate(screens):
            found = [*_line_faults(spec, screen), *_value_faults(at, spec, screen), *_meaning_faults(at, spec, screen)]
            faults += [entry.fault((*at, index, key), message) for key, message in found]
        faults += [*again_faults(entry, at, screens), *_echo_faults(entry, at, screens)]
    faults += _beginning_faults(entry, spec)
    faults += _ending_faults(entry, spec)
    return faults


def screens_warnings(entry: Entry, spec: TerminalSpec) -> list[Fault]:
    """Warn of what an entry can be used without, and should not be."""
    warnings: list[Fault] = []
    if not any(screen.means in {"ready", "already-signed-on"} for screen in entry.screens):
        message = "no screen means ready: whether it is signed on will always be unknown"
        warnings.append(entry.fault(("terminal",), message, warning=True))
    # Over SSH the end of the line is the end of the shell, and the host confirms it.
    if spec.sign_on != "none" and spec.sign_off is None and spec.line != "ssh":
        message = "no [terminal.sign_off]: the host may keep the officer signed on when the line is closed"
        warnings.append(entry.fault(("terminal",), message, warning=True))
    return warnings


# --- one run


def _echo_faults(entry: Entry, at: Key, screens: Sequence[Screen]) -> Iterator[Fault]:
    """Find screens that what is typed on the one before them would already show."""
    by_name = {screen.name: screen for screen in screens}
    for index, screen in enumerate(screens):
        typed = [STAGE_VALUE.sub("", fill.value) for fill in screen.fill]
        for name in screen.next:
            following = by_name.get(name)
            if following is None or not following.text or following.at or following.before_cursor:
                continue
            if any(all(text in one for text in following.text) for one in typed):
                message = f"what is typed here is all that the screen {name!r} is recognised by: give it another text"
                yield entry.fault((*at, index, "fill"), message)


def _beginning_faults(entry: Entry, spec: TerminalSpec) -> Iterator[Fault]:
    screens = entry.screens
    names = [screen.name for screen in screens]
    for name in spec.begins:
        if name not in names:
            yield entry.fault(("terminal", "begins"), unknown("screen", name, names))
    reached = reachable(screens, spec.begins or names[:1])
    # After a change of password any screen may come: one that nothing else leads to may be there for that.
    if spec.change_password is None:
        for index, screen in enumerate(screens):
            if screen.name not in reached:
                message = f"nothing leads to the screen {screen.name!r}: name it in a next, or in begins"
                yield entry.fault((*SIGN_ON, index), message)


def _ending_faults(entry: Entry, spec: TerminalSpec) -> Iterator[Fault]:
    off, change = spec.sign_off, spec.change_password
    if off is not None and not off.line_end and not any(screen.means == "logon" for screen in off.screen):
        message = "nothing proves the sign-off: a screen of it must mean logon, or line_end = true"
        yield entry.fault(("terminal", "sign_off"), message)
    if change is not None:
        if not any(screen.means == "changed" for screen in change.screen):
            yield entry.fault(("terminal", "change_password"), "a screen of it must mean changed")
        if not any("new_password" in fill.names for fill in fills_of(change.screen)):
            yield entry.fault(("terminal", "change_password"), "a screen of it must be given {new_password}")


# --- one screen: pairs of the key below it and a sentence


def _meaning_faults(at: Key, spec: TerminalSpec, screen: Screen) -> Iterator[tuple[str, str]]:
    if not screen.means and not screen.next and not (at == SIGN_OFF and spec.sign_off and spec.sign_off.line_end):
        yield "name", f"say what the screen {screen.name!r} means, or which screens come next"
    if screen.means and screen.means not in _MEANS[at]:
        known = ", ".join(sorted(_MEANS[at]))
        yield "means", f"{screen.means!r} means nothing while {_WHAT[at]}; known are {known}"
    if screen.refused and at != SIGN_ON:
        yield "refused", f"refused is not for {_WHAT[at]}"
    if screen.recognised_by_nothing and (at != SIGN_OFF or screen.means or screen.fill):
        where = "only a sign-off has one, which presses a key" if at == SIGN_OFF else "only a sign-off has one"
        yield "name", f"the screen {screen.name!r} is recognised by nothing, and would be any: {where}"


def _line_faults(spec: TerminalSpec, screen: Screen) -> Iterator[tuple[str, str]]:
    if screen.press:
        yield from key_faults(spec.line, screen.press)
    if spec.line == "tn3270":
        yield from _3270_faults(spec, screen)
        return
    for key in ("inputs", "hidden_inputs", "unlocked"):
        if key in screen.model_fields_set:
            yield key, f"{key} is for line = tn3270: a VT has no fields and no lock"
    if screen.means == "logon" and not screen.before_cursor:
        # What a VT shows stays: the words of the logon screen may stand there since before the log-on.
        yield "means", "on a VT the screen that means logon is known by its prompt: say before_cursor"
    if len(screen.fill) > 1:
        yield "fill", "a VT types at its cursor: one fill on a screen"
    for fill in screen.fill:
        if fill.label or fill.row is not None or fill.input is not None or fill.hidden:
            yield "fill", "a VT has no fields: a fill has its value only, and types it at the cursor"
        if fill.hides and not screen.before_cursor:
            yield "fill", "a password is typed at a prompt only: say before_cursor"


def _3270_faults(spec: TerminalSpec, screen: Screen) -> Iterator[tuple[str, str]]:
    size = MODELS[spec.model]
    if screen.before_cursor:
        yield "before_cursor", "before_cursor is for line = ssh or telnet"
    for fill in screen.fill:
        if not (fill.label or fill.row is not None or fill.input is not None or fill.hidden):
            yield "fill", "a fill needs its field: label, row and column, input, or hidden"
    places = [("at", one.row, one.column) for one in screen.at]
    places += [("fill", one.row, one.column) for one in screen.fill]
    places.append(("says_row", screen.says_row, None))
    for key, row, column in places:
        if (row or 1) > size.rows or (column or 1) > size.columns:
            yield key, f"the model {spec.model} has {size.rows} rows and {size.columns} columns"


def key_faults(line: TerminalLine, press: str) -> Iterator[tuple[str, str]]:
    """Find what is wrong with a key that a screen presses."""
    family = family_of(line)
    known = host_keys(family)
    if press not in known and not (family == "vt" and _WITH_CTRL.fullmatch(press)):
        yield "press", unknown("key", press, known)


def _value_faults(at: Key, spec: TerminalSpec, screen: Screen) -> Iterator[tuple[str, str]]:
    for fill in screen.fill:
        if at != CHANGE and "new_password" in fill.names:
            yield "fill", "{new_password} is for [terminal.change_password]"
        if at == SIGN_OFF and (beyond := sorted(fill.names & {"password", "otp"})):
            yield "fill", f"{{{beyond[0]}}} is not filled while signing off"
        elif spec.sign_on == "none" and fill.names:
            yield "fill", "sign_on = none fills no name, password or code"
        elif "otp" in fill.names and not spec.otp:
            yield "fill", "{otp} needs otp = true"
