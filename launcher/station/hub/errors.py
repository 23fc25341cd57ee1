"""Why a station does not do what the hub, or somebody in its name, asks for; the answer carries the reference."""

from __future__ import annotations

from launcher.errors import LauncherError


class CommandForgedError(LauncherError):
    """A command is not signed by the hub that this station was enrolled at."""

    reference = "command-forged"
    hint = "Tell IT the reference at once: somebody may be speaking in the hub's name."


class CommandNotOursError(LauncherError):
    """A command is another station's, or another hub's."""

    reference = "command-not-ours"
    hint = "Tell IT the reference: a command of another computer came to this one."


class CommandSeenError(LauncherError):
    """A command was taken here before, or is older than one that was."""

    reference = "command-seen-before"
    hint = "Ask for it anew if it is still wanted. If it happens again, tell IT the reference."


class CommandExpiredError(LauncherError):
    """A command came after its time."""

    reference = "command-expired"
    hint = "Ask for it anew if it is still wanted."


class CommandNotBegunError(LauncherError):
    """The station ended after it had taken a command and before it began with it: nothing of it was done."""

    reference = "command-not-begun"
    hint = "Look who is logged on there now, and ask for it anew if it is still wanted."


class CommandInterruptedError(LauncherError):
    """The station ended in the midst of a command: it may have been carried out."""

    reference = "command-interrupted"
    hint = "Every session of that terminal ended with it. Look who is logged on there now."


class HubNotEnrolledError(LauncherError):
    """This computer is none of a hub's stations: there is nobody to ask."""

    reference = "hub-not-enrolled"
    hint = "Tell the helpdesk by telephone. IT: station-launcher station enrol makes this computer one of the hub's."
