"""A system that asks for a certificate of the officer's: ``[web.certificate]``."""

from __future__ import annotations

from pydantic import Field

from launcher.catalogue.entry import Spec
from launcher.connectors.plan import WebCertificate
from launcher.policy.settings import Settings


class CertificateSpec(Spec):
    """Which of the officer's certificates a system is signed on to with."""

    name: str = Field(
        default="officer",
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=64,
        description="Entries of the same name share one certificate of the officer's.",
    )
    issuer: str = Field(
        default="", max_length=80, description="Only one whose issuer has this common name; left out: any."
    )

    def planned(self, settings: Settings) -> WebCertificate:
        """Return what a launch plan has of it."""
        return WebCertificate(name=self.name, issuer=self.issuer, folder=settings.certificates.folder)
