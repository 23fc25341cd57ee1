"""What a force's keyboard map may take is nothing of the launcher's own, whatever keys it comes to have."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence, QShortcut

from launcher.terminal.chords import ChordError, read_chord
from launcher.terminal.engine import Family
from tests.shell.workspace.desk import Desk
from tests.shell.workspace.sample import snapshot

pytestmark = pytest.mark.usefixtures("qapp")

HOSTS = frozenset({"Esc", *(f"F{n}" for n in range(1, 13)), *(f"Shift+F{n}" for n in range(1, 13))})
"""Keys that are the launcher's elsewhere and the host's in a terminal."""


@pytest.mark.parametrize("family", ["3270", "vt"])
def test_no_map_takes_a_key_of_the_launchers(desk: Desk, family: Family) -> None:
    desk.draw(snapshot())
    chords = set()
    for shortcut in desk.frame.findChildren(QShortcut):
        sequences: list[QKeySequence] = shortcut.keys()
        chords |= {sequence.toString(QKeySequence.SequenceFormat.PortableText) for sequence in sequences}
    assert {"Ctrl+K", "Ctrl+W", "Ctrl+1", "Ctrl+Tab", "Alt+Home", "F12", "Meta+L"} <= chords
    pages = desk.work.acts.shortcuts  # which are off where no page is in front: a terminal's keys are its host's
    assert not [one for one in pages if one.isEnabled()]
    own: set[str] = set()
    for shortcut in pages:
        sequences = shortcut.keys()
        own |= {sequence.toString(QKeySequence.SequenceFormat.PortableText) for sequence in sequences}
    for chord in sorted(chords - HOSTS - own):
        if family == "vt" and len(chord) == len("Ctrl+K") and chord[-1].isalpha():
            continue  # Ctrl with a letter is a VT host's
        with pytest.raises(ChordError):
            read_chord(chord, family)
    for number in range(1, 13):
        with pytest.raises(ChordError, match="launcher's own"):
            read_chord(f"Ctrl+F{number}", family)
