"""Further providers, whose session systems take besides the force account's: ``[[provider]]`` of the station file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from launcher.addresses import address_fault, hostname_of, origin_fault, origin_of
from launcher.policy.federation_settings import SHORT_NAME, LogoffRecipe
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.policy.section import Section
from launcher.policy.toml_faults import refuse
from launcher.recipes.steps import AnyStep, Marker


class FurtherLogon(Section):
    """How the provider's own logon page is filled with the name and password of the sign-in."""

    steps: tuple[AnyStep, ...] = Field(
        default=(),
        description="Recipe steps, as in a catalogue entry. None: the force account's session leads on by itself.",
    )
    markers: tuple[Marker, ...] = Field(
        min_length=1, description="Markers, as in a catalogue entry; one of them says that it is ready."
    )

    @field_validator("markers")
    @classmethod
    def _ready(cls, markers: tuple[Marker, ...]) -> tuple[Marker, ...]:
        if not any(marker.means == "ready" for marker in markers):
            raise ValueError("a marker with means = ready is needed: by it the provider is known to be signed on")
        return markers


class FurtherProviderSettings(Section):
    """A provider of web systems besides the force account: SAML, CAS, OpenID. Signed on to once for all its systems."""

    name: str = Field(pattern=f"^{SHORT_NAME}$", max_length=40, description="What entries call it: provider = name.")
    label: str = Field(min_length=1, max_length=60, description="Its name on the screen, e.g. Courts account.")
    url: str = Field(description="The provider's page that signs a browser on, https; http on the loopback only.")
    origins: tuple[str, ...] = Field(
        default=(),
        validate_default=True,
        description="Origins of its pages: only there is its logon filled in, and its systems' pages may go there. "
        "Empty: the url's.",
    )
    sign_on: Literal["page", "kerberos"] = Field(
        default="page",
        description="page: on its own page, as logon says; kerberos: by the officer's ticket, where the url asks for "
        "one, out of the browser.",
    )
    within_s: float = Field(default=30.0, gt=0, le=300, description="Seconds to sign on to it.")
    logon: FurtherLogon | None = Field(default=None, description="For page: how it is signed on to.")
    log_off: str = Field(
        default="",
        description="Its page that ends the browser's session, loaded at log-off. Empty: the session is left to end "
        "by itself, and that is said.",
    )
    logoff: LogoffRecipe | None = Field(
        default=None, description="What that page shows when the session has ended, and how it is answered if it asks."
    )

    @field_validator("url", "log_off")
    @classmethod
    def _an_address(cls, value: str, info: ValidationInfo) -> str:
        fault = address_fault(value) if value or info.field_name == "url" else None
        if fault is not None:
            raise ValueError(fault)
        return value

    @field_validator("origins")
    @classmethod
    def _origins_or_the_url(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for origin in value:
            if (fault := origin_fault(origin)) is not None:
                raise ValueError(fault)
        url = str(info.data.get("url", ""))
        return value or ((origin_of(url),) if url else ())

    @model_validator(mode="after")
    def _fits(self) -> FurtherProviderSettings:
        wrong: list[tuple[str, str]] = []
        if self.sign_on == "page" and self.logon is None:
            wrong.append(("logon", "it is signed on to on its page: that needs a table [provider.logon]"))
        if self.sign_on == "kerberos" and self.logon is not None:
            wrong.append(("logon", "logon is for sign_on = page: a ticket is shown to no page"))
        if origin_of(self.url) not in self.origins:
            wrong.append(("url", "the url lies on none of the origins"))
        if self.log_off and origin_of(self.log_off) not in self.origins:
            wrong.append(("log_off", "the address lies on none of the origins"))
        if self.log_off and not (self.logoff and any(marker.means == "ready" for marker in self.logoff.markers)):
            wrong.append(("log_off", "it needs a marker under logoff with means = ready: the session has ended"))
        if self.logoff is not None and not self.log_off:
            wrong.append(("logoff", "logoff is for the page that log_off names"))
        refuse(wrong)
        return self

    @property
    def led_on(self) -> bool:
        """Whether the force account's session leads on: it is given neither a name and password nor a ticket."""
        return self.logon is not None and not self.logon.steps


def shown_no_ticket(
    providers: tuple[FurtherProviderSettings, ...], kerberos: KerberosSettings | None
) -> list[tuple[str, str]]:
    """Say of each provider that is signed on to by ticket where the station file lets none be shown to it."""
    wrong = []
    for index, one in enumerate(providers):
        host = hostname_of(one.url)
        if one.sign_on == "kerberos" and kerberos is None:
            wrong.append((f"provider.{index}.sign_on", "sign_on = kerberos needs a section [kerberos]"))
        elif one.sign_on == "kerberos" and kerberos is not None and not kerberos.shows_to(host):
            wrong.append((f"provider.{index}.sign_on", f"no ticket may be shown to {host!r} ([kerberos] hosts)"))
    return wrong


def named_once(providers: tuple[FurtherProviderSettings, ...]) -> tuple[FurtherProviderSettings, ...]:
    """Refuse two providers of one name."""
    names = [provider.name for provider in providers]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise ValueError(f"two providers are called {name!r}")
    return providers
