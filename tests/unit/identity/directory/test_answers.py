"""What OpenLDAP answers, met for real: refusals, warnings, changes of password, groups."""

from __future__ import annotations

import pytest

from launcher.errors import SettingsError
from launcher.identity import refusals
from launcher.identity.directory import faults
from launcher.identity.proof import SignInRefused
from tests.contract.identity.password_method import change_password, sign_in
from tests.contract.identity.watch import RecordingWatch
from tests.servers.certificates import Certificates
from tests.servers.people import ALICE, BOB, CAROL, DAVE, ERIN, FRANK, GRACE, PASSWORD, WRONG_PASSWORD
from tests.servers.slapd import GRACE_LOGONS, LOOKUP_DN, MAX_FAILURES, PEOPLE_DN, Slapd, running_slapd, user_dn
from tests.unit.identity.directory.estate import TEMPLATE, method_for

NEW_PASSWORD = "Brand-New-Pw-9"

BOTH_WAYS = pytest.mark.parametrize("way", [{}, TEMPLATE], ids=["search", "template"])


@BOTH_WAYS
@pytest.mark.parametrize(
    ("uid", "expected"),
    [
        (CAROL.uid, refusals.AccountLocked),
        (DAVE.uid, refusals.PasswordMustChange),
        (ERIN.uid, refusals.PasswordExpiredForGood),
    ],
)
def test_each_refused_state_has_its_own_answer(
    directory: Slapd, certificates: Certificates, way: dict[str, object], uid: str, expected: type[SignInRefused]
) -> None:
    with pytest.raises(SignInRefused) as refused:
        sign_in(method_for(certificates.ca, directory.ldaps_url, **way), uid, PASSWORD)
    assert type(refused.value) is expected


@BOTH_WAYS
def test_a_wrong_password_is_one_bind_and_one_failure(
    fresh_directory: Slapd, certificates: Certificates, way: dict[str, object]
) -> None:
    with pytest.raises(refusals.PasswordNotAccepted):
        sign_in(method_for(certificates.ca, fresh_directory.ldaps_url, **way), ALICE.uid, WRONG_PASSWORD)
    assert len(fresh_directory.failures(ALICE.uid)) == 1
    assert fresh_directory.bind_count(user_dn(ALICE.uid)) == 1


def test_an_unknown_name_is_never_sent(fresh_directory: Slapd, certificates: Certificates) -> None:
    with pytest.raises(refusals.PasswordNotAccepted):
        sign_in(method_for(certificates.ca, fresh_directory.ldaps_url), "nobody", PASSWORD)
    assert fresh_directory.bind_count(user_dn("nobody")) == 0


def test_an_empty_password_reaches_no_server(fresh_directory: Slapd, certificates: Certificates) -> None:
    before = fresh_directory.log_text().count("ACCEPT")
    with pytest.raises(refusals.NameOrPasswordMissing):
        sign_in(method_for(certificates.ca, fresh_directory.ldaps_url), ALICE.uid, "")
    assert fresh_directory.log_text().count("ACCEPT") == before


def test_the_account_locks_and_the_right_password_then_says_locked(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url)
    for _ in range(MAX_FAILURES):
        with pytest.raises(refusals.PasswordNotAccepted):
            sign_in(method, ALICE.uid, WRONG_PASSWORD)
    with pytest.raises(refusals.AccountLocked):
        sign_in(method, ALICE.uid, PASSWORD)


def test_the_tries_left_are_told_where_the_policy_can_be_read(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url)
    left = []
    for uid in (FRANK.uid, FRANK.uid, ALICE.uid):
        with pytest.raises(refusals.PasswordNotAccepted) as refused:
            sign_in(method, uid, WRONG_PASSWORD)
        left.append(refused.value.tries_left)
    assert left == [MAX_FAILURES - 1, MAX_FAILURES - 2, None]  # Alice's policy is the default, named in no entry


