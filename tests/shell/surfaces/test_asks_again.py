"""A logon of one document that asks again, and says nothing that its entry knows: refused, and given nothing twice."""

from __future__ import annotations

import threading

import pytest

from tests.servers import radicale
from tests.servers.attempts import Attempts
from tests.servers.people import BOB, WRONG_PASSWORD
from tests.servers.radicale import Radicale
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, own, settings
from tests.shell.surfaces.site import Request, Site

pytestmark = pytest.mark.usefixtures("qapp", "soon")

ENTRY = """
name = "Rota"
kind = "web"
within_s = {within_s}
[web]
url = "{url}"
sign_on = "form"
credential = "sign-in"
[[page]]
name = "logon"
selector = "{password}"
fill = [{{ field = "{user}", value = "{{username}}" }}, {{ field = "{password}", value = "{{password}}" }}]
press = "{go}"
next = ["home"]
[[page]]
name = "home"
means = "ready"
selector = "{ready}"
absent = "{password}"
"""

FORM = "<form id=form><input id=user><input id=pass type=password><button id=go>Log on</button></form><p id=said></p>"
SEND = """
form.onsubmit = async (event) => {
  event.preventDefault();
  const body = JSON.stringify([user.value, pass.value]);
  BEFORE
  const answer = await (await fetch("/logon", { method: "POST", body })).text();
  AFTER
  if (answer === "in") document.body.innerHTML = "<p id=home>Rota</p>"; else said.textContent = "No.";
};
"""

EMPTY = {
    "built-anew": ("const before = form.innerHTML; form.innerHTML = 'Moment';", "form.innerHTML = before;"),
    "emptied": ("", "pass.value = '';"),
}
AS_SENT = {
    "rests-meanwhile": ("go.disabled = true;", "go.disabled = false;"),
    "away-meanwhile": ("form.style.display = 'none';", "form.style.display = '';"),
}
WAYS = EMPTY | AS_SENT
LATE_S = 0.8


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stays so long counts; the late answers below come later than that."""
    monkeypatch.setattr("launcher.sign_on.stages.SETTLE_S", 0.1)
    monkeypatch.setattr("launcher.sign_on.page_run.EMPTY_S", 0.1)


def _page(way: str) -> str:
    before, after = WAYS[way]
    return f"{FORM}<script>{SEND.replace('BEFORE', before).replace('AFTER', after)}</script>"


def _sitting(desk: Desk, site: Site, within_s: float = 600.0) -> Sitting:
    entry = ENTRY.format(url=site["/"], user="#user", password="#pass", go="#go", ready="#home", within_s=within_s)
    return Sitting(desk, {"rota": entry}, settings(), sign_in=own("4471", "hunter2"))


@pytest.mark.parametrize("way", WAYS)
def test_a_form_that_is_there_again_has_refused(desk: Desk, site: Site, way: str) -> None:
    site.pages |= {"/": _page(way), "/logon": "out"}
    sitting = _sitting(desk, site, within_s=600.0 if way in EMPTY else 4.0)  # as it was sent it counts in the end
    try:
        refused = sitting.open("rota")
        assert refused.error is not None
        assert (refused.state, refused.error.reference) == ("failed", "sign-on-refused")
        assert site.paths().count("/logon") == 1
        sitting.does(lambda: sitting.launches.open_again(sitting.read["rota"]))
        assert sitting.until_it_stands("rota").needs == "credential"  # what was refused is not tried again
        assert site.paths().count("/logon") == 1
    finally:
        sitting.close()


@pytest.mark.parametrize("way", [*WAYS, "emptied-at-once"])
def test_a_form_that_waits_for_its_answer_has_not_refused(
    desk: Desk, site: Site, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WAYS, "emptied-at-once", ("pass.value = '';", ""))

    def late(_: Request) -> str:
        threading.Event().wait(LATE_S)
        return "in"

    site.pages |= {"/": _page(way), "/logon": late}
    sitting = _sitting(desk, site)
    try:
        assert sitting.open("rota").state == "ready"
    finally:
        sitting.close()


@pytest.mark.parametrize("way", AS_SENT)
def test_a_form_that_stands_there_while_its_page_loads_what_comes_next_has_not_refused(
    desk: Desk, site: Site, way: str
) -> None:
    def late(_: Request) -> str:
        threading.Event().wait(LATE_S)
        return ""

    page = _page(way).replace("if (answer", 'await fetch("/view"); if (answer')
    site.pages |= {"/": page, "/logon": "in", "/view": late}
    sitting = _sitting(desk, site)
    try:
        assert sitting.open("rota").state == "ready"
    finally:
        sitting.close()


def test_a_real_application_needs_no_page_for_its_refusal(desk: Desk, calendar: Radicale) -> None:
    before = calendar.attempts(BOB.uid)
    entry = ENTRY.format(
        url=calendar.url, user=radicale.USERNAME, password=radicale.PASSWORD_FIELD, go=radicale.SUBMIT,
        ready=radicale.READY, within_s=600.0,
    )  # fmt: skip
    sitting = Sitting(desk, {"calendar": entry}, settings(), sign_in=own(BOB.uid, WRONG_PASSWORD))
    try:
        failed = sitting.open("calendar")
        assert failed.error is not None
        assert (failed.state, failed.error.reference) == ("failed", "sign-on-refused")
        assert calendar.attempts(BOB.uid) == Attempts(before.right, before.wrong + 1)
    finally:
        sitting.close()
