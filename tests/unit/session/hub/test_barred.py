"""Whom a session lets in while the hub may be away: by the list that the station has, two forces told apart."""

from __future__ import annotations

import pytest

from launcher.identity.federated.accounts import officer_of
from launcher.identity.federated.id_token import IdClaims
from launcher.identity.officer import Officer, OfficerId
from launcher.policy.federation_settings import ForceSettings
from launcher.session.hub.barred import Barred
from launcher.session.hub.errors import OfficerSuspended
from launcher.wire.hub.barred import name_digest, officer_digest
from launcher.wire.hub_messages import BarredHere

NORTHSHIRE = "northshire.example"
FORCE = ForceSettings(
    name="northshire", label="Northshire Police", domains=(NORTHSHIRE,), authority="https://id.northshire.example/oidc",
    client_id="station-launcher", number_claim="number",
)  # fmt: skip
CLAIMS = {
    "iss": "https://id.northshire.example/oidc", "sub": "7", "aud": "station-launcher", "exp": 2, "iat": 1,
    "nonce": "n", "preferred_username": "jsmith", "number": "4471",
}  # fmt: skip
JANE = officer_of(IdClaims.model_validate(CLAIMS), FORCE)
"""As her own force's provider names her, which tells no domain."""


def john(user_name: str, number: str = "") -> Officer:
    """Return him by one of our own ways."""
    return Officer(OfficerId("ldap:dc=force", user_name), user_name, number, "John Smith", frozenset())


OURS = (john("jsmith"), john("FORCE\\JSmith"), john("jsmith@force.example"), john("", "4471"))
OUR_NAMES = (name_digest("jsmith"), name_digest("4471"))


@pytest.mark.parametrize(
    ("told", "barred", "let_in"),
    [
        (
            BarredHere(officers=(), names=(name_digest("jsmith"), name_digest("4471")), forces=(NORTHSHIRE,)),
            OURS,
            (JANE,),
        ),
        (BarredHere(officers=(), names=(name_digest("jsmith", NORTHSHIRE),), forces=(NORTHSHIRE,)), (JANE,), OURS),
        (BarredHere(officers=(), names=(name_digest("4471", NORTHSHIRE),), forces=(NORTHSHIRE,)), (JANE,), OURS),
        (BarredHere(officers=(officer_digest(str(JANE.id)),), forces=(NORTHSHIRE,)), (JANE,), OURS),
        (BarredHere(officers=(), names=OUR_NAMES), (JANE, *OURS), ()),
    ],
)
def test_two_forces_give_the_same_names_and_numbers(
    told: BarredHere, barred: tuple[Officer, ...], let_in: tuple[Officer, ...]
) -> None:
    here = Barred()
    here.take(told)

    for officer in let_in:
        here.admit(officer)
    for officer in barred:
        with pytest.raises(OfficerSuspended):
            here.admit(officer)
