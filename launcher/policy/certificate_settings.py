"""Where officers' certificates come from: ``[certificates]`` of the station file."""

from __future__ import annotations

from pydantic import Field

from launcher.policy.section import OptionalPath, Section


class CertificateSettings(Section):
    """The certificates with which officers sign on to web systems."""

    folder: OptionalPath = Field(
        default=None,
        description="Folder with each officer's own: a PKCS#12 file called as the officer's name at log on, 4471.p12 "
        "or 4471.pfx, sealed with a password of its own. Empty: only what is kept already is used.",
    )
    card_library: OptionalPath = Field(
        default=None,
        description="PKCS#11 library of the officers' cards, e.g. /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so. Empty: "
        "no system is signed on to with a card.",
    )
