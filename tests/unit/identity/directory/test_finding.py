"""Names are escaped, ids kept as the directory means them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.identity.directory import finding
from launcher.identity.directory.client import Entry, filter_fault
from launcher.identity.directory.expiry import expires_in_s, recent, remaining
from launcher.identity.directory.faults import DirectoryEntryIncomplete
from launcher.identity.refusals import PasswordNotAccepted
from launcher.policy.settings import DirectorySettings

BASE = "dc=force,dc=example"


def settings(**more: object) -> DirectorySettings:
    return DirectorySettings.model_validate({"servers": ["ldaps://dc1.force.example"], "base": BASE} | more)


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("alice", "alice"),
        ("*", "\\2a"),
        ("*)(uid=*", "\\2a\\29\\28uid=\\2a"),
        ("\\", "\\5c"),
        ("a\0b", "a\\00b"),
        ("Zoë", "Zoë"),
    ],
)
def test_a_name_is_escaped_for_a_filter(typed: str, escaped: str) -> None:
    assert finding.in_filter(typed) == escaped


@given(st.text(min_size=1, max_size=30))
def test_no_name_changes_the_shape_of_a_filter(name: str) -> None:
    filter_ = finding.entry_filter(settings(), name)
    assert filter_.count("(") == 3 == filter_.count(")")
    assert filter_.count("*") == 0
    assert filter_fault(filter_) == ""


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("alice", "alice"),
        ("alice,ou=admins", "alice\\,ou\\=admins"),
        ("a+b", "a\\+b"),
        ("#1", "\\#1"),
        (" a ", "\\ a\\ "),
        (" ", "\\ "),
        ('"', '\\"'),
        ("\\", "\\\\"),
        ("<;>", "\\<\\;\\>"),
    ],
)
def test_a_name_is_escaped_for_a_dn(typed: str, escaped: str) -> None:
    assert finding.in_dn(typed) == escaped


def test_a_name_with_braces_is_no_template() -> None:
    odd = "{name}{0}"
    assert finding.template_dn(settings(find="template", dn_template="uid={name},dc=x"), odd) == f"uid={odd},dc=x"
    assert finding.entry_filter(settings(user_filter="(uid={name})"), odd) == f"(uid={odd})"


@pytest.mark.parametrize("name", ["a\nb", "a\0", "a\x7f", "\ud800", "x" * 257])
def test_an_impossible_name_is_refused_as_unknown(name: str) -> None:
    with pytest.raises(PasswordNotAccepted):
        finding.checked_name(name)


def test_a_principal_keeps_a_suffix_that_was_typed() -> None:
    upn = settings(find="upn", upn_suffix="force.example")
    assert finding.principal(upn, "alice") == "alice@force.example"
    assert finding.principal(upn, "alice@other.example") == "alice@other.example"
    assert (
        finding.principal_filter(upn, "al*ce")
        == "(|(userPrincipalName=al\\2ace@force.example)(sAMAccountName=al\\2ace))"
    )


GUID = bytes.fromhex("33221100554477668899aabbccddeeff")


def entry(**values: bytes) -> Entry:
    return Entry(f"cn=x,{BASE}", {name.lower(): (value,) for name, value in values.items()})


def test_an_active_directory_entry_gives_its_guid_in_the_usual_spelling() -> None:
    officer = finding.officer(settings(), "typed", entry(objectGUID=GUID, sAMAccountName=b"alice"), frozenset())
    assert officer.id.subject == "00112233-4455-6677-8899-aabbccddeeff"
    assert officer.id.issuer == f"ldap:{BASE}"
    assert officer.user_name == officer.display_name == "alice"


@pytest.mark.parametrize(("value", "subject"), [(b"e-1", "e-1"), (b"\xff\x00", "ff00")])
def test_an_id_attribute_of_the_forces_own(value: bytes, subject: str) -> None:
    own = settings(id_attribute="forceId")
    assert "forceId" in finding.wanted_attributes(own)
    assert finding.officer(own, "typed", entry(forceId=value, entryUUID=b"no"), frozenset()).id.subject == subject


def test_an_entry_without_id_is_refused() -> None:
    with pytest.raises(DirectoryEntryIncomplete):
        finding.officer(settings(), "typed", entry(uid=b"alice"), frozenset())


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"", None), (b"x", None), (b"0", None), (b"9223372036854775807", None), (b"116444736600000000", 60 - 10)],
)
def test_active_directorys_expiry_time(value: bytes, expected: float | None) -> None:
    assert expires_in_s(entry(**{finding.EXPIRY_ATTRIBUTE: value}), now_s=10) == expected


def test_tries_are_what_remains_of_the_threshold() -> None:
    assert remaining("5", "2") == 3
    assert remaining("5", "9") == 0
    assert remaining("0", "2") is None  # no lock-out
    assert remaining("", "2") is None
    assert remaining("5", "") is None


def test_only_recent_failures_count() -> None:
    times = (b"19700101000000Z", b"19700101000900.000001Z", b"nonsense")
    assert recent(times, 0, 1000) == 3
    assert recent(times, 600, 1000) == 2
