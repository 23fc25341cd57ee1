"""What a person meets when a host takes a new password, and how that password is kept before the host is given it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from launcher.errors import LauncherError
from launcher.recipes.screens import Screen, ScreenFill
from launcher.secret import Secret
from launcher.sign_on.screen_driver import ScreenDriver
from launcher.sign_on.stages import StageSeen
from launcher.terminal.errors import FieldRefusedError


class HostPasswordRefusedError(LauncherError):
    """The host, or its entry, does not take the new password; the old one still holds."""

    reference = "host-password-refused"
    hint = "Choose another one, or change the password by hand in the open tab."
    retryable = True


class HostPasswordNotKeptError(LauncherError):
    """A new password could not be kept beside the old one, so the host was not given it."""

    reference = "host-password-not-kept"
    hint = "Change the password by hand in the open tab, and tell the helpdesk the reference."


class Proposal:
    """A new password that is kept beside the old one before a host is given it.

    What then ends this process, or the line, leaves both kept: the one before and the new one.
    """

    def __init__(self, new: Secret, propose: Callable[[], Awaitable[None]]) -> None:
        self.new = new
        self.made = False
        """It is kept, and a host may have it."""
        self._propose = propose

    async def keep(self) -> None:
        """Keep it, once. Raises :class:`HostPasswordNotKeptError`."""
        if self.made:
            return
        try:
            await self._propose()
        except LauncherError as fault:
            raise HostPasswordNotKeptError(
                "The new password cannot be kept here, so the host was not given it.", detail=fault.message
            ) from fault
        self.made = True


class ProposingDriver:
    """Drives as the one below does, and has the new password kept before the first field is given it."""

    def __init__(self, below: ScreenDriver, proposal: Proposal) -> None:
        self._below = below
        self._proposal = proposal
        self.fault: HostPasswordNotKeptError | None = None
        """Why the new password could not be kept."""

    async def first_of(self, screens: Sequence[Screen], within_s: float) -> StageSeen | None:
        """Look, as the one below does."""
        return await self._below.first_of(screens, within_s)

    async def fill(self, fill: ScreenFill, value: Secret, *, hides: bool) -> None:
        """Fill, as the one below does. Raises :class:`FieldRefusedError` too where the password cannot be kept."""
        if "new_password" in fill.names:
            try:
                await self._proposal.keep()
            except HostPasswordNotKeptError as fault:
                self.fault = fault
                raise FieldRefusedError("The new password was not filled in.") from fault
        await self._below.fill(fill, value, hides=hides)

    async def press(self, key: str) -> None:
        """Press, as the one below does."""
        await self._below.press(key)

    def hides(self, value: Secret, *, is_name: bool) -> None:
        """Leave it out, as the one below does."""
        self._below.hides(value, is_name=is_name)

    def last_seen(self) -> str:
        """Say what is in front now."""
        return self._below.last_seen()
