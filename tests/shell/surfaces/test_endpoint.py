"""A real system that is signed on to out of the browser, whose page then stands signed on."""

from __future__ import annotations

import pytest

from tests.servers.dokuwiki import DokuWiki
from tests.servers.people import ALICE, BOB, PASSWORD
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, own, settings

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
