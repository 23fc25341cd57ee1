"""A video that an officer watches keeps the terminal open; anything else that moves does not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStackedWidget, QWidget

from launcher.recipes.steps import Place
from launcher.shell.surfaces.playing import MOST_DOCUMENTS, STALE_S, Playing
from launcher.shell.surfaces.web_surface import WebSurface
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.films import STYLE, film_page
from tests.shell.surfaces.site import Site
from tests.shell.surfaces.test_page import click_until, on_screen, raw_page

pytestmark = pytest.mark.usefixtures("qapp")

PLAY, PAUSE = QPoint(100, 100), QPoint(250, 100)


def open_page(desk: Desk, site: Site, page: str, name: str = "page") -> WebSurface:
    site.pages["/film"] = page
    surface = desk.open(site["/film"], site.origin, name=name)
    desk.run(surface.load(site["/film"]))
    return surface


def stands(desk: Desk, surface: WebSurface, text: str) -> None:
    assert desk.run(surface.first_of([Place(selector="#state", text=text)], 30.0)) is not None


def click(desk: Desk, surface: WebSurface, keys: QWidget, place: QPoint, comes: str) -> None:
    """Click until the film does what it is told: a page that was shown this moment misses the first clicks."""
    seen = desk.start(surface.first_of([Place(selector="#state", text=comes)], 30.0))
    desk.until(lambda: seen.done() or QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=place))
    assert seen.result() is not None


def test_a_film_that_is_watched(desk: Desk, site: Site) -> None:
    said: list[bool] = []
    desk.surfaces.playing.connect(said.append)
    surface = open_page(desk, site, film_page("loop"))
    with on_screen(desk) as keys:
        stands(desk, surface, "ready")
        assert said == []
        click(desk, surface, keys, PLAY, "playing")
        desk.until(lambda: said == [True])
        click(desk, surface, keys, PAUSE, "pause")
        desk.until(lambda: said == [True, False])


def test_a_film_that_comes_to_its_end(desk: Desk, site: Site) -> None:
    said: list[bool] = []
    desk.surfaces.playing.connect(said.append)
    surface = open_page(desk, site, film_page())
    with on_screen(desk) as keys:
        stands(desk, surface, "ready")
        click(desk, surface, keys, PLAY, "ended")
        desk.until(lambda: said[-1:] == [False])


def test_a_film_behind_another_face_is_not_watched(desk: Desk, site: Site) -> None:
    said: list[bool] = []
    desk.surfaces.playing.connect(said.append)
    surface = open_page(desk, site, film_page("loop"))
    with on_screen(desk) as keys:
        stands(desk, surface, "ready")
        click(desk, surface, keys, PLAY, "playing")
        desk.until(lambda: said == [True])
        faces = keys.window()
        assert isinstance(faces, QStackedWidget)
        faces.addWidget(QWidget())
        faces.setCurrentIndex(1)
        assert said == [True, False]
        faces.setCurrentIndex(0)
        desk.until(lambda: said == [True, False, True])
    assert said[-1] is False


def test_a_film_that_is_scrolled_away(desk: Desk, site: Site) -> None:
    said: list[bool] = []
    desk.surfaces.playing.connect(said.append)
    surface = open_page(desk, site, film_page("loop", after='<div style="height: 3000px"></div>'))
    with on_screen(desk) as keys:
        stands(desk, surface, "ready")
        click(desk, surface, keys, PLAY, "playing")
        desk.until(lambda: said == [True])
        raw_page(desk).runJavaScript("scrollTo(0, 2000)")
        desk.until(lambda: said == [True, False])


def test_an_ornament_is_no_film(desk: Desk, site: Site) -> None:
    said: list[bool] = []
    desk.surfaces.playing.connect(said.append)
    surface = open_page(desk, site, film_page("autoplay loop muted"))
    with on_screen(desk) as keys:
        stands(desk, surface, "ready")
        raw_page(desk).runJavaScript("document.getElementById('film').play()")
        stands(desk, surface, "playing")
        assert said == []
        # What the same film says as soon as it is none shows that nothing was said of it before.
        raw_page(desk).runJavaScript(
            "const one = document.getElementById('film'); one.autoplay = false; one.volume = 0.5"
        )
        desk.until(lambda: said)
        assert said == [True]
        assert keys.isVisible()


def test_a_film_in_a_frame_and_the_page_after_it(desk: Desk, site: Site) -> None:
    said: list[bool] = []
    desk.surfaces.playing.connect(said.append)
    site.pages["/inner"] = film_page("loop")
    site.pages["/after"] = "<title>After</title><p id=state>after</p>"
    frame = f'{STYLE}<iframe src="/inner" width="500" height="400" style="border: 0"></iframe><p id="state">outer</p>'
    surface = open_page(desk, site, frame)
    with on_screen(desk) as keys:
        stands(desk, surface, "outer")
        click_until(desk, keys, PLAY, lambda: said)  # the film inside is made meanwhile
        desk.run(surface.load(site["/after"]))
        stands(desk, surface, "after")
        desk.until(lambda: said[-1] is False)


def test_what_the_words_of_documents_come_to() -> None:
    now_s = 0.0
    playing = Playing(lambda: now_s)
    assert not playing.hear("anything a page says")
    assert playing.hear(playing.plays + "1")
    assert playing.hear(playing.plays + "2")
    assert playing.hear(playing.rests + "1")
    assert playing
    playing.hear(playing.rests + "2")
    assert not playing

    playing.hear(playing.plays + "3")
    playing.hear(playing.rests)  # a new page
    assert not playing

    playing.hear(playing.plays + "4")
    now_s = STALE_S
    assert not playing, "a document that went without a word keeps no terminal open"

    for number in range(2 * MOST_DOCUMENTS):
        playing.hear(f"{playing.plays}{number}")
    playing.hear(f"{playing.rests}{MOST_DOCUMENTS + 1}")
    assert playing
    playing.clear()
    assert not playing
