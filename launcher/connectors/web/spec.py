"""What a web system has of its own."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from launcher.addresses import address_fault, origin_fault, origin_of
from launcher.catalogue.entry import Spec
from launcher.connectors.plan import Permission, WebMethod
from launcher.connectors.web.certificate import CertificateSpec
from launcher.connectors.web.endpoint import EndpointSpec
from launcher.connectors.web.pages import PageChangeSpec
from launcher.policy.toml_faults import refuse

_TAKES_CREDENTIAL = ("form", "basic", "endpoint")
_TAKES_OTP = ("form", "endpoint")
_EMBEDDED_ONLY = ("certificate",)


class WebSpec(Spec):
    """The table ``[web]`` of an entry."""

    url: str = Field(description="The page to open, https; http on the loopback only.")
    sign_on: WebMethod = Field(
        description="federated: the session of the force account or of another provider; form: the steps fill a logon "
        "page; basic: the browser's own question; certificate: one of the officer's, when the host asks; kerberos: "
        "their ticket; endpoint: a request out of the browser, whose cookies the page then has; token: an access "
        "token on fetches to token_origin; none: nothing to sign on."
    )
    origins: tuple[str, ...] = Field(
        default=(), description="Where the entry's steps may fill, e.g. https://host; left out: the url's own."
    )
    visits: tuple[str, ...] = Field(default=(), description="Further origins that the page may go to.")
    browser: Literal["embedded", "managed"] = Field(
        default="embedded",
        description="managed: in a browser that is installed on the computer, e.g. for H.264 video or a compliant "
        "device; it takes its own time to start.",
    )
    permissions: tuple[Permission, ...] = Field(
        default=(),
        description="What its own pages may have of the computer, where the policy allows it too: camera, microphone, "
        "location, clipboard; notifications are shown by the launcher, as the page's host and a title.",
    )
    credential: Literal["store", "sign-in"] = Field(
        default="store",
        description="For form, basic and endpoint: the officer's own name and password for this system, or those of "
        "the sign-in.",
    )
    otp: bool = Field(default=False, description="For form and endpoint: a one-time code is filled too.")
    provider: str = Field(
        default="",
        description="For federated: the name of a [[provider]] of the station file, whose session the system takes; "
        "left out: the force account's.",
    )
    token_scopes: tuple[str, ...] = Field(default=(), description="For token: the scopes to ask for.")
    token_origin: str = Field(default="", description="For token: fetches to this origin carry the token.")
    change_password: PageChangeSpec | None = Field(
        default=None, description="For form with [[page]]: how a new password is given."
    )
    certificate: CertificateSpec | None = Field(
        default=None, description="For certificate: which of the officer's; left out: the one they have."
    )
    endpoint: EndpointSpec | None = Field(default=None, description="For endpoint: where to sign on, and how.")

    @model_validator(mode="after")
    def _sound(self) -> WebSpec:
        wrong: list[tuple[str, str]] = []
        if (fault := address_fault(self.url)) is not None:
            wrong.append(("url", fault))
        for key, given in (("origins", self.origins), ("visits", self.visits)):
            wrong += [(key, fault) for origin in given if (fault := origin_fault(origin)) is not None]
        if self.sign_on == "token":
            if not self.token_scopes:
                wrong.append(("sign_on", "sign_on = token needs token_scopes"))
            if not self.token_origin:
                wrong.append(("sign_on", "sign_on = token needs token_origin"))
            elif (fault := origin_fault(self.token_origin)) is not None:
                wrong.append(("token_origin", fault))
        else:
            wrong += [(key, f"{key} is for sign_on = token") for key in self._given("token_scopes", "token_origin")]
        wrong += self._not_for("credential", _TAKES_CREDENTIAL) + self._not_for("otp", _TAKES_OTP)
        wrong += self._not_for("provider", ("federated",)) + self._endpoint_faults()
        wrong += self._not_for("certificate", ("certificate",))
        wrong += self._not_for("change_password", ("form",))
        if self.browser == "managed" and self.sign_on in _EMBEDDED_ONLY:
            wrong.append(("browser", f"browser = managed does not go with sign_on = {self.sign_on}"))
        refuse(wrong)
        return self

    def _not_for(self, key: str, methods: tuple[str, ...]) -> list[tuple[str, str]]:
        if self.sign_on in methods:
            return []
        return [(one, f"{one} is for sign_on = {' or '.join(methods)}") for one in self._given(key)]

    def _endpoint_faults(self) -> list[tuple[str, str]]:
        if self.sign_on != "endpoint" or self.endpoint is None:
            needs = (
                [("sign_on", "sign_on = endpoint needs a table [web.endpoint]")] if self.sign_on == "endpoint" else []
            )
            return needs + self._not_for("endpoint", ("endpoint",))
        wrong: list[tuple[str, str]] = []
        if origin_of(self.endpoint.url) not in self.own_origins:
            wrong.append(("endpoint.url", "the endpoint must lie on one of the entry's own origins"))
        if self.otp != ("otp" in self.endpoint.names):
            wrong.append(("otp", "otp = true and {otp} in [web.endpoint] belong together"))
        return wrong

    def _given(self, *keys: str) -> list[str]:
        return [key for key in keys if key in self.model_fields_set]

    @property
    def own_origins(self) -> tuple[str, ...]:
        """Where the entry may be filled or answer."""
        return self.origins or (origin_of(self.url),)
