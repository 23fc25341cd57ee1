"""The method ``directory`` keeps the contract on a real Active Directory, and tells its refusals apart."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from launcher.identity import refusals
from launcher.identity.directory import DirectoryMethod
from launcher.identity.directory.faults import DirectoryOutcomeUnknown, DirectoryUnreachable
from launcher.identity.proof import Accepted, Proof, SignInRefused
from launcher.policy.settings import DirectorySettings
from launcher.secret import Secret
from tests.contract.identity.password_method import PasswordMethodContract, change_password, sign_in
from tests.servers.fault_proxy import Cut, FaultProxy, PassThrough, Refuse, Stall, WithholdResponses
from tests.servers.people import ALICE, DOMAIN, PASSWORD, WRONG_PASSWORD
from tests.servers.samba import LOCKS_AFTER, OFFICERS, Samba

pytestmark = pytest.mark.timeout(300)  # a domain is made first, which takes its time where much else runs

FILTER = "(&(objectCategory=person)(sAMAccountName={name}))"


def method_for(controller: Samba, *servers: str, by_upn: bool = False, **more: object) -> DirectoryMethod:
    """A station's method; it searches as the read account, unless officers bind by their principal name."""
    found: dict[str, object] = {"find": "filter", "user_filter": FILTER, "search_as": controller.dn("reader")}
    if by_upn:
        found = {"find": "upn", "upn_suffix": DOMAIN, "user_filter": FILTER}
    settings = DirectorySettings.model_validate(
        {"servers": servers or (controller.url,), "ca_file": controller.ca_file, "base": OFFICERS} | found | more
    )
    return DirectoryMethod(settings, search_password=None if by_upn else Secret(PASSWORD))


class TestActiveDirectoryBySearch(PasswordMethodContract):
    @pytest.fixture
    def method(self, active_directory: Samba) -> DirectoryMethod:
        return method_for(active_directory)


class TestActiveDirectoryByPrincipalName(PasswordMethodContract):
    @pytest.fixture
    def method(self, active_directory: Samba) -> DirectoryMethod:
        return method_for(active_directory, by_upn=True)


@pytest.mark.parametrize("by", ["auto", "tokenGroups", "in-chain", "memberOf", "member"])
def test_every_way_finds_the_nested_groups(active_directory: Samba, by: str) -> None:
    accepted = sign_in(method_for(active_directory, groups=by), ALICE.uid, PASSWORD)
    assert accepted.officer.groups == ALICE.all_groups


def test_who_is_in_no_group_of_ours_is_in_none(active_directory: Samba) -> None:
    assert sign_in(method_for(active_directory), "to-lock", PASSWORD).officer.groups == frozenset()


REFUSED = (
    ("switched-off", refusals.AccountDisabled),  # 533
    ("ended", refusals.AccountExpired),  # 701
    ("night-only", refusals.OutsideLogonHours),  # 530
    ("elsewhere", refusals.NotAtThisTerminal),  # 531
    ("expired", refusals.PasswordExpired),  # 532
    ("must-change", refusals.PasswordMustChange),  # 773
)


@pytest.mark.parametrize(("name", "refusal"), REFUSED, ids=[name for name, _ in REFUSED])
def test_each_refusal_is_told_from_the_others(active_directory: Samba, name: str, refusal: type[SignInRefused]) -> None:
    with pytest.raises(SignInRefused) as told:
        sign_in(method_for(active_directory), name, PASSWORD)
    assert type(told.value) is refusal, told.value.detail
    # With a wrong password all of them say the same: nobody learns of an account's state without it.
    with pytest.raises(refusals.PasswordNotAccepted):
        sign_in(method_for(active_directory), name, WRONG_PASSWORD)


def test_without_a_read_account_nobody_can_change_what_has_ended(active_directory: Samba) -> None:
    for name in ("expired", "must-change"):
        with pytest.raises(refusals.PasswordExpiredForGood):
            sign_in(method_for(active_directory, by_upn=True), name, PASSWORD)


