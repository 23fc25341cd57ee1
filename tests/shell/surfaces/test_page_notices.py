"""What pages tell the officer of is the frame's to show: the page's host and a title, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint

from launcher.connectors.plan import WebTarget
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.page_notices import EVERY_S, LONGEST_TITLE, PageNotices
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Site
from tests.shell.surfaces.test_page import click_until, on_screen, raw_page, reference

pytestmark = pytest.mark.usefixtures("qapp")

OWN = "https://records.force.example"
PAGE = """<body style='margin:0'><button style='display:block;width:400px;height:60px;margin:0' onclick="
Notification.requestPermission().then((said) => {
    document.title = said;
    if (said === 'granted') { note = new Notification('Case 7 is yours', {body: 'of Alice'}); }
})">tell</button>"""


@dataclass(frozen=True, slots=True)
class System:
    bounds: Bounds


def bounds(*permissions: str) -> Bounds:
    target = WebTarget(OWN + "/", (OWN,), ("https://elsewhere.example",), permissions=permissions)  # type: ignore[arg-type]
    return Bounds.of(target)


def test_what_is_told_is_plain_cut_short_and_of_the_system_s_own_pages() -> None:
    now = [0.0]
    notices = PageNotices(
        {"other": System(bounds()), "records": System(bounds("notifications"))}, clock_s=lambda: now[0]
    )
    told: list[tuple[str, str, str]] = []
    notices.told.connect(lambda *said: told.append(said))
    notices.take("https://elsewhere.example/", "not of its own")
    notices.take(OWN + "/", "Case\n7\u202e is <b>yours</b> " + "x" * 5000)
    ((system, host, title),) = told
    assert (system, host) == ("records", "records.force.example")
    assert title.startswith("Case 7 is <b>yours</b> xxx")
    assert len(title) == LONGEST_TITLE
    notices.take(OWN + "/", "again at once")
    assert len(told) == 1
    now[0] += EVERY_S
    notices.take(OWN + "/", "later")
    assert told[1:] == [("records", "records.force.example", "later")]


def test_a_page_that_may_tell_is_heard(desk: Desk, site: Site) -> None:
    told: list[tuple[str, str, str]] = []
    desk.surfaces.notices.told.connect(lambda *said: told.append(said))
    site.pages["/"] = PAGE
    target = WebTarget(site["/"], (site.origin,), permissions=("notifications",))
    page = desk.run(desk.surfaces.open_web("page", target, shown=True))
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        click_until(desk, keys, QPoint(40, 30), lambda: bool(told))
    assert told[0] == ("page", site.origin.partition("://")[2], "Case 7 is yours")
    assert desk.faults == []
    browser = desk.surfaces._browser
    assert browser is not None
    desk.run(desk.surfaces.mute(True))  # the terminal is locked
    browser._on_notice(OWN, "while nobody may look")
    assert len(told) == 1


def test_a_page_that_may_not_is_refused_and_heard_of_as_for_all_else(desk: Desk, site: Site) -> None:
    told: list[tuple[str, str, str]] = []
    desk.surfaces.notices.told.connect(lambda *said: told.append(said))
    site.pages["/"] = PAGE
    page = desk.run(desk.surfaces.open_web("page", WebTarget(site["/"], (site.origin,)), shown=True))
    desk.run(page.load(site["/"]))
    with on_screen(desk) as keys:
        click_until(desk, keys, QPoint(40, 30), lambda: raw_page(desk).title() == "denied")
    assert reference(desk) == "permission-refused"
    assert told == []
