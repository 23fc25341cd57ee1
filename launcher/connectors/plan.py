"""The launch plan: all an opener needs to open a system and sign it on, with the names of secrets and none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launcher.grants.names import CredentialName, GrantName, TokenName
from launcher.recipes.steps import Marker, Recipe

__all__ = [
    "CredentialName",
    "GrantName",
    "LaunchPlan",
    "ProgramMethod",
    "ProgramTarget",
    "TokenName",
    "WebMethod",
    "WebTarget",
]

WebMethod = Literal["federated", "form", "basic", "token", "none"]
ProgramMethod = Literal["program", "none"]


ANY_HTTPS = "https://*"
"""Among a target's visits: the page may go anywhere over https. For a page that a person is looking at only."""


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
    """How to open one system. ``markers`` prove how it ended; without a ready marker the outcome is unknown.

    ``provider`` are the origins on which the force account asks the officer, where the system takes its session.
    """

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
    provider: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The page to load; empty for a program."""
        return self.target.url if isinstance(self.target, WebTarget) else ""

    @property
    def visits(self) -> tuple[str, ...]:
        """Further origins that the page may go to; none for a program."""
        return self.target.visits if isinstance(self.target, WebTarget) else ()
