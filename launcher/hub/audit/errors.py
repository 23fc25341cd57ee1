"""What the audit refuses, and what it finds."""

from __future__ import annotations

from launcher.errors import LauncherError
from launcher.hub.errors import HubError


class AuditBrokenError(LauncherError):
    """The chain does not hold: a row was changed, taken out, put in or moved, or the last ones were cut off."""

    reference = "audit-chain-broken"
    hint = "Keep the store as it is, and a copy of it. Compare it with the last backup and with the SIEM's copy."

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"The audit is broken at row {seq}: {why}.")
        self.seq = seq
        """The first row that is not as it was."""
        self.why = why


class AuditKeyUnknownError(LauncherError):
    """A checkpoint is signed by a key that is not this hub's."""

    reference = "audit-key-unknown"
    hint = "Where the hub's key was replaced, give the earlier public key with --key; else treat it as broken."


class LogUnreadableError(LauncherError):
    """A log whose checkpoints were to be compared cannot be read."""

    reference = "audit-log-unreadable"
    hint = "Name a file that this account may read, or copy the log out of the journal into one."


class HoldOfNothingError(HubError):
    """A hold names neither an officer nor a terminal."""

    reference = "audit-hold-names-nobody"
    hint = "Name an officer, a terminal, or both."
    status = 422
    retryable = False


class NoSuchTerminalError(HubError):
    """Neither the audit nor the hub's stations know a terminal of this name."""

    reference = "audit-terminal-unknown"
    hint = "Look how it is written: station-launcher hub stations lists them all."
    status = 404
    retryable = False