@pytest.mark.parametrize("name", ["to-change", "to-renew"])
def test_a_password_that_has_ended_is_changed_in_place(active_directory: Samba, name: str) -> None:
    method, new = method_for(active_directory), f"{PASSWORD}-new"
    with pytest.raises(refusals.NewPasswordRefused):
        change_password(method, name, PASSWORD, "short")
    with pytest.raises(refusals.PasswordNotAccepted):
        change_password(method, name, WRONG_PASSWORD, new)
    change_password(method, name, PASSWORD, new)
    assert sign_in(method, name, new).officer.user_name == name
    with pytest.raises(refusals.NewPasswordRefused):
        change_password(method, name, new, new)


def test_too_many_wrong_passwords_lock_and_the_lock_is_said(active_directory: Samba) -> None:
    method = method_for(active_directory)
    for _ in range(LOCKS_AFTER):
        with pytest.raises(refusals.PasswordNotAccepted):
            sign_in(method, "to-lock", WRONG_PASSWORD)
    with pytest.raises(refusals.AccountLocked):  # 775: the right password tells
        sign_in(method, "to-lock", PASSWORD)


# --- two controllers, of which one is stopped or silent


@dataclass(frozen=True)
class Pair:
    """Two roads to the same directory: the first may be at fault."""

    first: FaultProxy
    method: DirectoryMethod


@pytest.fixture
def pair(active_directory: Samba) -> object:
    with FaultProxy(636, address=active_directory.address) as first:
        urls = (f"ldaps://127.0.0.1:{first.port}", active_directory.url)
        yield Pair(first, method_for(active_directory, *urls, connect_s=2.0, answer_s=4.0))


@pytest.mark.parametrize("fault", [Refuse(), Stall(), Cut(0)], ids=["stopped", "silent", "cut off"])
def test_the_other_controller_answers_where_one_does_not(pair: Pair, fault: object) -> None:
    pair.first.set(fault)  # type: ignore[arg-type]
    assert sign_in(pair.method, ALICE.uid, PASSWORD).officer.number == ALICE.number
    pair.first.set(PassThrough())
    assert sign_in(pair.method, ALICE.uid, PASSWORD).officer.number == ALICE.number


def test_a_controller_that_falls_silent_over_the_search_is_left_for_the_other(pair: Pair) -> None:
    pair.first.set(WithholdResponses())
    assert sign_in(pair.method, ALICE.uid, PASSWORD).officer.number == ALICE.number


def test_a_password_that_was_sent_is_not_sent_to_the_other_controller(active_directory: Samba) -> None:
    """Without a search before, the first thing that the silent controller is sent is the password."""
    with FaultProxy(636, address=active_directory.address) as first:
        first.set(WithholdResponses())
        method = method_for(
            active_directory,
            f"ldaps://127.0.0.1:{first.port}",
            active_directory.url,
            by_upn=True,
            connect_s=2.0,
            answer_s=4.0,
        )
        with pytest.raises(DirectoryOutcomeUnknown):
            sign_in(method, ALICE.uid, PASSWORD)
        assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number  # by the other, when asked again


def test_with_both_away_it_is_said(active_directory: Samba) -> None:
    with FaultProxy(636, address=active_directory.address) as first:
        first.set(Refuse())
        url = f"ldaps://127.0.0.1:{first.port}"
        with pytest.raises(DirectoryUnreachable):
            sign_in(method_for(active_directory, url, f"ldaps://{other(active_directory)}:636"), ALICE.uid, PASSWORD)


def test_many_officers_at_once_each_get_their_own(active_directory: Samba) -> None:
    method = method_for(active_directory)

    async def all_at_once() -> list[Accepted]:
        from tests.contract.identity.watch import RecordingWatch

        proofs = [Proof(name, Secret(PASSWORD)) for name in ("alice", "bob", "reader")]
        return await asyncio.gather(*(method.sign_in(proof, RecordingWatch()) for proof in proofs))

    assert [one.officer.user_name for one in asyncio.run(all_at_once())] == ["alice", "bob", "reader"]


def other(controller: Samba) -> str:
    """An address of this computer at which nothing listens."""
    first, second, third, last = controller.address.split(".")
    return f"{first}.{int(second) + 1}.{third}.{last}"
