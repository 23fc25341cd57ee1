"""The timings page: figures, chart, sentence, table, and nothing yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from launcher.session.snapshot import RoundView
from launcher.shell.frame import Frame
from launcher.shell.look import Look, current
from launcher.shell.timings import TimingsPage
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.workspace.sample import launch, phases, shift, snapshot

pytestmark = pytest.mark.usefixtures("qapp", "dressed")


@pytest.fixture
def page(dressed: None) -> Iterator[TimingsPage]:
    frame = Frame()
    page = TimingsPage()
    frame.pages.addWidget(page)
    frame.resize(1280, 800)
    frame.show()
    frame.activateWindow()
    yield page
    frame.close()


def draw(page: TimingsPage, picture: object) -> None:
    page.draw(picture)  # type: ignore[arg-type]
    settle()


def test_four_figures_of_one_press(page: TimingsPage) -> None:
    draw(page, shift())
    said = [(figure.value.text(), figure.label.text()) for figure in page.figures]
    assert said == [
        ("3.9 s", "until the first system was ready"),
        ("12.6 s", "until 6 of 7 were ready"),
        ("6.2 s", "waiting for you"),
        (said[3][0], "not measured"),
    ]
    assert page.heading.text().startswith("7 systems opened at ")


def test_the_whole_shift_is_counted_from_each_opening(page: TimingsPage) -> None:
    picture = shift()
    assert picture.round is not None
    draw(page, replace(picture, round=RoundView(("custody", "warrants"), picture.round.started)))
    assert page.heading.text().startswith("2 systems opened at ")
    page.which.segments[1].click()
    settle()
    assert page.heading.text() == "7 systems opened this shift"
    assert [figure.label.text() for figure in page.figures[:2]] == ["the quickest system", "the slowest system"]
    assert page.figures[0].value.text() == "3.7 s"


def test_up_and_down_choose_a_row_and_its_sentence_stands_below(page: TimingsPage) -> None:
    draw(page, shift())
    page.chart.setFocus()
    for _ in range(5):
        QTest.keyClick(page.chart, Qt.Key.Key_Down)
    assert page.chart.row is not None
    assert page.chart.row.system.name == "Firearms Register"
    assert page.detail.sentence.text() == "12.0 s, half of it waiting for you."
    assert page.detail.more.text() == "The system itself took 5.8 s. It usually takes 6.0 s."
    assert "You 6.2 s" in page.chart.accessibleDescription()
    QTest.keyClick(page.chart, Qt.Key.Key_End)
    assert page.detail.sentence.text() == "Failed after 8.7 s."
    QTest.keyClick(page.chart, Qt.Key.Key_Home)
    assert page.chart.row is not None
    assert page.chart.row.system.name == "Custody Record"


def test_the_table_holds_the_chart_s_numbers(page: TimingsPage) -> None:
    draw(page, shift())
    page.as_table.click()
    settle()
    assert page.table.isVisible()
    assert page.table.rowCount() == 7
    cells = {
        page.table.horizontalHeaderItem(column).text(): page.table.item(5, column).text()
        for column in range(page.table.columnCount())
    }
    assert cells["System"] == "Firearms Register"
    assert cells["Seconds"] == "12.0 s"
    assert cells["Waiting for you"] == "6.2 s"
    page.as_table.click()
    assert page.chart.isVisible()


def test_a_running_launch_and_a_failed_one_are_said(page: TimingsPage) -> None:
    running = launch("custody", "opening", surface="", phases=phases(("queue", 0, 100), ("load", 100, None)))
    draw(page, snapshot(running))
    assert page.detail.sentence.text().endswith("so far.")


def test_nothing_yet(page: TimingsPage) -> None:
    draw(page, snapshot())
    assert page.empty.isVisible()
    assert not page.card.isVisible()
    went: list[bool] = []
    page.closed.connect(lambda: went.append(True))
    page.back.setFocus()
    QTest.keyClick(page.back, Qt.Key.Key_Escape)
    assert went == [True]


@pytest.mark.parametrize("look", [Look(), Look(theme="dark"), Look(scale=1.5), Look(theme="dark", scale=2.0)])
def test_every_state_is_named_whole_and_large_enough(page: TimingsPage, look: Look) -> None:
    current().wear(look)
    for picture in (shift(), snapshot()):
        draw(page, picture)
        assert nameless(page) == []
        assert cut_texts(page) == []
        assert too_small(page) == []
