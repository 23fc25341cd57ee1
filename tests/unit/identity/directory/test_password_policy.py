"""The directory's answers, told apart: Active Directory's texts and the password policy control, as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.identity import refusals
from launcher.identity.directory import faults
from launcher.identity.directory.client import Answer
from launcher.identity.directory.password_policy import (
    PolicyError,
    PolicyResponse,
    decode,
    expiry_words,
    grace_words,
    judge_bind,
    judge_change,
    warning,
)
from launcher.identity.proof import SignInRefused

# The texts as domain controllers send them.
AD = "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data {}, v4563"
SAMBA = "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {}, v1db1"


def control(*, error: int | None = None, expires_in_s: int | None = None, grace: int | None = None) -> bytes:
    """Write a password policy response as OpenLDAP does."""
    body = b""
    for tag, number in ((0x80, expires_in_s), (0x81, grace)):
        if number is not None:
            digits = number.to_bytes(number.bit_length() // 8 + 1, "big")
            body += bytes([0xA0, len(digits) + 2, tag, len(digits)]) + digits
    if error is not None:
        body += bytes([0x81, 1, error])
    return bytes([0x30, len(body)]) + body


@pytest.mark.parametrize("text", [AD, SAMBA])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("525", refusals.PasswordNotAccepted),
        ("52e", refusals.PasswordNotAccepted),
        ("52E", refusals.PasswordNotAccepted),
        ("530", refusals.OutsideLogonHours),
        ("531", refusals.NotAtThisTerminal),
        ("532", refusals.PasswordExpired),
        ("533", refusals.AccountDisabled),
        ("701", refusals.AccountExpired),
        ("773", refusals.PasswordMustChange),
        ("775", refusals.AccountLocked),
        ("80090346", faults.DirectoryAnswerUnexpected),
        ("57", faults.DirectoryAnswerUnexpected),
    ],
)
def test_active_directory_tells_its_refusals_apart(text: str, code: str, expected: type[SignInRefused]) -> None:
    answer = Answer(49, text.format(code))
    refusal = judge_bind(answer, can_change_expired=True)
    assert type(refusal) is expected
    assert code in refusal.detail
    assert code not in refusal.message


@pytest.mark.parametrize("code", ["532", "773"])
def test_without_a_read_account_active_directory_lets_only_the_helpdesk_go_on(code: str) -> None:
    refusal = judge_bind(Answer(49, AD.format(code)))
    assert type(refusal) is refusals.PasswordExpiredForGood
    assert not refusal.must_change


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(0), None),
        (Answer(0, "", control(expires_in_s=86400)), None),
        (Answer(0, "", control(grace=2)), None),
        (Answer(0, "", control(error=2)), refusals.PasswordMustChange),
        (Answer(49), refusals.PasswordNotAccepted),
        (Answer(49, "", control(error=1)), refusals.AccountLocked),
        (Answer(49, "", control(error=0)), refusals.PasswordExpiredForGood),
        (Answer(32), refusals.PasswordNotAccepted),
        (Answer(34, "invalid DN"), refusals.PasswordNotAccepted),
        (Answer(48), refusals.PasswordNotAccepted),
        (Answer(19, "Exceed password retry limit. Please try later."), refusals.AccountLocked),
        (Answer(53, "Account inactivated. Contact system administrator."), refusals.AccountDisabled),
        (Answer(53, "something else"), faults.DirectoryAnswerUnexpected),
        (Answer(13, "confidentiality required"), faults.DirectoryNotEncrypted),
        (Answer(8), faults.DirectoryNotEncrypted),
        (Answer(51), faults.DirectoryUnreachable),
        (Answer(52), faults.DirectoryUnreachable),
        (Answer(10, "a referral"), faults.DirectoryAnswerUnexpected),
        (Answer(1), faults.DirectoryAnswerUnexpected),
        (Answer(9999), faults.DirectoryAnswerUnexpected),
    ],
)
def test_every_answer_to_a_bind_has_one_meaning(answer: Answer, expected: type[SignInRefused] | None) -> None:
    refusal = judge_bind(answer)
    assert (type(refusal) if refusal else None) is expected


@given(st.integers(1, 200), st.text(max_size=80), st.binary(max_size=40))
def test_no_answer_but_success_is_a_yes(code: int, text: str, policy: bytes) -> None:
    assert judge_bind(Answer(code, text, policy)) is not None
    assert judge_change(Answer(code, text, policy)) is not None


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (None, PolicyResponse()),
        (b"", PolicyResponse()),
        (b"\x30\x00", PolicyResponse()),
        (bytes.fromhex("3003810102"), PolicyResponse(error=PolicyError.CHANGE_AFTER_RESET)),
        (bytes.fromhex("3005a003810102"), PolicyResponse(grace_left=2)),
        (bytes.fromhex("3006a00480020e10"), PolicyResponse(expires_in_s=3600)),
        # The long form of a length, which BER allows.
        (bytes.fromhex("308103810101"), PolicyResponse(error=PolicyError.ACCOUNT_LOCKED)),
        (bytes.fromhex("3008a003810100810100"), PolicyResponse(PolicyError.PASSWORD_EXPIRED, None, 0)),
        # Malformed: an unknown error, a length beyond the end, something behind, no sequence, an endless length.
        (bytes.fromhex("3003810163"), PolicyResponse()),
        (bytes.fromhex("3009810102"), PolicyResponse()),
        (bytes.fromhex("300381010200"), PolicyResponse()),
        (bytes.fromhex("0403810102"), PolicyResponse()),
        (bytes.fromhex("3080810102"), PolicyResponse()),
    ],
)
def test_the_control_is_decoded_or_says_nothing(octets: bytes | None, expected: PolicyResponse) -> None:
    assert decode(octets) == expected


@given(st.binary(max_size=60))
def test_no_octets_break_the_decoder(octets: bytes) -> None:
    decode(octets)
    decode(b"\x30" + bytes([len(octets)]) + octets)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(0), None),
        (Answer(19, "Password fails quality checking policy", control(error=6)), refusals.NewPasswordTooShort),
        (Answer(19, "", control(error=5)), refusals.NewPasswordTooSimple),
        (Answer(19, "", control(error=7)), refusals.NewPasswordTooSoon),
        (Answer(19, "", control(error=8)), refusals.NewPasswordUsedBefore),
        (Answer(53, "", control(error=3)), refusals.PasswordChangeNotPossible),
        (Answer(53, "", control(error=4)), refusals.PasswordChangeNotPossible),
        (Answer(50, "insufficient access"), refusals.PasswordChangeNotPossible),
        (
            Answer(19, "0000052D: AtrErr: DSID-03191083, problem 1005 (CONSTRAINT_ATT_TYPE), Att 9005a (unicodePwd)"),
            refusals.NewPasswordRefused,
        ),
        (
            Answer(53, "0000052D: SvcErr: DSID-031A124C, problem 5003 (WILL_NOT_PERFORM), data 0"),
            refusals.NewPasswordRefused,
        ),
        (
            Answer(19, "00000056: AtrErr: DSID-03191083, #1: 0: 00000056: DSID-03191083, problem 1005"),
            refusals.PasswordNotAccepted,
        ),
        (
            Answer(19, "0000052D: Constraint violation - check_password_restrictions: the password is too short."),
            refusals.NewPasswordTooShort,
        ),
        (
            Answer(19, "0000052D: Constraint violation - the password was already used (in history)!"),
            refusals.NewPasswordUsedBefore,
        ),
        (Answer(19, "0000052D: the password is too young to change!"), refusals.NewPasswordTooSoon),
        (
            Answer(19, "0000052D: the password does not meet the complexity criteria!"),
            refusals.NewPasswordTooSimple,
        ),
        (Answer(2, "protocol error"), faults.DirectoryAnswerUnexpected),
    ],
)
def test_every_answer_to_a_change_has_one_meaning(answer: Answer, expected: type[SignInRefused] | None) -> None:
    refusal = judge_change(answer)
    assert (type(refusal) if refusal else None) is expected


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (None, ""),
        (control(expires_in_s=5 * 86400 + 3), "Your password ends in 5 days."),
        (control(expires_in_s=86400), "Your password ends in 1 day."),
        (control(grace=1), "Your password has expired. You can log on once more: change it now."),
    ],
)
def test_a_coming_end_is_said(octets: bytes | None, expected: str) -> None:
    assert warning(Answer(0, "", octets)) == expected


def test_the_words_of_an_end_are_right_at_the_edges() -> None:
    assert expiry_words(86399) == "Your password ends in 23 hours."
    assert expiry_words(3600) == "Your password ends in 1 hour."
    assert expiry_words(0) == "Your password ends within the hour."
    assert "3 more times" in grace_words(3)
    assert "last time" in grace_words(0)
