"""What a page may and may not do, what the officer does in it, and how it ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from launcher.connectors.plan import WebTarget
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces.faults import PageCrashedError
from launcher.shell.surfaces.web_engine import WebPage, WebView
from launcher.shell.surfaces.web_engine.message_window import MessageWindow
from launcher.sign_on.driver import DriverGoneError
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Site

pytestmark = pytest.mark.usefixtures("qapp")


def raw_page(desk: Desk, name: str = "page") -> WebPage:
    view = desk.surfaces.widget(name)
    assert isinstance(view, WebView)
    page = view.page()
    assert isinstance(page, WebPage)
    return page


def asking() -> MessageWindow | None:
    """What a page asks in a window of its own, where that is shown."""
    shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, MessageWindow) and one.isVisible()]
    return shown[0] if shown else None


@contextmanager
def on_screen(desk: Desk, name: str = "page") -> Iterator[QWidget]:
    """Show the page in a window; gives the widget that takes its keys."""
    window = QStackedWidget()
    window.resize(800, 500)
    view = desk.surfaces.widget(name)
    assert isinstance(view, WebView)
    window.addWidget(view)
    window.setCurrentWidget(view)
    window.show()
    view.setFocus()
    proxy = view.focusProxy()
    assert proxy is not None
    yield proxy
    view.setParent(None)


def click_until(desk: Desk, keys: QWidget, place: QPoint, holds: Callable[[], object]) -> None:
    """Click until it has an effect: a page that was shown this moment misses the first clicks."""
    desk.until(lambda: not QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=place) and holds())


def reference(desk: Desk) -> str:
    desk.until(lambda: desk.faults)
    fault = desk.faults[-1]
    assert fault is not None
    return fault.reference


# --- tokens on fetches


# --- where a page may go


def test_a_link_out_of_the_system_is_refused_and_the_page_stays(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    elsewhere = new_site()
    site.pages["/"] = f"<p>still here</p><script>setTimeout(() => location = '{elsewhere['/']}', 50)</script>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    assert reference(desk) == "page-not-expected"
    assert desk.surfaces.fault("page") == desk.faults[-1]
    assert elsewhere.asked == []
    assert desk.run(page.first_of([Place(text="still here")], 5.0)) is not None
    desk.surfaces.dismiss("page")
    assert desk.surfaces.fault("page") is None
    assert desk.faults[-1] is None


@pytest.mark.parametrize(
    "scheme", ["file:///etc/passwd", "view-source:{}", "devtools://x", "chrome://gpu", "data:text/html,x"]
)
def test_no_page_leads_into_the_machine(desk: Desk, site: Site, scheme: str) -> None:
    address = scheme.format(site["/"])
    site.pages["/"] = f"""<p>still here</p><a href='{address}' id=a>x</a><iframe src='{address}'></iframe>
        <script>setTimeout(() => document.getElementById('a').click(), 20);
        setTimeout(() => {{ try {{ location = '{address}' }} catch {{}} document.title = 'tried' }}, 60)</script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.until(lambda: "tried" in page.last_seen())
    assert desk.run(page.first_of([Place(text="still here", url=site["/"])], 5.0)) is not None


