"""Claims become an officer, and the account must be the officer's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launcher.identity.federated.accounts import groups_left_out, officer_of, require_same_officer
from launcher.identity.federated.errors import OtherOfficer
from launcher.identity.federated.id_token import IdClaims
from launcher.identity.officer import Officer, OfficerId
from launcher.policy.federation_settings import FederatedSettings, ForceSettings

SETTINGS = FederatedSettings(
    authority="https://id.force.example/station", client_id="station-launcher", number_claim="number"
)


def claims(**more: object) -> IdClaims:
    return IdClaims.model_validate(
        {"iss": "https://id", "sub": "8f1c", "aud": "a", "exp": 2, "iat": 1, "nonce": "n", **more}
    )


def test_the_officer_is_the_issuer_and_subject_never_a_name() -> None:
    officer = officer_of(
        claims(preferred_username="alice@f.example", name="Alice Okafor", number=4471, groups=["Custody", 7, ""]),
        SETTINGS,
    )

    assert officer == Officer(
        OfficerId("https://id", "8f1c"), "alice@f.example", "4471", "Alice Okafor", frozenset({"custody"})
    )


def test_an_account_without_claims_still_has_a_name() -> None:
    officer = officer_of(claims(), SETTINGS)

    assert (officer.user_name, officer.display_name, officer.number, officer.groups) == (
        "8f1c",
        "8f1c",
        "",
        frozenset(),
    )


def test_one_group_as_a_text_is_one_group() -> None:
    assert officer_of(claims(groups="Custody"), SETTINGS).groups == {"custody"}


NORTHSHIRE = ForceSettings(
    authority="https://id.northshire.example/station",
    client_id="station-launcher",
    name="northshire",
    label="Northshire Police",
    domains=("northshire.example", "nsp.example"),
)


@pytest.mark.parametrize(
    ("theirs", "here"),
    [
        ("alice@northshire.example", "alice@northshire.example"),
        ("alice@NSP.example", "alice@NSP.example"),
        ("alice", "alice@northshire.example"),
        ("alice@f.example", "alice@northshire.example"),
        ("alice@f.example@x", "alice@f.example@northshire.example"),
    ],
)
def test_an_officer_of_another_force_bears_no_name_of_ours(theirs: str, here: str) -> None:
    assert officer_of(claims(preferred_username=theirs), NORTHSHIRE).user_name == here


def test_a_number_of_another_force_is_none_of_ours() -> None:
    numbered = NORTHSHIRE.model_copy(update={"number_claim": "number"})
    assert officer_of(claims(number=4471), numbered).number == "4471@northshire.example"
    assert officer_of(claims(), numbered).number == ""


def test_a_group_of_another_force_is_none_of_ours() -> None:
    officer = officer_of(claims(groups=["Custody", "northshire:all"]), NORTHSHIRE)

    assert officer.groups == {"northshire:all", "northshire:custody", "northshire:northshire:all"}
    assert officer_of(claims(), NORTHSHIRE).groups == {"northshire:all"}


def test_groups_kept_elsewhere_are_noticed() -> None:
    assert groups_left_out(claims(_claim_names={"groups": "src1"}), SETTINGS)
    assert not groups_left_out(claims(groups=[]), SETTINGS)


ALICE = Officer(OfficerId("ldap", "1"), "alice", "4471", "Alice", frozenset(), "alice@f.example")


@pytest.mark.parametrize(
    ("number", "user_name", "same"),
    [
        ("4471", "whoever", True),
        ("", "ALICE", True),
        ("", "alice@f.example", True),
        ("Alice@F.example", "x", True),
        ("", "alice@other.example", False),
        ("", "bob@f.example", False),
        ("2210", "bob", False),
        ("", "", False),
        ("", "@f.example", False),
    ],
)
def test_the_account_must_be_the_officers(number: str, user_name: str, same: bool) -> None:
    account = Officer(OfficerId("https://id", "8f1c"), user_name, number, "A", frozenset())

    if same:
        require_same_officer(account, ALICE)
    else:
        with pytest.raises(OtherOfficer):
            require_same_officer(account, ALICE)


def test_a_name_with_a_domain_counts_where_the_officers_domain_is_not_known() -> None:
    account = Officer(OfficerId("https://id", "8f1c"), "alice@f.example", "", "A", frozenset())

    require_same_officer(account, replace(ALICE, mail=""))
