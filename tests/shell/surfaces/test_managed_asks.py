"""What a page in an installed browser asks for beyond itself: files, other systems, to be tried again later."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from launcher.connectors.plan import InstalledBrowser, WebFiles, WebTarget
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces.managed.gate import MOST_WINDOWS
from launcher.shell.surfaces.managed.page import ManagedPage
from launcher.shell.surfaces.managed.windows import ManagedWindows
from launcher.sign_on.driver import SystemUnreachableError
from tests.servers import chromium
from tests.shell.engine_room import engine_room
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Site, running_site
from tests.shell.surfaces.test_files import CHOOSES, answering, attachment
from tests.shell.surfaces.test_windows import logon_in_a_window

PLACE = """JSON.stringify((({{ x, y, width, height }}) => [x + width / 2, y + height / 2])(
document.querySelector("{selector}").getBoundingClientRect()))"""


@dataclass
class Seat:
    """An officer at a page of a system that gives and takes files."""

    desk: Desk
    windows: ManagedWindows
    page: ManagedPage
    site: Site
    other: Site

    def load(self, body: str) -> None:
        self.site.pages["/"] = body
        self.desk.run(self.windows.load(self.site["/"]))

    def click(self, selector: str) -> None:
        """A real click, as the browser has it from a mouse."""
        untrusted = self.desk.run(self.page._world.run(PLACE.format(selector=selector)))
        x, y = (round(float(number)) for number in str(untrusted).strip("[]").split(","))
        for kind in ("mousePressed", "mouseReleased"):
            values = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            self.desk.run(self.page._line.ask("Input.dispatchMouseEvent", values))

    def fault(self) -> str:
        self.desk.until(lambda: self.desk.surfaces.fault("page") is not None)
        fault = self.desk.surfaces.fault("page")
        assert fault is not None
        self.desk.surfaces.dismiss("page")
        self.desk.until(lambda: self.desk.surfaces.fault("page") is None)
        return fault.reference


@pytest.fixture(scope="module")
def seat(qapp: QApplication) -> Iterator[Seat]:
    if (lacks := chromium.missing()) is not None:
        pytest.skip(f"needs chromium: {lacks}")
    with (
        tempfile.TemporaryDirectory() as home,
        pytest.MonkeyPatch.context() as patch,
        running_site() as site,
        running_site() as other,
        engine_room() as room,
    ):
        patch.setattr("tempfile.tempdir", home)
        desk = Desk(room)
        target = WebTarget(
            site["/"], (site.origin,), files=WebFiles(most_mb=1), managed=InstalledBrowser(("chromium",))
        )
        page = desk.run(desk.surfaces.open_web("page", target, shown=True))
        assert isinstance(page, ManagedWindows)
        desk.surfaces.know_links({other.origin: "cases", site.origin: "page"})
        yield Seat(desk, page, page.main, site, other)
        desk.run(desk.surfaces.close("page"))
        desk.run(desk.surfaces.release())


def test_a_page_is_given_a_file_of_the_sessions_that_the_officer_chooses(seat: Seat) -> None:
    seat.site.pages["/f"] = attachment("the report", "report.txt")
    seat.load(CHOOSES + "<a id=get href=/f>get</a>")
    seat.click("#f")
    assert seat.fault() == "upload-refused"  # there is none yet
    seat.click("#get")
    seat.desk.until(lambda: [one.state for one in seat.desk.surfaces.files.views()] == ["here"])
    offered = answering(False)
    seat.click("#f")
    seat.desk.until(lambda: offered)
    offered = answering(True)
    seat.click("#f")
    assert seat.desk.run(seat.page.first_of([Place(selector="#o", text="report.txt the report")], 10.0)) is not None
    assert offered == [["report.txt  (of this session)"]]


def test_a_file_that_is_larger_than_the_policy_lets_one_be_is_stopped(seat: Seat) -> None:
    seat.site.pages["/large"] = attachment("x" * 1_100_000, "large.txt")
    seat.load("<a id=get href=/large>get</a>")
    seat.click("#get")
    seat.desk.until(lambda: [one.state for one in seat.desk.surfaces.files.views()][:1] == ["no-room"])
    for file in seat.desk.surfaces.files.views():
        seat.desk.surfaces.files.remove(file.key)


@pytest.mark.parametrize("target", ["", "target=_blank"])
def test_a_link_that_the_officer_clicks_opens_the_other_system(seat: Seat, target: str) -> None:
    taken: list[tuple[str, str]] = []
    seat.desk.surfaces.link_wanted.connect(lambda system, url: taken.append((system, url)))
    seat.load(f"<a id=case {target} href='{seat.other['/case?id=7']}'>case</a><a id=home {target} href=/>home</a>")
    seat.click("#case")
    seat.desk.until(lambda: taken)
    assert taken == [("cases", seat.other["/case?id=7"])]
    assert seat.other.asked == []
    assert seat.desk.surfaces.fault("page") is None
    seat.desk.until(lambda: len(seat.windows.idents) == 1)  # what was opened for it alone is gone


@pytest.mark.parametrize("target", ["", "target=_blank"])
def test_a_form_that_the_officer_sends_to_another_system_is_no_link(seat: Seat, target: str) -> None:
    taken: list[str] = []
    seat.desk.surfaces.link_wanted.connect(lambda system, url: taken.append(system))
    seat.load(f"<form method=post {target} action='{seat.other['/case']}'><button id=send>send</button></form>")
    seat.click("#send")
    assert seat.fault() == "page-not-expected"
    assert (taken, seat.other.asked) == ([], [])


def test_a_page_that_leads_out_by_itself_opens_no_other_system(seat: Seat) -> None:
    taken: list[str] = []
    seat.desk.surfaces.link_wanted.connect(lambda system, url: taken.append(system))
    seat.page._acted_s = float("-inf")
    seat.load("<p>here")
    leads = {"expression": f"location = '{seat.other['/']}'"}
    seat.desk.run(seat.page._line.ask("Runtime.evaluate", leads))
    assert seat.fault() == "page-not-expected"
    assert (taken, seat.other.asked) == ([], [])


def test_when_its_host_asks_to_be_tried_again_later_that_is_said(seat: Seat) -> None:
    seat.site.pages["/"] = Answer("<title>Busy</title>", 503, (("Retry-After", "120"),))
    with pytest.raises(SystemUnreachableError) as caught:
        seat.desk.run(seat.page.load(seat.site["/"]))
    assert caught.value.again_s == 120
    assert "2 minutes" in str(caught.value)


def test_what_link_the_officer_followed_is_known_wherever_it_leads(seat: Seat) -> None:
    seat.site.pages["/asked-for"] = "<script>location.assign('/logon')</script>"
    seat.site.pages["/logon"] = "<p id=logon>Log on</p>"
    seat.load("<a id=on href=/asked-for>On</a>")
    before = seat.page.followed().number
    seat.click("#on")
    assert seat.desk.run(seat.page.first_of([Place(selector="#logon")], 20.0)) is not None
    followed = seat.page.followed()
    assert (followed.number, followed.to, followed.at) == (before + 1, seat.site["/asked-for"], seat.site["/"])


@pytest.mark.parametrize("last", ["close()", ""])
def test_a_logon_in_a_window_of_its_own_signs_on(seat: Seat, last: str) -> None:
    logon_in_a_window(seat.site, last)
    run, windows = seat.desk.run, seat.windows
    run(windows.load(seat.site["/"]))
    run(windows.press("#go", ""))
    assert run(windows.first_of([Place(selector="#pass")], 10.0)) is not None
    run(windows.fill("#user", Secret("ada")))
    run(windows.fill("#pass", Secret("s3cret-w0rd"), hides=True))
    run(windows.press("#go", ""))
    assert run(windows.first_of([Place(text="signed on as ada")], 10.0)) is not None
    seat.desk.until(lambda: windows.front is windows.main)
    seat.desk.until(lambda: len(windows.views()) == (1 if last else 2))
    assert seat.desk.surfaces.fault("page") is None


def test_a_window_of_the_system_is_a_second_one_within_its_bounds(seat: Seat) -> None:
    seat.site.pages["/window"] = f"""<title>Window two</title><p>the second</p><input id=words>
        <a id=out href="{seat.other["/"]}">out</a>"""
    seat.load("<a id=open target=_blank href=/window>open</a><input id=i><p>the first</p>")
    windows, until = seat.windows, seat.desk.until
    seat.desk.run(seat.page._world.run("document.getElementById('i').value = 'typed'"))
    seat.click("#open")
    until(lambda: windows.views()[-1].title == "Window two")
    assert [one.front for one in windows.views()] == [False, True]
    assert seat.desk.run(windows.first_of([Place(text="the second")], 10.0)) is not None
    seat.desk.surfaces.know_links({})
    seat.desk.run(windows.press("#out", ""))
    assert seat.fault() == "page-not-expected"
    assert seat.other.asked == []
    row = seat.desk.surfaces.row("page")
    assert row is not None
    row.close(windows.views()[1].key)
    until(lambda: [one.front for one in windows.views()] == [True])
    assert seat.desk.run(seat.page._world.run("document.getElementById('i').value")) == "typed"


def test_a_page_that_opens_windows_without_end_is_stopped(seat: Seat) -> None:
    seat.site.pages["/w"] = "x"
    seat.load(f"<button onclick=\"for (let n = 0; n < {MOST_WINDOWS + 4}; n++) window.open('/w?' + n)\">open</button>")
    seat.click("button")
    seat.desk.until(lambda: len(seat.windows.views()) > 1)
    assert len(seat.windows.views()) <= MOST_WINDOWS + 1
    seat.load("<p>anew")
    seat.desk.until(lambda: len(seat.windows.views()) == 1)


def test_it_is_drawn_as_large_as_the_launcher(seat: Seat) -> None:
    seat.desk.surfaces.give_room(QSize(800, 600), 1.5)
    target = WebTarget(seat.site["/"], (seat.site.origin,), managed=InstalledBrowser(("chromium",)))
    page = seat.desk.run(seat.desk.surfaces.open_web("large", target, shown=True))
    assert isinstance(page, ManagedWindows)
    seat.load("<p>here")
    seat.desk.run(page.load(seat.site["/"]))
    assert seat.desk.run(page.main._world.run("devicePixelRatio")) == 1.5
    seat.desk.run(seat.desk.surfaces.close("large"))
    seat.desk.surfaces.give_room(QSize(800, 600), 1.0)
