"""Providers that are away, have another page than was written down, or ask again: bounded, and a password goes once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, own, settings
from tests.shell.surfaces.site import LOGON, Answer, Request, Site, to

pytestmark = pytest.mark.usefixtures("qapp")

SYSTEM = """
name = "Lists"
kind = "web"
[web]
url = "{url}"
sign_on = "federated"
provider = "courts"
[[marker]]
means = "ready"
selector = "#lists"
"""
READY = {"means": "ready", "selector": "#in"}


def provider(site: Site, *markers: dict[str, str], within_s: float = 60.0) -> dict[str, Any]:
    return {
        "name": "courts",
        "label": "Courts account",
        "url": site["/logon-page"],
        "within_s": within_s,
        "logon": {
            "steps": [
                {"do": "fill", "field": "#user", "value": "{username}"},
                {"do": "fill", "field": "#pass", "value": "{password}"},
                {"do": "press", "control": "#go"},
            ],
            "markers": [READY, *markers],
        },
    }


def sitting_of(desk: Desk, system: Site, courts: dict[str, Any]) -> Sitting:
    names = ("lists", "rolls")
    entries = {name: SYSTEM.format(url=system[f"/{name}"]) for name in names}
    return Sitting(desk, entries, settings(provider=[courts]), sign_in=own("4471", "Station-Pw-4471"))


def leads_to(courts: Site) -> Callable[[Request], Answer]:
    """A system that knows nobody and sends everybody to the provider."""
    return lambda _: to(courts["/logon-page"])


@pytest.fixture
def courts(new_site: Callable[[], Site]) -> Site:
    return new_site()


def posted(site: Site) -> int:
    return sum(request.method == "POST" for request in site.asked)


def test_a_provider_that_asks_again_is_given_the_password_once_and_then_asks_the_officer(
    desk: Desk, site: Site, courts: Site
) -> None:
    courts.pages |= {"/logon-page": LOGON, "/logon": LOGON}  # it says nothing of why
    site.pages |= {"/lists": leads_to(courts), "/rolls": leads_to(courts)}
    sitting = sitting_of(desk, site, provider(courts, within_s=6.0))
    try:
        for name in ("lists", "rolls"):
            asked = sitting.open(name)
            assert (asked.state, asked.needs) == ("needs", "provider")
        assert posted(courts) == 1
    finally:
        sitting.close()
    assert [one.prompts for one in sitting.records] == [1, 1]


def test_a_provider_that_wants_more_is_known_by_a_marker_and_left_to_the_officer(
    desk: Desk, site: Site, courts: Site
) -> None:
    courts.pages |= {"/logon-page": LOGON, "/logon": "<form><input id=code></form>"}
    site.pages["/lists"] = lambda _: to(courts["/logon"])
    sitting = sitting_of(desk, site, provider(courts, {"means": "notice", "selector": "#code"}, within_s=60.0))
    try:
        asked = sitting.open("lists")
        assert (asked.state, asked.needs) == ("needs", "provider")
    finally:
        sitting.close()


def test_a_provider_whose_page_has_changed_is_given_nothing(desk: Desk, site: Site, courts: Site) -> None:
    courts.pages["/logon-page"] = "<form method=post action=/logon><input name=login id=login></form>"
    site.pages["/lists"] = leads_to(courts)
    sitting = sitting_of(desk, site, provider(courts, within_s=6.0))
    try:
        asked = sitting.open("lists")
        assert (asked.state, asked.needs) == ("needs", "provider")
        assert posted(courts) == 0
    finally:
        sitting.close()


def test_a_provider_that_leads_to_another_origin_is_not_filled_there(
    desk: Desk, site: Site, courts: Site, new_site: Callable[[], Site]
) -> None:
    mimic = new_site()
    mimic.pages["/"] = LOGON
    courts.pages["/logon-page"] = to(mimic["/"])
    sitting = sitting_of(desk, site, provider(courts))
    try:
        failed = sitting.open("lists")
        assert failed.error is not None
        assert (failed.state, failed.error.reference) == ("failed", "page-not-expected")
        assert mimic.asked == []
    finally:
        sitting.close()


def test_a_provider_that_is_away_is_asked_again_by_who_tries_again(desk: Desk, site: Site, courts: Site) -> None:
    here = [False]

    def logon(_: Request) -> str | Answer:
        return LOGON if here[0] else Answer("<h1>Later</h1>", 503)

    courts.pages |= {"/logon-page": logon, "/logon": "<p id=in>You are logged on</p>"}
    site.pages["/lists"] = "<p id=lists>Today</p>"
    sitting = sitting_of(desk, site, provider(courts))
    try:
        failed = sitting.open("lists")
        assert failed.error is not None
        assert (failed.state, failed.error.reference) == ("failed", "system-unreachable")
        here[0] = True
        sitting.does(lambda: sitting.launches.open_again(sitting.read["lists"]))
        assert sitting.until_it_stands("lists").state == "ready"
    finally:
        sitting.close()
