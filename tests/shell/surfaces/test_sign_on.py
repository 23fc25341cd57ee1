"""Signing on to real pages: filling, pressing, and what is not sent."""

from __future__ import annotations

import contextlib
import threading

import pytest

from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces.written_page import PARTS_WITHIN_S
from launcher.sign_on.driver import FieldFault
from launcher.sign_on.run import LOOK_GRACE_S
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import LOGON, Answer, Request, Site, logon_of, to

pytestmark = pytest.mark.usefixtures("qapp")


PASSWORD = Secret('Ünter "quoted" \\ </script> £ 🚓')


def test_a_form_is_filled_pressed_and_expected(desk: Desk, site: Site) -> None:
    def answer(request: Request) -> Answer | str:
        return to(site["/home"], 303) if request.form["pass"] == PASSWORD.reveal() else LOGON

    site.pages |= {"/": LOGON, "/logon": answer, "/home": "<h1>Welcome back</h1>"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#user", Secret("4471")))
    desk.run(page.fill("#pass", PASSWORD, hides=True))
    desk.run(page.press("#go", ""))
    seen = desk.run(page.first_of([Place(text="never"), Place(selector="h1", text="Welcome back")], 10.0))
    assert seen is not None
    assert seen.index == 1
    assert logon_of(site) == {"user": "4471", "pass": PASSWORD.reveal()}
    assert all(PASSWORD.reveal() not in request.query for request in site.asked)
    assert page.officer_acts() == 0
    assert desk.run(desk.surfaces.edited()) == ()


@pytest.mark.parametrize(("slow_s", "early"), [(0.5, False), (30.0, True)])
def test_a_press_waits_for_the_parts_of_the_page_but_not_for_ever(
    desk: Desk, site: Site, slow_s: float, early: bool
) -> None:
    """DokuWiki takes a picture that is asked for with the cookies of before the logon for a log-off."""
    sent = threading.Event()
    came_first: list[bool] = []

    def picture(request: Request) -> Answer:
        came_first.append(sent.wait(slow_s))
        return Answer(status=404)

    def logon(request: Request) -> str:
        sent.set()
        return "<p>in</p>"

    site.pages |= {"/": LOGON + "<img src=/picture>", "/picture": picture, "/logon": logon}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#user", Secret("4471")))
    desk.run(page.press("#go", ""))
    assert desk.run(page.first_of([Place(text="in")], 20.0)) is not None
    desk.until(lambda: came_first)  # the page may be seen before the thread of the picture goes on
    assert came_first == [early]
    assert site.paths().count("/logon") == 1


@pytest.mark.parametrize("tab", [False, True])
def test_a_page_that_is_replaced_while_the_press_waits_is_not_sent(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch, tab: bool
) -> None:
    """The form of the page that came is empty, and the refusal of an empty password would be held against the kept."""
    monkeypatch.setattr("launcher.shell.surfaces.written_page.PARTS_WITHIN_S", 60.0)
    over, pressing = threading.Event(), threading.Event()

    def picture(request: Request) -> Answer:
        over.wait()
        return Answer(status=404)

    def moment(request: Request) -> str:
        pressing.wait()
        return ""

    moves = "<script>fetch('/moment').then(() => location.replace('/second'))</script>"
    site.pages |= {"/": LOGON + moves + "<img src=/picture>", "/picture": picture, "/moment": moment}
    site.pages |= {"/second": LOGON, "/logon": "<p>refused</p>"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    try:
        desk.run(page.fill("#user", Secret("4471")))
        desk.run(page.fill("#pass", PASSWORD, hides=True))
        if tab:
            monkeypatch.setattr("launcher.shell.surfaces.written_page.PARTS_WITHIN_S", 0.1)
            desk.run(page.press("", "Tab"))
            monkeypatch.setattr("launcher.shell.surfaces.written_page.PARTS_WITHIN_S", 60.0)
            pressing.set()
            assert desk.run(page.first_of([Place(url=site["/second"], selector="#go")], 20.0)) is not None
        pressed = desk.start(page.press("#go", ""))
        pressing.set()
        if tab:
            with pytest.raises(FieldFault, match="was replaced"):
                desk.run_future(pressed)
        else:
            # As the page goes, the engine may have no answer, or the filled form be sent still.
            with contextlib.suppress(FieldFault):
                desk.run_future(pressed)
        assert desk.run(page.first_of([Place(url=site["/second"]), Place(url=site["/logon"])], 20.0)) is not None
        sent = [request.form for request in site.asked if request.method != "GET"]
        assert sent in ([], [{"user": "4471", "pass": PASSWORD.reveal()}])
        assert not (tab and sent)
    finally:
        over.set()
        pressing.set()


def test_a_press_of_ours_may_lead_to_another_page_and_a_press_there(desk: Desk, site: Site) -> None:
    site.pages |= {"/": LOGON, "/logon": "<form method=post action=/yes><button id=yes>Stay</button></form>"}
    site.pages["/yes"] = "<p>in</p>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#pass", PASSWORD, hides=True))
    desk.run(page.press("#go", ""))
    assert desk.run(page.first_of([Place(selector="#yes")], 10.0)) is not None
    desk.run(page.press("#yes", ""))
    assert desk.run(page.first_of([Place(text="in")], 10.0)) is not None


