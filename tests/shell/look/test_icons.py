"""Every icon that the code names exists, and is painted in the colour asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

import launcher.shell
from launcher.resources import resources
from launcher.shell.look import STATES, has_icon, icon

SHELL = Path(launcher.shell.__file__).parent
PAINTERS = {"set_icon", "IconButton", "add_button", "paint_icon", "StateLook", "icon"}


def named_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [keyword.value for keyword in node.keywords if keyword.arg == "icon"]
        if called in PAINTERS:
            given += node.args[2:3] if called == "paint_icon" else node.args[:1]
        while given:
            value = given.pop()
            if isinstance(value, ast.IfExp):
                given += [value.body, value.orelse]
            elif isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.value


def named_in_code() -> set[str]:
    return {name for path in SHELL.rglob("*.py") for name in named_in(path)}


def test_every_icon_named_in_the_code_exists() -> None:
    names = named_in_code()
    assert {"eye", "copy"} <= names
    missing = {name for name in names if name != "mark" and not (has_icon(name) or has_icon(name, "fill"))}
    assert missing == set()


def test_every_state_has_its_icon() -> None:
    for style in STATES.values():
        assert has_icon(style.icon, style.weight)


def test_an_icon_is_painted_in_the_colour_asked_for_and_cached() -> None:
    red = QColor("#B3221D")
    image = icon("stack", red, 40, 2.0, "fill").toImage()
    assert (image.width(), image.devicePixelRatio()) == (80, 2.0)
    colours = {
        image.pixelColor(x, y).name() for x in range(80) for y in range(80) if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {red.name()}
    assert icon("stack", red, 40, 2.0, "fill").cacheKey() == icon("stack", red, 40, 2.0, "fill").cacheKey()
    assert not icon("mark", red, 28).toImage().allGray()


@pytest.mark.parametrize("name", ["", "no-such-icon", "../fonts/OFL", "bold/eye"])
def test_an_unknown_or_crooked_name_is_no_icon(name: str) -> None:
    assert not has_icon(name)
    with pytest.raises(LookupError):
        icon(name, QColor("black"), 20)


def test_licences_lie_beside_the_files() -> None:
    assert "MIT License" in (resources() / "icons" / "LICENSE").read_text(encoding="utf-8")
    assert "SIL Open Font License" in (resources() / "fonts" / "OFL.txt").read_text(encoding="utf-8")
