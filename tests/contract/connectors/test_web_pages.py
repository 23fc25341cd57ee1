"""What the pages of a web entry have to keep, each with the line that is at fault."""

from __future__ import annotations

import pytest

from launcher.bootstrap.parts import CONNECTORS
from launcher.connectors.base import judge_of
from launcher.connectors.password_rules import PasswordRules
from launcher.connectors.plan import CredentialName, WebTarget
from tests.contract.connectors import test_web
from tests.contract.connectors.contract import settings_with
from tests.unit.session.launch_desk import entry

LOGON = """\
[[page]]
name = "logon"
selector = "#name"
fill = [{ field = "#name", value = "{username}" }, { field = "#password", value = "{password}" }]
press = "#go"
next = ["expired", "home"]
"""
EXPIRED = '[[page]]\nname = "expired"\nselector = "#new"\nmeans = "change-password"\n'
HOME = '[[page]]\nname = "home"\nselector = "#main"\nmeans = "ready"\n'
PAGES = LOGON + EXPIRED + HOME
CHANGE = """\
[web.change_password]
shortest = 9
[[web.change_password.page]]
name = "change"
selector = "#new"
fill = [{ field = "#old", value = "{password}" }, { field = "#new", value = "{new_password}" }]
press = "#go"
next = ["changed"]
[[web.change_password.page]]
name = "changed"
text = "Changed"
means = "changed"
"""
AGAIN = LOGON.replace('"home"]', '"again", "home"]') + LOGON.replace('"logon"', '"again"') + EXPIRED + HOME
FORM = test_web.web("form")


class Pages(test_web.TestWebConnector):
    """For its helpers alone."""

    __test__ = False


HERE = Pages()


def said(table: str, pages: str) -> list[str]:
    return HERE.said(table, pages)


def test_pages_are_a_plan_with_what_proves_it_as_markers() -> None:
    plan = HERE.connector.plan(HERE.entry(FORM + CHANGE, PAGES), settings_with(web={"hosts": ["*.force.example"]}))
    assert isinstance(plan.target, WebTarget)
    assert [page.name for page in plan.pages] == ["logon", "expired", "home"]
    assert [marker.means for marker in plan.markers] == ["change-password", "ready"]
    assert plan.grants == (CredentialName("one", "store"),)
    assert plan.target.change is not None
    assert plan.target.change.rules == PasswordRules(9)
    assert said(FORM + CHANGE, PAGES) == []


@pytest.mark.parametrize(
    ("table", "pages", "fault"),
    [
        (FORM, PAGES + '[[marker]]\nmeans = "ready"\ntext = "x"\n', "pages, or steps and markers, and not both"),
        (FORM, PAGES.replace('"home"]', '"hame"]'), "unknown page 'hame', did you mean 'home'?"),
        (FORM, PAGES + HOME, "there is a page 'home' already"),
        (FORM, PAGES.replace('next = ["expired", "home"]\n', ""), "say what the page 'logon' means, or which"),
        (FORM, PAGES.replace("{username}", "{otp}"), "{otp} needs otp = true"),
        (FORM + "otp = true\n", PAGES, "otp = true needs a page that fills {otp}"),
        (
            FORM,
            PAGES + '[[page]]\nname = "no"\nmeans = "failed"\ntext = "x"\nrefused = "code"\n',
            "needs otp = true, and",
        ),
        (FORM, PAGES.replace("{username}", "{new_password}"), "{new_password} is for [web.change_password]"),
        (FORM, EXPIRED + HOME, "sign_on = form needs a page that fills a field"),
        (
            test_web.web("none"),
            LOGON.replace("{username}", "x") + EXPIRED + HOME,
            "sign_on = none fills no name, password",
        ),
        (FORM, PAGES.replace("ready", "changed"), "a page that means changed is not for signing on"),
        (FORM, PAGES + '[[page]]\nname = "a"\nurl = "http://x.example/"\nmeans = "failed"\n', "is not https"),
        (FORM, AGAIN, "this leads on to 'again', which is given the password again"),
        (FORM + CHANGE.replace('means = "changed"', 'means = "ready"'), PAGES, "means ready is not for changing"),
        (
            FORM
            + CHANGE
            + '[[web.change_password.page]]\nname = "no"\nmeans = "failed"\ntext = "x"\nrefused = "code"\n',
            PAGES,
            "refused is not for changing the password",
        ),
        (FORM + CHANGE.replace("{new_password}", "x"), PAGES, "must be given {new_password}"),
        (FORM + CHANGE.replace("shortest = 9", "shortest = 200"), PAGES, "shortest"),
        (FORM + CHANGE, LOGON.replace('"expired", ', "") + HOME, "a [[page]] must mean change-password"),
        (test_web.web("none") + CHANGE, HOME, "change_password is for sign_on = form"),
        (FORM + CHANGE, '[[marker]]\nmeans = "ready"\ntext = "x"\n', "change_password is for an entry of pages"),
    ],
)
def test_pages_that_are_refused(table: str, pages: str, fault: str) -> None:
    found = said(table, pages)
    assert any(fault in one for one in found), found


def test_a_logon_without_a_page_that_means_ready_is_warned_of() -> None:
    (warning,) = said(FORM, LOGON.replace(', "home"', "") + EXPIRED)
    assert "no page means ready" in warning


def test_a_change_of_the_sign_in_s_password_is_warned_of_and_is_a_plan_all_the_same() -> None:
    table = FORM + 'credential = "sign-in"\n' + CHANGE
    (warning,) = said(table, PAGES)
    assert "warning: never run: the password of the sign-in is not changed in a system" in warning
    plan = HERE.connector.plan(HERE.entry(table, PAGES), settings_with(web={"hosts": ["*.force.example"]}))
    assert plan.grants == (CredentialName("one", "sign-in"),)


@pytest.mark.parametrize("kind", ["terminal", "program"])
def test_pages_are_for_the_web_only(kind: str) -> None:
    table = {
        "terminal": '[terminal]\nhost = "a.example"\nline = "telnet"\nsign_on = "none"\n',
        "program": '[program]\nargv = ["/bin/true"]\n',
    }[kind]
    read = entry("one", f'name = "One"\nkind = "{kind}"\n{table}{HOME}')
    assert any("pages are for the kind web" in str(fault) for fault in judge_of(CONNECTORS, None)(read))
