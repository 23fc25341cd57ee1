"""A system that asks for a certificate of the officer's: ``[web.certificate]``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from launcher.catalogue.entry import Entry, Spec
from launcher.connectors.plan import WebCertificate
from launcher.policy.settings import Settings
from launcher.policy.toml_faults import refuse
from launcher.policy.toml_text import Fault


class CertificateSpec(Spec):
    """Which of the officer's certificates a system is signed on to with."""

    source: Literal["file", "card"] = Field(
        default="file",
        description="file: the officer's file, kept sealed then; card: the card in the reader, with its PIN.",
    )
    name: str = Field(
        default="officer",
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=64,
        description="For file: entries of the same name share one certificate of the officer's.",
    )
    issuer: str = Field(
        default="", max_length=80, description="Only one whose issuer has this common name; left out: any."
    )

    def planned(self, settings: Settings) -> WebCertificate:
        """Return what a launch plan has of it."""
        if self.source == "card":
            return WebCertificate("card", self.issuer, card_library=settings.certificates.card_library)
        return WebCertificate(self.name, self.issuer, settings.certificates.folder)

    @model_validator(mode="after")
    def _sound(self) -> CertificateSpec:
        if self.source == "card" and "name" in self.model_fields_set:
            refuse([("name", "name is for source = file")])
        return self


def certificate_faults(entry: Entry, certificate: CertificateSpec | None, settings: Settings) -> list[Fault]:
    """Find an entry that wants a card where the policy names no library that reads one."""
    if certificate is None or certificate.source != "card" or settings.certificates.card_library is not None:
        return []
    return [entry.fault(("web", "certificate", "source"), "the policy lets no card be read: it names no card_library")]
