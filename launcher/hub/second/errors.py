"""Why a second person's word does not count."""

from __future__ import annotations

from launcher.hub.errors import HubError


class RequestOverError(HubError):
    """The request was decided already, or its time is over."""

    reference = "second-request-over"
    hint = "Ask anew if it is still wanted."
    status = 409
    retryable = False


class RequestAlteredError(HubError):
    """What was agreed to is not what is asked: it was changed in between, or is another request."""

    reference = "second-request-altered"
    hint = "Read the request again, and decide anew."
    status = 409
    retryable = False


class SecondBarredError(HubError):
    """This person may not be the second one: they asked for it, are concerned by it, or are not senior enough."""

    reference = "second-person-barred"
    hint = "Another analyst, or a supervisor of a higher rank than the officer, has to agree."
    status = 403
    retryable = False


class SecondNotSignedError(HubError):
    """A station's word that a supervisor has agreed does not hold: not signed by it, over, or not asked of it."""

    reference = "second-not-signed"
    hint = "Ask for the supervisor again. If it happens again, tell IT the reference and the detail."
    status = 403
    retryable = False
