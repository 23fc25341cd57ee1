"""Keyboard maps of a force's own: a TOML file each, in the folder ``keyboards`` of the catalogue.

A map says what it is laid over and which key of the keyboard is which key of the host::

    family = "3270"
    over = "pcomm"

    [keys]
    "Alt+Q" = "PA1"
    "right Ctrl" = "Newline"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from launcher.policy.toml_faults import faults_of, unknown
from launcher.policy.toml_text import Fault, TomlText, read_toml, toml_files
from launcher.terminal.chords import ChordError, read_chord
from launcher.terminal.engine import Family
from launcher.terminal.keyboards import NEEDED, OURS, KeyboardMap, Over, host_keys, is_host_key, lost_keys

FOLDER = "keyboards"
_NAME = re.compile(r"(?=.{1,40}\Z)[a-z0-9]+(-[a-z0-9]+)*")

Keyboards = Mapping[str, KeyboardMap | None]
"""The maps that an entry may name; None where the file is faulty."""


class KeyboardFile(BaseModel):
    """What a keyboard map may say."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    family: Family = Field(description="Whose keys it has: 3270, or vt for SSH and telnet.")
    over: Over = Field(
        default="usual", description="Which keys it is laid over: usual, or pcomm, those of Personal Communications."
    )
    keys: dict[str, str] = Field(
        min_length=1,
        max_length=200,
        description='A line for each: the chord, as the list of keys shows it, and the host\'s key: "Alt+Q" = "PA1".',
    )


def files_of(folder: Path) -> list[Path]:
    """Return the files of a catalogue's keyboard maps. Raises :class:`OSError` where the folder cannot be read."""
    try:
        return toml_files(folder / FOLDER)
    except (FileNotFoundError, NotADirectoryError):
        return []


def read_keyboards(folder: Path) -> tuple[Keyboards, list[Fault]]:
    """Read the keyboard maps of a catalogue, ours among them, and all that is wrong with them. Never raises."""
    maps: dict[str, KeyboardMap | None] = dict(OURS)
    try:
        files = files_of(folder)
    except OSError as fault:
        return maps, [Fault(folder / FOLDER, 0, 0, f"the folder cannot be read: {fault.strerror}")]
    faults: list[Fault] = []
    for file in files:
        if not _NAME.fullmatch(file.stem) or file.stem in OURS:
            why = "is one of the launcher's own" if file.stem in OURS else "has to be lower-case-words.toml"
            faults.append(Fault(file, 0, 0, f"the file's name is the keyboard's, and {file.stem!r} {why}"))
            continue
        source = read_toml(file)
        keyboard, found = (None, [source]) if isinstance(source, Fault) else read_keyboard(source)
        maps[file.stem] = keyboard
        faults += found
    return maps, faults


def read_keyboard(source: TomlText) -> tuple[KeyboardMap | None, list[Fault]]:
    """Check one file's content: the map, None where it is faulty, and what is wrong with it, warnings too."""
    try:
        checked = KeyboardFile.model_validate(source.untrusted)
    except ValidationError as error:
        return None, sorted(faults_of(error, KeyboardFile, source), key=lambda fault: (fault.line, fault.column))
    keys: dict[str, str] = {}
    faults: list[Fault] = []
    for untrusted_chord, untrusted_key in checked.keys.items():
        at = ("keys", untrusted_chord)
        try:
            chord = read_chord(untrusted_chord, checked.family)
        except ChordError as fault:
            said = unknown(fault.sentence, fault.name, fault.known) if fault.known else fault.sentence
            faults.append(source.fault(at, said))
            continue
        if chord in keys:
            faults.append(source.fault(at, f"{chord} stands here twice"))
        elif not is_host_key(untrusted_key, checked.family):
            faults.append(source.fault(at, unknown("key", untrusted_key, host_keys(checked.family))))
        keys[chord] = untrusted_key
    if checked.family == "vt" and checked.over != "usual":
        faults.append(source.fault(("over",), f"over = {checked.over} is for family = 3270"))
    if faults:
        return None, faults
    keyboard = KeyboardMap(source.file.stem, checked.family, checked.over, tuple(keys.items()))
    lost = lost_keys(keyboard) if checked.family == "3270" else ()
    if needed := [name for name in lost if name in NEEDED]:
        return None, [source.fault(("keys",), f"no chord is left for {', '.join(needed)}")]
    return keyboard, [source.fault(("keys",), f"no chord is left for {name}", warning=True) for name in lost]
