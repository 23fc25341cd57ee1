"""What can go wrong on the road to the hub, as a person meets it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Final

from launcher.errors import LauncherError
from launcher.wire.hub.stations import Refused

_REFERENCE: Final = re.compile(r"(?=.{1,80}$)[a-z][a-z0-9]*(-[a-z0-9]+){1,12}")


class HubAwayError(LauncherError):
    """None of the hub's addresses takes a connection, or none answers in time.

    ``retry_after_s``: what answered says that it is too busy, and when to try again.
    """

    reference = "hub-unreachable"
    hint = "Work goes on without it. Try again in a minute; if it stays so, tell the helpdesk the reference."
    retryable = True

    def __init__(self, message: str, *, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, detail=detail)
        self.retry_after_s = retry_after_s


class HubAnswerMissingError(LauncherError):
    """The hub was told and did not answer: whether it has done it is not known, and it is not told again by itself."""

    reference = "hub-answer-missing"
    hint = "Look whether it was done before you ask for it again."


class HubCertificateRefusedError(LauncherError):
    """What answers at the hub's address has no certificate for it that is trusted here: nothing was said to it."""

    reference = "hub-certificate-refused"
    hint = "Do not go round it. Tell IT the reference: hub.ca_file may be missing, or somebody stands in between."


class HubAnswerFaultyError(LauncherError):
    """What answered is not this hub, or is of a version that does not match."""

    reference = "hub-answer-faulty"
    hint = "Tell IT the reference: the hub's address may be another service's, or the versions do not match."


class HubSocketRefusedError(LauncherError):
    """Something between here and the hub lets no WebSocket pass: the hub is asked in intervals instead."""

    reference = "hub-socket-refused"
    hint = "Let WebSockets pass to the hub, or set hub.sockets to false: then it is asked in intervals."
    retryable = True


class HubRefusedError(LauncherError):
    """The hub refuses, and says why: the reference, the words and what to do are the hub's own.

    ``retry_after_s``: trying again before that is in vain.
    """

    reference = "hub-refused"
    hint = "Tell the helpdesk the reference."
    status: ClassVar[int] = 0

    def __init__(self, message: str, *, hint: str | None = None, detail: str = "", retry_after_s: float | None) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.retry_after_s = retry_after_s


def refused(status: int, said: Refused) -> HubRefusedError:
    """Return the hub's refusal as an error with the reference that the hub said. ``status``: of HTTP; 0 on a socket."""
    reference = said.reference if _REFERENCE.fullmatch(said.reference) else HubRefusedError.reference
    return _kind(reference, status)(
        said.message[:500], hint=said.hint[:500] or None, detail=said.detail[:4000], retry_after_s=said.retry_after_s
    )


BUSY: Final = "hub-busy"
"""More stations call than the hub can let in: said before anything is done."""


def is_of_this_address(no: HubRefusedError) -> bool:
    """Say whether it is this one of the hub's addresses that cannot serve now: another one may. Of either road."""
    return no.status == 503 or no.reference in (BUSY, "hub-store-away")


def most_telling(faults: Sequence[LauncherError]) -> LauncherError:
    """Return what is told where no address serves: the soonest time to come again, else a hub's own words."""
    asked = {one.retry_after_s: one for one in faults if isinstance(one, HubAwayError | HubRefusedError)}
    asked.pop(None, None)
    if asked:
        return asked[min(times for times in asked if times is not None)]
    return next((one for one in faults if isinstance(one, HubRefusedError)), faults[0])


@lru_cache(maxsize=256)
def _kind(reference: str, status: int) -> type[HubRefusedError]:
    class SaidError(HubRefusedError):
        pass

    SaidError.reference = reference
    SaidError.status = status
    SaidError.retryable = status == 429 or status >= 500
    return SaidError
