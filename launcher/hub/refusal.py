"""A refusal as it is said, over HTTP and on a socket."""

from __future__ import annotations

import math

from launcher.hub.errors import HubError
from launcher.wire.hub.stations import Refused


def retry_after(error: HubError) -> dict[str, str]:
    """Return the header that says when to try again (RFC 9110, 10.2.3), if that is known: whole seconds."""
    return {} if error.retry_after_s is None else {"Retry-After": str(max(1, math.ceil(error.retry_after_s)))}


def refusal(error: HubError) -> Refused:
    """Return what is said of a refusal."""
    return Refused(
        reference=error.reference, message=error.message, hint=error.next_step, detail=error.rest,
        retry_after_s=error.retry_after_s,
    )  # fmt: skip
