"""Why an act is not carried out."""

from __future__ import annotations

from typing import ClassVar

from launcher.hub.errors import NotNowError


class CallerNotVerifiedError(NotNowError):
    """A sensitive act for somebody who was not verified in this case, or too long ago."""

    reference = "caller-not-verified"
    hint = "Ask the caller to read the six letters on their screen, and enter them in this case."
    by_somebody_else: ClassVar[str] = (
        "Ask the caller to read the six letters on their screen, and enter them in this case. Whoever is suspended has"
        " none that would verify them: their sergeant may call, from their own screen."
    )
