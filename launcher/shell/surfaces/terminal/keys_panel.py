"""The list of a terminal's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from launcher.shell.look import Text, Type, text2, word
from launcher.shell.surfaces.terminal.beside import BesideList, BesidePanel
from launcher.shell.surfaces.terminal.keyboard import native
from launcher.terminal.chords import ACTS, ACTS_3270, ACTS_VT
from launcher.terminal.engine import Family
from launcher.terminal.keyboards import USUAL, KeyboardMap, keys_of

if TYPE_CHECKING:
    from launcher.terminal.vt.choice import VtChoice

_WIDTH = 360
_NOT_LISTED = frozenset({"Up", "Down", "Left", "Right", "Delete", "Backspace"})
"""What everybody knows, unless a map has it on another key."""


class KeysPanel(BesidePanel):
    """The keys, one line for each thing that is done, and which engine shows a terminal where it is the lesser one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(word("terminal.keys.heading"), word("terminal.keys.close"), _WIDTH, parent)
        self.list = BesideList(word("terminal.keys.heading"))
        self.lesser = Text("", Type.BODY, text2, wrap=True)
        self.inside.addWidget(self.lesser)
        self.inside.addWidget(self.list, 1)

    def show_for(self, family: Family, keyboard: KeyboardMap = USUAL, engine: VtChoice | None = None) -> None:
        """List the keys of a family, and go to the list; ``engine`` is the one that shows a VT, None: this computer's.

        Where that is the lesser one it is said above the keys.
        """
        if family == "vt" and engine is None:
            from launcher.terminal.vt.choice import vt_choice  # late: a terminal has it loaded when it is shown

            engine = vt_choice()
        lesser = family == "vt" and engine is not None and engine.fallback
        self.lesser.setText(word("terminal.keys.lesser", engine=engine.name) if lesser and engine is not None else "")
        self.lesser.setVisible(lesser)
        self.list.clear()
        self.list.addItems(list(key_lines(family, keyboard)))
        self.list.setCurrentRow(0)
        self.show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


def key_lines(family: Family, keyboard: KeyboardMap = USUAL) -> tuple[str, ...]:
    """Return what each key does, one line for each thing that is done."""
    done: dict[str, list[str]] = {}
    keys, usual = keys_of(family, keyboard), keys_of(family)
    if family == "3270":
        # Those that are as they always are take two lines; the others are named one by one.
        for what, shift, first in (("pf", "", 1), ("pf_shifted", "Shift+", 13)):
            row = {f"{shift}F{n + 1}": f"PF{first + n}" for n in range(12)}
            if row.items() <= keys.items():
                done[word(f"terminal.keys.{what}")] = [_from_to(*(list(row)[end] for end in (0, -1)))]
                keys = {chord: name for chord, name in keys.items() if chord not in row}
    else:
        done[word("terminal.keys.vt_host")] = [word("terminal.keys.vt_host_keys")]
    for chord, name in keys.items():
        if name not in _NOT_LISTED or usual.get(chord) != name:
            done.setdefault(_does(name, family), []).append(native(chord))
    for chord, act in (*(ACTS_3270 if family == "3270" else ACTS_VT), *ACTS):
        done.setdefault(word(f"terminal.act.{act}"), []).append(native(chord))
    for what in ("launcher", "lock", "home"):
        done[word(f"terminal.keys.{what}")] = [word(f"terminal.keys.{what}_keys")]
    return tuple(
        word("terminal.keys.row", what=what, keys=word("terminal.keys.or").join(dict.fromkeys(keys)))
        for what, keys in done.items()
    )


def _does(name: str, family: Family) -> str:
    """Return what a key of the host's does, in words where its name does not say it."""
    if family == "vt":
        return word("terminal.keys.to_host", name=name)
    return name if name.startswith("PF") else word(f"terminal.key.{name}")


def _from_to(first: str, last: str) -> str:
    return word("terminal.keys.to", first=native(first), last=native(last))
