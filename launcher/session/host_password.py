"""What a person meets when a system takes a new password, and how that is kept before the system is given it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from launcher.errors import LauncherError
from launcher.secret import Secret


class HostPasswordRefusedError(LauncherError):
    """The system, or its entry, does not take the new password; the old one still holds."""

    reference = "host-password-refused"
    hint = "Choose another one, or change the password by hand in the open tab."
    retryable = True


class HostPasswordNotKeptError(LauncherError):
    """A new password could not be kept beside the old one, so the system was not given it."""

    reference = "host-password-not-kept"
    hint = "Change the password by hand in the open tab, and tell the helpdesk the reference."


class Proposal:
    """A new password that is kept beside the old one before a system is given it.

    What then ends this process, or a line, leaves both kept: the one before and the new one.
    """

    def __init__(self, new: Secret, propose: Callable[[], Awaitable[None]]) -> None:
        self.new = new
        self.made = False
        """It is kept, and the system may have it."""
        self._propose = propose

    async def keep(self) -> None:
        """Keep it, once. Raises :class:`HostPasswordNotKeptError`."""
        if self.made:
            return
        try:
            await self._propose()
        except LauncherError as fault:
            raise HostPasswordNotKeptError(
                "The new password cannot be kept here, so the system was not given it.", detail=fault.message
            ) from fault
        self.made = True
