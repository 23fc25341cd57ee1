"""Files that pages save and are given, and what they may have of the computer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt, QTimer
from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from launcher.connectors.plan import Permission, WebFiles, WebTarget
from launcher.recipes.steps import Place
from launcher.shell.surfaces.choose_files import ChooseFiles
from launcher.shell.surfaces.files import safe_name
from launcher.shell.surfaces.origins import Bounds
from launcher.sign_on.driver import WebDriver
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Site
from tests.shell.surfaces.test_page import click_until, on_screen, raw_page, reference

pytestmark = pytest.mark.usefixtures("qapp")

BIG = "style='display:block;width:400px;height:60px;margin:0'"


def attachment(content: str, name: str) -> Answer:
    return Answer(content, headers=(("Content-Disposition", f'attachment; filename="{name}"'),))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the session's own folders lie."""
    folder = tmp_path / "session"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def opened(desk: Desk, site: Site, files: WebFiles | None, permissions: tuple[Permission, ...] = ()) -> WebDriver:
    target = WebTarget(site["/"], (site.origin,), files=files, permissions=permissions)
    page = desk.run(desk.surfaces.open_web("page", target, shown=True))
    desk.run(page.load(site["/"]))
    return page


def saved(desk: Desk, path: str, count: int = 1) -> None:
    raw_page(desk).run(f"location = '{path}'", lambda _: None)
    files = desk.surfaces.files
    desk.until(lambda: len(files.views()) == count and files.views()[0].state != "coming")


def test_a_file_comes_into_the_session_s_folder_and_ends_with_it(desk: Desk, site: Site, home: Path) -> None:
    site.pages |= {"/": "<p>here", "/f": attachment("the report", "../../re%2fport.txt")}
    page = opened(desk, site, WebFiles(10))
    saved(desk, "/f")
    saved(desk, "/f?again", 2)
    new, old = desk.surfaces.files.views()
    assert (new.state, new.size, new.system) == ("here", 10, "page")
    path, other = desk.surfaces.files.path(new.key), desk.surfaces.files.path(old.key)
    assert path is not None
    assert other is not None
    assert path != other
    assert path.read_text(encoding="utf-8") == "the report"
    assert path.parent.parent == home
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [fault for fault in desk.faults if fault is not None] == []
    assert desk.run(page.first_of([Place(text="here", url=site["/"])], 5.0)) is not None
    desk.surfaces.files.remove(old.key)
    assert not other.exists()
    desk.run(desk.surfaces.release())
    assert list(home.iterdir()) == []


def test_a_file_that_has_no_room_is_refused_or_stopped(desk: Desk, site: Site, home: Path) -> None:
    site.pages |= {"/": "<p>here", "/f": attachment("x" * 1_500_000, "large.bin")}
    opened(desk, site, WebFiles(1))
    raw_page(desk).run("location = '/f'", lambda _: None)
    assert reference(desk) == "download-refused"
    assert desk.faults[-1] is not None
    assert "room" in desk.faults[-1].what
    assert desk.surfaces.files.views() == ()


@pytest.mark.parametrize("files", [None, WebFiles(0)])
def test_where_the_policy_has_none_nothing_is_saved(desk: Desk, site: Site, home: Path, files: WebFiles | None) -> None:
    site.pages |= {"/": "<p>here", "/f": attachment("x", "x.bin")}
    opened(desk, site, files)
    raw_page(desk).run("location = '/f'", lambda _: None)
    assert reference(desk) == "download-refused"
    assert list(home.iterdir()) == []


def test_a_file_is_kept_in_a_folder_of_the_policy_s_alone(desk: Desk, site: Site, home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "x.txt").write_text("there before", encoding="utf-8")
    site.pages |= {"/": "<p>here", "/f": attachment("new", "x.txt")}
    opened(desk, site, WebFiles(10, (kept,)))
    saved(desk, "/f")
    told: list[tuple[str, str]] = []
    desk.surfaces.files.saved.connect(lambda name, why: told.append((name, why)))
    key = desk.surfaces.files.views()[0].key
    desk.surfaces.files.save(key, tmp_path)  # not one of them
    desk.surfaces.files.save(key, kept)
    desk.until(lambda: told)
    assert told == [("x.txt", "")]
    assert {one.name: one.read_text(encoding="utf-8") for one in kept.iterdir()} == {
        "x.txt": "there before",
        "x (2).txt": "new",
    }


