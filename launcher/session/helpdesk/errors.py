"""What is wrong with what an analyst has typed: said at once, and nothing is asked of the hub."""

from __future__ import annotations

from launcher.errors import LauncherError


class ReasonMissingError(LauncherError):
    """Nobody is looked up, and nothing is done to a session, without a reason that somebody can read later."""

    reference = "helpdesk-reason-missing"
    hint = "Write why, in 3 to 300 letters, such as what the caller says."


class LettersMistypedError(LauncherError):
    """What was typed cannot be the letters on a screen."""

    reference = "helpdesk-letters-mistyped"
    hint = "Ask for all six again. There are no vowels, no S and no L among them."
