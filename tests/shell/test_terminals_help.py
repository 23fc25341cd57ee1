"""The help page on terminals names the keys that there are, and its keyboard map is one."""

from __future__ import annotations

import re
from pathlib import Path

from launcher.catalogue.keyboards import read_keyboard
from launcher.policy.toml_text import TomlText, parse_toml
from launcher.terminal.keyboards import OURS, keys_of

PAGE = Path(__file__).parents[2] / "resources" / "help" / "terminals.md"


def test_each_key_of_a_3270_on_the_help_page_does_what_it_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+`) \| (`[^|]+) \|$", page, re.MULTILINE)
    said = {
        (chord, name)
        for names, chords in rows
        for name, chord in zip(re.findall(r"`([^`]+)`", names), re.findall(r"`([^`]+)`", chords), strict=True)
    }
    assert len(said) > 15
    assert said <= set(keys_of("3270").items())
    assert set(OURS) == {"usual", *re.findall(r'`keyboard = "([a-z]+)"`', page)}


def test_the_keyboard_map_on_the_help_page_is_a_sound_one() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = page[page.index('    family = "3270"') : page.index("and in the entry, under")]
    source = parse_toml(Path("records-desk.toml"), re.sub(r"^    ", "", written, flags=re.MULTILINE))
    assert isinstance(source, TomlText)
    keyboard, faults = read_keyboard(source)
    assert keyboard is not None
    assert (len(keyboard.keys), faults) == (4, [])
