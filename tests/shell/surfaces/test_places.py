"""Looking for the places that a recipe names, on real pages in sight and out of it."""

from __future__ import annotations

import pytest

from launcher.recipes.steps import Place
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Site

pytestmark = pytest.mark.usefixtures("qapp")


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


@pytest.mark.parametrize(
    ("page", "selector"),
    [
        ("<iframe id=box src=/inner></iframe>", "#box >>> #late"),
        ("<div id=box></div><script>box.attachShadow({ mode: 'open' }).innerHTML = INNER</script>", "#box >>> #late"),
    ],
)
def test_what_comes_late_inside_a_frame_or_a_shadow_tree_wakes_the_look(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch, page: str, selector: str
) -> None:
    monkeypatch.setattr("launcher.shell.surfaces.trial.POLL_MS", 3_600_000)  # only a wake asks again
    late = "<p id=late hidden>late words</p>"
    show = "setTimeout(() => { ROOT.querySelector('#late').hidden = false }, 150)"
    inner = f"{late}<script>{show.replace('ROOT', 'document')}</script>"
    shadow = f"<script>const INNER = '{late}'; {show.replace('ROOT', 'box.shadowRoot')}</script>"
    site.pages |= {"/": (shadow if "INNER" in page else "") + page, "/inner": inner}
    surface = desk.open(site["/"], site.origin)
    desk.run(surface.load(site["/"]))
    assert desk.run(surface.first_of([Place(selector=selector, text="late words")], 10.0)) is not None
