"""The windows that a page opens: second windows of its system, logons in a window, and links to other systems."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from launcher.grants.credential import Credential
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces.windows import MOST_WINDOWS, SystemWindows
from launcher.sign_on.driver import WebDriver
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, settings
from tests.shell.surfaces.site import LOGON, Request, Site, to
from tests.shell.surfaces.test_page import click_until, on_screen, raw_page, reference

pytestmark = pytest.mark.usefixtures("qapp")

BIG = "style='display:block;width:300px;height:60px;margin:0'"


def windows_of(desk: Desk, name: str = "page") -> SystemWindows:
    windows = desk.surfaces.windows(name)
    assert windows is not None
    return windows


POPUP = f"""<body style='margin:0'><button id=go {BIG}
onclick="window.open('/popup', 'logon', 'width=400')">Log on</button>
<p id=who>nobody</p><script>addEventListener('message', (event) => {{
    if (event.origin === location.origin) who.textContent = event.data }})</script>"""


def logon_in_a_window(site: Site, last: str) -> None:
    def logon(request: Request) -> str:
        ok = request.form == {"user": "ada", "pass": "s3cret-w0rd"}
        said = "signed on as ada" if ok else "refused"
        return f"<script>opener.postMessage('{said}', location.origin); {last}</script>"

    site.pages |= {"/": POPUP, "/popup": LOGON, "/logon": logon}


def sign_on(desk: Desk, site: Site) -> WebDriver:
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.press("#go", ""))
    assert desk.run(page.first_of([Place(selector="#pass")], 10.0)) is not None
    desk.run(page.fill("#user", Secret("ada")))
    desk.run(page.fill("#pass", Secret("s3cret-w0rd"), hides=True))
    desk.run(page.press("#go", ""))
    assert desk.run(page.first_of([Place(text="signed on as ada")], 10.0)) is not None
    return page


def test_a_logon_in_a_window_of_its_own_signs_on_and_the_window_goes(desk: Desk, site: Site) -> None:
    logon_in_a_window(site, "close()")
    sign_on(desk, site)
    desk.until(lambda: len(windows_of(desk).views()) == 1)
    assert raw_page(desk).address() == site["/"]
    assert desk.faults == []


def test_a_logon_window_that_never_closes_does_not_hold_the_sign_on(desk: Desk, site: Site) -> None:
    logon_in_a_window(site, "")
    page = sign_on(desk, site)
    windows = windows_of(desk)
    assert [one.front for one in windows.views()] == [True, False]  # what is signed on lies before the logon that stays
    windows.show(windows.views()[1].key)
    assert desk.run(page.first_of([Place(text="signed on as ada")], 10.0)) is not None
    assert [one.front for one in windows.views()] == [False, True]  # the officer's choice stands
    desk.run(desk.surfaces.close("page"))
    assert desk.surfaces.windows("page") is None


BY_CATALOGUE = """
name = "Custody Record"
kind = "web"
[web]
url = "{origin}/"
sign_on = "form"
credential = "sign-in"
[[step]]
do = "press"
control = "#go"
[[step]]
do = "wait"
selector = "#pass"
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
text = "signed on as ada"
"""


@pytest.mark.parametrize("last", ["close()", ""])
def test_a_catalogue_file_signs_on_in_a_window_without_the_officer(desk: Desk, site: Site, last: str) -> None:
    logon_in_a_window(site, last)
    sign_in = Credential("ada", Secret("s3cret-w0rd"))
    sitting = Sitting(desk, {"custody": BY_CATALOGUE.format(origin=site.origin)}, settings(), sign_in=sign_in)
    assert sitting.open("custody").state == "ready"
    desk.until(lambda: sitting.records)
    assert (sitting.records[0].outcome, sitting.records[0].prompts) == ("ready", 0)
    sitting.close()


def test_a_window_of_the_system_is_a_second_one_and_the_first_keeps_what_was_typed(desk: Desk, site: Site) -> None:
    site.pages |= {
        "/": f"<body style='margin:0'><a {BIG} target=_blank href=/window>open</a><input id=i><p>the first</p>",
        "/window": "<title>Window two</title><p>the second</p>",
    }
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#i", Secret("typed")))
    desk.run(page.press("a", ""))
    windows = windows_of(desk)
    desk.until(lambda: windows.views()[-1].title == "Window two")
    assert windows.views()[1].front
    assert desk.run(page.first_of([Place(text="the second")], 10.0)) is not None
    windows.close(windows.views()[1].key)
    assert [one.front for one in windows.views()] == [True]
    assert desk.run(page.first_of([Place(text="the first")], 10.0)) is not None
    said: list[object] = []
    raw_page(desk).run("i.value", said.append)
    desk.until(lambda: said)
    assert said == ["typed"]


def test_what_a_page_has_made_is_shown_in_a_window_of_its_own(desk: Desk, site: Site) -> None:
    made = "new Blob(['<title>Report</title><p>made here'], {type: 'text/html'})"
    site.pages["/"] = f'<button {BIG} onclick="window.open(window.URL.createObjectURL({made}))">report</button>'
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        click_until(desk, keys, QPoint(60, 30), lambda: len(windows_of(desk).views()) == 2)
    assert desk.run(page.first_of([Place(text="made here")], 10.0)) is not None
    desk.until(lambda: windows_of(desk).views()[-1].title == "Report")
    assert desk.faults == []


def test_an_empty_window_is_one_of_the_system_s_and_is_filled_by_its_page(desk: Desk, site: Site) -> None:
    site.pages["/"] = f"<button {BIG} onclick=\"window.open('').document.write('<p>written')\">open</button>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        click_until(desk, keys, QPoint(60, 30), lambda: len(windows_of(desk).views()) == 2)
    said: list[object] = []
    raw_page(desk).toPlainText(said.append)
    desk.until(lambda: said)
    assert said == ["written"]


def test_a_page_that_opens_windows_without_end_is_stopped(desk: Desk, site: Site) -> None:
    site.pages |= {"/": f"<body style='margin:0'><button {BIG} onclick=\"window.open('/w')\">open</button>", "/w": "x"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    windows = windows_of(desk)
    for count in range(MOST_WINDOWS):
        desk.run(page.press("button", ""))
        desk.until(lambda count=count: len(windows.views()) == count + 2)
    desk.run(page.press("button", ""))
    windows.show(windows.views()[0].key)
    assert len(windows.views()) == MOST_WINDOWS + 1


def test_a_window_s_bounds_are_those_of_its_system(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    elsewhere = new_site()
    site.pages |= {
        "/": f"<body style='margin:0'><button {BIG} onclick=\"window.open('/w')\">open</button>",
        "/w": to(elsewhere["/"]),
    }
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.press("button", ""))
    assert reference(desk) == "page-not-expected"
    assert elsewhere.asked == []


def followed(desk: Desk) -> list[tuple[str, str]]:
    taken: list[tuple[str, str]] = []
    desk.surfaces.link_wanted.connect(lambda system, url: taken.append((system, url)))
    return taken


@pytest.mark.parametrize("target", ["", "target=_blank"])
def test_a_link_that_the_officer_clicks_opens_the_other_system(
    desk: Desk, site: Site, new_site: Callable[[], Site], target: str
) -> None:
    other = new_site()
    site.pages["/"] = f"<body style='margin:0'><a {BIG} {target} href='{other['/case?id=7']}'>case</a><p>here"
    page = desk.open(site["/"], site.origin)
    desk.surfaces.know_links({other.origin: "cases", site.origin: "page"})
    taken = followed(desk)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        click_until(desk, keys, QPoint(20, 15), lambda: taken)
        QTest.keyClick(keys, Qt.Key.Key_Shift)
    assert taken[0] == ("cases", other["/case?id=7"])
    assert other.asked == []
    assert [fault for fault in desk.faults if fault is not None] == []
    assert desk.run(page.first_of([Place(text="here", url=site["/"])], 5.0)) is not None


@pytest.mark.parametrize("target", ["", "target=_blank"])
@pytest.mark.parametrize("method", ["method=post", "<button formmethod=post>"])
def test_a_form_that_the_officer_sends_to_another_system_is_no_link(
    desk: Desk, site: Site, new_site: Callable[[], Site], method: str, target: str
) -> None:
    other = new_site()
    press = f"<button {BIG}"
    form, button = (method, press) if method[0] == "m" else ("", method.replace("<button", press).rstrip(">"))
    site.pages["/"] = (
        f"<body style='margin:0'><form {form} {target} action='{other['/case']}'>{button}>send</button>"
        "<input name=method value=kept></form>"
    )
    page = desk.open(site["/"], site.origin)
    desk.surfaces.know_links({other.origin: "cases", site.origin: "page"})
    taken = followed(desk)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        click_until(desk, keys, QPoint(20, 15), lambda: desk.faults)
    assert reference(desk) == "page-not-expected"
    assert (taken, other.asked) == ([], [])


@pytest.mark.parametrize(("href", "leads"), [("/case", True), ("javascript:f.submit()", False)])
def test_a_link_that_sends_a_form_leads_to_no_address(desk: Desk, site: Site, href: str, leads: bool) -> None:
    form = "<form hidden id=f method=post action=/case></form>"
    site.pages |= {"/": f"<body style='margin:0'><a {BIG} href='{href}'>case</a>{form}", "/case": "<p id=case>case"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        click_until(desk, keys, QPoint(20, 15), lambda: "/case" in site.paths())
        assert desk.run(page.first_of([Place(selector="#case")], 20.0)) is not None
    assert (page.followed().to == site["/case"]) is leads


def test_a_script_opens_no_other_system(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    other = new_site()
    site.pages["/"] = f"<a id=a href='{other['/']}'>case</a><script>addEventListener('go', () => a.click())</script>"
    page = desk.open(site["/"], site.origin)
    desk.surfaces.know_links({other.origin: "cases"})
    taken = followed(desk)
    desk.run(page.load(site["/"]))
    raw_page(desk).run("dispatchEvent(new Event('go'))", lambda _: None)
    assert reference(desk) == "page-not-expected"
    assert taken == []


def test_an_address_of_the_system_is_followed_beside_what_is_typed(desk: Desk, site: Site) -> None:
    site.pages |= {"/": "<input id=i autofocus>", "/case": "<title>Case</title>case"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(desk.surfaces.follow("page", "https://elsewhere.example/"))
    assert len(windows_of(desk).views()) == 1
    with on_screen(desk) as keys:
        desk.until(lambda: not QTest.keyClick(keys, Qt.Key.Key_A) and desk.surfaces.is_edited("page"))
    desk.run(desk.surfaces.follow("page", site["/case"]))
    desk.until(lambda: [one.title for one in windows_of(desk).views()][1:] == ["Case"])
    assert desk.surfaces.address("page") == site["/"]
