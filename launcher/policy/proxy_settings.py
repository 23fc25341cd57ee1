"""The road out: ``[proxy]`` of the station file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from launcher.policy.section import OptionalPath, Section
from launcher.policy.toml_faults import refuse
from launcher.relay.ways import ProxyAuth, ProxyMode, Rules, proxy_of


class ProxySettings(Section):
    """By which proxy pages, terminals and requests of the launcher's own leave this computer; help page: proxy."""

    mode: ProxyMode = Field(
        default="none",
        description="none: every connection is direct; fixed: by the proxy of url; pac: as the PAC file says.",
    )
    url: str = Field(default="", description="For mode = fixed: the proxy, e.g. http://proxy.force.example:3128.")
    pac: str = Field(default="", description="For mode = pac: the PAC file, an https:// address or a file's path.")
    bypass: tuple[str, ...] = Field(
        default=(),
        description="Hosts that are reached direct, * for one or more labels: *.force.example. This computer's own "
        "names and addresses always are.",
    )
    auth: ProxyAuth = Field(
        default="none",
        description="How the proxy is told who asks: none, basic (a name and password) or kerberos (the officer's "
        "ticket).",
    )
    user: str = Field(
        default="",
        description="For auth = basic: the name of this computer at the proxy; its password is kept under the name "
        "proxy. Empty: the name and password that the officer has logged on with.",
    )
    password_in_clear: bool = Field(
        default=False,
        description="For auth = basic: the password may go to a proxy whose address is not https. Anyone on the way "
        "can read it then.",
    )
    ca_file: OptionalPath = Field(
        default=None,
        description="PEM file of the CA by which the proxy looks into TLS, and of the proxy's own certificate; trusted "
        "in addition by pages and by requests to the provider.",
    )

    @field_validator("url")
    @classmethod
    def _a_proxy(cls, value: str) -> str:
        if value:
            proxy_of(value)
        return value

    @field_validator("pac")
    @classmethod
    def _a_file_or_https(cls, value: str) -> str:
        scheme = urlsplit(value).scheme
        if value and scheme != "https" and not (scheme == "" and Path(value).is_absolute()):
            raise ValueError("the PAC file is an https:// address or an absolute path")
        return value

    @field_validator("bypass")
    @classmethod
    def _only_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not host or any(mark in host for mark in "/@ ") or "*" in host.removeprefix("*."):
                raise ValueError(f"{host!r} is not a host such as www.force.example or *.force.example")
        return tuple(host.lower() for host in hosts)

    @model_validator(mode="after")
    def _the_mode_has_its_key(self) -> ProxySettings:
        wrong: list[tuple[str, str]] = []
        if self.mode == "fixed" and not self.url:
            wrong.append(("url", "mode = fixed needs the proxy's address"))
        if self.mode == "pac" and not self.pac:
            wrong.append(("pac", "mode = pac needs the PAC file"))
        if self.user and self.auth != "basic":
            wrong.append(("user", "a name is for auth = basic"))
        in_clear = self.url.startswith("http:") and not self.password_in_clear
        if self.auth == "basic" and self.mode == "fixed" and in_clear:  # which proxy a PAC file names is known later
            wrong.append(
                (
                    "auth",
                    "the password would go to the proxy in clear: give an https:// address, or set "
                    "password_in_clear = true",
                )
            )
        refuse(wrong)
        return self

    def rules(self) -> Rules:
        """Return what the relay goes by."""
        return Rules(
            mode=self.mode,
            proxy=proxy_of(self.url) if self.mode == "fixed" else None,
            pac=self.pac if self.mode == "pac" else "",
            bypass=self.bypass,
            auth=self.auth,
            password_in_clear=self.password_in_clear,
            ca_file=self.ca_file,
        )
