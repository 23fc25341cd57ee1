"""A real system that is signed on to out of the browser, whose page then stands signed on."""

from __future__ import annotations

import pytest

from tests.servers.dokuwiki import DokuWiki
from tests.servers.people import ALICE, BOB, PASSWORD
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, own, settings
from tests.shell.surfaces.site import Answer, Request, Site

pytestmark = pytest.mark.usefixtures("qapp")

WIKI = """
name = "Station Wiki"
kind = "web"
[web]
url = "{wiki.url}"
sign_on = "endpoint"
credential = "sign-in"
[web.endpoint]
url = "{wiki.url}?id=start"
fields = {{ do = "login", u = "{{username}}", p = "{{password}}" }}
ready_status = [302]
failed_status = []
failed_text = "Sorry, username or password was wrong"
says = "The wiki did not accept your name and password."
[[marker]]
means = "ready"
selector = "#dokuwiki__usertools li.user"
"""

DESK = """
name = "Desk"
kind = "web"
[web]
url = "{site.origin}/"
sign_on = "endpoint"
credential = "sign-in"
[web.endpoint]
url = "{site.origin}/api/session"
body = {{ user = "{{username}}", password = "{{password}}" }}
[[marker]]
means = "ready"
selector = "#main"
[[marker]]
means = "signed-off"
selector = "#over"
"""


def test_a_real_system_stands_signed_on_without_its_logon_page(desk: Desk, wiki: DokuWiki) -> None:
    before = wiki.attempts(ALICE.uid)
    sitting = Sitting(desk, {"wiki": WIKI.format(wiki=wiki)}, settings(), sign_in=own(ALICE.uid, PASSWORD))
    try:
        assert sitting.open("wiki").state == "ready"
        (record,) = sitting.records
        assert (record.sign_on, record.outcome, record.prompts) == ("endpoint", "ready", 0)
        assert {"reach", "spawn", "inject", "load", "ready"} <= {span.phase for span in record.phases}
        assert "doku.php" in sitting.trace.lines[0].did
        assert PASSWORD not in "\n".join(map(str, sitting.trace.lines))
        assert wiki.attempts(ALICE.uid).right == before.right + 1
        cookies = desk.run(desk.surfaces.cookies_of((wiki.origin,)))
        assert any(cookie.http_only for cookie in cookies)
        values = {cookie.value.reveal().encode() for cookie in cookies if len(cookie.value.reveal()) >= 8}
        assert values <= set(desk.run(desk.surfaces.derived_secrets()))
    finally:
        sitting.close()


def test_a_session_that_the_system_has_ended_is_had_anew_by_the_endpoint(desk: Desk, site: Site) -> None:
    alive: list[str] = []

    def logon(request: Request) -> Answer:
        alive[:] = [f"session-number-{len(site.asked)}"]
        return Answer("in", 200, (("Set-Cookie", f"desk={alive[0]}; Path=/; HttpOnly"),))

    def work(request: Request) -> str:
        known = bool(alive) and f"desk={alive[0]}" in request.headers.get("cookie", "")
        return "<h1 id=main>Cells</h1>" if known else "<p id=over>Your session has expired</p>"

    site.pages |= {"/": work, "/api/session": logon}
    sitting = Sitting(desk, {"desk": DESK.format(site=site)}, settings(), sign_in=own(ALICE.uid, PASSWORD))
    try:
        assert sitting.open("desk").state == "ready"
        alive.clear()
        page = sitting.launches._openings["desk"].page
        assert page is not None
        desk.run(page.load(site["/"]))
        sitting.does(lambda: sitting.launches.looked_at("desk"))
        desk.until(lambda: len(sitting.records) == 2)
        assert (sitting.records[1].again, sitting.records[1].outcome, sitting.records[1].prompts) == (True, "ready", 0)
        assert site.paths().count("/api/session") == 2
    finally:
        sitting.close()


def test_a_real_refusal_is_not_tried_twice(desk: Desk, wiki: DokuWiki) -> None:
    before = wiki.attempts(BOB.uid)
    sitting = Sitting(desk, {"wiki": WIKI.format(wiki=wiki)}, settings(), sign_in=own(BOB.uid, "wrong"))
    try:
        failed = sitting.open("wiki")
        assert failed.error is not None
        assert (failed.state, failed.error.reference) == ("failed", "sign-on-refused")
        assert failed.error.what == "The wiki did not accept your name and password."
        sitting.does(lambda: sitting.launches.open_again(sitting.read["wiki"]))
        assert sitting.until_it_stands("wiki").needs == "credential"
        assert wiki.attempts(BOB.uid).wrong == before.wrong + 1
    finally:
        sitting.close()
