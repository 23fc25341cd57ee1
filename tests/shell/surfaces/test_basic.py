"""A name and a password that a page's server asks for by HTTP: given once, and to its own origin only."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces.faults import SignOnNotExpectedError
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Request, Site

pytestmark = pytest.mark.usefixtures("qapp")


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
