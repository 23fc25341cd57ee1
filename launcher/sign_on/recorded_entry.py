"""Writes what was met at a host as an entry in TOML: what stood in the one that was tried, and its screens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from launcher.recipes.screens import ScreenFill
from launcher.sign_on.recognising import Recogniser
from launcher.sign_on.recording import MetScreen, Recording

_RULES: Final = (
    "# Recorded from the host. Read it before it is used: a text that is of one officer or one day has no place in it.",
    "# What was not met is missing: the host's refusal (failed), a password that has expired (change-password), a",
    "# notice, and a caller who is signed on still.",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A screen as it is written down: its name in the entry, by what it is recognised, and what was done there."""

    name: str
    by: Recogniser
    screen: MetScreen
    next: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    """The names of the screens that it cannot be told from."""
    any_other: bool = False
    """It is whatever screen is none of the others."""
    by_prompt: bool = False
    """A VT's, which leaves on the screen what it wrote before: only its prompt proves anything."""

    @property
    def fault(self) -> str:
        """What has to be put right by hand before it can be used, or nothing."""
        if self.by.by_nothing and not self.any_other:
            return f"Nothing on the screen {self.name} could be written down: say by hand what it is recognised by."
        if self.like:
            like = " and ".join(self.like)
            return f"Nothing tells the screen {self.name} from {like}: give it a text of its own by hand."
        if self.by_prompt and self.screen.means == "logon" and not self.by.before_cursor:
            return f"The screen {self.name} has no prompt before the cursor: say by hand what proves the sign-off."
        if self.screen.means and not self.by.own:
            return f"The screen {self.name} has no text that no other has: give it one by hand."
        return ""


def entry_text(untrusted_entry: Mapping[str, object], recording: Recording) -> str:
    """Return a whole entry as TOML: what stood in the one that was tried, and the screens that were met."""
    table = untrusted_entry.get("terminal")
    terminal = dict(table) if isinstance(table, dict) else {}
    terminal.pop("begins", None)  # it began with the first that was met
    if terminal.get("sign_on") == "none" and recording.needs:
        terminal["sign_on"] = "form"
    lines = [*_RULES, *_values(untrusted_entry), "", "[terminal]", *_values(terminal)]
    lines += _chain("screen", _sign_on(recording))
    if recording.signed_off:
        line_end = ["line_end = true"] if recording.line_ended else []
        lines += ["", "[terminal.sign_off]", *line_end, *_chain("terminal.sign_off.screen", _sign_off(recording))]
    return "\n".join(lines) + "\n"


def faults_of(recording: Recording) -> list[str]:
    """Say of which screens the recording cannot tell by what they are recognised."""
    return [one.fault for one in chain(_sign_on(recording), _sign_off(recording)) if one.fault]


def _sign_on(recording: Recording) -> list[Written]:
    return _written(recording, recording.sign_on)


def _sign_off(recording: Recording) -> list[Written]:
    """Return the sign-off: where one key did it all, that key from any screen; else as it was done."""
    screens = recording.off
    if not screens:
        return []
    written = _written(recording, screens)
    done, proof = (written[:-1], written[-1:]) if screens[-1].means else (written, [])
    keys = {one.screen.press for one in done}
    if len(keys) != 1 or "" in keys or any(one.screen.fills for one in done):
        return written
    name = "any-other" if any(one.name == "anything" for one in proof) else "anything"
    following = (name, *(one.name for one in proof))
    anything = Written(name, Recogniser(), MetScreen(screens[0].sight, press=keys.pop()), following, any_other=True)
    return [*proof, anything]


def _written(recording: Recording, screens: Sequence[MetScreen]) -> list[Written]:
    names = _names(screens)
    found = []
    for index, (name, screen) in enumerate(zip(names, screens, strict=True)):
        others = {other: one.sight for other, one in zip(names, screens, strict=True) if one is not screen}
        by = recording.recogniser(screen.sight, tuple(others.values()))
        like = tuple(other for other, one in others.items() if by.shown(one))
        following = tuple(names[index + 1 : index + 2])
        vt = recording.family == "vt"
        found.append(Written(name, replace(by, locked=by.locked and not vt), screen, following, like, by_prompt=vt))
    return found


# --- as TOML


def _chain(table: str, screens: Sequence[Written]) -> Iterator[str]:
    for one in screens:
        screen = one.screen
        yield from ("", *([f"# {one.fault}"] if one.fault else []), f"[[{table}]]", f"name = {_text(one.name)}")
        yield from _recognised(one.by)
        if screen.means:
            yield f"means = {_text(screen.means)}"
            continue
        if screen.fills:
            yield f"fill = [{', '.join(_inline(fill) for fill in screen.fills)}]"
        if screen.press:
            yield f"press = {_text(screen.press)}"
        yield f"next = [{', '.join(map(_text, one.next))}]"


def _names(screens: Sequence[MetScreen]) -> list[str]:
    names: list[str] = []
    for number, screen in enumerate(screens, 1):
        asks = any("password" in fill.names for fill in screen.fills)
        name = screen.name or screen.means or ("logon" if asks else f"screen-{number}")
        names.append(name if name not in names else f"{name}-{number}")
    return names


def _recognised(by: Recogniser) -> Iterator[str]:
    at = [f"{{ text = {_text(text)}, row = {row}, column = {column} }}" for row, column, text in by.at if row]
    if at:
        yield f"at = [{', '.join(at)}]"
    for key, texts in (("text", [text for row, _, text in by.at if not row]), ("absent", by.absent)):
        if texts:
            yield f"{key} = {_value(texts)}"
    if by.before_cursor:
        yield f"before_cursor = {_text(by.before_cursor)}"
    if by.inputs is not None:
        yield f"inputs = {by.inputs}"
    if by.hidden_inputs is not None:
        yield f"hidden_inputs = {by.hidden_inputs}"
    if by.locked:
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
    """Return a TOML basic string; JSON's escapes are TOML's, which wants one for DEL, too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
