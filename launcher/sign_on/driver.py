"""What a recipe needs of the thing it drives, whatever it is; implemented by the web surface and the program opener.

A driver is called from the engine's loop only. Every method may raise :class:`DriverGone` when the page, program or
window it drives has ended.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Protocol

from launcher.errors import LauncherError
from launcher.grants.client_certificate import AnyCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret


@dataclass(frozen=True, slots=True)
class Seen:
    """The index of the first place that held, and what can be said of it without showing content."""

    index: int
    last_seen: str  # e.g. "custody.localhost/logon, title 'Custody Record'"


MOST_WORDS = 200

AsksAgain = Literal["", "stands", "emptied"]


@dataclass(frozen=True, slots=True)
class DocumentNow:
    """Which document is there: another id for each, nothing where none answers.

    ``words`` are those of one element of it, plain and bounded; a page may write there what it likes. ``asks_again``:
    a form with a password that was sent in it stands there again, ``emptied`` of it, or as it was sent (``stands``)
    after it had been away or had taken nothing.
    """

    id: str
    words: str = ""
    asks_again: AsksAgain = ""

    @classmethod
    def read(cls, untrusted: object) -> DocumentNow:
        """Check what a page's script has given back; a lost answer is no document."""
        try:
            values = json.loads(untrusted) if isinstance(untrusted, str) else None
        except ValueError:
            values = None
        match values:
            case [str(ident), str(untrusted_words), ("" | "stands" | "emptied") as asks_again]:
                return cls(ident, plain_words(untrusted_words), asks_again)
        return cls("")


@dataclass(frozen=True, slots=True)
class Followed:
    """A link that the officer has followed in a page: the how-manieth, where it leads, and where it stood.

    Addresses hold what is confidential: they are kept in memory, and shown nowhere.
    """

    number: int = 0
    to: str = ""
    at: str = ""


NOWHERE: Final = Followed()


def plain_words(untrusted: str) -> str:
    """Return a page's own words in one line: nothing that is not written, and not more than fit."""
    written = "".join(one if one.isprintable() else " " for one in untrusted)
    words = " ".join(written.split())
    return words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1]}…"


class DriverGoneError(LauncherError):
    """The page or program ended while it was being signed on."""

    reference = "system-ended"
    hint = "Open it again. If it ends again, tell the helpdesk the reference."
    retryable = True


class WrongOriginError(LauncherError):
    """A field was to be filled on a page the entry does not name: nothing was filled."""

    reference = "page-not-expected"
    hint = "Do not type your password there. Tell the helpdesk the reference."


class FieldFault(LauncherError):  # noqa: N818 - the field is at fault
    """A field is missing, will not take the value, or lies in a frame of another origin."""

    reference = "field-not-filled"
    hint = "Sign on by hand in the open tab, and tell the helpdesk: the system's page has changed."


class PageAsksError(LauncherError):
    """A page waits for an answer in a window of its own (alert, confirm, prompt): what was to be done was not."""

    reference = "page-asks"
    hint = "Read what it says and answer it in the open tab."

    def __init__(self, untrusted_words: str = "") -> None:
        super().__init__("The page asks you something in a window of its own.")
        self.says = plain_words(untrusted_words)


class SystemUnreachableError(LauncherError):
    """The system's host took no connection, or answered that it cannot serve."""

    reference = "system-unreachable"
    hint = "Open it again in a minute. If it stays away, tell the helpdesk the reference."
    retryable = True
    again_s: float | None = None
    """The seconds after which the host itself asks to be tried again; None where it has not said so."""


class SystemCertificateRefusedError(LauncherError):
    """The system's certificate is not trusted or not for its name: nothing was sent."""

    reference = "system-certificate-refused"
    hint = "Do not go round it. Tell the helpdesk the reference."


class Driver(Protocol):
    """The four verbs of the step language."""

    kind: ClassVar[str]

    async def first_of(self, places: Sequence[Place], within_s: float, *, or_fault: bool = False) -> Seen | None:
        """Return the first place seen (lowest index when several hold at once), or None at the deadline.

        ``or_fault``: raise the fault that the page has met on its way, or meets (its host has gone, it was to go where
        it may not), unless the officer has acted there meanwhile: then it is theirs, and shown to them.
        """
        ...

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
        """Put the value into the field, on an allowed origin, and read it back (by length and equality, in place).

        ``hides``: the value is a password; a field of a page that would show it is not filled. ``by_keys``: it is typed
        from the first; otherwise only where the page does not keep what was written. ``sends``: the page goes on by
        itself once it is filled; without it, the next press sends what was filled and is refused where that is gone.
        """
        ...

    async def press(self, control: str, key: str) -> None:
        """Press a control or a key."""
        ...

    def last_seen(self) -> str:
        """Say what is in front now, for a person: host, path and title; never content."""
        ...


class ProgramDriver(Driver, Protocol):
    """A program, whose output a person sees."""

    def hide(self, secret: Secret) -> None:
        """Never show the secret in what the program says from now on."""
        ...


class WebDriver(Driver, Protocol):
    """A page, with what only pages have: loading, basic authentication, tokens on fetches, a callback to catch."""

    async def load(self, url: str) -> None:
        """Go to the address and return when the page's document is there. Raises :class:`LauncherError` by reference:
        ``system-unreachable``, ``system-certificate-refused``, ``page-not-expected``.
        """
        ...

    async def answered(self) -> None:
        """Return once the page waits for no answer in a window of its own.

        While it does, every other verb raises :class:`PageAsksError`, and so does one during which it begins to, unless
        it may have pressed something by then, or filled what sends: that is done, and never again. A look does so only
        with ``or_fault``.
        """
        ...

    async def document_now(self, words_at: str = "") -> DocumentNow:
        """Say which document is there, and the words of the element at a selector in it."""
        ...

    def answer_basic(self, user_name: str, password: Secret) -> None:
        """Answer the next basic challenge from one of the target's origins, once; a second one is a failure."""
        ...

    def basic_refused(self) -> bool:
        """Say whether the server challenged again after our answer."""
        ...

    def present_certificate(self, certificate: AnyCertificate) -> None:
        """Present it to the target's own origins whenever they ask, and to no other host."""
        ...

    def certificate_refused(self) -> bool:
        """Say whether one of them refused the page since a certificate is presented."""
        ...

    def carry_token(self, token: Secret) -> None:
        """Put the token on fetches (never navigations) to the target's token origin until replaced."""
        ...

    async def callback(self, prefix: str, within_s: float) -> str | None:
        """Return the address of the first navigation that starts with ``prefix``, which is not carried out."""
        ...

    def officer_typed_hidden(self) -> bool:
        """Say whether the officer typed where it may have been a password, in this page or one before it."""
        ...

    def officer_acts(self) -> int:
        """Count the officer's own key presses and clicks in this surface so far: each is a prompt before ready."""
        ...

    def followed(self) -> Followed:
        """Return the link that the officer has followed last in the first window, within the system."""
        ...
