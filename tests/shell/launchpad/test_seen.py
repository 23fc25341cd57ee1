"""How the launchpad is seen: by a screen reader, at every size, in every look, with a force's whole estate."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QWidget

from launcher.session.snapshot import ErrorView, RoundView
from launcher.shell.launchpad.forms import Form
from launcher.shell.launchpad.kit import kit
from launcher.shell.launchpad.names import lines_of
from launcher.shell.look import Look, State, Text, current, look, pulse
from tests.bench.keystroke import systems
from tests.shell.launchpad.conftest import HOME, MINE, Desk, launch, with_launches
from tests.shell.look.seeing import cut_texts, focus_told, nameless, settle, too_small

STARTED = launch("crime", "opening", ago_s=1)
RUNNING = replace(
    with_launches(
        STARTED,
        launch("custody", "ready", took_ms=4200),
        launch("missing", "signing", ago_s=2),
        launch("firearms", "needs", needs="credential"),
        launch("incident", "failed", took_ms=800),
        launch("plates", "unknown"),
    ),
    round=RoundView(MINE, STARTED.started),
)
SIZES = ((800, 600), (1024, 768), (1280, 800), (1920, 1080))


def cells(view: QWidget) -> list[str]:
    found = QAccessible.queryAccessibleInterface(view)
    return [found.child(at).text(QAccessible.Text.Name) for at in range(found.childCount())]


def descriptions(view: QWidget) -> dict[str, str]:
    found = QAccessible.queryAccessibleInterface(view)
    cells = [found.child(at) for at in range(found.childCount())]
    return {each.text(QAccessible.Text.Name): each.text(QAccessible.Text.Description) for each in cells}


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_at_any_size(desk: Desk, size: tuple[int, int], scale: float) -> None:
    current().wear(Look(scale=scale))
    desk.show(HOME, size)
    pad = desk.pad
    assert (desk.frame.width(), desk.frame.height()) == size
    for snapshot, heading in ((HOME, "3 systems"), (RUNNING, "1 of 3 ready")):
        desk.draw(snapshot)
        assert pad.card.heading.text().startswith(heading)
        assert cut_texts(pad) == []
        assert too_small(pad) == []
    desk.type("re")
    assert cut_texts(pad) == []
    assert too_small(pad) == []
    desk.type("xyz")
    assert cut_texts(pad.empty) == []


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("ago_s", [1, 59, 3590])
def test_the_number_found_is_whole_however_long_the_opening_takes(desk: Desk, ago_s: int, scale: float) -> None:
    current().wear(Look(scale=scale))
    opening = launch("crime", "opening", ago_s=ago_s)
    needs = launch("firearms", "needs", needs="credential")
    desk.show(replace(with_launches(opening, needs), round=RoundView(MINE, opening.started)), SIZES[0])
    desk.type("re")
    assert cut_texts(desk.pad) == []
    assert too_small(desk.pad) == []


def test_a_card_whose_seconds_grow_while_it_is_folded_cuts_nothing(desk: Desk) -> None:
    current().wear(Look(scale=1.25))
    desk.show(RUNNING, SIZES[0])
    desk.type("re")
    old = launch("crime", "opening", ago_s=3590)
    desk.pad._snapshot = replace(with_launches(old), round=RoundView(MINE, old.started))
    desk.pad._tiles["crime"] = replace(desk.pad._tiles["crime"], launch=old)
    desk.pad._tiles["missing"] = replace(desk.pad._tiles["missing"], launch=replace(old, system="missing"))
    pulse().ticked.emit()
    settle()
    assert cut_texts(desk.pad) == []
    assert "min" in desk.pad.folded.left.text()


def test_a_button_that_gets_its_key_back_while_it_is_searched_cuts_nothing(desk: Desk) -> None:
    current().wear(Look(scale=1.25))
    # Nothing may move: each beat of what does fits the row anew.
    ready = [launch(system, "ready", took_ms=4000.0) for system in MINE]
    needs = launch("firearms", "needs", needs="credential")
    desk.show(with_launches(*ready, needs, launch("vehicle", "failed")), SIZES[0])
    desk.type("missing persons register")
    narrow = desk.pad.needs.width()
    desk.draw(with_launches(*ready, needs))
    assert desk.pad.needs.width() > narrow
    assert cut_texts(desk.pad) == []


@pytest.mark.parametrize("view", [0, 1, 2])
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_view_paints_in_every_look(desk: Desk, view: int, scale: float, theme: str) -> None:
    current().wear(Look(theme="dark" if theme == "dark" else "light", scale=scale))
    desk.show(RUNNING)
    desk.pad.choices.choose_view(view)
    desk.type("re")
    settle()
    picture = desk.pad.grab().toImage()
    surface = look().colours.surface
    seen = {
        QColor(picture.pixel(x, y)).name() for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
    }
    assert surface.name() in seen
    assert look().colours.loud[State.NEEDS].fill.name() in seen


def test_in_large_text_the_card_says_what_will_ask_and_nothing_twice(desk: Desk) -> None:
    current().wear(Look(scale=2.0))
    desk.show(replace(HOME, will_ask=frozenset({"crime"})))
    assert desk.pad.card.line.text() == "One will ask you"
    desk.show()
    assert desk.pad.card.heading.text() == "3 systems, about 6 s"
    assert "about 6 s" not in desk.pad.card.line.text()


def test_the_look_can_change_while_it_is_shown(desk: Desk) -> None:
    desk.show(RUNNING)
    for worn in (Look("dark"), Look("dark", 2.0), Look("light", 1.0, reduced_motion=True)):
        current().wear(worn)
        settle()
        assert desk.pad.grab().toImage().pixelColor(4, 4) == worn.colours.canvas


@pytest.mark.skipif(
    sys.platform != "linux", reason="needs linux: what Qt tells a screen reader is listened to in its library for it"
)
@pytest.mark.parametrize("view", [0, 1])
def test_a_screen_reader_is_told_which_tile_the_arrows_reach(desk: Desk, view: int) -> None:
    desk.show()
    desk.pad.choices.choose_view(view)
    desk.pad.tiles.setFocus()
    with focus_told() as told:
        desk.press(Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert told == [(desk.pad.tiles, 1), (desk.pad.tiles, 1 + desk.pad.tiles.columns)]
    assert cells(desk.pad.tiles)[1].startswith(desk.names()[1])


@pytest.mark.parametrize("view", [0, 2])
def test_a_screen_reader_reads_every_system(desk: Desk, view: int) -> None:
    desk.show(RUNNING)
    desk.pad.choices.choose_view(view)
    read = cells(desk.pad.view)
    assert "Custody Record, Web, Ready, 4.2 s" in read
    assert "Firearms Register, Web, Needs you, Name and password" in read
    assert "Case File Preparation, Program, not open, about 7 s, on demand, favourite" in read


@pytest.mark.parametrize("view", [0, 2])
def test_a_tile_that_failed_says_why_and_the_reference(desk: Desk, view: int) -> None:
    error = ErrorView("system-unreachable", "It cannot be reached.", "Open it again in a minute.", retryable=True)
    desk.show(with_launches(launch("crime", "failed", took_ms=800, error=error)))
    desk.pad.choices.choose_view(view)
    described = descriptions(desk.pad.view)
    said = "It cannot be reached.\nOpen it again in a minute.\nReference system-unreachable"
    assert described["Crime Recording, Web, Failed, Enter retries, Ctrl I says why"] == said
    assert described["Custody Record, Web, not open, about 4 s"] == ""
    row = desk.pad.model.row_of("crime")
    assert row is not None
    hint = desk.pad.model.data(desk.pad.model.index(row, 0), Qt.ItemDataRole.ToolTipRole)
    assert hint == f"Crime Recording, Web, Failed, Enter retries, Ctrl I says why\n{said}"


def test_every_control_has_a_name(desk: Desk) -> None:
    desk.show(RUNNING)
    assert nameless(desk.pad) == []
    desk.pad.choices.choose_view(2)
    settle()
    assert nameless(desk.pad) == []
    desk.type("xyz")
    assert nameless(desk.pad) == []


@pytest.mark.parametrize(
    ("size", "scale", "form"),
    [
        ((1280, 800), 1.0, Form.TALL),
        ((1280, 800), 1.5, Form.TALL),
        ((1280, 800), 2.0, Form.WIDE),
        ((800, 600), 2.0, Form.WIDE),
    ],
)
def test_the_tile_takes_the_form_there_is_room_for(desk: Desk, size: tuple[int, int], scale: float, form: Form) -> None:
    current().wear(Look(scale=scale))
    desk.show(HOME, size)
    assert desk.pad.tiles.form is form
    desk.pad.choices.choose_view(1)
    assert desk.pad.tiles.form is Form.COMPACT


def test_thirty_tiles_fit_while_searching(desk: Desk) -> None:
    desk.show(replace(HOME, systems=systems()))
    desk.type("r")
    whole = desk.pad.tiles.viewport().rect()
    assert desk.pad.tiles.columns == 5
    assert sum(whole.contains(desk.pad.tiles.cell(row)) for row in range(60)) >= 30


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("compact", [0, 1])
def test_the_view_paints_where_qt_thinks_the_tiles_are(desk: Desk, size: tuple[int, int], compact: int) -> None:
    desk.show(replace(HOME, systems=systems()), size)
    desk.pad.choices.choose_view(compact)
    view = desk.pad.tiles
    settle()
    for _ in range(2):
        for row in (0, 1, view.columns - 1, view.columns, 100, 749):
            assert view.cell(row) == view.visualRect(desk.pad.model.index(row, 0))
            assert view.indexAt(view.cell(row).center()).row() in (row, -1)
        view.set_current(749)
        settle()
        assert view.viewport().rect().contains(view.cell(749))


def test_an_estate_of_750_systems_is_searched_and_walked(desk: Desk) -> None:
    desk.show(replace(HOME, systems=systems(), my_systems=tuple(each.id for each in systems()[:600])))
    assert desk.pad.filters.segments[0].accessibleName() == "All 750"
    assert cut_texts(desk.pad) == []
    desk.type("custody")
    found = desk.names()
    assert found
    assert all("custody" in name.lower() for name in found[:5])
    desk.pad.search.clear()
    settle()
    desk.pad.tiles.setFocus()
    desk.pad.view.set_current(749)
    assert desk.pad.view.in_sight(749)


def test_names_are_whole_on_the_tiles_of_the_pictures() -> None:
    face = kit().tile
    for name in ("Address Reference", "Incident Response Desk", "Number Plate Recognition", "Missing Persons Register"):
        lines = lines_of(name, face, 162, 2)
        assert not any(line.endswith("…") for line in lines)


def test_the_number_of_results_is_said(desk: Desk) -> None:
    desk.show()
    desk.type("reg")
    said = [text.text() for text in desk.pad.results.findChildren(Text) if text.isVisible()]
    assert "2 of 10 systems" in said
    assert desk.pad._say.isActive()
