"""The help page on terminals names the keys that there are."""

from __future__ import annotations

import re
from pathlib import Path

from launcher.shell.surfaces.terminal.keyboard import KEYBOARDS, KEYS_3270

PAGE = Path(__file__).parents[2] / "resources" / "help" / "terminals.md"


def test_each_key_of_a_3270_on_the_help_page_does_what_it_says() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| (`[^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    said = {
        (chord, name)
        for names, chords in rows
        for name, chord in zip(re.findall(r"`([^`]+)`", names), re.findall(r"`([^`]+)`", chords), strict=True)
    }
    assert len(said) > 15
    assert said <= set(KEYS_3270)
    assert set(KEYBOARDS) == {"", *re.findall(r'`keyboard = "([a-z]+)"`', PAGE.read_text(encoding="utf-8"))}
