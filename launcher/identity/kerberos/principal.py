"""From the name of a sign-in to the name in the realm."""

from __future__ import annotations

import re

from launcher.identity.kerberos.errors import KerberosCardRefusedError

_SPECIAL = re.compile(r"[\\/@]")


def principal_of(user_name: str, realm: str) -> str:
    """Return the officer's principal: the name in the realm, without what a sign-in may have around it.

    ``FORCE\\name``, ``name@force.example`` and ``name`` are one officer. What else a name holds stands for itself and
    not for a part of a principal (RFC 1964, 2.1.1): who types ``name/admin`` is no administrator.
    """
    name = _short(user_name)
    return f"{_SPECIAL.sub(lambda found: chr(92) + found[0], name)}@{realm}"


def identity_of(template: str, user_name: str) -> str:
    """Return where the officer's certificate is, as kinit calls it. Raises :class:`KerberosCardRefusedError`."""
    name = _short(user_name)
    if "{username}" in template and (not name or name in {".", ".."} or any(mark in name for mark in "/,:\0")):
        raise KerberosCardRefusedError("Your name is not one that has a certificate here.")
    return template.replace("{username}", name)


def _short(user_name: str) -> str:
    name = user_name.strip()
    _, backslash, after = name.rpartition("\\")
    return after if backslash else name.partition("@")[0]
