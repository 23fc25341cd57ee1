"""Why a station is refused."""

from __future__ import annotations

from launcher.hub.errors import HubError


class CodeRefusedError(HubError):
    """An enrolment code is wrong, was used already or its time is over: the three are not told apart."""

    reference = "enrolment-code-refused"
    hint = "Ask an administrator of the hub for a new code: station-launcher hub enrol-code."
    status = 403
    retryable = False


class StationUnknownError(HubError):
    """Who asks is none of the hub's stations, or could not prove it."""

    reference = "station-not-proved"
    hint = "Enrol this computer again: station-launcher station enrol."
    status = 401
    retryable = False


class QuarantinedError(HubError):
    """Two computers have used the same key, or an administrator says that it was stolen: it is not trusted."""

    reference = "station-quarantined"
    hint = "An administrator of the hub sees in its audit why, and trusts it again or enrols it with a new code."
    status = 403
    retryable = False
