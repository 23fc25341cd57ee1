"""A real single-page application signed on by a catalogue file: its form is built late, no other page ever comes."""

from __future__ import annotations

import pytest

from tests.servers import radicale
from tests.servers.attempts import Attempts
from tests.servers.people import ALICE, BOB, PASSWORD, WRONG_PASSWORD, Person
from tests.servers.radicale import Radicale
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, own, settings

pytestmark = pytest.mark.usefixtures("qapp")

CALENDAR = f"""
name = "Duty Calendar"
kind = "web"
[web]
url = "{{url}}"
sign_on = "form"
credential = "sign-in"
[[step]]
do = "fill"
field = "{radicale.USERNAME}"
value = "{{{{username}}}}"
by = "{{by}}"
[[step]]
do = "fill"
field = "{radicale.PASSWORD_FIELD}"
value = "{{{{password}}}}"
by = "{{by}}"
[[step]]
do = "press"
control = "{radicale.SUBMIT}"
[[marker]]
means = "ready"
selector = "{radicale.READY}"
absent = "{radicale.LOGON}"
[[marker]]
means = "failed"
selector = "{radicale.FAILURE}"
text = "{radicale.SAYS}"
says = "The calendar did not accept your name and password."
"""


def _sitting(desk: Desk, calendar: Radicale, person: Person, password: str, by: str = "script") -> Sitting:
    entry = CALENDAR.format(url=calendar.url, by=by)
    return Sitting(desk, {"calendar": entry}, settings(), sign_in=own(person.uid, password))


@pytest.mark.parametrize("by", ["script", "keys"])
def test_an_application_of_one_page_stands_signed_on(desk: Desk, calendar: Radicale, by: str) -> None:
    before = calendar.attempts(ALICE.uid)
    sitting = _sitting(desk, calendar, ALICE, PASSWORD, by)
    try:
        assert sitting.open("calendar").state == "ready"
        (record,) = sitting.records
        assert (record.sign_on, record.outcome, record.prompts) == ("form", "ready", 0)
        after = calendar.attempts(ALICE.uid)
        assert after.right > before.right
        assert after.wrong == before.wrong
        assert PASSWORD not in "\n".join(map(str, sitting.trace.lines))
    finally:
        sitting.close()


def test_its_refusal_is_said_and_not_tried_twice(desk: Desk, calendar: Radicale) -> None:
    before = calendar.attempts(BOB.uid)
    sitting = _sitting(desk, calendar, BOB, WRONG_PASSWORD)
    try:
        failed = sitting.open("calendar")
        assert failed.error is not None
        assert (failed.state, failed.error.reference) == ("failed", "sign-on-refused")
        assert failed.error.what == "The calendar did not accept your name and password."
        assert not any(desk.faults)  # what a page's own fetch is refused, the page says
        assert calendar.attempts(BOB.uid) == Attempts(before.right, before.wrong + 1)
    finally:
        sitting.close()
