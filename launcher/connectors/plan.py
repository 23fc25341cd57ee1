"""The launch plan: all an opener needs to open a system and sign it on, with the names of secrets and none of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from launcher.connectors.password_rules import PasswordRules
from launcher.grants.names import CertificateName, CredentialName, GrantName, TicketName, TokenName
from launcher.recipes.pages import Page
from launcher.recipes.screens import Screen
from launcher.recipes.steps import Marker, Recipe
from launcher.terminal.engine import Family
from launcher.terminal.keyboards import USUAL, KeyboardMap

__all__ = [
    "CertificateName",
    "CredentialName",
    "GrantName",
    "InstalledBrowser",
    "LaunchPlan",
    "PageChange",
    "PasswordRules",
    "ProgramMethod",
    "ProgramTarget",
    "ScreenChange",
    "ScreenSignOff",
    "TerminalLine",
    "TerminalMethod",
    "TerminalTarget",
    "TicketName",
    "TokenName",
    "WebCertificate",
    "WebEndpoint",
    "WebMethod",
    "WebTarget",
    "family_of",
]

WebMethod = Literal["federated", "form", "basic", "certificate", "endpoint", "kerberos", "token", "none"]
ProgramMethod = Literal["program", "none"]
TerminalMethod = Literal["form", "password", "key", "ticket", "none"]
TerminalLine = Literal["tn3270", "ssh", "telnet"]


ANY_HTTPS = "https://*"
"""Among a target's visits: the page may go anywhere over https. For a page that a person is looking at only."""


@dataclass(frozen=True, slots=True)
class WebEndpoint:
    """One request that signs on out of the browser; ``fields`` (a form) or ``body`` (JSON) with placeholders."""

    url: str
    method: Literal["POST", "PUT"]
    fields: tuple[tuple[str, str], ...]
    body: str
    cookies: tuple[str, ...]
    ready_status: tuple[int, ...]
    ready_text: str
    failed_status: tuple[int, ...]
    failed_text: str
    says: str
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class WebCertificate:
    """Which certificate of the officer's is presented to the target's own origins.

    ``folder`` has their files; with a ``card_library`` it is on their card.
    """

    name: str
    issuer: str = ""
    folder: Path | None = None
    card_library: Path | None = None


@dataclass(frozen=True, slots=True)
class PageChange:
    """The pages on which a system takes a new password, and what it lets one be."""

    pages: tuple[Page, ...]
    within_s: float
    rules: PasswordRules


@dataclass(frozen=True, slots=True)
class InstalledBrowser:
    """In place of the session's own browser: one that is installed, the first of ``names`` (or paths) that is there.

    ``negotiates`` are the hosts that it may show the officer's ticket to, which lies in ``tickets`` once it is had.
    """

    names: tuple[str, ...]
    negotiates: tuple[str, ...] = ()
    tickets: Path | None = None


Permission = Literal["camera", "microphone", "location", "clipboard", "notifications"]


@dataclass(frozen=True, slots=True)
class WebFiles:
    """What the policy lets pages do with files: how much of the session's own folder they fill, and where else."""

    most_mb: int
    save_to: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class WebTarget:
    """A page in the session's browser profile; secrets are filled on ``origins`` only, others may not be visited."""

    url: str
    origins: tuple[str, ...]  # https://host[:port], where the entry may be filled or carry its token
    visits: tuple[str, ...] = ()  # further origins the page may navigate to, e.g. the provider's
    token_origin: str = ""  # fetches to this origin carry the access token
    endpoint: WebEndpoint | None = None
    certificate: WebCertificate | None = None
    pages: tuple[Page, ...] = ()  # in place of the plan's steps and markers
    change: PageChange | None = None
    ca_file: Path | None = None  # trusted besides the system's, where the page is asked for out of the browser
    managed: InstalledBrowser | None = None
    files: WebFiles | None = None  # none may be saved or chosen without
    permissions: tuple[Permission, ...] = ()  # what both the entry and the policy let its own pages have


@dataclass(frozen=True, slots=True)
class ProgramTarget:
    """A program to start: an argv array, never a shell; credentials go in by pipe."""

    argv: tuple[str, ...]
    give: Literal["stdin", "descriptor", "none"]
    env: tuple[tuple[str, str], ...] = ()
    cwd: str = ""


@dataclass(frozen=True, slots=True)
class ScreenSignOff:
    """The screens of a sign-off; ``line_end``: that the host closes the line proves it too."""

    screens: tuple[Screen, ...]
    within_s: float
    line_end: bool = False


@dataclass(frozen=True, slots=True)
class ScreenChange:
    """The screens on which a host takes a new password, and what it lets one be."""

    screens: tuple[Screen, ...]
    within_s: float
    rules: PasswordRules


@dataclass(frozen=True, slots=True)
class TerminalTarget:
    """A host with a terminal: how it is called, how its screens are read, and how it is left.

    ``in_clear``: the policy lets this host be reached without encryption, or it is this computer. Rows and columns are
    those that it is opened with; a 3270's follow from its ``model``.
    """

    line: TerminalLine
    host: str
    port: int
    screens: tuple[Screen, ...] = ()
    begins: tuple[str, ...] = ()
    sign_off: ScreenSignOff | None = None
    change: ScreenChange | None = None
    in_clear: bool = False
    # 3270
    tls: bool = True
    ca_file: Path | None = None
    lu_names: tuple[str, ...] = ()
    model: int = 2
    code_page: str = ""
    # VT
    term: str = ""
    encoding: str = ""
    rows: int = 24
    columns: int = 80
    scroll_back_rows: int = 0
    # SSH
    user: str = ""  # else the credential's
    key_file: str = ""
    known_hosts: Path | None = None
    tickets: Path | None = None  # the officer's, once they are had; None: those of the session's environment
    # the widget
    keyboard: KeyboardMap = USUAL
    session_logs: Path | None = None


def family_of(line: TerminalLine) -> Family:
    """Return whose screens and keys come over such a line."""
    return "3270" if line == "tn3270" else "vt"


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """How to open one system. ``markers`` prove how it ended; without a ready marker the outcome is unknown.

    ``provider`` are the origins on which the provider asks the officer, where the system takes its session; ``through``
    is the provider's name where that is not the force account.
    """

    system: str
    name: str
    kind: str  # "web" | "program" | "terminal"
    sign_on: WebMethod | ProgramMethod | TerminalMethod
    target: WebTarget | ProgramTarget | TerminalTarget
    recipe: Recipe
    markers: tuple[Marker, ...]
    grants: tuple[GrantName, ...]
    within_s: float
    usual_ms: float = 0.0
    provider: tuple[str, ...] = ()
    through: str = ""

    @property
    def url(self) -> str:
        """The page to load; empty for what is no page."""
        return self.target.url if isinstance(self.target, WebTarget) else ""

    @property
    def visits(self) -> tuple[str, ...]:
        """Further origins that the page may go to; none for what is no page."""
        return self.target.visits if isinstance(self.target, WebTarget) else ()

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that sign on, in place of steps and markers; none for what is no page."""
        return self.target.pages if isinstance(self.target, WebTarget) else ()

    @property
    def coded(self) -> CredentialName | None:
        """The credential that one-time codes come from, where the system wants them."""
        return next((one for one in self.grants if isinstance(one, CredentialName) and one.otp), None)
