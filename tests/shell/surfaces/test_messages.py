"""Message windows of a page's own: shown to the officer while the page can be seen, answered by nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from launcher.grants.credential import Credential
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.sign_on.driver import PageAsksError
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, settings
from tests.shell.surfaces.site import LOGON, Request, Site, running_site
from tests.shell.surfaces.test_page import asking, on_screen, raw_page

pytestmark = pytest.mark.usefixtures("qapp")

NAME, PASSWORD = "ada", "s3cret-w0rd"

STEPS = """
name = "Custody Record"
kind = "web"
within_s = 6
[web]
url = "{origin}/"
sign_on = "form"
credential = "sign-in"
[[step]]
do = "fill"
field = "#user"
value = "{{username}}"
[[step]]
do = "fill"
field = "#pass"
value = "{{password}}"
[[step]]
do = "press"
control = "#go"
[[marker]]
means = "ready"
selector = "#main"
"""

PAGES = """
name = "Custody Record"
kind = "web"
within_s = 6
[web]
url = "{origin}/"
sign_on = "form"
credential = "sign-in"
[[page]]
name = "logon"
selector = "#pass"
fill = [{{ field = "#user", value = "{{username}}" }}, {{ field = "#pass", value = "{{password}}" }}]
press = "#go"
next = ["home"]
[[page]]
name = "home"
means = "ready"
selector = "#main"
"""

LAW = "For police purposes only."


def empty(place: QStackedWidget) -> None:
    while (widget := place.widget(0)) is not None:
        widget.setParent(None)


class Officer:
    """Looks at a system where it needs them, and answers what it asks."""

    def __init__(self, sitting: Sitting, answer: str) -> None:
        self.read: list[tuple[str, str, str]] = []
        self.before: list[str] = []  # the states in which a window was there too early
        self._sitting, self._answer = sitting, answer
        self._place = QStackedWidget()
        self._place.resize(800, 500)
        self._place.show()
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(5)

    def leave(self) -> None:
        self._timer.stop()
        empty(self._place)
        self._place.deleteLater()

    def _look(self) -> None:
        views = self._sitting.launches.views()
        view = views[0] if views else None
        message = asking()
        if view is None or view.needs != "notice":
            if message is not None and view is not None and not self.read:
                self.before.append(view.state)
            return
        widget = self._sitting.desk.surfaces.widget(view.system)
        if widget is not None and self._place.indexOf(widget) < 0:
            self._place.addWidget(widget)
            self._place.setCurrentWidget(widget)
        if message is not None:
            self.read.append((view.says, message.words.text(), view.state))
            (message.ok if self._answer == "ok" else message.cancel).click()


@contextmanager
def opened(desk: Desk, site: Site, entry: str, answer: str = "ok") -> Iterator[tuple[Sitting, Officer]]:
    sign_in = Credential(NAME, Secret(PASSWORD))
    sitting = Sitting(desk, {"custody": entry.format(origin=site.origin)}, settings(), sign_in=sign_in)
    officer = Officer(sitting, answer)
    try:
        sitting.does(lambda: sitting.launches.open(sitting.read["custody"]))
        desk.until(lambda: sitting.records)
        yield sitting, officer
    finally:
        officer.leave()
        sitting.close()


def site_with(site: Site, *, logon: str = "", sent: str = "", home: str = "") -> list[dict[str, str]]:
    given: list[dict[str, str]] = []

    def take(request: Request) -> str:
        given.append(request.form)
        return f"<script>{home}</script><p id=main>signed on"

    site.pages |= {
        "/": f"<script>{logon}</script>{LOGON}<script>document.forms[0].onsubmit = () => {{ {sent} }}</script>",
        "/logon": take,
    }
    return given


@pytest.mark.parametrize("entry", [STEPS, PAGES], ids=["steps", "pages"])
@pytest.mark.parametrize("where", ["logon", "sent", "home"])
def test_a_notice_in_a_window_of_the_page_is_the_officers_and_the_sign_on_goes_on(
    desk: Desk, site: Site, entry: str, where: str
) -> None:
    given = site_with(site, **{where: f"return confirm('{LAW}')" if where == "sent" else f"alert('{LAW}')"})
    with opened(desk, site, entry) as (sitting, officer):
        assert officer.read == [(LAW, LAW, "needs")]
        assert officer.before == []
        assert [(one.outcome, one.prompts) for one in sitting.records] == [("ready", 1)]
        assert "person" in [phase.phase for phase in sitting.records[0].phases]
        assert sitting.acknowledged == [("custody", "message")]
        assert given == [{"user": NAME, "pass": PASSWORD}]
        assert sitting.view("custody").state == "ready"


def test_a_notice_in_a_second_window_is_the_officers_too(desk: Desk, site: Site) -> None:
    site_with(site, sent="window.open('/law'); return false")
    site.pages |= {
        "/law": f"<script>alert('{LAW}'); opener.location = '/home'; close()</script>",
        "/home": "<p id=main>signed on",
    }
    with opened(desk, site, PAGES) as (sitting, officer):
        assert [words for words, _, _ in officer.read] == [LAW]
        assert [(one.outcome, one.prompts) for one in sitting.records] == [("ready", 1)]


def test_no_is_the_officers_answer_too(desk: Desk, site: Site) -> None:
    given = site_with(site, sent=f"return confirm('{LAW}')")
    with opened(desk, site, STEPS, "cancel") as (sitting, officer):
        assert len(officer.read) == 1
        assert sitting.view("custody").needs == "finish"
        assert given == []


@pytest.mark.parametrize("kept", ["sandbox='allow-scripts'", "sandbox='allow-scripts allow-same-origin'", ""])
def test_a_frame_that_is_not_the_pages_own_holds_up_no_sign_on(
    desk: Desk, site: Site, new_site: Callable[[], Site], kept: str
) -> None:
    frame = site if kept else new_site()
    frame.pages["/frame"] = f"<script>alert('{LAW}'); fetch('/went-on')</script>"
    given = site_with(site)
    site.pages["/"] = f"<iframe {kept} src='{frame['/frame']}'></iframe>{LOGON}"
    with opened(desk, site, STEPS) as (sitting, officer):
        desk.until(lambda: "/went-on" in frame.paths())
        assert officer.read == []
        assert [(one.outcome, one.prompts) for one in sitting.records] == [("ready", 0)]
        assert given == [{"user": NAME, "pass": PASSWORD}]


BY_ITSELF = """<input id=user><input id=pass type=password><script>
const pass = document.getElementById('pass');
pass.oninput = () => {
  if (pass.value.length < LENGTH) return;
  const request = new XMLHttpRequest();
  request.open('POST', '/logon', false);
  request.send();
  SAYS
  pass.value = '';
};
</script>""".replace("LENGTH", str(len(PASSWORD)))


@pytest.mark.parametrize("by_keys", [False, True], ids=["written", "typed"])
@pytest.mark.parametrize("says", [f"alert('{LAW}');", ""], ids=["asks", "is-emptied"])
def test_what_a_page_sends_by_itself_is_given_it_once(desk: Desk, site: Site, by_keys: bool, says: str) -> None:
    site.pages |= {"/": BY_ITSELF.replace("SAYS", says), "/logon": "no"}
    entry = PAGES.replace('press = "#go"\n', "")
    if by_keys:
        entry = entry.replace('"{{password}}" }}', '"{{password}}", by = "keys" }}')
    with opened(desk, site, entry) as (sitting, officer):
        assert [words for words, _, _ in officer.read] == ([LAW] if says else [])
        assert site.paths().count("/logon") == 1
        assert sitting.view("custody").state in ("needs", "failed")


def test_a_message_window_that_is_closed_is_answered_with_no(desk: Desk, site: Site) -> None:
    site.pages |= {"/": "<p>here", "/asks": "<script>document.title = 'said ' + confirm('x')</script>"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    raw_page(desk).go(site["/asks"])
    with on_screen(desk):
        desk.until(asking)
        message = asking()
        assert message is not None
        message.close()
        desk.until(lambda: "said false" in page.last_seen())


def test_who_drives_a_page_without_an_officer_hears_that_it_asks(desk: Desk, site: Site) -> None:
    site.pages["/"] = f"<button id=there onclick=\"setTimeout(() => alert('{LAW}'))\">x</button>"
    page = desk.open(site["/"], site.origin)

    async def look() -> str:
        await page.load(site["/"])
        await page.press("#there", "")
        try:
            await page.first_of([Place(selector="#never")], 60.0, or_fault=True)
        except PageAsksError as asks:
            with pytest.raises(PageAsksError):
                await page.press("#there", "")
            await desk.surfaces.close("page")
            return asks.says
        return ""

    assert desk.run(look()) == LAW


@pytest.fixture
def sites() -> Iterator[dict[str, Site]]:
    """Two of different hosts, which the engine gives a process each."""
    with running_site() as one, running_site("localhost") as other:
        yield {"a": one, "b": other}


def test_two_pages_ask_at_once_and_each_is_answered_in_its_own_place(desk: Desk, sites: dict[str, Site]) -> None:
    for name, at in sites.items():
        at.pages["/"] = f"<script>document.title = 'said ' + confirm('{name}')</script>"
    pages = {name: desk.open(at["/"], at.origin, name=name) for name, at in sites.items()}
    read: list[str] = []
    place = QStackedWidget()
    place.show()

    def look() -> None:
        windows = [desk.surfaces.windows(name) for name in "ab"]
        if not read and not all(one is not None and one.facts.asks for one in windows):
            return
        widget = desk.surfaces.widget("ab"[min(len(read), 1)])
        assert widget is not None
        if place.indexOf(widget) < 0:
            place.addWidget(widget)
            place.setCurrentWidget(widget)
        if (message := asking()) is not None:
            read.append(message.words.text())
            message.ok.click()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)

    async def load() -> None:
        await asyncio.gather(*(page.load(sites[name]["/"]) for name, page in pages.items()), return_exceptions=True)

    desk.run(load())
    desk.until(lambda: all("said true" in page.last_seen() for page in pages.values()))
    timer.stop()
    assert read == ["a", "b"]
    empty(place)
