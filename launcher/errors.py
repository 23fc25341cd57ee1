"""The error family: every failure a person can meet has a reference, a cause and a next step.

This module imports nothing of ours, so that every layer can raise from it. The words for the screen live in
``resources/strings``; the page behind each reference in ``resources/help/<reference>.md``.
"""

from __future__ import annotations

from typing import ClassVar


class LauncherError(Exception):
    """A failure that may be shown to a person.

    ``reference`` is kebab-case, unique and never reused. ``message`` says what happened, ``hint`` what to do next.
    Both are safe to show and to log: they never hold a secret. ``retryable`` says whether trying again can help.
    """

    reference: ClassVar[str] = "internal-fault"
    hint: ClassVar[str] = "Try again. If it happens again, tell the helpdesk the reference."
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str | None = None, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = hint if hint is not None else type(self).hint
        self.detail = detail

    @property
    def rest(self) -> str:
        """The lines of ``detail`` that the message does not hold already."""
        return "\n".join(line for line in self.detail.splitlines() if line not in self.message)

    def __str__(self) -> str:
        return self.message


class InternalFaultError(LauncherError):
    """Something in the launcher itself went wrong; the log has the traceback, the screen the reference."""

    reference = "internal-fault"
    retryable = True


class WireError(LauncherError):
    """A message between our own processes was malformed, too long or of another version."""

    reference = "wire-message-refused"
    hint = "Restart the station. If it happens again, the installed versions do not match: tell IT."


class SettingsError(LauncherError):
    """The station file cannot be used; ``detail`` lists every fault with file, line and the near match."""

    reference = "station-file-faulty"
    hint = "Correct the station file where the message points, then start again."


class CatalogueError(LauncherError):
    """A catalogue entry cannot be used; it is left out and the others stay."""

    reference = "catalogue-entry-faulty"
    hint = "Correct the entry where the message points; station-launcher catalogue check lists every fault."
