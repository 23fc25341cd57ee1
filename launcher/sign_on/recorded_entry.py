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
    "# What was not met is missing, such as a password that has expired (change-password), and a caller who is signed",
    "# on still.",
)
_NO_REFUSAL: Final = "# The host's refusal (failed) was not met: it must not be missing."


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
    sign_on = _sign_on(recording)
    terminal.pop("begins", None)  # it began with the first that was met
    if len(begins := [sign_on[index].name for index in _leads(recording)[-1]]) > 1:
        terminal["begins"] = begins
    if terminal.get("sign_on") == "none" and recording.needs:
        terminal["sign_on"] = "form"
    rules = _RULES if recording.refusals else (*_RULES, _NO_REFUSAL)
    lines = [*rules, *_values(untrusted_entry), "", "[terminal]", *_values(terminal)]
    lines += _chain("screen", sign_on)
    if recording.signed_off:
        line_end = ["line_end = true"] if recording.line_ended else []
        lines += ["", "[terminal.sign_off]", *line_end, *_chain("terminal.sign_off.screen", _sign_off(recording))]
    return "\n".join(lines) + "\n"


def faults_of(recording: Recording) -> list[str]:
    """Say of which screens the recording cannot tell by what they are recognised."""
    return [one.fault for one in chain(_sign_on(recording), _sign_off(recording)) if one.fault]


def _sign_on(recording: Recording) -> list[Written]:
    screens = [*recording.sign_on, *(one.screen for one in recording.refusals)]
    return _written(recording, screens, _leads(recording))


def _leads(recording: Recording) -> list[tuple[int, ...]]:
    """Return which screens of the sign-on come behind each, refusals last; behind the last of all: where it begins.

    A notice need not come, so what comes behind it comes in its place, too.
    """
    way = recording.sign_on
    leads: list[list[int]] = [[] for _ in (*way, *recording.refusals, "begins")]
    for index in range(-1, len(way)):
        for behind in range(index + 1, len(way)):
            leads[index].append(behind)
            if way[behind].means != "notice":
                break
    going_on = [index for index, screen in enumerate(way) if not screen.means]
    for number, refusal in enumerate(recording.refusals, len(way)):
        given = [index for index in going_on if refusal.secret and way[index].is_given_a_password]
        for index in given or [index for index in going_on if index <= refusal.behind][-1:] or [-1]:
            leads[index].append(number)
    return [tuple(one) for one in leads]


def _sign_off(recording: Recording) -> list[Written]:
    """Return the sign-off: where one key did it all, that key from any screen; else as it was done."""
    screens = recording.off
    if not screens:
        return []
    written = _written(recording, screens, [(index,) for index in range(1, len(screens))] + [()])
    done, proof = (written[:-1], written[-1:]) if screens[-1].means else (written, [])
    keys = {one.screen.press for one in done}
    if len(keys) != 1 or "" in keys or any(one.screen.fills for one in done):
        return written
    name = "any-other" if any(one.name == "anything" for one in proof) else "anything"
    following = (name, *(one.name for one in proof))
    anything = Written(name, Recogniser(), MetScreen(screens[0].sight, press=keys.pop()), following, any_other=True)
    return [*proof, anything]


def _written(recording: Recording, screens: Sequence[MetScreen], leads: Sequence[tuple[int, ...]]) -> list[Written]:
    names = _names(screens)
    found = []
    for index, (name, screen) in enumerate(zip(names, screens, strict=True)):
        # A refusal is looked for before all else: what it leaves standing of another screen does not matter there.
        others = {
            other: one.sight
            for other, one in zip(names, screens, strict=True)
            if one is not screen and (one.means != "failed" or screen.means == "failed")
        }
        by = recording.recogniser(screen.sight, tuple(others.values()), refuses=screen.means == "failed")
        like = tuple(other for other, one in others.items() if by.shown(one))
        following = tuple(names[one] for one in leads[index])
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
            if screen.means == "failed" and one.by.words_row:
                yield f"says_row = {one.by.words_row}"
            if screen.means == "notice" and screen.press:
                yield f"says = {_text(f'Read it, and press {screen.press}.')}"
            continue
        if screen.fills:
            yield f"fill = [{', '.join(_inline(fill) for fill in screen.fills)}]"
        if screen.press:
            yield f"press = {_text(screen.press)}"
        yield f"next = [{', '.join(map(_text, one.next))}]"


def _names(screens: Sequence[MetScreen]) -> list[str]:
    names: list[str] = []
    for number, screen in enumerate(screens, 1):
        means = {"failed": "refused"}.get(screen.means, screen.means)
        name = screen.name or means or ("logon" if screen.is_given_a_password else f"screen-{number}")
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
