"""Our side of Active Directory's dialect, against :mod:`.active_directory`; a real one comes with its own issue."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from launcher.identity import refusals
from launcher.identity.directory import DirectoryMethod
from launcher.identity.directory.client import Entry
from launcher.identity.proof import SignInRefused
from tests.contract.identity.password_method import change_password, sign_in
from tests.servers.certificates import Certificates
from tests.servers.people import ALICE, PASSWORD, WRONG_PASSWORD
from tests.unit.identity.directory.active_directory import Account, ActiveDirectory, running
from tests.unit.identity.directory.estate import method_for
from tests.unit.identity.directory.memory_directory import MemoryDirectory

BASE = "DC=force,DC=example"
ALICE_DN = f"CN=Alice Okafor,OU=Stations,{BASE}"
LOOKUP_DN = f"CN=lookup,OU=Services,{BASE}"
LOOKUP_PASSWORD = "Lookup-Pw-1!"
NEW_PASSWORD = "Brand-New-Pw-9"
GUID = bytes.fromhex("33221100554477668899aabbccddeeff")
IN_FIVE_DAYS = int((time.time() + 5.5 * 86400 + 11_644_473_600) * 10_000_000)

UPN: dict[str, object] = {"find": "upn", "upn_suffix": "force.example", "base": BASE, "group_base": BASE}
SEARCH: dict[str, object] = {"base": BASE, "group_base": BASE, "user_filter": "(sAMAccountName={name})"}
AS_LOOKUP: dict[str, object] = {"search_as": LOOKUP_DN, "search_password": LOOKUP_PASSWORD}
ALONE: dict[str, object] = {"search_as": ""}


def entry(dn: str, **values: object) -> Entry:
    given = {name.lower(): value if isinstance(value, tuple) else (value,) for name, value in values.items()}
    return Entry(dn, {name: tuple(_octets(one) for one in value) for name, value in given.items()})


def _octets(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def domain() -> ActiveDirectory:
    alice = entry(
        ALICE_DN,
        objectGUID=GUID,
        sAMAccountName=ALICE.uid,
        userPrincipalName=f"{ALICE.uid}@force.example",
        cn=ALICE.name,
        displayName=ALICE.name,
        employeeNumber=ALICE.number,
        mail=ALICE.mail,
        badPwdCount=2,
        tokenGroups=("S-custody", "S-staff"),
        **{"msDS-UserPasswordExpiryTimeComputed": IN_FIVE_DAYS},
    )
    return ActiveDirectory(
        (
            Account(ALICE_DN, f"{ALICE.uid}@force.example", PASSWORD),
            Account(LOOKUP_DN, "lookup@force.example", LOOKUP_PASSWORD),
        ),
        MemoryDirectory(
            alice,
            entry(BASE, lockoutThreshold=5),
            entry(f"CN=Custody,{BASE}", cn="Custody", objectSid="S-custody"),
            entry(f"CN=All-Staff,{BASE}", cn="All-Staff", objectSid="S-staff"),
        ),
    )


@pytest.fixture
def url(domain: ActiveDirectory, certificates: Certificates) -> Iterator[str]:
    with running(domain, certificates.server) as address:
        yield address


def method(certificates: Certificates, url: str, *parts: dict[str, object]) -> DirectoryMethod:
    changes: dict[str, object] = {}
    for part in parts:
        changes |= part
    password = str(changes.pop("search_password", ""))
    return method_for(certificates.ca, url, search_password=password, **changes)


@pytest.mark.parametrize(
    "way", [(UPN, ALONE), (UPN, AS_LOOKUP), (SEARCH, AS_LOOKUP)], ids=["upn", "upn+read", "search"]
)
@pytest.mark.parametrize("typed", [ALICE.uid, ALICE.uid.upper()])
def test_an_officer_signs_in(
    domain: ActiveDirectory, url: str, certificates: Certificates, way: tuple[dict[str, object], ...], typed: str
) -> None:
    accepted = sign_in(method(certificates, url, *way), typed, PASSWORD)
    officer = accepted.officer
    assert officer.id.subject == "00112233-4455-6677-8899-aabbccddeeff"
    assert (officer.user_name, officer.number, officer.display_name) == (ALICE.uid, ALICE.number, ALICE.name)
    assert officer.groups == {"custody", "all-staff"}
    assert accepted.warning == "Your password ends in 5 days."


def test_a_principal_typed_in_full_is_the_same_officer(url: str, certificates: Certificates) -> None:
    one = method(certificates, url, UPN, ALONE)
    assert sign_in(one, f"{ALICE.uid}@force.example", PASSWORD).officer == sign_in(one, ALICE.uid, PASSWORD).officer


@pytest.mark.parametrize("code", ["773", "532"])
@pytest.mark.parametrize("way", [UPN, SEARCH], ids=["upn", "search"])
def test_an_ended_password_is_changed_over_the_read_account(
    domain: ActiveDirectory, url: str, certificates: Certificates, way: dict[str, object], code: str
) -> None:
    domain.accounts[0].refusal = code
    one = method(certificates, url, way, AS_LOOKUP)
    with pytest.raises(SignInRefused) as refused:
        sign_in(one, ALICE.uid, PASSWORD)
    assert refused.value.must_change
    with pytest.raises(refusals.PasswordNotAccepted):
        change_password(one, ALICE.uid, WRONG_PASSWORD, NEW_PASSWORD)
    assert domain.changes == []
    with pytest.raises(refusals.NewPasswordRefused):
        change_password(one, ALICE.uid, PASSWORD, "short")
    change_password(one, ALICE.uid, PASSWORD, NEW_PASSWORD)
    delete, add = 1, 0
    assert domain.changes[-1] == [
        (delete, f'"{PASSWORD}"'.encode("utf-16-le")),
        (add, f'"{NEW_PASSWORD}"'.encode("utf-16-le")),
    ]
    assert sign_in(one, ALICE.uid, NEW_PASSWORD).officer.number == ALICE.number


def test_a_password_that_still_holds_is_changed_by_the_officer(
    domain: ActiveDirectory, url: str, certificates: Certificates
) -> None:
    one = method(certificates, url, UPN, ALONE)
    change_password(one, ALICE.uid, PASSWORD, NEW_PASSWORD)
    assert LOOKUP_DN not in domain.binds
    sign_in(one, ALICE.uid, NEW_PASSWORD)


@pytest.mark.parametrize("code", ["773", "532"])
def test_without_a_read_account_only_the_helpdesk_can_help(
    domain: ActiveDirectory, url: str, certificates: Certificates, code: str
) -> None:
    domain.accounts[0].refusal = code
    one = method(certificates, url, UPN, ALONE)
    for attempt in (
        lambda: sign_in(one, ALICE.uid, PASSWORD),
        lambda: change_password(one, ALICE.uid, PASSWORD, NEW_PASSWORD),
    ):
        with pytest.raises(refusals.PasswordExpiredForGood):
            attempt()
    assert domain.changes == []


def test_the_tries_left_come_from_the_domains_threshold(
    domain: ActiveDirectory, url: str, certificates: Certificates
) -> None:
    with pytest.raises(refusals.PasswordNotAccepted) as refused:
        sign_in(method(certificates, url, SEARCH, AS_LOOKUP), ALICE.uid, WRONG_PASSWORD)
    assert refused.value.tries_left == 3
    assert domain.binds == [LOOKUP_DN, ALICE_DN, LOOKUP_DN]


def test_a_locked_account_is_said(domain: ActiveDirectory, url: str, certificates: Certificates) -> None:
    domain.accounts[0].refusal = "775"
    with pytest.raises(refusals.AccountLocked):
        sign_in(method(certificates, url, UPN, ALONE), ALICE.uid, PASSWORD)
