"""The list of a terminal's keys, beside its screen; from the large form on in its place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.shell.look import Ground, IconButton, Text, TextList, Type, current, look, word
from launcher.shell.surfaces.terminal.keyboard import ACTS, ACTS_3270, ACTS_VT, ALONE_3270, keys_3270
from launcher.terminal.engine import Family

_NOT_LISTED = frozenset({"Up", "Down", "Left", "Right", "Delete", "Backspace"})
_SEVERAL = frozenset(f"PF{n}" for n in range(1, 25)) - {"PF7", "PF8"}


class KeysPanel(Ground):
    """Heading, list, close."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lambda colours: colours.surface, parent)
        self.heading = Text(word("terminal.keys.heading"), Type.SECTION)
        self.end = IconButton("x", word("terminal.keys.close"))
        self.end.clicked.connect(self.closed)
        self.list = TextList(word("terminal.keys.heading"))
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.end)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self.list, 1)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_for(self, family: Family, keyboard: str = "") -> None:
        """List the keys of a family, and go to the list."""
        self.list.clear()
        self.list.addItems(list(key_lines(family, keyboard)))
        self.list.setCurrentRow(0)
        self.show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(16)
        self._column.setContentsMargins(edge, here.space(12), edge, edge)
        self._column.setSpacing(here.space(8))
        self.setMinimumWidth(0 if here.large else here.grow(360))
        self.setMaximumWidth(16777215 if here.large else here.grow(360))


def key_lines(family: Family, keyboard: str = "") -> tuple[str, ...]:
    """Return what each key does, one line for each thing that is done."""
    done: dict[str, list[str]] = {}
    if family == "3270":
        done[word("terminal.keys.pf")] = [_from_to("F1", "F12")]
        done[word("terminal.keys.pf_shifted")] = [_from_to("Shift+F1", "Shift+F12")]
        for chord, name in keys_3270(keyboard).items():
            if name not in _NOT_LISTED | _SEVERAL and not chord.startswith("F"):
                done.setdefault(word(f"terminal.key.{name}"), []).append(_native(chord))
        for key, name in ALONE_3270.items():
            side = word(f"terminal.keys.{key.replace('-', '_')}")
            done[word(f"terminal.key.{name}")].append(word("terminal.keys.alone", side=side))
    else:
        done[word("terminal.keys.vt_host")] = [word("terminal.keys.vt_host_keys")]
    for chord, act in (*(ACTS_3270 if family == "3270" else ACTS_VT), *ACTS):
        done.setdefault(word(f"terminal.act.{act}"), []).append(_native(chord))
    for what in ("launcher", "lock", "home"):
        done[word(f"terminal.keys.{what}")] = [word(f"terminal.keys.{what}_keys")]
    return tuple(
        word("terminal.keys.row", what=what, keys=word("terminal.keys.or").join(dict.fromkeys(keys)))
        for what, keys in done.items()
    )


def _from_to(first: str, last: str) -> str:
    return word("terminal.keys.to", first=_native(first), last=_native(last))


def _native(chord: str) -> str:
    return QKeySequence.fromString(chord).toString(QKeySequence.SequenceFormat.NativeText)