@BOTH_WAYS
def test_a_password_that_must_change_is_changed_and_then_signs_in(
    fresh_directory: Slapd, certificates: Certificates, way: dict[str, object]
) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url, **way)
    with pytest.raises(refusals.PasswordMustChange) as refused:
        sign_in(method, DAVE.uid, PASSWORD)
    assert refused.value.must_change
    with pytest.raises(refusals.NewPasswordTooShort):
        change_password(method, DAVE.uid, PASSWORD, "short")
    with pytest.raises(refusals.NewPasswordUsedBefore):
        change_password(method, DAVE.uid, PASSWORD, PASSWORD)
    change_password(method, DAVE.uid, PASSWORD, NEW_PASSWORD)
    assert sign_in(method, DAVE.uid, NEW_PASSWORD).officer.number == DAVE.number
    with pytest.raises(refusals.PasswordNotAccepted):
        sign_in(method, DAVE.uid, PASSWORD)


def test_a_password_of_before_is_refused(fresh_directory: Slapd, certificates: Certificates) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url)
    change_password(method, ALICE.uid, PASSWORD, NEW_PASSWORD)
    with pytest.raises(refusals.NewPasswordUsedBefore):
        change_password(method, ALICE.uid, NEW_PASSWORD, PASSWORD)
    sign_in(method, ALICE.uid, NEW_PASSWORD)


def test_a_wrong_old_password_counts_once_and_changes_nothing(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url)
    with pytest.raises(refusals.PasswordNotAccepted):
        change_password(method, DAVE.uid, WRONG_PASSWORD, NEW_PASSWORD)
    assert len(fresh_directory.failures(DAVE.uid)) == 1
    with pytest.raises(refusals.PasswordMustChange):
        sign_in(method, DAVE.uid, PASSWORD)


def test_an_empty_new_password_is_refused_here(fresh_directory: Slapd, certificates: Certificates) -> None:
    # A directory would take it for "make one up" (RFC 3062 §2).
    with pytest.raises(refusals.NewPasswordTooShort):
        change_password(method_for(certificates.ca, fresh_directory.ldaps_url), DAVE.uid, PASSWORD, "")
    assert fresh_directory.bind_count(user_dn(DAVE.uid)) == 0


def test_grace_logons_are_counted_down_and_end_with_a_change(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url)
    assert f"{GRACE_LOGONS - 1} more times" in sign_in(method, FRANK.uid, PASSWORD).warning
    assert "once more" in sign_in(method, FRANK.uid, PASSWORD).warning
    change_password(method, FRANK.uid, PASSWORD, NEW_PASSWORD)
    assert sign_in(method, FRANK.uid, NEW_PASSWORD).warning == ""


def test_after_the_last_grace_logon_only_the_helpdesk_can_help(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url)
    warnings = [sign_in(method, FRANK.uid, PASSWORD).warning for _ in range(GRACE_LOGONS)]
    assert "last time" in warnings[-1]
    for attempt in (
        lambda: sign_in(method, FRANK.uid, PASSWORD),
        lambda: change_password(method, FRANK.uid, PASSWORD, NEW_PASSWORD),
    ):
        with pytest.raises(refusals.PasswordExpiredForGood):
            attempt()


def test_a_coming_end_is_a_warning(directory: Slapd, certificates: Certificates) -> None:
    accepted = sign_in(method_for(certificates.ca, directory.ldaps_url), GRACE.uid, PASSWORD)
    assert accepted.warning.startswith("Your password ends in ")
    assert accepted.officer.number == GRACE.number


@pytest.mark.parametrize("groups", ["auto", "memberOf", "member"])
def test_nested_groups(directory: Slapd, certificates: Certificates, groups: str) -> None:
    method = method_for(certificates.ca, directory.ldaps_url, groups=groups)
    assert sign_in(method, ALICE.uid, PASSWORD).officer.groups == ALICE.all_groups
    assert sign_in(method, BOB.uid, PASSWORD).officer.groups == BOB.all_groups


def test_the_matching_rule_finds_nothing_here_which_is_why_auto_never_takes_it(
    directory: Slapd, certificates: Certificates
) -> None:
    method = method_for(certificates.ca, directory.ldaps_url, groups="in-chain")
    assert sign_in(method, ALICE.uid, PASSWORD).officer.groups == frozenset()