def answering(accept: bool) -> list[list[str]]:
    """Answer the next question for files, as the officer does; what it offered."""
    offered: list[list[str]] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ChooseFiles):
            QTimer.singleShot(20, look)
            return
        offered.append([dialog.list.item(row).text() for row in range(dialog.list.count())])
        QTest.mouseClick(dialog.give if accept else dialog.none, Qt.MouseButton.LeftButton)

    QTimer.singleShot(20, look)
    return offered


CHOOSES = f"""<body style='margin:0'><button {BIG} onclick="document.title = 'awake'">wake</button>
<input type=file id=f {BIG}><p id=o>-</p><script>
f.onchange = async () => o.textContent = f.files[0].name + ' ' + await f.files[0].text()</script>"""


ON_FILE = QPoint(40, 90)


def awake(desk: Desk, keys: QWidget) -> None:
    """Wait until the page hears clicks: one that is to be heard once is made once."""
    click_until(desk, keys, QPoint(40, 30), lambda: raw_page(desk).title() == "awake")


def test_a_page_is_given_a_file_that_another_gave_the_officer(desk: Desk, site: Site, home: Path) -> None:
    site.pages |= {"/": CHOOSES, "/f": attachment("the report", "report.txt")}
    page = opened(desk, site, WebFiles(10))
    with on_screen(desk) as keys:
        awake(desk, keys)
        QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=ON_FILE)
        assert reference(desk) == "upload-refused"  # there is none yet
        desk.surfaces.dismiss("page")
        saved(desk, "/f")
        offered = answering(True)
        QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=ON_FILE)
        assert desk.run(page.first_of([Place(selector="#o", text="report.txt the report")], 10.0)) is not None
    assert offered == [["report.txt  (of this session)"]]


def test_a_page_that_goes_while_it_asks_for_a_file_takes_nothing_with_it(desk: Desk, site: Site, home: Path) -> None:
    site.pages |= {"/": CHOOSES, "/f": attachment("the report", "report.txt")}
    opened(desk, site, WebFiles(10))
    saved(desk, "/f")
    closing = []

    def close() -> None:
        if isinstance(QApplication.activeModalWidget(), ChooseFiles):
            closing.append(desk.room.start(desk.surfaces.close("page")))
        else:
            QTimer.singleShot(20, close)

    with on_screen(desk) as keys:
        awake(desk, keys)
        QTimer.singleShot(20, close)
        QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=ON_FILE)
        desk.until(lambda: closing and closing[0].done() and QApplication.activeModalWidget() is None)
    assert desk.surfaces.windows("page") is None
    desk.run(desk.surfaces.release())


def pdf() -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    painter.drawText(1000, 1000, "a warrant")
    painter.end()
    return bytes(buffer.data().data())


def test_a_pdf_is_shown_in_a_window_and_nothing_else_of_the_machine(desk: Desk, site: Site, home: Path) -> None:
    site.pages |= {"/": "<p>here", "/f": attachment("x", "a.pdf")}
    opened(desk, site, WebFiles(10))
    saved(desk, "/f")
    view = desk.surfaces.files.views()[0]
    path = desk.surfaces.files.path(view.key)
    windows = desk.surfaces.windows("page")
    assert path is not None
    assert windows is not None
    path.write_bytes(pdf())
    assert view.can_be_shown
    windows.show_file(path)
    desk.until(lambda: windows.views()[-1].title == "a.pdf")
    raw_page(desk).run("location = 'file:///etc/passwd'", lambda _: None)
    raw_page(desk).go("file:///etc/passwd")
    desk.until(lambda: raw_page(desk).address() == path.as_uri())
    windows.close(windows.views()[-1].key)
    raw_page(desk).go(path.as_uri())
    assert reference(desk) == "page-not-expected"


PDF = """%PDF-1.1
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 200]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R>>endobj
trailer<</Root 1 0 R>>"""


