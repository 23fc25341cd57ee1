"""Cookies that one profile hands to another, with real profiles: exact, of the named origins only, and in time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkCookie

from launcher.connectors.plan import WebTarget
from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie
from launcher.shell.surfaces import cookies as jar
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Site

pytestmark = pytest.mark.usefixtures("qapp")

SET = (
    "sid=0123456789abcdef; HttpOnly; SameSite=Lax",
    "__Host-session=fedcba9876543210; Path=/; Secure; HttpOnly; SameSite=None",
    "deep=down-below-only; Path=/deep",
    "lasting=for-an-hour-more; Max-Age=3600",
    "gone=short; Max-Age=0",
)


def test_a_profile_goes_on_where_another_was(desk: Desk, site: Site) -> None:
    site.pages |= {"/": Answer("in", headers=tuple(("Set-Cookie", cookie) for cookie in SET)), "/deep/": "x"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))

    def given() -> tuple[str, ...]:
        return tuple(sorted(one.name for one in desk.run(desk.surfaces.cookies_of((site.origin,)))))

    desk.until(lambda: len(given()) == 4)
    cookies = desk.run(desk.surfaces.cookies_of((site.origin,)))
    host = QUrl(site.origin).host()
    assert {one.domain for one in cookies} == {host}
    by_name = {one.name: one for one in cookies}
    assert by_name["__Host-session"].secure
    assert (by_name["sid"].http_only, by_name["deep"].http_only, by_name["deep"].path) == (True, False, "/deep")
    assert by_name["lasting"].expires_at is not None
    assert by_name["sid"].expires_at is None
    assert desk.run(desk.surfaces.cookies_of(("https://id.force.example",))) == ()
    assert "0123456789abcdef" not in repr(cookies)

    again = WebSurfaces(desk.room.bridge)
    try:
        site.pages["/"] = "in"
        desk.run(again.take_cookies(cookies, ("https://id.force.example",)))  # of none of these
        desk.run(again.take_cookies(cookies, (site.origin,)))
        target = WebTarget(site["/deep/"], (site.origin,))
        moved = desk.run(again.open_web("moved", target, shown=False))
        desk.run(moved.load(site["/deep/"]))
        sent = site.asked[-1].headers["cookie"]
        assert sorted(part.partition("=")[0] for part in sent.split("; ")) == sorted(by_name)
        assert desk.run(again.cookies_of((site.origin,))) != ()
        assert sorted(desk.run(again.derived_secrets())) == sorted(one.value.reveal().encode() for one in cookies)
        assert {one.name: one for one in desk.run(again.cookies_of((site.origin,)))} == by_name
        desk.run(again.take_cookies(cookies, (site.origin,)))  # they hold already: nobody waits
    finally:
        desk.run(again.release())
    desk.run(again.take_cookies(cookies, (site.origin,)))  # to nobody any more


def test_who_gives_a_cookie_up_gives_up_no_other_that_is_waited_for(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(name: str) -> BrowserCookie:
        return BrowserCookie(name, Secret("a-value-of-its-own"), QUrl(site.origin).host(), "/", False, True, None)

    held = jar.CookieJar(lambda cookie, origin: None)  # of an engine that has not told of it yet
    went_on: list[str] = []
    monkeypatch.setattr(jar, "IN_VAIN_MS", 50)
    held.take([named("never")], [site.origin], lambda: went_on.append("first"))
    monkeypatch.setattr(jar, "IN_VAIN_MS", 60_000)
    held.take([named("late")], [site.origin], lambda: went_on.append("second"))
    desk.until(lambda: went_on)
    assert went_on == ["first"]
    told = QNetworkCookie(b"late", b"a-value-of-its-own")
    told.setDomain(QUrl(site.origin).host())
    told.setPath("/")
    held.added(told)
    assert went_on == ["first", "second"]


def test_cookies_are_taken_after_a_page_has_ended_too(desk: Desk, site: Site) -> None:
    site.pages |= {"/": Answer("in", headers=(("Set-Cookie", "first=0123456789abcdef"),)), "/next": "in"}
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.run(desk.surfaces.close("page"))
    handed = BrowserCookie("handed", Secret("fedcba9876543210"), QUrl(site.origin).host(), "/", False, True, None)
    desk.run(desk.surfaces.take_cookies((handed,), (site.origin,)))
    page = desk.open(site["/next"], site.origin)
    desk.run(page.load(site["/next"]))
    assert sorted(site.asked[-1].headers["cookie"].split("; ")) == ["first=0123456789abcdef", "handed=fedcba9876543210"]
    assert {one.name for one in desk.run(desk.surfaces.cookies_of((site.origin,)))} == {"first", "handed"}
