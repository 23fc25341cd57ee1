"""A recipe of pages in the browser: pages that change without a new document, and a notice under the officer's hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint

from launcher.secret import Secret
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import OFFICER, Sitting, own, settings
from tests.shell.surfaces.site import Request, Site
from tests.shell.surfaces.test_page import click_until, on_screen

pytestmark = pytest.mark.usefixtures("qapp")

SYSTEM = "records"
TOP = 'name = "Records"\nkind = "web"\nwithin_s = 20\n[web]\nurl = "{url}"\nsign_on = "form"\n'
PAGES = """
[[page]]
name = "law"
means = "notice"
selector = "#law"
[[page]]
name = "logon"
selector = "#pass"
fill = [{ field = "#user", value = "{username}" }, { field = "#pass", value = "{password}" }]
press = "#go"
next = ["refused", "logon-again", "home"]
[[page]]
name = "refused"
means = "failed"
selector = "#said"
text = "not accepted"
says_at = "#said"
[[page]]
name = "home"
means = "ready"
selector = "#main"
"""

SINGLE = """<title>Records</title><div id=app></div><script>
const app = document.getElementById("app");
const logon = (said) => {
  app.innerHTML = `<form id=f><p id=said>${said}</p><input id=user><input id=pass type=password>
    <button id=go>Log on</button></form>`;
  f.onsubmit = (event) => {
    event.preventDefault();
    const body = new URLSearchParams({ user: user.value, pass: pass.value });
    fetch("/api", { method: "POST", body }).then((answer) => answer.text()).then((said) => {
      if (said) logon(said); else app.innerHTML = "<h1 id=main>Records</h1>";
    });
  };
};
const law = () => {
  app.innerHTML = "<button id=law style='position:fixed;inset:0;width:400px;height:300px'>I agree</button>";
  document.getElementById("law").onclick = () => logon("");
};
LAW
</script>"""


@pytest.fixture
def sittings() -> Iterator[list[Sitting]]:
    opened: list[Sitting] = []
    yield opened
    for sitting in opened:
        sitting.close()


def opened(desk: Desk, site: Site, sittings: list[Sitting], first: str, right: str = "right") -> Sitting:
    def api(request: Request) -> str:
        return "" if request.form["pass"] == right else "Name or password not accepted"

    site.pages |= {"/": SINGLE.replace("LAW", first), "/api": api}
    pages = PAGES.replace(', "logon-again"', "")
    sitting = Sitting(desk, {SYSTEM: TOP.format(url=site["/"]) + pages}, settings())
    sittings.append(sitting)
    desk.run(sitting.store.put(OFFICER, SYSTEM, own("4471", "right")))
    sitting.open(SYSTEM)
    return sitting


def test_a_page_that_never_loads_anew_is_signed_on_to_without_a_prompt(
    desk: Desk, site: Site, sittings: list[Sitting]
) -> None:
    sitting = opened(desk, site, sittings, "logon('')")
    assert sitting.view(SYSTEM).state == "ready"
    assert site.paths().count("/api") == 1
    desk.until(lambda: sitting.records)  # the engine's thread records it a moment after it is ready
    assert sitting.records[0].prompts == 0


def test_a_refusal_in_the_same_document_is_said_in_its_words_and_given_once(
    desk: Desk, site: Site, sittings: list[Sitting]
) -> None:
    sitting = opened(desk, site, sittings, "logon('')", right="another")
    failed = sitting.view(SYSTEM)
    assert failed.error is not None
    assert (failed.error.reference, failed.error.what) == ("sign-on-refused", "Name or password not accepted")
    assert site.paths().count("/api") == 1


def test_a_notice_is_pressed_by_the_officer_and_the_logon_follows(
    desk: Desk, site: Site, sittings: list[Sitting]
) -> None:
    sitting = opened(desk, site, sittings, "law()")
    assert sitting.view(SYSTEM).needs == "notice"
    assert site.paths().count("/api") == 0
    with on_screen(desk, SYSTEM) as keys:
        click_until(desk, keys, QPoint(100, 100), lambda: sitting.view(SYSTEM).state != "needs")
        desk.until(lambda: sitting.view(SYSTEM).state == "ready")
    assert sitting.acknowledged == [(SYSTEM, "law")]
    assert [record.prompts for record in sitting.records] == [1]
    assert [request.form["pass"] for request in site.asked if request.path == "/api"] == ["right"]
    assert Secret("right") in sitting.launches.secrets()