def test_a_pdf_of_the_system_s_own_is_shown_in_its_page(desk: Desk, site: Site, home: Path) -> None:
    site.pages |= {"/": "<p>here", "/warrant": Answer(PDF, headers=(("Content-Type", "application/pdf"),))}
    page = opened(desk, site, None)
    desk.run(page.load(site["/warrant"]))
    assert raw_page(desk).address() == site["/warrant"]
    said: list[object] = []
    raw_page(desk).run("document.contentType + ' ' + document.querySelectorAll('embed').length", said.append)
    desk.until(lambda: said)
    assert said == ["application/pdf 1"]
    assert desk.faults == []
    assert list(home.iterdir()) == []


def test_a_window_that_was_opened_for_a_file_alone_goes(desk: Desk, site: Site, home: Path) -> None:
    site.pages |= {"/": f"<body style='margin:0'><a {BIG} target=_blank href=/f>f", "/f": attachment("x", "x.txt")}
    opened(desk, site, WebFiles(10))
    windows = desk.surfaces.windows("page")
    assert windows is not None
    with on_screen(desk) as keys:
        click_until(desk, keys, QPoint(40, 30), desk.surfaces.files.views)
        desk.until(lambda: len(windows.views()) == 1)
    assert [fault for fault in desk.faults if fault is not None] == []


def test_a_page_is_printed_by_its_own_button_and_never_by_itself(desk: Desk, site: Site) -> None:
    site.pages["/"] = f"<body style='margin:0'><button {BIG} onclick='print()'>print</button><script>print()</script>"
    opened(desk, site, None)
    asked: list[str] = []
    desk.surfaces.printing_wanted.connect(asked.append)
    with on_screen(desk) as keys:
        assert asked == []
        click_until(desk, keys, QPoint(40, 30), lambda: asked)
    assert set(asked) == {"page"}


@pytest.mark.parametrize(
    ("untrusted", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\x.txt", "x.txt"),
        (".bashrc", "bashrc"),
        ("a\x00b\x1b.txt", "ab.txt"),
        ("", "file"),
        ("n" * 300 + ".pdf", "n" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
        ("\u8a34" * 300 + ".pdf", "\u8a34" * 66 + ".pdf"),
    ],
)
def test_a_file_s_name_is_one_in_any_folder(untrusted: str, name: str) -> None:
    assert safe_name(untrusted).lstrip(".") == name


ASKS = {
    "location": """new Promise((ok, no) => navigator.geolocation.getCurrentPosition(ok, (fault) => no(fault.code),
        {timeout: 600}))""",
    "clipboard": "navigator.clipboard.readText()",
}
REFUSED = ("1", "NotAllowedError")


def asked(desk: Desk, site: Site, what: str, permissions: tuple[Permission, ...]) -> str:
    """What a page hears that asks for this of the computer; there is none of it on a computer of tests."""
    site.pages["/"] = f"""<body style='margin:0'><button {BIG}
        onclick="{ASKS[what].replace('"', "'")}.then(() => 'given', (fault) => fault.name ?? String(fault))
        .then((said) => document.title = said)">ask</button>"""
    opened(desk, site, None, permissions)
    with on_screen(desk) as keys:
        click_until(
            desk, keys, QPoint(40, 30), lambda: raw_page(desk).title() not in ("", site.origin[7:], "127.0.0.1")
        )
    return raw_page(desk).title()


@pytest.mark.parametrize("what", ASKS)
def test_a_page_has_nothing_of_the_computer_that_policy_and_entry_do_not_give(
    desk: Desk, site: Site, what: str
) -> None:
    assert asked(desk, site, what, ("camera",)) in REFUSED
    assert reference(desk) == "permission-refused"


@pytest.mark.parametrize("what", ASKS)
def test_a_page_has_of_the_computer_what_policy_and_entry_give(desk: Desk, site: Site, what: Permission) -> None:
    assert asked(desk, site, what, (what,)) not in REFUSED
    assert desk.faults == []


def test_what_a_page_asks_for_at_once_it_gets_at_once_or_not_at_all() -> None:
    own, other = "https://records.force.example", "https://elsewhere.example"
    target = WebTarget(own + "/", (own,), (other,), permissions=("camera",))
    bounds = Bounds.of(target)
    assert bounds.may_have(frozenset({"camera"}), own)
    assert not bounds.may_have(frozenset({"camera", "microphone"}), own)
    assert not bounds.may_have(frozenset({"camera"}), other)
    assert not bounds.may_have(frozenset(), own)
