"""Why an order was not carried out at a terminal, and what an officer asked of the hub was not done."""

from __future__ import annotations

from launcher.errors import LauncherError


class SittingEndedError(LauncherError):
    """The officer's session that a command was meant for has ended, or is another officer's."""

    reference = "command-sitting-ended"
    hint = "Look where the officer is logged on now, and ask for it there if it is still wanted."


class SessionNotAnsweringError(LauncherError):
    """The officer's session does not answer, or did not in time: what only it can do is not known to be done."""

    reference = "session-not-answering"
    hint = "Lock it or log it off: that needs no answer of the session's."


class SecondNotGivenError(LauncherError):
    """Nobody has said yes or no on the card that asked for a supervisor at the terminal."""

    reference = "second-not-given"
    hint = "Ask again when a supervisor is there, or have another analyst approve it."


class BringNotThereError(LauncherError):
    """The session that an officer wants brought here has ended, or is not theirs."""

    reference = "bring-not-there"
    hint = "Open what you need here: nothing of yours is open elsewhere any more."


class BringNotAnsweredError(LauncherError):
    """The other terminal was asked to end the officer's session and has not answered."""

    reference = "bring-not-answered"
    hint = "Go on here. If the other terminal still shows your work, lock it there or tell the helpdesk."
