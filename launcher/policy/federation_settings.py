"""Sign-in at an OpenID provider: ``[federated]`` and, for other forces' officers, ``[[force]]`` of the station file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from launcher.addresses import origin_fault, origin_of
from launcher.policy.first_facts import PROVIDER_LABEL, force_method
from launcher.policy.section import OptionalPath, Section, only_domains, split_address
from launcher.recipes.steps import AnyStep, Expect, Marker, Press, Wait

ENTRA = "https://login.microsoftonline.com"
SHORT_NAME = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
MOST_LISTED = 4


class LogonRecipe(Section):
    """How the provider's own logon page is filled with the name and password of a directory or local sign-in."""

    steps: tuple[AnyStep, ...] = Field(min_length=1, description="Recipe steps, as in a catalogue entry.")
    markers: tuple[Marker, ...] = Field(default=(), description="Markers, as in a catalogue entry.")


class LogoffRecipe(Section):
    """How a page of the provider that still asks whether to log off is answered; nothing is filled in there."""

    steps: tuple[Annotated[Wait | Press | Expect, Field(discriminator="do")], ...] = Field(
        default=(), description="Recipe steps without fill, as in a catalogue entry."
    )
    markers: tuple[Marker, ...] = Field(
        default=(), description="Markers, as in a catalogue entry; ready: the provider says that it has logged off."
    )

    @model_validator(mode="after")
    def _something(self) -> LogoffRecipe:
        if not (self.steps or self.markers):
            raise ValueError("give steps or markers")
        return self


class FederatedSettings(Section):
    """Sign-in at an OpenID provider, on the provider's own page."""

    label: str = Field(default=PROVIDER_LABEL, min_length=1, description="The method's name on the screen.")
    authority: str = Field(
        default="", description="The provider's address, https with a path and no slash at its end; or give tenant."
    )
    tenant: str = Field(default="", description="An Entra tenant, by id or domain; or give authority.")
    client_id: str = Field(min_length=1, description="The application's id at the provider.")
    redirect_uri: str = Field(
        default="https://localhost/station-launcher/callback",
        description="Registered at the provider; taken from the navigation, nothing listens there.",
    )
    post_logout_redirect_uri: str = Field(
        default="",
        description="Registered at the provider for logging off; coming back there proves that its session has ended. "
        "Empty: none.",
    )
    scopes: tuple[str, ...] = Field(default=("openid",), description="Scopes asked for at sign-in; openid always is.")
    ca_file: OptionalPath = Field(
        default=None, description="PEM file of the CA of the provider's certificate; empty: the system's trust."
    )
    algorithms: tuple[str, ...] = Field(
        default=("RS256", "ES256", "PS256"), min_length=1, description="Signature algorithms an ID token may have."
    )
    number_claim: str = Field(default="preferred_username", description="The claim with the officer's number.")
    name_claim: str = Field(default="name", description="The claim with the officer's name.")
    groups_claim: str = Field(default="groups", description="The claim with the officer's groups.")
    login_origins: tuple[str, ...] = Field(
        default=(),
        validate_default=True,
        description="Origins on which the provider's logon page may be filled, and the only further ones that its "
        "log-off may lead through; empty: the authority's.",
    )
    logon: LogonRecipe | None = Field(
        default=None,
        description="After a directory or local sign-in: sign on to the provider with the same name and password.",
    )
    logoff: LogoffRecipe | None = Field(
        default=None, description="Where the provider's page still asks at log-off: how to answer it."
    )

    @field_validator("authority")
    @classmethod
    def _https_with_a_path(cls, value: str) -> str:
        if not value:
            return value
        parts = split_address(value)
        if parts is None or parts.scheme != "https" or not parts.hostname:
            raise ValueError("the authority is an https:// address")
        if not parts.path.strip("/") or parts.path.endswith("/") or parts.query or parts.fragment:
            raise ValueError("the authority has a path and no slash at its end, e.g. https://id.force.example/oidc")
        return value

    @field_validator("redirect_uri", "post_logout_redirect_uri")
    @classmethod
    def _https(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.field_name == "post_logout_redirect_uri":
            return value
        parts = split_address(value)
        if parts is None or parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("the redirect address is https:// and has neither query nor fragment")
        return value

    @field_validator("scopes")
    @classmethod
    def _openid_too(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return value if "openid" in value else ("openid", *value)

    @field_validator("algorithms")
    @classmethod
    def _signed_with_a_key_pair(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            # "none" is no signature, and with HS… whoever knows the client's secret could write a token.
            if name not in {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}:
                raise ValueError(f"{name} is not an algorithm that may sign an ID token")
        return value

    @field_validator("login_origins")
    @classmethod
    def _origins_or_the_authority(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for origin in value:
            if origin_fault(origin) is not None or not origin.startswith("https:"):
                raise ValueError(f"{origin!r} is not an origin such as https://id.force.example")
        if value:
            return value
        return (origin_of(str(info.data.get("authority", ""))) or ENTRA,)

    @model_validator(mode="after")
    def _one_provider(self) -> FederatedSettings:
        if bool(self.authority) == bool(self.tenant):
            raise ValueError("give exactly one of authority and tenant")
        return self


class ForceSettings(FederatedSettings):
    """Officers of another force: they log on at their own force's provider. Known by the name they type, or picked."""

    name: str = Field(
        pattern=f"^{SHORT_NAME}$", max_length=40, description="What entries call it, before its groups: name:group."
    )
    label: str = Field(min_length=1, max_length=60, description="The force's name on the screen.")
    domains: tuple[str, ...] = Field(
        min_length=1,
        description="What its officers' names end in, after the @: northshire.example. Such a name is never given to "
        "this force's own methods.",
    )
    listed: bool = Field(
        default=True, description="Whether it is offered on the log-on screen; else it is known by the name alone."
    )

    @field_validator("domains")
    @classmethod
    def _only_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return only_domains(domains)

    @property
    def method(self) -> str:
        """The name of its sign-in method."""
        return force_method(self.name)


def forces_apart(forces: tuple[ForceSettings, ...]) -> tuple[ForceSettings, ...]:
    """Refuse two forces of one name or domain, and more on the screen than find room there."""
    for what, names in (
        ("forces are called", [force.name for force in forces]),
        ("forces have the domain", [domain for force in forces for domain in force.domains]),
    ):
        for index, name in enumerate(names):
            if name in names[:index]:
                raise ValueError(f"two {what} {name!r}")
    if sum(force.listed for force in forces) > MOST_LISTED:
        raise ValueError(f"at most {MOST_LISTED} forces find room on the screen: set listed = false for others")
    return forces
