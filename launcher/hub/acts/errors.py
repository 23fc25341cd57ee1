"""Why an act is not carried out."""

from __future__ import annotations

from launcher.hub.errors import NotNowError


class CallerNotVerifiedError(NotNowError):
    """A sensitive act for somebody who was not verified in this case, or too long ago."""

    reference = "caller-not-verified"
    hint = "Ask the caller to read the six letters on their screen, and enter them in this case."
