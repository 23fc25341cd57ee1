"""Pages of a locked session: silent, standing still, asking nobody anything; and the clipboard it gives up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from launcher.connectors.plan import WebTarget
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.films import film_page
from tests.shell.surfaces.site import Site
from tests.shell.surfaces.test_page import asking, click_until, on_screen, raw_page
from tests.shell.surfaces.test_playing import PAUSE, PLAY, click, open_page, stands
from tests.shell.surfaces.test_windows import windows_of

pytestmark = pytest.mark.usefixtures("qapp")

ASKING = """<title>Asking</title><p id="state">idle</p><script>
  function say(text) { document.getElementById("state").textContent = text; }
  function ask(how) { say("asked"); setTimeout(() => say("answer " + how()), 0); }
</script>"""


def test_pages_are_silent_and_stand_still_while_locked(desk: Desk, site: Site) -> None:
    surface = open_page(desk, site, film_page("loop"))
    with on_screen(desk) as keys:
        stands(desk, surface, "ready")
        click(desk, surface, keys, PLAY, "playing")
        desk.run(desk.surfaces.mute(True))
        stands(desk, surface, "pause")
        assert raw_page(desk).isAudioMuted()
        # One that is opened meanwhile is silent, too.
        desk.run(desk.surfaces.open_web("later", WebTarget(site["/film"], (site.origin,)), shown=True))
        assert raw_page(desk, "later").isAudioMuted()

        desk.run(desk.surfaces.mute(False))
        stands(desk, surface, "playing")
        assert not raw_page(desk).isAudioMuted()
        assert not raw_page(desk, "later").isAudioMuted()


def test_a_film_that_the_officer_had_paused_stays_so(desk: Desk, site: Site) -> None:
    surface = open_page(desk, site, film_page("loop"))
    with on_screen(desk) as keys:
        stands(desk, surface, "ready")
        click(desk, surface, keys, PLAY, "playing")
        click(desk, surface, keys, PAUSE, "pause")
        desk.run(desk.surfaces.mute(True))
        desk.run(desk.surfaces.mute(False))
        seen: list[object] = []
        raw_page(desk).runJavaScript("document.getElementById('film').paused", seen.append)
        desk.until(lambda: seen)
        assert seen == [True]


@pytest.mark.parametrize(
    ("how", "answer"),
    [("() => confirm('Go on?')", "true"), ("() => alert('Look')", "undefined"), ("() => prompt('Who?')", "")],
)
def test_what_a_page_asks_while_locked_is_asked_afterwards(desk: Desk, site: Site, how: str, answer: str) -> None:
    surface = open_page(desk, site, ASKING)
    with on_screen(desk):
        stands(desk, surface, "idle")
        desk.run(desk.surfaces.mute(True))
        raw_page(desk).runJavaScript(f"ask({how})")
        desk.until(lambda: windows_of(desk).facts.asks)
        assert QApplication.activeModalWidget() is None
        desk.run(desk.surfaces.mute(False))
        answered(desk)
        stands(desk, surface, f"answer {answer}")


def test_what_a_page_asks_when_the_lock_comes_is_asked_again_afterwards(desk: Desk, site: Site) -> None:
    surface = open_page(desk, site, ASKING)
    with on_screen(desk):
        stands(desk, surface, "idle")
        raw_page(desk).runJavaScript("ask(() => confirm('Go on?'))")
        desk.until(asking)
        question = asking()
        assert question is not None
        question.reject()  # as a lock does with whatever is in front
        desk.run(desk.surfaces.mute(True))
        assert asking() is None
        assert QApplication.activeModalWidget() is None
        assert windows_of(desk).facts.asks
        desk.run(desk.surfaces.mute(False))
        answered(desk)
        stands(desk, surface, "answer true")


def answered(desk: Desk) -> None:
    desk.until(asking)
    question = asking()
    assert question is not None
    question.ok.click()


def test_a_list_and_a_menu_that_are_open_are_closed(desk: Desk, site: Site) -> None:
    options = "".join(f"<option>Entry {nth}" for nth in range(20))
    surface = open_page(
        desk,
        site,
        f'<select style="position: absolute; left: 10px; top: 10px; width: 200px">{options}</select>'
        '<p id="state" style="margin-top: 200px">idle</p>',
    )
    with on_screen(desk) as keys:
        stands(desk, surface, "idle")
        before = set(QApplication.topLevelWidgets())

        def shown() -> list[QWidget]:
            return [one for one in QApplication.topLevelWidgets() if one not in before and one.isVisible()]

        click_until(desk, keys, QPoint(60, 20), shown)
        desk.run(desk.surfaces.mute(True))
        desk.until(lambda: not shown())


def test_a_window_is_not_opened_while_locked(desk: Desk, site: Site) -> None:
    site.pages["/other"] = "<title>Other</title>"
    link = '<a href="/other" target="_blank" style="display: block; height: 200px">go</a>'
    counted = "onclick = () => { document.title = 'clicked'; };"
    surface = open_page(desk, site, f'{link}<p id="state">idle</p><script>{counted}</script>')
    with on_screen(desk) as keys:
        stands(desk, surface, "idle")
        desk.run(desk.surfaces.mute(True))
        click_until(desk, keys, QPoint(20, 20), lambda: raw_page(desk).title() == "clicked")
        assert site.paths() == ["/film"]
        desk.run(desk.surfaces.mute(False))
        click_until(desk, keys, QPoint(20, 20), lambda: "/other" in site.paths())


def test_the_clipboard_is_given_up_and_taken_back(desk: Desk) -> None:
    clipboard = QGuiApplication.clipboard()
    data = QMimeData()
    data.setText("4471 Smith")
    data.setHtml("<b>4471 Smith</b>")
    clipboard.setMimeData(data)
    desk.run(desk.surfaces.give_up_clipboard())
    assert clipboard.text() == ""
    desk.run(desk.surfaces.give_up_clipboard())
    desk.run(desk.surfaces.take_back_clipboard())
    assert clipboard.text() == "4471 Smith"
    assert clipboard.mimeData().html() == "<b>4471 Smith</b>"


def test_what_came_into_the_clipboard_meanwhile_stays(desk: Desk) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    desk.run(desk.surfaces.give_up_clipboard())
    clipboard.setText("meanwhile")
    desk.run(desk.surfaces.take_back_clipboard())
    assert clipboard.text() == "meanwhile"


def test_the_clipboard_of_a_session_that_ended_is_not_put_back(desk: Desk) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    desk.run(desk.surfaces.give_up_clipboard())
    desk.surfaces.release_now()
    desk.run(desk.surfaces.take_back_clipboard())
    assert clipboard.text() == ""
