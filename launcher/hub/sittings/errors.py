"""Why a sitting cannot be touched."""

from __future__ import annotations

from launcher.hub.errors import NotNowError


class SittingOverError(NotNowError):
    """The sitting has ended, or never was one of this officer's: the two look the same."""

    reference = "sitting-over"
    hint = "Look again where the officer is logged on."
