"""Why a case does not open somebody's page, and why letters verify nobody."""

from __future__ import annotations

from launcher.hub.errors import HubError, NotNowError


class CaseOverError(NotNowError):
    """There is no such case of this analyst, or it was opened too long ago."""

    reference = "helpdesk-case-over"
    hint = "Open a new case with the reason."


class LettersRefusedError(HubError):
    """The letters stand on no screen now, were used already or are too old: these are not told apart."""

    reference = "caller-letters-refused"
    hint = "Ask the caller to read the letters again, or to ask for new ones on their screen."
    status = 404
    retryable = False


def own_letters() -> LettersRefusedError:
    """Return the refusal of letters that an analyst has read from their own screen."""
    hint = "The caller reads the six letters on their own screen to you."
    return LettersRefusedError("These letters stand on your own screen: they verify nobody.", hint=hint)
