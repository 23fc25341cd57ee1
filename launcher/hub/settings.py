"""The hub's own file (``hub.toml``): where it listens, where it keeps what it knows, who may do what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator

from launcher.hub.errors import HubSettingsError
from launcher.policy.section import OptionalPath, Section, only_domains
from launcher.policy.station_file import with_paths_resolved
from launcher.policy.toml_faults import faults_of, sentence
from launcher.policy.toml_text import Fault, read_toml
from launcher.wire.hub.helpdesk import ActKind


class ServeSettings(Section):
    """Where the hub listens. Off the loopback it speaks TLS only."""

    name: str = Field(
        default="hub", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="What the hub is called."
    )
    host: str = Field(default="127.0.0.1", description="The address it listens on.")
    port: int = Field(default=8470, ge=0, le=65535, description="The port; 0: any that is free, which it prints.")
    certificate: OptionalPath = Field(default=None, description="Its certificate and chain (PEM).")
    key: OptionalPath = Field(default=None, description="The certificate's key (PEM).")
    behind_proxy: bool = Field(
        default=False, description="A proxy on this computer speaks TLS in front of it: plain HTTP on the loopback."
    )
    metrics: bool = Field(
        default=False, description="Tell the figures for Prometheus to other computers, too, and through the proxy."
    )
    beat_s: float = Field(default=20.0, gt=0, le=300, description="Seconds between signs of life on a socket.")
    code_hours: float = Field(default=24.0, gt=0, le=24 * 30, description="An enrolment code holds so long.")


class StoreSettings(Section):
    """Where the hub keeps what it knows."""

    url: str = Field(
        default="", description="postgresql://… for several processes; empty: SQLite in the hub's state folder."
    )


class RoleSettings(Section):
    """Which groups have which role; a group's name as the directory or provider gives it, in any case."""

    helpdesk: tuple[str, ...] = Field(default=(), description="Groups of the helpdesk's analysts.")
    it: tuple[str, ...] = Field(default=(), description="Groups of IT.")
    auditor: tuple[str, ...] = Field(default=(), description="Groups of auditors.")
    administrator: tuple[str, ...] = Field(default=(), description="Groups of the hub's administrators.")
    supervisors: dict[str, Annotated[int, Field(ge=1, le=100)]] = Field(
        default={}, description="Groups of supervisors and their rank: 1 for sergeants, 2 for inspectors …"
    )
    vouched: tuple[Literal["helpdesk", "it", "auditor", "administrator", "supervisor"], ...] = Field(
        default=("helpdesk", "it", "supervisor"),
        description=(
            "Roles that are also given on a station's word, where there is neither OpenID nor Kerberos; supervisor:"
            " ranks, and that one agrees at the officer's terminal."
        ),
    )


Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a key pair: with the others whoever checks a token could write one."""


class OpenIdSettings(Section):
    """The provider whose tokens prove officers to the hub."""

    issuer: str = Field(
        pattern=r"^https://[^\s/?#@]+[^\s?#]*$",
        description="The provider's issuer, an https address, exactly as it writes it.",
    )
    audience: tuple[str, ...] = Field(min_length=1, description="What a token must be for: the hub's own name there.")
    accepts: tuple[Literal["access-token", "id-token"], ...] = Field(
        default=("access-token",),
        min_length=1,
        description="Which tokens: access tokens (RFC 9068); ID tokens, and others of the type JWT, for the hub alone.",
    )
    algorithms: tuple[Algorithm, ...] = Field(
        default=("RS256", "PS256", "ES256", "EdDSA"), min_length=1, description="Signatures taken."
    )
    groups_claim: str = Field(default="groups", description="The claim that names the officer's groups.")
    number_claim: str = Field(default="preferred_username", description="The claim with the officer's number.")
    ca_file: OptionalPath = Field(default=None, description="The authority that signs the provider's certificate.")


class KerberosSettings(Section):
    """The hub's own service in the realm."""

    keytab: Path = Field(description="The keys of the hub's service HTTP/host.")
    groups: dict[str, tuple[str, ...]] = Field(
        default={}, description="Groups by principal: a ticket of a plain realm names none."
    )


class ForcesSettings(Section):
    """Other forces, whose officers log on at your terminals (`[[force]]` of the station file)."""

    domains: tuple[str, ...] = Field(
        default=(),
        description=(
            "What their officers' names end in, after the @: the `domains` of every `[[force]]`. Such an officer is"
            " never one of yours with the same name or number. No domain in which an officer of yours has a name."
        ),
    )

    @field_validator("domains")
    @classmethod
    def _only_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return only_domains(domains)


