"""A refusal as it is said, over HTTP and on a socket."""

from __future__ import annotations

from launcher.hub.errors import HubError
from launcher.wire.hub.stations import Refused


def refusal(error: HubError) -> Refused:
    """Return what is said of a refusal."""
    return Refused(
        reference=error.reference, message=error.message, hint=error.next_step, detail=error.rest,
        retry_after_s=error.retry_after_s,
    )  # fmt: skip
