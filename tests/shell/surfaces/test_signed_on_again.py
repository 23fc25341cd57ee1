"""Real pages of a server that ends its sessions: signed on again in the tab, and never over what was typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from launcher.bootstrap.parts import CONNECTORS
from launcher.connectors.base import plan_of
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.grants.store import MemoryStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from launcher.session import signed_off
from launcher.session.launches import Launches
from launcher.session.opening import Opening
from launcher.session.snapshot import LaunchView
from launcher.wire.records import LaunchRecord
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Request, Site, to
from tests.shell.surfaces.test_page import click_until, on_screen
from tests.unit.session.launch_desk import SETTINGS, entry

pytestmark = pytest.mark.usefixtures("qapp")

NAME, PASSWORD = "4471", "heron-of-the-Quay-7"
COOKIE = "custody_session"

ENTRY = """
name = "Custody Record"
kind = "web"
within_s = 20
[web]
url = "{origin}/"
sign_on = "form"
credential = "sign-in"
[[step]]
do = "wait"
selector = "#logon"
[[step]]
do = "fill"
field = "#name"
value = "{{username}}"
[[step]]
do = "fill"
field = "#password"
value = "{{password}}"
[[step]]
do = "press"
control = "#go"
[[marker]]
means = "ready"
selector = "#main"
[[marker]]
means = "failed"
selector = ".refused"
"""
LOGON = """<title>Log on</title><form id=logon method=post action=/logon><input id=name name=name>
<input id=password name=password type=password><button id=go>Log on</button></form>"""
# The main page asks once in a while whether its session lives, and leads to the logon when it does not.
MAIN = """<title>Cells</title><style>a, textarea {{ display: block; width: 400px; height: 100px }}</style>
<a href=/cell/3>Cell 3</a><textarea id=note></textarea><h1 id=main>Cells {number}</h1>
<script>setInterval(async () => {{
  if ((await (await fetch('/alive')).text()) !== 'yes') {then}; }}, 40)</script>"""
LEAVES = "location = '/'"
COVERS = "document.body.insertAdjacentHTML('beforeend', `{logon}`), document.getElementById('main').hidden = true"


@dataclass
class Custody:
    """The system: sessions by cookie, each of a number of its own."""

    site: Site
    then: str = LEAVES
    notices: bool = True  # its pages notice by themselves that their session has ended
    sessions: set[str] = field(default_factory=set)
    begun: int = 0
    password: str = PASSWORD
    passwords: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site.pages |= {"/": self.work, "/cell/3": self.work, "/alive": self.alive, "/logon": self.logon}

    def knows(self, request: Request) -> str:
        cookies = dict(part.strip().partition("=")[::2] for part in request.headers.get("cookie", "").split(";"))
        number = cookies.get(COOKIE, "")
        return number if number in self.sessions else ""

    def work(self, request: Request) -> str:
        number = self.knows(request)
        return MAIN.format(number=number, then=self.then) if number else LOGON

    def alive(self, request: Request) -> str:
        return "yes" if self.knows(request) or not self.notices else "no"

    def logon(self, request: Request) -> Answer | str:
        self.passwords.append(request.form["password"])
        if (request.form["name"], request.form["password"]) != (NAME, self.password):
            return f"<p class=refused>Not accepted</p>{LOGON}"
        self.begun += 1
        self.sessions = {str(self.begun)}
        there = to(self.site["/"], 303)
        return Answer(there.body, there.status, (*there.headers, ("Set-Cookie", f"{COOKIE}={self.begun}; Path=/")))


class Officer:
    """An officer's launches in the engine's loop, over the desk's real surfaces."""

    def __init__(self, desk: Desk, site: Site) -> None:
        self.desk = desk
        self.entry = entry("custody", ENTRY.format(origin=site.origin))
        self.records: list[LaunchRecord] = []
        self.acknowledged: list[tuple[str, str]] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.launches = desk.run(self._begin())

    async def _begin(self) -> Launches:
        store, sign_in = MemoryStore(), Credential(NAME, Secret(PASSWORD))

        def spawn(work: Coroutine[None, None, None]) -> asyncio.Task[None]:
            self.tasks.append(asyncio.get_running_loop().create_task(work))
            return self.tasks[-1]

        return Launches(
            officer_name=NAME,
            plan=lambda one: plan_of(CONNECTORS, one, SETTINGS),
            grants=Grants(OfficerId("local", "id-4471"), store, sign_in=sign_in),
            surfaces=self.desk.surfaces,
            spawn=spawn,
            changed=lambda: None,
            recorded=self.records.append,
            acknowledged=lambda system, page: self.acknowledged.append((system, page)),
            parallel=4,
            trace=lambda _: None,
            left_signed_on=lambda _: None,
        )

    def does(self, act: Callable[[], None]) -> None:
        async def in_the_loop() -> None:
            act()

        self.desk.run(in_the_loop())

    @property
    def view(self) -> LaunchView:
        return self.launches.views()[0]

    @property
    def opening(self) -> Opening:
        return self.launches._openings["custody"]

    def opens(self) -> None:
        self.does(lambda: self.launches.open(self.entry))
        self.desk.until(lambda: self.view.state == "ready")

    def looks(self) -> None:
        self.does(lambda: self.launches.looked_at("custody"))

    def is_back(self) -> None:
        self.does(self.launches.resumed)
        self.looks()

    def signed_on_again(self) -> bool:
        return len(self.records) == 2 and self.records[1].again and self.records[1].outcome == "ready"

    def goes(self) -> None:
        async def end() -> None:
            self.launches.close("custody")
            await asyncio.wait(self.tasks)

        self.desk.run(end())


