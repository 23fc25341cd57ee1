"""What a web system has of its own, and what an address may be."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from launcher.catalogue.entry import Spec
from launcher.connectors.hosts import is_loopback
from launcher.connectors.plan import WebMethod
from launcher.policy.toml_faults import refuse

_DEFAULT_PORTS = {"https": 443, "http": 80}


class WebSpec(Spec):
    """The table ``[web]`` of an entry."""

    url: str = Field(description="The page to open, https; http on the loopback only.")
    sign_on: WebMethod = Field(
        description="federated: the force account's session; form: the steps fill a logon page; basic: the browser's "
        "own question; token: an access token on fetches to token_origin; none: nothing to sign on."
    )
    origins: tuple[str, ...] = Field(
        default=(), description="Where the entry's steps may fill, e.g. https://host; left out: the url's own."
    )
    visits: tuple[str, ...] = Field(default=(), description="Further origins that the page may go to.")
    credential: Literal["store", "sign-in"] = Field(
        default="store",
        description="For form and basic: the officer's own name and password for this system, or those of the sign-in.",
    )
    otp: bool = Field(default=False, description="For form: a one-time code is filled too.")
    token_scopes: tuple[str, ...] = Field(default=(), description="For token: the scopes to ask for.")
    token_origin: str = Field(default="", description="For token: fetches to this origin carry the token.")

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
        if self.sign_on not in {"form", "basic"}:
            wrong += [(key, f"{key} is for sign_on = form or basic") for key in self._given("credential")]
        if self.sign_on != "form":
            wrong += [(key, f"{key} is for sign_on = form") for key in self._given("otp")]
        refuse(wrong)
        return self

    def _given(self, *keys: str) -> list[str]:
        return [key for key in keys if key in self.model_fields_set]

    @property
    def own_origins(self) -> tuple[str, ...]:
        """Where the entry may be filled or answer."""
        return self.origins or (origin_of(self.url),)


def origin_of(address: str) -> str:
    """Return an address's origin as a browser writes it: lower case, without a default port."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def host_of(address: str) -> str:
    """Return an address's host in lower case, or nothing."""
    return (urlsplit(address).hostname or "").lower()


def address_fault(address: str) -> str | None:
    """Say what is wrong with a page's address, if anything is."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # one that is no number is found when asked for
    except ValueError:
        return f"{address!r} is not an address"
    if parts.scheme not in {"https", "http"} or not parts.hostname or any(mark.isspace() for mark in address):
        return f"{address!r} is not an https:// address"
    if "\\" in address or any(not mark.isprintable() for mark in address):
        return f"{address!r} is not an https:// address"  # browsers read a backslash as a slash
    if parts.username is not None or parts.password is not None:
        return "an address holds no name or password"
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return f"{address!r} is not https; http is for this computer's own addresses only"
    return None


def origin_fault(origin: str) -> str | None:
    """Say what is wrong with an origin, if anything is."""
    fault = address_fault(origin)
    if fault is None and origin != origin_of(origin):
        return f"{origin!r} is not an origin; write {origin_of(origin)!r}"
    return fault
