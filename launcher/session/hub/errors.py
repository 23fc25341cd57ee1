"""What an officer is told where the hub, or what was asked of it, stands in the way."""
# ruff: noqa: N818 - most are answers, not faults

from __future__ import annotations

from launcher.errors import LauncherError


class OfficerSuspended(LauncherError):
    """The officer was suspended at the hub: nobody is let in as them, whatever they prove."""

    reference = "officer-suspended"
    hint = "Call the helpdesk. Nothing at this computer can change it."


class HelpdeskNotTold(LauncherError):
    """What was to be told to the helpdesk did not get there."""

    reference = "helpdesk-not-told"
    hint = "Call the helpdesk and read the reference to them."
    retryable = True


class NotBroughtHere(LauncherError):
    """The officer's own sitting at another terminal was not ended from here."""

    reference = "not-brought-here"
    hint = "Go on here: open what you need. Log off at the other terminal, or call the helpdesk."
    retryable = True


class SystemNotOpen(LauncherError):
    """A system was to be closed that is not open."""

    reference = "system-not-open"
    hint = "Look at the officer's page again: what is open has changed."


class SystemNotTheirs(LauncherError):
    """A system was to be opened that the officer may not open."""

    reference = "system-not-theirs"
    hint = "The officer's groups do not let them open it. Ask whoever keeps the groups."


class SystemOnDemand(LauncherError):
    """A system was to be opened from outside that nobody but the officer may sign on to."""

    reference = "system-on-demand"
    hint = "Ask the officer to open it."


class NothingToRevoke(LauncherError):
    """There is no session at the provider here that could be ended."""

    reference = "nothing-to-revoke"
    hint = "The officer has no session of the force account at this terminal."


class NotVouchedFor(LauncherError):
    """The station did not say to the hub who its officer is: it is not enrolled, or has lost the hub."""

    reference = "not-vouched-for"
    hint = "Your work goes on. What you may do at the hub comes back with it; if not, tell the helpdesk the reference."
    retryable = True
