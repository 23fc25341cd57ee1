"""What needs no realm: numbers told apart, names made, files of tickets read that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.errors import LauncherError
from launcher.identity.kerberos import errors as e
from launcher.identity.kerberos.cache_file import secrets_of
from launcher.identity.kerberos.principal import principal_of

BASE = -1765328384


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (6, e.KerberosPasswordRefusedError),
        (24, e.KerberosPasswordRefusedError),
        (31, e.KerberosPasswordRefusedError),
        (23, e.KerberosPasswordExpiredError),
        (1, e.KerberosAccountRefusedError),
        (12, e.KerberosAccountRefusedError),
        (18, e.KerberosAccountRefusedError),
        (37, e.KerberosClockError),
        (7, e.KerberosHostUnknownError),
        (156, e.KerberosUnreachableError),
        (32, e.KerberosTicketEndedError),
        (195, e.KerberosTicketEndedError),
        (60, e.KerberosFaultError),
        (9999, e.KerberosFaultError),
    ],
)
@pytest.mark.parametrize("signed", [True, False])
def test_the_library_s_numbers(code: int, kind: type[LauncherError], signed: bool) -> None:
    number = BASE + code
    said = e.fault_of(number if signed else number & 0xFFFFFFFF, "its words")
    assert type(said) is kind
    assert said.detail == "its words"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Server HTTP/x@R not found in Kerberos database", e.KerberosHostUnknownError),
        ("Client 'x@R' not found in Kerberos database", e.KerberosPasswordRefusedError),
        ("Cannot contact any KDC for realm 'R'", e.KerberosUnreachableError),
        ("Ticket expired", e.KerberosTicketEndedError),
        ("Clock skew too great", e.KerberosClockError),
        ("something else", e.KerberosFaultError),
    ],
)
def test_words_where_the_number_is_another_mechanism_s(words: str, kind: type[LauncherError]) -> None:
    assert type(e.fault_of(100005, words)) is kind


def test_what_is_not_known_is_not_tried_again() -> None:
    assert not e.KerberosFaultError.retryable


@pytest.mark.parametrize(
    ("typed", "principal"),
    [
        ("pc1001", "pc1001@R"),
        (" pc1001 ", "pc1001@R"),
        ("FORCE\\pc1001", "pc1001@R"),
        ("pc1001@force.example", "pc1001@R"),
        ("pc1001/admin", "pc1001\\/admin@R"),
        ("FORCE\\pc@1001", "pc\\@1001@R"),
    ],
)
def test_the_name_in_the_realm(typed: str, principal: str) -> None:
    assert principal_of(typed, "R") == principal


@given(st.binary(max_size=200))
def test_a_file_that_is_none_tells_nothing_and_breaks_nothing(untrusted: bytes) -> None:
    secrets_of(untrusted)
    secrets_of(b"\x05\x04" + untrusted)
