"""Keyboard maps of a force's own: read once, checked, and everything wrong said where it stands."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.catalogue.catalogue import load
from launcher.catalogue.check import check_folder, keyboard_listing
from launcher.catalogue.keyboards import read_keyboard
from launcher.connectors.base import judge_of, kinds_of
from launcher.connectors.plan import TerminalTarget
from launcher.connectors.terminal import TerminalConnector
from launcher.policy.settings import Settings
from launcher.policy.toml_text import TomlText, parse_toml
from launcher.terminal.chords import ChordError, read_chord
from launcher.terminal.engine import Family
from launcher.terminal.keyboards import OURS, USUAL, KeyboardMap, keys_of

KEYS = '[keys]\n"Alt+Q" = "PA1"\n"shift + alt+f5" = "PF20"\n"right Ctrl" = "Newline"\n'
DESK = f'family = "3270"\nover = "pcomm"\n\n{KEYS}'
ENTRY = 'name = "Records"\nkind = "terminal"\n[terminal]\nhost = "localhost"\nline = "tn3270"\nsign_on = "none"\n'
CONNECTORS = [TerminalConnector()]
SETTINGS = Settings.model_validate(
    {"station": {"terminal": "FD-02"}, "sign_in": {"methods": ["local"]}, "local": {}, "terminals": {}}
)


def said(text: str) -> list[str]:
    source = parse_toml(Path("desk.toml"), text)
    assert isinstance(source, TomlText)
    keyboard, faults = read_keyboard(source)
    assert (keyboard is None) == any(not fault.warning for fault in faults)
    return [str(fault) for fault in faults]


def folder_with(place: Path, keyboard: str, named: str = "desk", line: str = "tn3270") -> Path:
    (place / "keyboards").mkdir(parents=True)
    (place / "keyboards" / "desk.toml").write_text(keyboard, encoding="utf-8")
    text = ENTRY.replace("tn3270", line) + f'keyboard = "{named}"\n[[screen]]\nname = "menu"\ntext = ["MENU"]\n'
    (place / "records.toml").write_text(text + 'means = "ready"\n', encoding="utf-8")
    return place


def test_a_map_is_in_the_plan_of_the_entry_that_names_it(tmp_path: Path) -> None:
    catalogue = load(folder_with(tmp_path, DESK), kinds_of(CONNECTORS), judge_of(CONNECTORS, SETTINGS))
    assert (catalogue.faults, catalogue.warnings) == ((), ())
    (entry,) = catalogue.entries
    target = TerminalConnector().plan(entry, SETTINGS).target
    assert isinstance(target, TerminalTarget)
    wanted = (("Alt+Q", "PA1"), ("Alt+Shift+F5", "PF20"), ("right Ctrl", "Newline"))
    assert target.keyboard == KeyboardMap("desk", "3270", "pcomm", wanted)
    keys = keys_of("3270", target.keyboard)
    assert (keys["Alt+Q"], keys["Return"], keys["left Ctrl"]) == ("PA1", "Newline", "Reset")
    assert keyboard_listing(catalogue) == [("desk", "3270 over pcomm", "records")]


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ('"Alt+Q" = "PA4"', "4:1: unknown key 'PA4', did you mean 'P"),
        ('"Alt+Q" = "F3"', "4:1: unknown key 'F3', did you mean 'PF3'?"),
        ('"Alt+Q" = "Shift+PF3"', "4:1: unknown key 'Shift+PF3'"),
        ('"Alt+Q" = 3', "4:1: 'Alt+Q' should be text in quotes"),
        ('"Alt+Q" = "PA1"\n"ALT+q" = "PA2"', "5:1: Alt+Q stands here twice"),
        ('"Shift+Alt+F1" = "PA1"\n"Alt+Shift+F1" = "PA2"', "5:1: Alt+Shift+F1 stands here twice"),
        ('"Alt+PageUp" = "PA1"', "4:1: unknown key 'PageUp', did you mean 'PgUp'?"),
        ('"Alt+Delete" = "PA1"', "4:1: unknown key 'Delete', did you mean 'Del'?"),
        ('"Alr+Q" = "PA1"', "4:1: unknown key to hold 'Alr', did you mean 'Alt'?"),
        ('"Alt+Alt+Q" = "PA1"', "4:1: 'Alt+Alt+Q' holds a key twice"),
        ('"Alt" = "PA1"', "4:1: 'Alt' has no key beside what is held"),
        ('"" = "PA1"', "4:1: '' has no key beside what is held"),
        ('"Enter" = "Newline"', "4:1: the large key is 'Return', and that of the number pad 'Num+Enter'"),
        ('"Ctrl+F12" = "PF12"', "4:1: Ctrl+F12 is the launcher's own"),
        ('"Ctrl+Shift+F1" = "PF13"', "4:1: Ctrl+Shift+F1 is the launcher's own"),
        ('"Ctrl+Tab" = "PA1"', "4:1: Ctrl+Tab is the launcher's own"),
        ('"Ctrl+4" = "PA1"', "4:1: Ctrl+4 is the launcher's own"),
        ('"Ctrl+K" = "PA1"', "4:1: Ctrl+K is the launcher's own"),
        ('"Alt+Home" = "PA1"', "4:1: Alt+Home is the launcher's own"),
        ('"Meta+L" = "PA1"', "4:1: the Windows key is the launcher's own"),
        ('"Ctrl+C" = "PA1"', "4:1: Ctrl+C is the terminal's own"),
        ('"Ctrl++" = "PA1"', "4:1: Ctrl++ is the terminal's own"),
        ('"Shift+Ins" = "PA1"', "4:1: Shift+Ins is the terminal's own"),
        ('"q" = "PA1"', "4:1: Q is typed: hold Alt with it"),
        ('"Shift+Space" = "PA1"', "4:1: Shift+Space is typed: hold Alt with it"),
        ('"Alt+Shift+1" = "PA1"', "4:1: Alt+Shift+1 is not for a host: which sign Shift makes"),
        ('"Ctrl+Alt+Q" = "PA1"', "4:1: Ctrl+Alt+Q is not for a host: Ctrl with Alt types signs on Windows"),
        ('"Return" = "PA1"\n"Num+Enter" = "PA2"\n"right Ctrl" = "PA3"', "3:1: no chord is left for Enter"),
    ],
)
def test_what_a_map_may_not_say(keys: str, fault: str) -> None:
    found = said(f'family = "3270"\n\n[keys]\n{keys}\n')
    assert any(one.startswith(f"desk.toml:{fault}") for one in found), found


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1:1: missing key 'family'"),
        ('family = "3720"\n[keys]\n"Alt+Q" = "PA1"\n', "1:1: '3720' is not known for 'family', did you mean '3270'?"),
        ('family = "3270"\nover = "pcom"\n[keys]\n"Alt+Q" = "PA1"\n', "2:1: 'pcom' is not known for 'over', did you"),
        ('family = "3270"\n[key]\n"Alt+Q" = "PA1"\n', "2:1: unknown key 'key', did you mean 'keys'?"),
        ('family = "3270"\n[keys]\n', "2:1: 'keys' may not be empty"),
        ('family = "vt"\nover = "pcomm"\n[keys]\n"Alt+Q" = "F13"\n', "2:1: over = pcomm is for family = 3270"),
        ('family = "vt"\n[keys]\n"Alt+Q" = "PF3"\n', "3:1: unknown key 'PF3', did you mean 'F3'?"),
        ('family = "vt"\n[keys]\n"Alt+Q" = "q"\n', "3:1: unknown key 'q'"),
        ('family = "vt"\n[keys]\n"right Ctrl" = "F3"\n', "3:1: a Ctrl key by itself is a key of a 3270 only"),
        ('family = "vt"\n[keys]\n"Ctrl+Shift+F" = "F3"\n', "3:1: Ctrl+Shift+F is the terminal's own"),
        ('family = "3270"\n[keys]\n"PgUp" = "PF8"\n"F7" = "PF8"\n', "2:1: warning: no chord is left for PF7"),
    ],
)
def test_what_is_wrong_with_the_rest_of_a_map(text: str, fault: str) -> None:
    found = said(text)
    assert any(one.startswith(f"desk.toml:{fault}") for one in found), found


def test_a_vts_map_may_give_keys_with_others_held() -> None:
    keys = '"Pause" = "Ctrl+C"\n"Alt+1" = "F13"\n"F12" = "Shift+F2"\n"Ctrl+W" = "Do"\n'
    assert said(f'family = "vt"\n[keys]\n{keys}') == []


def test_the_systems_of_a_faulty_map_open_with_the_usual_keys(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, DESK.replace("PA1", "PA9"))
    report = check_folder(folder, kinds_of(CONNECTORS), judge_of(CONNECTORS, SETTINGS))
    assert not report.passes
    lines = [line.replace(f"{folder}/", "") for line in report.lines()]
    assert lines[0].startswith("keyboards/desk.toml:5:1: unknown key 'PA9'")
    assert lines[1] == "records.toml:7:1: warning: the keyboard 'desk' is faulty: the usual keys are used"
    (entry,) = report.catalogue.entries
    target = TerminalConnector().plan(entry, SETTINGS).target
    assert isinstance(target, TerminalTarget)
    assert target.keyboard == USUAL
    assert keyboard_listing(report.catalogue) == [("desk", "faulty", "records")]
    assert report.catalogue.left_out == (), "no system is left out for it"
    (folder / "other.toml").write_text("name =", encoding="utf-8")
    assert [fault.file.name for fault in load(folder, kinds_of(CONNECTORS)).left_out] == ["other.toml"]


@pytest.mark.parametrize(
    ("named", "line", "fault"),
    [
        ("dest", "tn3270", "unknown keyboard 'dest', did you mean 'desk'?"),
        ("desk", "ssh", "the keyboard 'desk' is for line = tn3270"),
        ("pcomm", "ssh", "the keyboard 'pcomm' is for line = tn3270"),
    ],
)
def test_an_entry_names_a_map_that_there_is_for_its_line(tmp_path: Path, named: str, line: str, fault: str) -> None:
    folder = folder_with(tmp_path, DESK, named, line)
    (folder / "records.toml").write_text(
        (folder / "records.toml").read_text().replace("none", "password" if line == "ssh" else "none")
    )
    catalogue = load(folder, kinds_of(CONNECTORS), judge_of(CONNECTORS, None))
    assert [f"{one.line}: {one.message}" for one in catalogue.faults] == [f"7: {fault}"]


@pytest.mark.parametrize("name", ["usual", "pcomm", "My Desk", "desk_1", "d" * 41])
def test_the_name_of_a_maps_file_is_one_that_an_entry_can_say(tmp_path: Path, name: str) -> None:
    folder = folder_with(tmp_path, DESK)
    (folder / "keyboards" / f"{name}.toml").write_text(DESK)
    (fault,) = load(folder, kinds_of(CONNECTORS)).faults
    assert "the file's name is the keyboard's" in fault.message
    assert load(folder, kinds_of(CONNECTORS)).keyboards["pcomm"] == OURS["pcomm"]


def test_a_file_that_is_no_toml_is_said(tmp_path: Path) -> None:
    faults = load(folder_with(tmp_path, "family ="), kinds_of(CONNECTORS)).faults
    assert [fault.file.name for fault in faults] == ["desk.toml"]


@given(st.text(max_size=20), st.sampled_from(["3270", "vt"]))
def test_any_text_is_a_chord_or_refused_with_a_sentence(text: str, family: Family) -> None:
    with suppress(ChordError):
        chord = read_chord(text, family)
        assert read_chord(chord, family) == chord
