"""From a typed name to an entry: names are checked and escaped before any of them meets the directory."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence

from launcher.identity.directory.client import Entry
from launcher.identity.directory.faults import DirectoryEntryIncomplete
from launcher.identity.officer import Officer, OfficerId
from launcher.identity.refusals import PasswordNotAccepted
from launcher.policy.settings import DirectorySettings

_LONGEST_NAME = 256

# In this order: Active Directory's short name, then the usual one elsewhere.
_USER_NAMES = ("sAMAccountName", "uid")
_IDS = ("objectGUID", "entryUUID")
EXPIRY_ATTRIBUTE = "msDS-UserPasswordExpiryTimeComputed"

_ALWAYS = ("memberOf", "cn", EXPIRY_ATTRIBUTE)


def checked_name(untrusted_name: str) -> str:
    """Return the name without the spaces around it.

    Raises :class:`PasswordNotAccepted` for one that no officer can have: the same answer as for any unknown name.
    """
    name = untrusted_name.strip()
    if not name or len(name) > _LONGEST_NAME or any(unicodedata.category(c) in {"Cc", "Cs", "Cn"} for c in name):
        raise PasswordNotAccepted.given("a name with control characters or of absurd length; nothing was sent")
    return name


def in_filter(value: str) -> str:
    """Escape a value for a search filter (RFC 4515 §3)."""
    return "".join(f"\\{ord(c):02x}" if c in "\\*()\0" else c for c in value)


def bytes_in_filter(value: bytes) -> str:
    """Escape octets for a search filter."""
    return "".join(f"\\{octet:02x}" for octet in value)


def in_dn(value: str) -> str:
    """Escape a value for a distinguished name (RFC 4514 §2.4)."""
    escaped = "".join(f"\\{c}" if c in '\\,+"<>;=' else c for c in value)
    if escaped.startswith(("#", " ")):
        escaped = f"\\{escaped}"
    if escaped.endswith(" ") and not escaped.endswith("\\ "):
        escaped = f"{escaped[:-1]}\\ "
    return escaped


def entry_filter(settings: DirectorySettings, name: str) -> str:
    """The filter that finds the officer's entry by the configured search."""
    return settings.user_filter.replace("{name}", in_filter(name))


def principal(settings: DirectorySettings, name: str) -> str:
    """The user principal name: as typed where it has an @, else with the configured suffix."""
    return name if "@" in name else f"{name}@{settings.upn_suffix}"


def principal_filter(settings: DirectorySettings, name: str) -> str:
    """The filter that finds the entry of a user principal name, also where the account's own suffix is another."""
    full = in_filter(principal(settings, name))
    short = in_filter(name.partition("@")[0])
    return f"(|(userPrincipalName={full})(sAMAccountName={short}))"


def template_dn(settings: DirectorySettings, name: str) -> str:
    """The entry's DN by the configured template."""
    return settings.dn_template.replace("{name}", in_dn(name))


def wanted_attributes(settings: DirectorySettings) -> Sequence[str]:
    """The attributes that make an officer."""
    ids = _IDS if settings.id_attribute == "auto" else (settings.id_attribute, "objectGUID")
    own = (settings.number_attribute, settings.name_attribute, settings.mail_attribute)
    return tuple(dict.fromkeys((*ids, *own, *_USER_NAMES, *_ALWAYS)))


def is_active_directory(entry: Entry) -> bool:
    """Whether the entry comes from Active Directory, which alone gives an objectGUID."""
    return bool(entry.all("objectGUID"))


def officer(settings: DirectorySettings, typed_name: str, entry: Entry, groups: frozenset[str]) -> Officer:
    """Make the officer of an entry. Raises :class:`DirectoryEntryIncomplete` where the immutable id is missing."""
    user_name = next((text for name in _USER_NAMES if (text := entry.text(name))), typed_name)
    display_name = entry.text(settings.name_attribute) or entry.text("cn") or user_name
    return Officer(
        id=OfficerId(settings.issuer, _subject(settings, entry)),
        user_name=user_name,
        number=entry.text(settings.number_attribute),
        display_name=display_name,
        groups=groups,
        mail=entry.text(settings.mail_attribute),
    )


def _subject(settings: DirectorySettings, entry: Entry) -> str:
    names = _IDS if settings.id_attribute == "auto" else (settings.id_attribute,)
    for name in names:
        for value in entry.all(name):
            if name.lower() == "objectguid" and len(value) == 16:
                return str(uuid.UUID(bytes_le=value))  # [MS-DTYP] 2.3.4.2: the first three fields little-endian
            if value:
                return _printable(value)
    raise DirectoryEntryIncomplete(
        "Your entry in the directory has no id that this computer can use.",
        detail=f"{entry.dn}: none of {', '.join(names)}",
    )


def _printable(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()
