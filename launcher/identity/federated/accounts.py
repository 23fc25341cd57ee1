"""From an account at the provider to an officer, and whether it is the officer who logged on here."""

from __future__ import annotations

from launcher.identity.federated.errors import OtherOfficer
from launcher.identity.federated.id_token import IdClaims
from launcher.identity.officer import Officer, OfficerId
from launcher.policy.federation_settings import FederatedSettings, ForceSettings

EVERYBODY = "all"
"""The group of all officers of another force, after its name."""


def officer_of(claims: IdClaims, settings: FederatedSettings) -> Officer:
    """Make the officer of an accepted ID token."""
    user_name = claims.text("preferred_username") or claims.text("upn") or claims.sub
    number = claims.text(settings.number_claim)
    if isinstance(settings, ForceSettings):
        # Two forces give the same numbers, and each of them is known here by more than that.
        user_name, number = _their_name(user_name, settings), number and _their_name(number, settings)
    return Officer(
        id=OfficerId(claims.iss, claims.sub),
        user_name=user_name,
        number=number,
        display_name=claims.text(settings.name_claim) or user_name,
        groups=_groups(claims.claim(settings.groups_claim), settings),
        mail=claims.text("email"),
    )


def groups_left_out(claims: IdClaims, settings: FederatedSettings) -> bool:
    """Say whether the provider had more groups than fit into the token (Entra sends a pointer instead)."""
    elsewhere = claims.claim("_claim_names")
    return isinstance(elsewhere, dict) and settings.groups_claim in elsewhere


def require_same_officer(account: Officer, officer: Officer) -> None:
    """Refuse a provider's account that is not the officer's who proved themselves in another way.

    The provider's number claim, or its user name, must be the officer's number, user name or mail address. A name with
    a domain counts without it only where the officer's own address is in that domain, or none is known.
    """
    ours = {text.casefold() for text in (officer.number, officer.user_name, officer.mail) if text}
    domain = officer.mail.casefold().partition("@")[2]
    for theirs in (account.number.casefold(), account.user_name.casefold()):
        name, _, theirs_domain = theirs.partition("@")
        if theirs and (theirs in ours or (name in ours and theirs_domain and domain in ("", theirs_domain))):
            return
    raise OtherOfficer("The provider's account is not yours.")


def _their_name(user_name: str, settings: ForceSettings) -> str:
    """Return a name that ends as the force's officers' names do, by which they are known here: never one of ours."""
    name, _, domain = user_name.rpartition("@") if "@" in user_name else (user_name, "", "")
    return user_name if domain.casefold() in settings.domains else f"{name}@{settings.domains[0]}"


def _groups(value: object, settings: FederatedSettings) -> frozenset[str]:
    listed = value if isinstance(value, list) else [value]
    groups = frozenset(group.lower() for group in listed if isinstance(group, str) and group)
    if not isinstance(settings, ForceSettings):
        return groups
    # What another force calls its groups gives nobody a group of this one.
    return frozenset((f"{settings.name}:{EVERYBODY}", *(f"{settings.name}:{group}" for group in groups)))