def test_a_window_without_a_gesture_does_not_open(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    elsewhere = new_site()
    site.pages["/"] = f"""<script>const all = ['{elsewhere["/"]}', '/window'].map((to) => window.open(to));
        document.title = 'opened ' + all.filter(Boolean).length</script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.until(lambda: "opened" in page.last_seen())
    assert "opened 0" in page.last_seen()
    assert elsewhere.asked == []
    assert "/window" not in site.paths()


def test_what_a_page_asks_for_by_itself_is_denied_and_nobody_is_told(desk: Desk, site: Site) -> None:
    site.pages["/"] = """<script>
        const place = new Promise((then) => navigator.geolocation.getCurrentPosition(
            () => then('known'), (fault) => then(fault.code)));
        Promise.all([Notification.requestPermission(), place]).then((said) => document.title = 'said ' + said);
        </script><p>here"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.until(lambda: "said denied,1" in page.last_seen())
    assert desk.run(page.first_of([Place(text="here")], 5.0)) is not None
    assert desk.faults == []


@pytest.mark.parametrize(("press", "answers"), [("ok", "true and known"), ("cancel", "false and null")])
def test_what_a_page_asks_is_answered_by_nobody_until_it_is_in_sight(
    desk: Desk, site: Site, press: str, answers: str
) -> None:
    asks = "alert('x'); document.title = confirm('y') + ' and ' + prompt('z', 'known')"
    site.pages |= {"/": "<p>here", "/asks": f"<title>waits</title><script>{asks}</script>"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    raw_page(desk).go(site["/asks"])
    windows = desk.surfaces.windows("page")
    desk.until(lambda: windows is not None and windows.facts.asks)
    assert asking() is None
    read: list[str] = []
    with on_screen(desk):
        for _ in range(3):
            desk.until(asking)
            message = asking()
            assert message is not None
            read.append(f"{message.windowTitle()}: {message.words.text()}")
            (message.cancel if press == "cancel" and len(read) > 1 else message.ok).click()
        desk.until(lambda: answers in page.last_seen())
    assert read == [f"{site.origin.removeprefix('http://')} says: {word}" for word in "xyz"]


def test_a_download_from_a_link_is_said(desk: Desk, site: Site) -> None:
    site.pages |= {"/": "<a id=a href=/f download>get</a><p>page</p>", "/f": "x"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.press("#a", ""))
    assert reference(desk) == "download-refused"
    assert desk.run(page.first_of([Place(text="page")], 5.0)) is not None


# --- the officer's hands


@pytest.mark.parametrize(
    ("field", "hidden"),
    [
        ("<input name=a", False),
        ("<textarea name=a", False),
        ("<input type=password name=a", True),
        ("<input type=password onfocus=\"this.type='text'\" name=a", True),  # as the eye beside it does
        ("<input type=password hidden><input name=a", True),  # it may have been made of one, too
        ("<div contenteditable", True),  # nothing says what is typed there
    ],
)
def test_where_a_password_may_have_been_typed_is_known(desk: Desk, site: Site, field: str, hidden: bool) -> None:
    box = "style='display:block;width:300px;height:60px'"
    site.pages["/"] = f"<body style='margin:0'>{field} {box}></div></textarea>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:

        def type_into_it() -> bool:
            """A page that was shown this moment may miss the first clicks and keys."""
            QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=QPoint(50, 30))
            QTest.keyClick(keys, Qt.Key.Key_A)
            return desk.surfaces.is_edited("page")

        desk.until(type_into_it)
        if hidden:
            desk.until(page.officer_typed_hidden)
        else:
            # The word for it would have come before the answer to what is asked now.
            assert desk.run(page.first_of([Place(selector="[name=a]")], 10.0)) is not None
            assert not page.officer_typed_hidden()


def test_the_officer_s_own_acts_are_counted_and_what_they_type_is_noted(desk: Desk, site: Site) -> None:
    site.pages |= {
        "/": "<body style='margin:0'><form action=/sent><input name=a style='width:300px;height:60px'></form>",
        "/sent": "<p>sent</p>",
    }
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("input", Secret("filled by us")))
    assert desk.run(desk.surfaces.edited()) == ()
    with on_screen(desk) as keys:
        assert page.officer_acts() == 0
        QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=QPoint(50, 30))
        desk.until(lambda: page.officer_acts() == 1)
        QTest.keyClick(keys, Qt.Key.Key_Shift)
        assert page.officer_acts() == 1
        # A page that was shown this moment may miss the first keys.
        desk.until(lambda: not QTest.keyClick(keys, Qt.Key.Key_A) and desk.surfaces.is_edited("page"))
        assert page.officer_acts() > 1
        assert desk.run(desk.surfaces.edited()) == ("page",)
        QTest.keyClick(keys, Qt.Key.Key_Return)
        assert desk.run(page.first_of([Place(text="sent", url=site["/sent"])], 10.0)) is not None
        desk.until(lambda: not desk.surfaces.is_edited("page"))


# --- ends


