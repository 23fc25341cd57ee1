"""The Kerberos realm whose tickets sign officers on: ``[kerberos]`` of the station file."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from launcher.addresses import host_matches
from launcher.policy.section import OptionalPath, Section

_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_REALM = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


class KerberosSettings(Section):
    """The realm that gives officers their ticket, and which hosts are shown it."""

    realm: str = Field(
        min_length=1, description="The realm, as a rule in capitals: FORCE.EXAMPLE. For Active Directory the domain."
    )
    config: OptionalPath = Field(
        default=None,
        description="A krb5.conf of the station's own, which says where the realm's servers are; empty: the system's.",
    )
    hosts: tuple[str, ...] = Field(
        default=(),
        description="Hosts of web systems that are signed on to by ticket (SPNEGO), * for one or more labels: "
        "*.force.example. Empty: none.",
    )
    certificate: str = Field(
        default="",
        description="How officers who log on without a password prove themselves to the realm (PKINIT), as kinit names "
        "it: PKCS11:/path/library.so for a card, or FILE:/path/{username}.pem,/path/{username}.key. They type the PIN "
        "once. Empty: they type the realm's password once.",
    )
    renew: bool = Field(
        default=True, description="Renew the ticket before it ends; else what needs one fails when it has ended."
    )

    @field_validator("realm")
    @classmethod
    def _a_realm(cls, realm: str) -> str:
        if not _REALM.fullmatch(realm):
            raise ValueError(f"{realm!r} is not a realm such as FORCE.EXAMPLE")
        return realm

    @field_validator("certificate")
    @classmethod
    def _a_certificate(cls, certificate: str) -> str:
        kind, _, where = certificate.partition(":")
        if certificate and (kind not in {"PKCS11", "PKCS12", "FILE"} or not where.startswith(("/", "module_name=/"))):
            raise ValueError(f"{certificate!r} is not PKCS11:/path, PKCS12:/path or FILE:/path,/path")
        if any(mark in certificate for mark in "\n\r\0"):
            raise ValueError("a certificate's place stands in one line")
        return certificate

    @field_validator("hosts")
    @classmethod
    def _only_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host.lower()):
                # A ticket is for a name: an address has none.
                raise ValueError(f"{host!r} is not a host such as records.force.example or *.force.example")
        return tuple(host.lower() for host in hosts)

    def shows_to(self, host: str) -> bool:
        """Say whether a ticket may be shown to a host; ``*.force.example`` is any name below, and not itself."""
        return host_matches(host, self.hosts)
