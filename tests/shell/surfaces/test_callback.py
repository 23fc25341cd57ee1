"""The way back of a sign-in at a provider: it is caught, and never asked of anybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.secret import Secret
from launcher.sign_on.driver import WrongOriginError
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import LOGON, Site, to

pytestmark = pytest.mark.usefixtures("qapp")


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