def test_a_killed_renderer_is_said_and_the_page_loads_again(desk: Desk, site: Site) -> None:
    site.pages["/"] = "<p>alive</p>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    waiting = desk.start(page.first_of([Place(text="never")], 60.0))
    os.kill(raw_page(desk).renderProcessPid(), signal.SIGKILL)
    with pytest.raises(PageCrashedError):
        desk.run_future(waiting)
    assert reference(desk) == "page-crashed"
    with pytest.raises(PageCrashedError):
        desk.run(page.first_of([Place(text="alive")], 60.0))
    desk.surfaces.reload("page")
    assert desk.run(page.first_of([Place(text="alive")], 10.0)) is not None
    assert desk.surfaces.fault("page") is None
    desk.run(page.load(site["/"]))


def test_closing_a_surface_fails_what_waits_on_it(desk: Desk, site: Site) -> None:
    site.pages["/"] = "x"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    waits = [
        desk.start(page.first_of([Place(text="never")], 60.0)),
        desk.start(page.callback("https://never.example/", 60.0)),
        desk.start(page.fill("#never", Secret("x"))),
    ]
    desk.run(page.first_of([Place(text="never")], 0.0))  # asked after them: they wait
    desk.run(desk.surfaces.close("page"))
    for waiting in waits:
        with pytest.raises(DriverGoneError):
            desk.run_future(waiting)
    with pytest.raises(DriverGoneError):
        desk.run(page.load(site["/"]))
    desk.run(desk.surfaces.close("page"))  # gone already: no fault
    assert desk.surfaces.widget("page") is None


def test_surfaces_share_the_session_s_cookies_and_their_values_are_known_for_the_check(desk: Desk, site: Site) -> None:
    site.pages |= {
        "/": Answer("in", headers=(("Set-Cookie", "sid=0123456789abcdef; HttpOnly"), ("Set-Cookie", "lang=en"))),
        "/second": "x",
    }
    one = desk.open(site["/"], site.origin, name="one")
    desk.run(one.load(site["/"]))
    two = desk.open(site["/second"], site.origin, name="two")
    desk.run(two.load(site["/second"]))
    assert "sid=0123456789abcdef" in site.asked[-1].headers["cookie"]
    assert desk.run(desk.surfaces.derived_secrets()) == (b"0123456789abcdef",)


def test_release_ends_everything_and_empties_the_clipboard(desk: Desk, site: Site) -> None:
    site.pages["/"] = "x"
    for name in ("one", "two", "three"):
        desk.run(desk.open(site["/"], site.origin, name=name).load(site["/"]))
    desk.surfaces.warm()
    QGuiApplication.clipboard().setText("4471's secret")
    desk.run(desk.surfaces.release())
    assert QGuiApplication.clipboard().text() == ""
    with pytest.raises(DriverGoneError):
        desk.run(desk.surfaces.open_web("four", WebTarget(site["/"], (site.origin,)), shown=True))
    desk.surfaces.warm()  # does nothing any more


def test_only_surfaces_to_be_shown_are_announced(desk: Desk, site: Site) -> None:
    opened: list[str] = []
    closed: list[str] = []
    desk.surfaces.opened.connect(opened.append)
    desk.surfaces.closed.connect(closed.append)
    desk.run(desk.surfaces.open_web("behind", WebTarget(site["/"], (site.origin,)), shown=False))
    desk.run(desk.surfaces.open_web("front", WebTarget(site["/"], (site.origin,)), shown=True))
    assert opened == ["front"]
    desk.run(desk.surfaces.close("front"))
    assert closed == ["front"]


def test_two_pages_are_signed_on_side_by_side(desk: Desk, site: Site) -> None:
    late = "<input id=i><script>setTimeout(() => document.title = 'late {}', 30)</script>"
    site.pages |= {f"/{n}": late.format(n) for n in range(6)}
    pages = [desk.open(site[f"/{n}"], site.origin, name=str(n)) for n in range(6)]
    for future in [desk.start(page.load(site[f"/{n}"])) for n, page in enumerate(pages)]:
        desk.run_future(future)
    for future in [desk.start(page.fill("#i", Secret(str(n)))) for n, page in enumerate(pages)]:
        desk.run_future(future)
    desk.until(lambda: all(f"late {n}" in page.last_seen() for n, page in enumerate(pages)))


def test_the_engine_is_not_loaded_before_it_is_needed() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import launcher.shell.surfaces.web_surfaces, launcher.shell.surfaces.environment;"
        "print([m for m in sys.modules if 'WebEngine' in m])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
