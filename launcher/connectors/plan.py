"""The launch plan: all an opener needs to open a system and sign it on, with the names of secrets and none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launcher.recipes.steps import Marker, Recipe

WebMethod = Literal["federated", "form", "basic", "token", "none"]
ProgramMethod = Literal["program", "none"]


@dataclass(frozen=True, slots=True)
class CredentialName:
    """Which credential: the officer's own for a system, or the one of the sign-in itself."""

    system: str
    source: Literal["store", "sign-in"]
    otp: bool = False  # a one-time code is needed too


@dataclass(frozen=True, slots=True)
class TokenName:
    """Which access token: the scopes, asked for silently in the officer's provider session."""

    scopes: tuple[str, ...]


GrantName = CredentialName | TokenName


@dataclass(frozen=True, slots=True)
class WebTarget:
    """A page in the session's browser profile; secrets are filled on ``origins`` only, others may not be visited."""

    url: str
    origins: tuple[str, ...]  # https://host[:port], where the entry may be filled or carry its token
    visits: tuple[str, ...] = ()  # further origins the page may navigate to, e.g. the provider's
    token_origin: str = ""  # fetches to this origin carry the access token


@dataclass(frozen=True, slots=True)
class ProgramTarget:
    """A program to start: an argv array, never a shell; credentials go in by pipe."""

    argv: tuple[str, ...]
    give: Literal["stdin", "descriptor", "none"]
    env: tuple[tuple[str, str], ...] = ()
    cwd: str = ""


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """How to open one system. ``markers`` prove how it ended; without a ready marker the outcome is unknown."""

    system: str
    name: str
    kind: str  # "web" | "program"
    sign_on: WebMethod | ProgramMethod
    target: WebTarget | ProgramTarget
    recipe: Recipe
    markers: tuple[Marker, ...]
    grants: tuple[GrantName, ...]
    within_s: float
    usual_ms: float = 0.0