class HelpdeskSettings(Section):
    """What the helpdesk may do, and how often."""

    sensitive: tuple[ActKind, ...] = Field(
        default=("forget-credential", "revoke", "suspend", "unsuspend"),
        description="Acts that need a verified caller and a second person.",
    )
    verified_minutes: float = Field(default=15.0, gt=0, le=480, description="A caller stays verified so long.")
    second_minutes: float = Field(
        default=10.0, gt=0, le=120, description="A request for a second person holds so long."
    )
    finds_a_minute: int = Field(default=120, ge=1, description="Searches of one analyst in a minute.")
    pages_a_minute: int = Field(default=30, ge=1, description="Officers' pages of one analyst in a minute.")
    letters_a_minute: int = Field(default=6, ge=1, description="Tries of letters of one analyst in a minute.")
    restricted_groups: tuple[str, ...] = Field(default=(), description="Officers of these groups do not show.")
    restricted_systems: tuple[str, ...] = Field(default=(), description="Systems (ids) that do not show.")
    offline_days: float = Field(
        default=30.0, gt=0, le=366, description="A terminal may let an officer on offline so many days after they sat."
    )
    command_s: float = Field(default=120.0, gt=0, le=3600, description="A command that was not taken by then expires.")


class AuditSettings(Section):
    """How long what is kept for."""

    marked_systems: tuple[str, ...] = Field(default=(), description="Systems (ids) whose every opening is recorded.")
    keep_days: int = Field(default=365 * 7, ge=1, description="Contents of the audit are kept so many days.")
    sitting_days: int = Field(default=90, ge=1, description="Sittings, sign-ins and launches are kept so many days.")
    checkpoint_rows: int = Field(default=1000, ge=1, description="A signed checkpoint after so many rows.")
    checkpoint_minutes: float = Field(default=10.0, gt=0, description="A signed checkpoint after so long.")


class WrongSettings(Section):
    """When something is wrong: what the helpdesk is shown by itself."""

    minutes: float = Field(default=15.0, gt=0, le=240, description="Openings of the last minutes are looked at.")
    failures: int = Field(default=3, ge=1, description="A system is failing at a place from so many failures on,")
    failing_share: float = Field(default=0.2, gt=0, le=1, description="and from this share of its openings on.")
    slow_openings: int = Field(default=5, ge=1, description="It is slow there from so many openings on,")
    slow_times: float = Field(default=2.0, ge=1, description="where 95 of 100 take so many times as long as usual,")
    slow_by_s: float = Field(default=1.0, ge=0, description="and longer than usual by so many seconds.")
    usual_days: int = Field(default=7, ge=1, le=31, description="Usual is what it was in so many days,")
    usual_openings: int = Field(default=30, ge=1, description="where the system was opened so often in them.")
    count_again_s: float = Field(
        default=5.0, ge=0, le=60, description="It is counted again after so long, however many look at it."
    )
    away_terminals: int = Field(
        default=3, ge=1, description="Terminals are away at a place from so many on, if they are half of them."
    )
    away_hours: float = Field(
        default=24.0, gt=0, le=24 * 14, description="A terminal that was not heard for longer is not missed."
    )


class HubSettings(Section):
    """All of the hub's file."""

    serve: ServeSettings = Field(default=ServeSettings(), description="Where the hub listens.")
    store: StoreSettings = Field(default=StoreSettings(), description="Where it keeps what it knows.")
    roles: RoleSettings = Field(default=RoleSettings(), description="Who may do what.")
    openid: OpenIdSettings | None = Field(default=None, description="Officers prove themselves by OpenID tokens.")
    kerberos: KerberosSettings | None = Field(default=None, description="Officers prove themselves by tickets.")
    forces: ForcesSettings = Field(default=ForcesSettings(), description="Other forces at your terminals.")
    helpdesk: HelpdeskSettings = Field(default=HelpdeskSettings(), description="The helpdesk's acts.")
    audit: AuditSettings = Field(default=AuditSettings(), description="The audit.")
    wrong: WrongSettings = Field(default=WrongSettings(), description="What is wrong now.")


def read_settings(file: Path | None) -> HubSettings:
    """Read the hub's file; None is all defaults. Raises :class:`HubSettingsError` with every fault and its place."""
    if file is None:
        return HubSettings()
    read = read_toml(file)
    if isinstance(read, Fault):
        raise _refusal([read])
    try:
        return HubSettings.model_validate(with_paths_resolved(read.untrusted, HubSettings, file.resolve().parent))
    except ValidationError as refused:
        raise _refusal(faults_of(refused, HubSettings, read)) from None


def _refusal(faults: list[Fault]) -> HubSettingsError:
    return HubSettingsError(sentence("The hub's file cannot be used", faults), detail="\n".join(map(str, faults)))
