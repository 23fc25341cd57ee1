"""A recipe of pages in the browser: pages that change without a new document, and a notice under the officer's hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from launcher.secret import Secret
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import OFFICER, Sitting, own, settings
from tests.shell.surfaces.site import LOGON, Request, Site, to
from tests.shell.surfaces.test_page import on_screen

pytestmark = pytest.mark.usefixtures("qapp")

SYSTEM = "records"
CLICKS_S = 0.3
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


def press_by_hand(desk: Desk, keys: QWidget, holds: Callable[[], bool]) -> None:
    """Click now and then until it has an effect: a page that was shown this moment misses the first clicks."""
    clicked = 0.0

    def click() -> bool:
        nonlocal clicked
        if not holds() and time.monotonic() - clicked > CLICKS_S:
            clicked = time.monotonic()
            QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
        return holds()

    desk.until(click)


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
        press_by_hand(desk, keys, lambda: sitting.view(SYSTEM).state != "needs")
        desk.until(lambda: sitting.view(SYSTEM).state == "ready")
    assert sitting.acknowledged == [(SYSTEM, "law")]
    assert [record.prompts for record in sitting.records] == [1]
    assert [request.form["pass"] for request in site.asked if request.path == "/api"] == ["right"]
    assert Secret("right") in sitting.launches.secrets()


FEDERATED = (
    TOP.replace('"form"', '"federated"\nprovider = "courts"')
    + """
[[page]]
name = "law"
means = "notice"
selector = "#law"
[[page]]
name = "on"
selector = "#on"
press = "#on"
next = ["home"]
[[page]]
name = "home"
means = "ready"
selector = "#main"
"""
)
FILLS = [
    {"do": "fill", "field": "#user", "value": "{username}"},
    {"do": "fill", "field": "#pass", "value": "{password}"},
    {"do": "press", "control": "#go"},
]
ON = "<form method=post action=/home><button id=on>Go on</button></form>"
ONCE = """<button id=NAME style='position:fixed;inset:0;width:400px;height:300px'
    onclick="this.remove(); location.href = 'NEXT'">I agree</button>"""


def federated(desk: Desk, site: Site, provider: Site, sittings: list[Sitting]) -> Sitting:
    """A system that leads to its provider, and has a notice and another page behind that."""
    site.pages |= {
        "/": to(provider["/asks"]),
        "/law": ONCE.replace("NEXT", "/on").replace("NAME", "law"),
        "/on": ON,
        "/home": "<h1 id=main>Records</h1>",
    }
    courts = {
        "name": "courts",
        "label": "Courts account",
        "url": provider["/session"],
        "within_s": 5.0,
        "logon": {"steps": FILLS, "markers": [{"means": "ready", "selector": "#in"}]},
    }
    provider.pages |= {"/session": LOGON, "/logon": "<p id=in>in</p>"}
    sitting = Sitting(
        desk,
        {SYSTEM: FEDERATED.format(url=site["/"])},
        settings(provider=[courts]),
        sign_in=own("4471", "Station-Pw-4471"),
    )
    sittings.append(sitting)
    return sitting


def test_behind_a_providers_session_the_notice_is_the_officers_and_the_rest_the_recipes(
    desk: Desk, site: Site, new_site: Callable[[], Site], sittings: list[Sitting]
) -> None:
    provider = new_site()
    provider.pages["/asks"] = to(site["/law"])
    sitting = federated(desk, site, provider, sittings)
    assert sitting.open(SYSTEM).needs == "notice"
    with on_screen(desk, SYSTEM) as keys:
        press_by_hand(desk, keys, lambda: sitting.view(SYSTEM).state != "needs")
        desk.until(lambda: sitting.view(SYSTEM).state == "ready")
    assert sitting.acknowledged == [(SYSTEM, "law")]


def test_what_the_provider_asks_is_the_officers_and_what_follows_the_recipes_again(
    desk: Desk, site: Site, new_site: Callable[[], Site], sittings: list[Sitting]
) -> None:
    provider = new_site()
    provider.pages["/asks"] = ONCE.replace("NEXT", site["/on"]).replace("NAME", "yes")
    sitting = federated(desk, site, provider, sittings)
    assert sitting.open(SYSTEM).needs == "provider"
    with on_screen(desk, SYSTEM) as keys:
        press_by_hand(desk, keys, lambda: sitting.view(SYSTEM).state != "needs")
        desk.until(lambda: sitting.view(SYSTEM).state == "ready")
    assert sitting.acknowledged == []
