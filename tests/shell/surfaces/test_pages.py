"""Logons of several pages at real systems, by their catalogue files alone: a one-time code, a password that expired."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launcher.grants.credential import Credential
from launcher.secret import Secret
from launcher.session.commands import GiveNewPassword
from launcher.session.snapshot import LaunchView
from tests.servers.people import ALICE, BOB, CAROL, DAVE, PASSWORD, WRONG_PASSWORD, Person
from tests.servers.two_factor import TwoFactor
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import OFFICER, Sitting, settings

pytestmark = pytest.mark.usefixtures("qapp")

CASES = "cases"
NEW = "A-much-newer-one-9!"


@pytest.fixture
def sittings(desk: Desk, case_office: TwoFactor) -> Iterator[list[Sitting]]:
    opened: list[Sitting] = []
    yield opened
    for sitting in opened:
        sitting.close()


def opened(desk: Desk, office: TwoFactor, sittings: list[Sitting], who: Person, password: str = PASSWORD) -> Sitting:
    sitting = Sitting(desk, {CASES: office.entry()}, settings())
    sittings.append(sitting)
    kept = Credential(who.uid, Secret(password), Secret(who.totp_seed))
    desk.run(sitting.store.put(OFFICER, CASES, kept))
    sitting.open(CASES)
    return sitting


def kept(desk: Desk, sitting: Sitting) -> Secret:
    found = desk.run(sitting.store.get(OFFICER, CASES))
    assert found is not None
    return found.credential.password


def said(sitting: Sitting) -> str:
    return "\n".join(map(str, sitting.trace.lines))


def test_a_one_time_code_is_given_on_its_own_page(desk: Desk, case_office: TwoFactor, sittings: list[Sitting]) -> None:
    sitting = opened(desk, case_office, sittings, ALICE)
    assert sitting.view(CASES).state == "ready", (sitting.view(CASES), said(sitting))
    desk.until(lambda: sitting.records)  # the engine's thread records it a moment after it is ready
    (record,) = sitting.records
    assert (record.sign_on, record.outcome, record.prompts) == ("form", "ready", 0)
    assert {"load", "inject", "ready"} <= {span.phase for span in record.phases}
    assert "fill #id_token-otp_token with {otp}" in said(sitting)
    assert PASSWORD not in said(sitting)
    assert case_office.attempts(ALICE.uid).right == 1


def test_a_wrong_password_is_given_once_and_refused_in_the_systems_own_words(
    desk: Desk, case_office: TwoFactor, sittings: list[Sitting]
) -> None:
    sitting = opened(desk, case_office, sittings, BOB, WRONG_PASSWORD)
    failed = sitting.view(CASES)
    assert failed.error is not None
    assert (failed.state, failed.error.reference) == ("failed", "sign-on-refused")
    assert failed.error.what.startswith("Please enter a correct username and password.")
    assert case_office.attempts(BOB.uid).wrong == 1
    sitting.does(lambda: sitting.launches.open_again(sitting.read[CASES]))
    assert sitting.until_it_stands(CASES).needs == "credential"
    assert case_office.attempts(BOB.uid).wrong == 1


def test_a_wrong_code_is_a_refusal(
    desk: Desk, case_office: TwoFactor, sittings: list[Sitting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(CAROL), "totp_seed", property(lambda _: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
    sitting = opened(desk, case_office, sittings, CAROL)
    failed = sitting.view(CASES)
    assert failed.error is not None
    assert failed.error.what.startswith("Invalid token.")


def given(desk: Desk, sitting: Sitting, new: str) -> LaunchView:
    """Give a new password, and wait until it is said what became of it."""
    before = sitting.view(CASES).error
    sitting.does(lambda: sitting.launches.given(GiveNewPassword(CASES, Secret(new))))
    desk.until(lambda: (now := sitting.view(CASES)).state == "ready" or now.error not in (None, before))
    return sitting.view(CASES)


def test_an_expired_password_is_changed_in_its_place(
    desk: Desk, case_office: TwoFactor, sittings: list[Sitting]
) -> None:
    case_office.expire(DAVE.uid)
    sitting = opened(desk, case_office, sittings, DAVE)
    asked = sitting.view(CASES)
    assert asked.needs == "new-password", (asked, said(sitting))
    refused = given(desk, sitting, "password1")
    assert refused.error is not None
    assert (refused.needs, refused.error.reference) == ("new-password", "host-password-refused")
    assert "too common" in refused.error.what
    assert kept(desk, sitting) == Secret(PASSWORD)
    assert given(desk, sitting, NEW).state == "ready"
    assert kept(desk, sitting) == Secret(NEW)
