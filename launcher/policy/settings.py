"""Every setting of a station, declared once: its type, default and text.

The schema (``resources/schemas/station.schema.json``) and the help page (``resources/help/station-file.md``) are
generated from these models. Reading files is the business of :mod:`launcher.policy.station_file`.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from launcher.policy.certificate_settings import CertificateSettings
from launcher.policy.federation_settings import FederatedSettings, ForceSettings, forces_apart
from launcher.policy.first_facts import HEARTBEAT_S, PASSWORD_LABEL
from launcher.policy.hub_settings import HubSettings
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.policy.lock_settings import LockSettings
from launcher.policy.provider_settings import FurtherProviderSettings, named_once, shown_no_ticket
from launcher.policy.proxy_settings import ProxySettings
from launcher.policy.section import OptionalPath, Section, split_address
from launcher.policy.terminal_settings import TerminalSettings
from launcher.policy.toml_faults import refuse
from launcher.policy.web_settings import WebSettings

MethodName = Literal["directory", "federated", "local"]
FindBy = Literal["filter", "upn", "template"]
GroupsBy = Literal["auto", "tokenGroups", "in-chain", "memberOf", "member"]


class StationSettings(Section):
    """This computer: what it is called, where it stands, how it looks."""

    terminal: str = Field(min_length=1, max_length=40, description="The terminal's name, as the helpdesk knows it.")
    place: str = Field(default="", description="Where it stands, e.g. Front desk.")
    force: str = Field(default="", description="The force's name, shown on the sign-in screen.")
    helpdesk: str = Field(default="", description="How to reach the helpdesk, e.g. ext. 4100.")
    theme: Literal["light", "dark", "auto"] = Field(
        default="light", description="Colours; auto follows the desktop's own setting."
    )
    text_scale: float = Field(default=1.0, ge=1.0, le=2.0, description="Size of all text; 1.5 for standing terminals.")
    reduced_motion: bool = Field(default=False, description="No animation.")
    catalogue: Path = Field(default=Path("catalogue"), description="Folder of the system entries, one TOML file each.")
    fullscreen: bool = Field(default=True, description="Fill the screen and draw no window frame.")


class SignInSettings(Section):
    """How officers prove who they are."""

    methods: tuple[MethodName, ...] = Field(
        min_length=1, description="Methods in the order they are shown; each needs its own section."
    )

    @field_validator("methods")
    @classmethod
    def _once(cls, methods: tuple[MethodName, ...]) -> tuple[MethodName, ...]:
        if len(set(methods)) != len(methods):
            raise ValueError("each method may stand there once")
        return methods


class DirectorySettings(Section):
    """Name and password, proved by a directory (LDAP, Active Directory), always over TLS."""

    servers: tuple[str, ...] = Field(
        min_length=1,
        description="ldaps:// or ldap:// addresses, tried in order; ldap:// is used with StartTLS, always.",
    )
    ca_file: OptionalPath = Field(
        default=None, description="PEM file of the CA that signed the servers' certificates; empty: the system's trust."
    )
    base: str = Field(min_length=1, description="Where officers are found, e.g. ou=people,dc=force,dc=example.")
    find: FindBy = Field(default="filter", description="How a typed name becomes an entry.")
    user_filter: str = Field(
        default="(&(objectClass=inetOrgPerson)(uid={name}))",
        description="Search filter for find = filter; {name} is the typed name, escaped.",
    )
    upn_suffix: str = Field(default="", description="Appended to a name without @ for find = upn, e.g. force.example.")
    dn_template: str = Field(default="", description="The entry's DN for find = template, with {name}.")
    search_as: str = Field(
        default="",
        description="DN of a read account for find = filter; its password is kept under the name directory-search. "
        "Empty: anonymous search.",
    )
    groups: GroupsBy = Field(default="auto", description="How groups, nested ones included, are found.")
    group_base: str = Field(
        default="", validate_default=True, description="Where groups are found; empty: the same as base."
    )
    id_attribute: str = Field(
        default="auto", description="The immutable subject; auto: objectGUID on AD, entryUUID elsewhere."
    )
    number_attribute: str = Field(default="employeeNumber", description="The officer's number.")
    name_attribute: str = Field(default="displayName", description="The officer's name as shown.")
    mail_attribute: str = Field(default="mail", description="The officer's mail address.")
    connect_s: float = Field(default=2.0, gt=0, le=30, description="Seconds to wait for a server to connect.")
    answer_s: float = Field(
        default=10.0, gt=0, le=60, description="Seconds to wait for an answer; a bind once sent is never resent."
    )
    label: str = Field(default=PASSWORD_LABEL, min_length=1, description="The method's name on the screen.")
    issuer: str = Field(
        default="", validate_default=True, description="Part of each officer's identity; empty: ldap: and the base."
    )

    @field_validator("servers")
    @classmethod
    def _schemes(cls, servers: tuple[str, ...]) -> tuple[str, ...]:
        for server in servers:
            parts = split_address(server)
            if parts is None or parts.scheme not in {"ldap", "ldaps"} or not parts.hostname:
                raise ValueError(f"{server!r} is not an ldap:// or ldaps:// address")
            if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
                raise ValueError(f"{server!r} names more than a host and a port")
        return servers

    @field_validator("group_base")
    @classmethod
    def _group_base_or_base(cls, value: str, info: ValidationInfo) -> str:
        return value or str(info.data.get("base", ""))

    @field_validator("issuer")
    @classmethod
    def _issuer_or_base(cls, value: str, info: ValidationInfo) -> str:
        return value or f"ldap:{info.data.get('base', '')}"

    @model_validator(mode="after")
    def _find_has_its_key(self) -> DirectorySettings:
        wrong: list[tuple[str, str]] = []
        if self.find == "filter" and "{name}" not in self.user_filter:
            wrong.append(("user_filter", "find = filter needs a user_filter with {name}"))
        if self.find == "upn" and not self.upn_suffix:
            wrong.append(("find", "find = upn needs upn_suffix"))
        if self.find == "template" and "{name}" not in self.dn_template:
            wrong.append(("find", "find = template needs a dn_template with {name}"))
        refuse(wrong)
        return self


class LocalSettings(Section):
    """Officers in a file of this computer, for the embedded station and for trials."""

    officers_file: Path = Field(default=Path("officers.toml"), description="File of the officers.")
    label: str = Field(default=PASSWORD_LABEL, min_length=1, description="The method's name on the screen.")


class ProgramSettings(Section):
    """Which programs entries may start."""

    executables: tuple[str, ...] = Field(
        default=(), description="Absolute paths of the programs that may be started. Empty: none."
    )

    @field_validator("executables")
    @classmethod
    def _absolute(cls, executables: tuple[str, ...]) -> tuple[str, ...]:
        for path in executables:
            if not (PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
                raise ValueError(f"{path!r} is not an absolute path")
        return executables


class CredentialSettings(Section):
    """Where officers' own names and passwords of systems are kept, always sealed."""

    keep: Literal["os", "file", "off"] = Field(
        default="os", description="os: the key is in the system's key store; file: in a protected file; off: not kept."
    )


