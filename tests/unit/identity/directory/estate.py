"""Shared by the tests against real directories: settings for a server, and the sign-in on a loop of its own."""

from __future__ import annotations

from pathlib import Path

from launcher.identity.directory import DirectoryMethod
from launcher.policy.settings import DirectorySettings
from launcher.secret import Secret
from tests.servers.slapd import GROUPS_DN, LOOKUP_DN, LOOKUP_PASSWORD, PEOPLE_DN

TEMPLATE: dict[str, object] = {"find": "template", "dn_template": f"uid={{name}},{PEOPLE_DN}", "search_as": ""}
"""Changes that make a method bind at once, without a search."""


def method_for(ca: Path, *servers: str, search_password: str = LOOKUP_PASSWORD, **changes: object) -> DirectoryMethod:
    """A method that finds officers by a search as the read account, with ``changes`` to its settings."""
    settings = DirectorySettings.model_validate(
        {
            "servers": servers,
            "ca_file": ca,
            "base": PEOPLE_DN,
            "group_base": GROUPS_DN,
            "search_as": LOOKUP_DN,
        }
        | changes
    )
    return DirectoryMethod(settings, search_password=Secret(search_password) if settings.search_as else None)


def through(port: int, *, tls_first: bool = True) -> str:
    """The address of a proxy on this port."""
    return f"{'ldaps' if tls_first else 'ldap'}://localhost:{port}"