@pytest.fixture
def custody(site: Site) -> Custody:
    return Custody(site)


@pytest.fixture
def officer(desk: Desk, site: Site, custody: Custody, monkeypatch: pytest.MonkeyPatch) -> Iterator[Officer]:
    for pause in ("LOOK_S", "STAYS_S"):
        monkeypatch.setattr(signed_off, pause, 0.05)
    officer = Officer(desk, site)
    yield officer
    officer.goes()


def shows(desk: Desk, what: str) -> None:
    widget = desk.surfaces.widget("custody")
    assert widget is not None
    desk.until(lambda: what in (title_of(desk) or ""))


def title_of(desk: Desk) -> str:
    windows = desk.surfaces.windows("custody")
    assert windows is not None
    return windows.facts.last_seen


def test_a_page_that_led_itself_to_the_logon_is_signed_on_again(desk: Desk, officer: Officer, custody: Custody) -> None:
    officer.opens()
    custody.sessions.clear()
    shows(desk, "Log on")
    assert officer.view.state == "ready"  # nobody has looked
    officer.looks()
    desk.until(officer.signed_on_again)
    assert (officer.view.state, custody.passwords) == ("ready", [PASSWORD, PASSWORD])
    assert officer.records[1].prompts == 0
    shows(desk, "Cells")


def test_it_goes_back_to_the_page_that_the_officer_was_on(desk: Desk, officer: Officer, custody: Custody) -> None:
    officer.opens()
    officer.looks()
    with on_screen(desk, "custody") as keys:
        click_until(desk, keys, QPoint(50, 30), lambda: "/cell/3" in custody.site.paths())
        desk.until(lambda: any(place.endswith("/cell/3") for place, _ in officer.opening.places))
        custody.sessions.clear()
        shows(desk, "Log on")
        officer.is_back()
        desk.until(officer.signed_on_again)
        desk.until(lambda: desk.surfaces.address("custody") == custody.site["/cell/3"])
        shows(desk, "Cells")
    assert custody.passwords == [PASSWORD, PASSWORD]


def test_a_link_opens_the_system_at_its_address_and_an_open_one_goes_there(
    desk: Desk, officer: Officer, custody: Custody
) -> None:
    cell = custody.site["/cell/3"]
    officer.does(lambda: officer.launches.open(officer.entry, cell))
    desk.until(lambda: officer.view.state == "ready" and desk.surfaces.address("custody") == cell)
    officer.does(lambda: officer.launches.open(officer.entry, custody.site["/"]))
    desk.until(lambda: desk.surfaces.address("custody") == custody.site["/"])
    officer.does(lambda: officer.launches.open(officer.entry, "https://elsewhere.example/"))
    officer.does(lambda: officer.launches.open(officer.entry, cell))
    desk.until(lambda: desk.surfaces.address("custody") == cell)
    assert (custody.passwords, desk.faults) == ([PASSWORD], [])


def test_back_from_a_lock_a_click_that_leads_to_the_logon_is_signed_on_again(
    desk: Desk, officer: Officer, custody: Custody
) -> None:
    custody.notices = False
    officer.opens()
    shows(desk, "Cells")
    custody.sessions.clear()  # at the server: the page stands as it did
    officer.is_back()
    with on_screen(desk, "custody") as keys:
        click_until(desk, keys, QPoint(50, 30), lambda: "/cell/3" in custody.site.paths())
        desk.until(officer.signed_on_again)
        desk.until(lambda: desk.surfaces.address("custody") == custody.site["/cell/3"])  # where they wanted to go
        shows(desk, "Cells")


def test_what_was_typed_is_still_there(desk: Desk, officer: Officer, custody: Custody) -> None:
    custody.then = COVERS.format(logon=LOGON.replace("\n", " "))
    officer.opens()
    with on_screen(desk, "custody") as keys:
        click_until(
            desk,
            keys,
            QPoint(50, 150),
            lambda: not QTest.keyClick(keys, Qt.Key.Key_A) and desk.surfaces.is_edited("custody"),
        )
        custody.sessions.clear()
        officer.is_back()
        desk.until(lambda: officer.view.needs == "signed-off")
        assert desk.surfaces.is_edited("custody")
    assert (custody.passwords, custody.site.paths().count("/")) == ([PASSWORD], 2)


def test_a_password_that_is_refused_then_is_sent_once(desk: Desk, officer: Officer, custody: Custody) -> None:
    officer.opens()
    custody.password = "another-since"
    custody.sessions.clear()
    shows(desk, "Log on")
    officer.looks()
    desk.until(lambda: officer.view.state == "failed")
    officer.is_back()
    assert officer.view.error is not None
    assert officer.view.error.reference == "sign-on-refused"
    assert custody.passwords == [PASSWORD, PASSWORD]