class LimitSettings(Section):
    """Times and numbers, in seconds (s)."""

    spare_idle_s: float = Field(
        default=30.0, gt=0, description="A sign-in screen left with something typed is replaced after this time."
    )
    heartbeat_s: float = Field(default=HEARTBEAT_S, gt=0, description="How often a session says that it lives.")
    unresponsive_s: float = Field(default=3.0, gt=0, description="Silence after which a session is said not to answer.")
    end_within_s: float = Field(default=5.0, gt=0, description="Time a session has to end before it is ended.")
    sign_off_within_s: float = Field(
        default=30.0,
        ge=0,
        le=45,
        description="Time it has on top of that where its officer is signed on at hosts by a terminal, at most: as "
        "long as their entries say that a sign-off may take.",
    )
    cover_s: float = Field(
        default=5.0, gt=0, description="Silence after which an officer's screen is covered and may be ended."
    )
    sitting_s: float = Field(default=43200.0, gt=0, description="The longest sitting, locked times included.")
    end_notice_s: float = Field(
        default=600.0, ge=0, description="So long before an end that is not theirs an officer is told what it ends."
    )
    parallel_launches: int = Field(default=10, ge=1, le=50, description="Systems opened at the same time.")


class Settings(Section):
    """All settings of a station."""

    station: StationSettings = Field(description="This computer.")
    sign_in: SignInSettings = Field(description="How officers prove who they are.")
    directory: DirectorySettings | None = Field(default=None, description="The directory method.")
    federated: FederatedSettings | None = Field(default=None, description="The federated method.")
    local: LocalSettings | None = Field(default=None, description="The local method.")
    force: Annotated[tuple[ForceSettings, ...], AfterValidator(forces_apart)] = Field(
        default=(), description="Other forces whose officers log on here, one table [[force]] each."
    )
    provider: Annotated[tuple[FurtherProviderSettings, ...], AfterValidator(named_once)] = Field(
        default=(), description="Further providers of web systems, one table [[provider]] each."
    )
    web: WebSettings = Field(default=WebSettings(), description="Web systems.")
    programs: ProgramSettings = Field(default=ProgramSettings(), description="Programs.")
    terminals: TerminalSettings = Field(default=TerminalSettings(), description="Hosts with terminals.")
    credentials: CredentialSettings = Field(default=CredentialSettings(), description="Kept credentials.")
    certificates: CertificateSettings = Field(default=CertificateSettings(), description="Officers' certificates.")
    kerberos: KerberosSettings | None = Field(default=None, description="Tickets of a Kerberos realm.")
    lock: LockSettings = Field(default=LockSettings(), description="Locking and coming back.")
    proxy: ProxySettings = Field(default=ProxySettings(), description="The road out.")
    hub: HubSettings | None = Field(default=None, description="The central service.")
    limits: LimitSettings = Field(default=LimitSettings(), description="Times and numbers.")

    @model_validator(mode="after")
    def _methods_have_sections(self) -> Settings:
        present = {name for name in ("directory", "federated", "local") if getattr(self, name) is not None}
        refuse([("sign_in.methods", fault) for fault in missing_sections(self.sign_in.methods, present)])
        if self.proxy.auth == "kerberos" and self.kerberos is None:
            refuse([("proxy.auth", "auth = kerberos needs a section [kerberos]")])
        if self.hub is not None and self.hub.kerberos_host and self.kerberos is None:
            refuse([("hub.kerberos_host", "a ticket for the hub needs a section [kerberos]")])
        refuse(shown_no_ticket(self.provider, self.kerberos))
        return self


def missing_sections(methods: tuple[str, ...], present: set[str]) -> list[str]:
    """Return a sentence for each method that has no section of its own."""
    return [f"the method {name!r} needs a section [{name}]" for name in methods if name not in present]