@BOTH_WAYS
@pytest.mark.parametrize(
    "name", ["*)(uid=*", "*", "alice)(objectClass=*", "alice,ou=people,dc=station,dc=test", "a\\6cice"]
)
def test_a_name_is_never_part_of_a_filter_or_dn(
    fresh_directory: Slapd, certificates: Certificates, way: dict[str, object], name: str
) -> None:
    with pytest.raises(refusals.PasswordNotAccepted):
        sign_in(method_for(certificates.ca, fresh_directory.ldaps_url, **way), name, PASSWORD)
    assert fresh_directory.bind_count(user_dn(ALICE.uid)) == 0


def test_two_entries_of_one_name_are_both_left_alone(fresh_directory: Slapd, certificates: Certificates) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url, user_filter="(|(uid={name})(uid=bob))")
    with pytest.raises(faults.DirectoryNameAmbiguous):
        sign_in(method, ALICE.uid, PASSWORD)
    assert fresh_directory.bind_count(user_dn(ALICE.uid)) == fresh_directory.bind_count(user_dn(BOB.uid)) == 0


@pytest.mark.parametrize("search_password", [WRONG_PASSWORD, ""])
def test_a_refused_read_account_is_its_own_answer(
    fresh_directory: Slapd, certificates: Certificates, search_password: str
) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url, search_password=search_password)
    with pytest.raises(faults.DirectorySearchRefused):
        sign_in(method, ALICE.uid, PASSWORD)
    assert fresh_directory.bind_count(LOOKUP_DN) == (1 if search_password else 0)
    assert fresh_directory.bind_count(user_dn(ALICE.uid)) == 0


def test_an_anonymous_search_works_where_it_is_allowed(certificates: Certificates, directory: Slapd) -> None:
    with running_slapd(certificates, anonymous_read=True) as open_directory:
        method = method_for(certificates.ca, open_directory.ldaps_url, search_as="")
        assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number
        with pytest.raises(refusals.PasswordNotAccepted):
            sign_in(method, "nobody", PASSWORD)
    with pytest.raises(faults.DirectorySearchRefused):
        sign_in(method_for(certificates.ca, directory.ldaps_url, search_as=""), ALICE.uid, PASSWORD)


def test_a_filter_that_cannot_be_used_is_said_at_the_start(certificates: Certificates) -> None:
    with pytest.raises(SettingsError) as fault:
        method_for(certificates.ca, "ldaps://localhost", user_filter="(&(uid={name})")
    assert "user_filter" in fault.value.detail


def test_a_ca_file_that_cannot_be_used_is_said_at_the_start(certificates: Certificates) -> None:
    for ca in (certificates.folder / "none.pem", certificates.server.key):
        with pytest.raises(SettingsError) as fault:
            method_for(ca, "ldaps://localhost")
        assert "ca_file" in fault.value.detail


def test_an_entry_without_the_id_is_said(fresh_directory: Slapd, certificates: Certificates) -> None:
    method = method_for(certificates.ca, fresh_directory.ldaps_url, id_attribute="employeeType")
    with pytest.raises(faults.DirectoryEntryIncomplete):
        sign_in(method, ALICE.uid, PASSWORD)


def test_the_phases_are_in_order(directory: Slapd, certificates: Certificates) -> None:
    watch = RecordingWatch()
    sign_in(method_for(certificates.ca, directory.ldaps_url), ALICE.uid, PASSWORD, watch)
    assert watch.phases == ["connect", "locate", "primary", "entitle"]


def test_the_issuer_and_the_directorys_own_id_make_the_officers_id(
    directory: Slapd, certificates: Certificates
) -> None:
    officer = sign_in(method_for(certificates.ca, directory.ldaps_url), ALICE.uid, PASSWORD).officer
    assert (officer.id.issuer, officer.id.subject) == (f"ldap:{PEOPLE_DN}", ALICE.entry_uuid)
