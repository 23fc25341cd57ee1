"""The ways out of the kiosk that a page, or an officer in it, could try: those of launcher.station.install.routes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from launcher.recipes.steps import Place
from launcher.shell.look import word
from launcher.shell.surfaces.environment import browser_environment
from launcher.shell.surfaces.web_engine import WebView
from launcher.shell.surfaces.web_surface import WebSurface
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Site, to
from tests.shell.surfaces.test_page import click_until, on_screen, raw_page, reference

pytestmark = pytest.mark.usefixtures("qapp")

BIG = "style='display:block;width:400px;height:60px;margin:0'"


def windows() -> set[str]:
    """The kinds of the windows that are on the screen; a page that is kept warm is shown on none."""
    unseen = Qt.WidgetAttribute.WA_DontShowOnScreen
    return {
        type(one).__name__
        for one in QApplication.topLevelWidgets()
        if one.isVisible() and not one.testAttribute(unseen)
    }


def still_here(desk: Desk, site: Site) -> None:
    """The page answers, at its own address, and nothing else has come up."""
    page = desk.surfaces.widget("page")
    assert isinstance(page, WebView)
    assert raw_page(desk).address() == site["/"]
    assert raw_page(desk).devToolsPage() is None
    assert raw_page(desk).inspectedPage() is None


@pytest.fixture
def nothing_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every folder a file could be saved in, watched."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    yield tmp_path
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


# --- dialogs


def test_a_page_gets_no_file_dialog(desk: Desk, site: Site) -> None:
    site.pages["/"] = f"<body style='margin:0'><input type=file id=f multiple {BIG}>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        before = windows()
        click_until(desk, keys, QPoint(40, 30), lambda: desk.faults)
        assert reference(desk) == "upload-refused"
        assert windows() == before
        still_here(desk, site)


def test_a_page_has_no_other_way_to_ask_for_files(desk: Desk, site: Site) -> None:
    """Refused is not enough: the engine may end over the question, and the session with it."""
    names = ("showOpenFilePicker", "showSaveFilePicker", "showDirectoryPicker")
    site.pages["/"] = f"<script>document.title = {list(names)!r}.map((one) => typeof window[one])</script>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.until(lambda: "undefined,undefined,undefined" in page.last_seen())
    assert (
        "--disable-blink-features=FileSystemAccess,FileSystemAccessLocal"
        in browser_environment(root=False, gpu=False)["QTWEBENGINE_CHROMIUM_FLAGS"].split()
    )


def test_nothing_saves_a_page(desk: Desk, site: Site, nothing_saved: Path) -> None:
    site.pages |= {
        "/": f"""<body style='margin:0'><a {BIG} id=a href=/f download='x.txt'>link</a>
            <a {BIG} id=b download='b.txt'>blob</a>
            <script>b.href = URL.createObjectURL(new Blob(['x']))</script>""",
        "/f": Answer("x", headers=(("Content-Disposition", "attachment"),)),
    }
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        before = windows()
        for place in (30, 90):
            desk.faults.clear()
            click_until(desk, keys, QPoint(40, place), lambda: desk.faults)
            assert reference(desk) == "download-refused"
        QTest.keyClick(keys, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert windows() == before
        still_here(desk, site)


def test_a_page_that_is_closed_in_the_midst_of_downloads_takes_nothing_with_it(desk: Desk, site: Site) -> None:
    """The engine reads on other threads what it was asked to download, refused or not."""
    site.pages["/"] = "<a id=a download='a.txt'>x</a><script>a.href = URL.createObjectURL(new Blob(['x']))</script>"
    for name in ("one", "two", "three"):
        page = desk.open(site["/"], site.origin, name=name)
        desk.run(page.load(site["/"]))
        desk.faults.clear()
        raw_page(desk, name).run("for (let count = 0; count < 5; count++) a.click()", lambda _: None)
        assert reference(desk) == "download-refused"
        desk.run(desk.surfaces.close(name))
    desk.run(desk.surfaces.release())


def test_nothing_prints_a_page(desk: Desk, site: Site, nothing_saved: Path) -> None:
    site.pages["/"] = """<p>page</p><iframe srcdoc='<script>print(); parent.framed = 1</script>'></iframe>
        <script>print(); document.title = 'went on'</script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.until(lambda: "went on" in page.last_seen())
    with on_screen(desk) as keys:
        before = windows()
        QTest.keyClick(keys, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        assert desk.run(page.first_of([Place(text="page")], 5.0)) is not None
        assert windows() == before
        still_here(desk, site)


# --- addresses


def tried(desk: Desk, site: Site, page: WebSurface) -> None:
    """Load the page, then have it try all it can: one that leaves while it is loaded fails the load."""
    desk.run(page.load(site["/"]))
    raw_page(desk).run("dispatchEvent(new Event('go'))", lambda _: None)
    desk.until(lambda: "tried" in page.last_seen())


MACHINE = ("file:///etc/passwd", "view-source:{}", "chrome://gpu", "devtools://devtools/x", "qrc:/x")


@pytest.mark.parametrize("scheme", MACHINE)
def test_no_address_leads_into_the_machine(desk: Desk, site: Site, scheme: str) -> None:
    """By link, script, frame, form, window and redirect; there is no field to type one into."""
    address = scheme.format(site["/"])
    site.pages |= {
        "/": f"""<p>still here</p><a href='{address}' id=a>x</a><a href='{address}' id=n target=_blank>x</a>
        <iframe src='{address}'></iframe><iframe src=/sent></iframe><form id=f action='{address}'></form>
        <script>const all = [() => a.click(), () => n.click(), () => f.submit(), () => open('{address}'),
            () => location = '{address}', () => location.replace('{address}'), () => document.title = 'tried'];
        const next = () => {{ const one = all.shift(); if (!one) return; try {{ one() }} catch {{}}
            setTimeout(next, 15) }}; addEventListener('go', next)</script>""",
        "/sent": to(address),
    }
    page = desk.open(site["/"], site.origin)
    tried(desk, site, page)
    assert desk.run(page.first_of([Place(text="still here", url=site["/"])], 5.0)) is not None
    text: list[object] = []
    raw_page(desk).toPlainText(text.append)
    desk.until(lambda: text)
    assert "root:" not in str(text[0])
    still_here(desk, site)


def test_a_script_or_data_address_makes_no_page(desk: Desk, site: Site) -> None:
    """A page may run scripts of its own, which no address changes; it is left for none that is no site's."""
    site.pages["/"] = """<p>still here</p><a id=a target=_blank href='javascript:document.write("new")'>x</a>
        <script>const others = 'blob:https://elsewhere.example/5f0a';
        const all = [() => location = 'data:text/html,<p>data</p>', () => location = others, () => a.click(),
            () => open('javascript:1'), () => open('data:text/html,x'), () => document.title = 'tried'];
        const next = () => { const one = all.shift(); if (!one) return; try { one() } catch {}
            setTimeout(next, 15) }; addEventListener('go', next)</script>"""
    page = desk.open(site["/"], site.origin)
    tried(desk, site, page)
    assert desk.run(page.first_of([Place(text="still here", url=site["/"])], 5.0)) is not None
    still_here(desk, site)


class Opened(QObject):
    """What would start another program, were it asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def note(self, url: QUrl) -> None:
        """Note an address."""
        self.urls.append(url.toString())


@contextmanager
def watching(*schemes: str) -> Iterator[Opened]:
    opened = Opened()
    for scheme in schemes:
        QDesktopServices.setUrlHandler(scheme, opened, "note")
    try:
        yield opened
    finally:
        for scheme in schemes:
            QDesktopServices.unsetUrlHandler(scheme)


def test_no_address_starts_another_program(desk: Desk, site: Site) -> None:
    schemes = ("mailto", "tel", "force-records", "ms-word", "steam")
    links = "".join(f"<a href='{one}:x' id={one}>x</a>" for one in schemes)
    frames = "".join(f"<iframe src='{one}:x'></iframe>" for one in schemes)
    site.pages["/"] = f"""<body style='margin:0'>
        <a {BIG} id=big onclick="this.title = 'clicked'" href='mailto:a@force.example'>write</a><p>still here</p>
        {links}{frames}<script>const all = [...document.querySelectorAll('a')].map((one) => () => one
        .click()).concat(() => open('tel:1'), () => location = 'mailto:x', () => document.title = 'tried');
        const next = () => {{ const one = all.shift(); if (!one) return; try {{ one() }} catch {{}}
            setTimeout(next, 15) }}; addEventListener('go', next)</script>"""
    page = desk.open(site["/"], site.origin)
    with watching(*schemes) as opened:
        QDesktopServices.openUrl(QUrl("tel:watched"))
        assert opened.urls == ["tel:watched"]
        tried(desk, site, page)

        with on_screen(desk) as keys:
            acts = page.officer_acts()
            click_until(desk, keys, QPoint(40, 30), lambda: answer(desk, "big.title") == "clicked")
            assert page.officer_acts() > acts
        assert desk.run(page.first_of([Place(text="still here", url=site["/"])], 5.0)) is not None
        assert opened.urls == ["tel:watched"]


def answer(desk: Desk, script: str) -> object:
    """What a script in the page comes to."""
    said: list[object] = []
    raw_page(desk).run(script, said.append)
    desk.until(lambda: said)
    return said[0]


# --- keys, menu, drops


CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEYS = (
    *((getattr(Qt.Key, f"Key_{letter}"), CTRL) for letter in "OPSULTNWHJKDE"),
    *((getattr(Qt.Key, f"Key_{letter}"), CTRL | SHIFT) for letter in "ICJNOPTK"),
    (Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F7, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Home, ALT),
    (Qt.Key.Key_D, ALT),
    (Qt.Key.Key_F4, CTRL),
)


def test_no_key_opens_tools_source_or_a_dialog(desk: Desk, site: Site, nothing_saved: Path) -> None:
    site.pages["/"] = """<p>still here</p><p id=n>0</p><script>let count = 0;
        addEventListener('keydown', () => n.textContent = ++count)</script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        # A page that was shown this moment may miss the first keys.
        desk.until(lambda: not QTest.keyClick(keys, Qt.Key.Key_A) and _count(desk) > 0)
        before, asked = windows(), site.paths()
        for key, held in KEYS:
            QTest.keyClick(keys, key, held)
        seen = _count(desk)
        QTest.keyClick(keys, Qt.Key.Key_B)
        desk.until(lambda: _count(desk) > seen)
        assert windows() == before
        assert site.paths() == asked
        still_here(desk, site)
        assert desk.run(page.first_of([Place(text="still here", url=site["/"])], 5.0)) is not None


def _count(desk: Desk) -> int:
    return int(str(answer(desk, "document.getElementById('n').textContent")))


def test_a_page_s_menu_offers_no_way_out(desk: Desk, site: Site) -> None:
    site.pages["/"] = "<a href=/x>link</a><img src=/y><input>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        # A page that was shown this moment may miss the first clicks.
        desk.until(lambda: not QTest.mouseClick(keys, Qt.MouseButton.RightButton, pos=QPoint(30, 30)) and menus())
        (menu, *_) = menus()
        offered = [one.text().split("\t")[0].replace("&", "") for one in menu.actions() if not one.isSeparator()]
        for one in menus():
            one.close()
    assert offered == [word(f"workspace.menu.{name}") for name in ("cut", "copy", "paste", "back", "forward", "reload")]


def menus() -> list[QMenu]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QMenu) and one.isVisible()]


