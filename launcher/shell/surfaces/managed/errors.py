"""What can go wrong with the managed browser itself, as a person meets it."""

from __future__ import annotations

from launcher.errors import LauncherError
from launcher.sign_on.driver import DriverGoneError


class BrowserMissingError(LauncherError):
    """The entry asks for the managed browser, and this computer has none, or lacks what drives it."""

    reference = "managed-browser-missing"
    hint = "Tell the helpdesk the reference: this system needs Chromium, Chrome or Edge on this computer."


class BrowserNotStartedError(LauncherError):
    """The managed browser is there, and did not start."""

    reference = "managed-browser-not-started"
    hint = "Open it again. If it fails again, tell the helpdesk the reference."
    retryable = True


class BrowserEndedError(DriverGoneError):
    """The managed browser ended while its system was open."""

    reference = "managed-browser-ended"
    hint = "Press Retry to open it again. What was typed and not sent is lost."