def test_parts_that_never_come_are_waited_for_once(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def picture(request: Request) -> Answer:
        over.wait()
        return Answer(status=404)

    site.pages |= {"/": LOGON + "<button id=more>More</button><img src=/picture>", "/picture": picture}
    site.pages["/logon"] = "<p>in</p>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    try:
        monkeypatch.setattr("launcher.shell.surfaces.written_page.PARTS_WITHIN_S", 0.3)
        desk.run(page.press("#more", ""))
        monkeypatch.setattr("launcher.shell.surfaces.written_page.PARTS_WITHIN_S", 3600.0)
        desk.run(page.press("#go", ""))
        assert desk.run(page.first_of([Place(text="in")], 10.0)) is not None
    finally:
        over.set()


def test_a_press_waits_less_for_parts_than_the_engine_waits_for_the_press() -> None:
    assert PARTS_WITHIN_S < LOOK_GRACE_S


def test_enter_sends_the_form_by_its_own_button(desk: Desk, site: Site) -> None:
    site.pages |= {
        "/": LOGON.replace("<button id=go>", "<button name=how value=button>"),
        "/logon": "<p>in</p>",
    }
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#user", Secret("a")))
    desk.run(page.press("", "Tab"))
    desk.run(page.fill("#pass", Secret("b")))
    desk.run(page.press("", "Enter"))
    assert desk.run(page.first_of([Place(text="in")], 10.0)) is not None
    assert logon_of(site) == {"user": "a", "pass": "b", "how": "button"}


def test_a_page_that_listens_for_keys_and_input_events_sees_them(desk: Desk, site: Site) -> None:
    site.pages |= {
        "/": """<input id=f><p id=out></p><script>
        const f = document.getElementById('f'); const heard = [];
        for (const kind of ['input', 'change', 'keydown', 'keyup']) f.addEventListener(kind, (e) => {
          heard.push(kind + (e.key ?? '')); document.getElementById('out').textContent = heard.join(' ') + f.value; });
        </script>"""
    }
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#f", Secret("x")))
    desk.run(page.press("", "Enter"))
    assert desk.run(page.first_of([Place(text="input change keydownEnter keyupEnterx")], 5.0)) is not None


def test_a_page_that_overrides_the_value_property_cannot_see_more_or_less(desk: Desk, site: Site) -> None:
    site.pages["/"] = """<input id=f type=password><p id=out>-</p><script>
        const f = document.getElementById('f');
        Object.defineProperty(f, 'value', { get: () => 'fake', set: () => { throw 1 } });
        document.querySelector = document.querySelectorAll = () => { throw 2 };
        f.addEventListener('input', () => {
          document.getElementById('out').textContent = f.matches(':placeholder-shown') ? 'empty' : 'written'; });
        </script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#f", Secret("x"), hides=True))
    assert desk.run(page.first_of([Place(text="written")], 5.0)) is not None


def test_a_form_built_late_is_waited_for(desk: Desk, site: Site) -> None:
    site.pages["/"] = f"""<p>loading</p><script>setTimeout(() => {{ document.body.innerHTML = `{LOGON}`;
        document.getElementById('pass').disabled = true;
        setTimeout(() => document.getElementById('pass').disabled = false, 80); }}, 80)</script>"""
    site.pages["/logon"] = "<p>in</p>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#user", Secret("a")))
    desk.run(page.fill("#pass", Secret("b"), hides=True))
    desk.run(page.press("#go", ""))
    assert desk.run(page.first_of([Place(text="in")], 10.0)) is not None


def test_a_page_that_replaces_its_form_while_it_is_filled_is_filled_again(desk: Desk, site: Site) -> None:
    site.pages["/"] = f"""<div id=root>{LOGON}</div><script>
        let times = 0;
        document.addEventListener('input', (e) => {{ if (e.target.id === 'pass' && times++ < 2) {{
            const root = document.getElementById('root'); root.innerHTML = root.innerHTML; }} }});
        </script>"""
    site.pages["/logon"] = "<p>in</p>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#pass", Secret("b"), hides=True))
    desk.run(page.press("#go", ""))
    assert desk.run(page.first_of([Place(text="in")], 10.0)) is not None
    assert logon_of(site)["pass"] == "b"


def test_a_page_that_empties_a_field_later_is_not_sent(desk: Desk, site: Site) -> None:
    """An empty password sent for a person is a failure counted against them.

    It is emptied after the script that wrote it and before anything else is asked of the page: with a timer, a press
    may come first, and rightly send what stands there yet.
    """
    site.pages["/"] = f"""{LOGON}<script>
        for (const kind of ['input', 'change']) document.addEventListener(kind, (e) => queueMicrotask(() => {{
          e.target.value = ''; document.title = 'emptied'; }})); </script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#pass", Secret("b"), hides=True))
    desk.until(lambda: "emptied" in page.last_seen())
    with pytest.raises(FieldFault, match="did not keep its value"):
        desk.run(page.press("#go", ""))
    assert all(request.method == "GET" for request in site.asked)


def test_a_select_takes_a_value_or_a_label(desk: Desk, site: Site) -> None:
    site.pages["/"] = """<select id=f onchange="document.title='chose '+this.value">
        <option value=''><option value=n>North Area<option value=s>South Area</select>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#f", Secret("South Area")))
    desk.until(lambda: "chose s" in page.last_seen())