def test_a_page_takes_no_file_that_is_dropped(desk: Desk, site: Site, tmp_path: Path) -> None:
    """As the display's own drag and drop hands it to the window, which asks who beneath takes it."""
    site.pages["/"] = """<body style='height:500px'>still here<script>for (const kind of ['dragenter', 'drop'])
        addEventListener(kind, (event) => { event.preventDefault(); document.title = kind })</script>"""
    file = tmp_path / "file.html"
    file.write_text("a file of this computer")
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        view = desk.surfaces.widget("page")
        assert isinstance(view, WebView)
        assert not view.acceptDrops()
        assert not [one for one in view.findChildren(QWidget) if one.acceptDrops()]
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        window = keys.window().windowHandle()
        place, held = QPoint(100, 100), Qt.KeyboardModifier.NoModifier
        rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, held)
        enter, move = QDragEnterEvent(place, *rest), QDragMoveEvent(place, *rest)
        drop = QDropEvent(QPointF(place), *rest, QEvent.Type.Drop)
        for event in (enter, move, drop):
            QCoreApplication.sendEvent(window, event)
        assert not move.isAccepted()
        assert not drop.isAccepted()
        assert desk.run(page.first_of([Place(text="still here", url=site["/"])], 5.0)) is not None
        assert "drop" not in page.last_seen()
        assert "dragenter" not in page.last_seen()
        still_here(desk, site)
