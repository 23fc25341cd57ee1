"""The token of an API goes on a page's own fetches to one origin, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.recipes.steps import Place
from launcher.secret import Secret
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Request, Site, to

pytestmark = pytest.mark.usefixtures("qapp")


def api(request: Request) -> Answer:
    return Answer("{}", headers=(("Access-Control-Allow-Origin", "*"),))


def fetching(*addresses: str) -> str:
    calls = ";".join(f"await fetch('{address}').then(r => r.text()).catch(String)" for address in addresses)
    done = "document.getElementById('o').textContent = 'done'"
    return f"<p id=o>-</p><script>(async () => {{ {calls}; {done} }})()</script>"


def bearers(site: Site, path: str) -> set[str | None]:
    return {request.headers.get("authorization") for request in site.asked if request.path == path}


def test_the_token_goes_on_fetches_of_the_page_to_its_origin_and_nowhere_else(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    backend, other = new_site(), new_site()
    backend.pages |= {"/data": api, "/page": "<p>x</p>"}
    other.pages["/data"] = api
    site.pages |= {
        "/": fetching(backend["/data"], other["/data"], site["/own"]) + f"<iframe src='{backend['/page']}'></iframe>",
        "/own": "x",
    }
    page = desk.open(site["/"], site.origin, token_origin=backend.origin)
    page.carry_token(Secret("t0k3n"))
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(selector="#o", text="done")], 10.0)) is not None
    desk.until(lambda: "/page" in backend.paths())
    assert bearers(backend, "/data") == {"Bearer t0k3n"}
    assert bearers(backend, "/page") == {None}
    assert bearers(other, "/data") == {None}
    assert bearers(site, "/own") == bearers(site, "/") == {None}


def test_the_token_does_not_follow_a_redirect_to_another_origin(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    backend, thief = new_site(), new_site()
    thief.pages["/steal"] = api
    statuses = (301, 302, 303, 307, 308)
    for status in statuses:
        backend.pages[f"/data{status}"] = Answer(
            "", status, (("Location", thief["/steal"]), ("Access-Control-Allow-Origin", "*"))
        )
    site.pages["/"] = fetching(*(backend[f"/data{status}"] for status in statuses))
    page = desk.open(site["/"], site.origin, token_origin=backend.origin)
    page.carry_token(Secret("t0k3n"))
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(selector="#o", text="done")], 10.0)) is not None
    for status in statuses:
        assert bearers(backend, f"/data{status}") == {"Bearer t0k3n"}
    assert bearers(thief, "/steal") <= {None}
    assert "t0k3n" not in str(thief.asked)


def test_a_page_or_frame_of_another_origin_does_not_make_fetches_with_the_token(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    backend, other = new_site(), new_site()
    backend.pages["/data"] = api
    other.pages["/"] = fetching(backend["/data"])
    site.pages |= {"/": f"<iframe src='{other['/']}'></iframe>", "/leave": to(other["/"])}
    page = desk.open(site["/"], site.origin, visits=(other.origin,), token_origin=backend.origin)
    page.carry_token(Secret("t0k3n"))
    desk.run(page.load(site["/"]))
    desk.until(lambda: len(backend.asked) == 1)
    desk.run(page.load(site["/leave"]))
    desk.until(lambda: len(backend.asked) == 2)
    assert bearers(backend, "/data") == {None}


def test_a_new_token_takes_the_place_of_the_old(desk: Desk, site: Site) -> None:
    site.pages |= {"/": fetching("/data"), "/data": "x"}
    page = desk.open(site["/"], site.origin, token_origin=site.origin)
    for token in ("one", "two"):
        page.carry_token(Secret(token))
        site.asked.clear()
        desk.run(page.load(site["/"]))
        assert desk.run(page.first_of([Place(selector="#o", text="done")], 10.0)) is not None
        assert bearers(site, "/data") == {f"Bearer {token}"}


def test_a_request_that_would_take_the_token_elsewhere_does_not_leave(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    """As if a redirect had kept it: the page sends the token's own header to another origin."""
    other = new_site()
    allow = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "authorization"))
    other.pages["/data"] = Answer("{}", headers=allow)
    sent = "{headers: {Authorization: 'Bearer t0k3n'}}"
    site.pages["/"] = f"""<p id=o>-</p><script>fetch('{other["/data"]}', {sent}).then(() => 'went', () => 'stopped')
        .then((how) => document.getElementById('o').textContent = how)</script>"""
    page = desk.open(site["/"], site.origin, token_origin=site.origin)
    page.carry_token(Secret("t0k3n"))
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(selector="#o", text="stopped")], 10.0)) is not None
    assert all("authorization" not in request.headers for request in other.asked)
