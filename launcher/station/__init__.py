"""The supervisor of one terminal: it starts officers' sessions as processes, watches them and ends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.late import handing_out

if TYPE_CHECKING:
    from launcher.station.errors import SessionCannotStartError, StationAlreadyRunsError
    from launcher.station.events import (
        AnswersAgain,
        CannotStart,
        MessageRefused,
        OfficerSignedIn,
        RecordKept,
        ResidueChecked,
        ScreenShown,
        SessionEnded,
        SessionStarted,
        SignOffUnconfirmed,
        SpareComplete,
        SpareWarm,
        StationEvent,
        StoppedAnswering,
    )
    from launcher.station.limits import Limits, StationLimits
    from launcher.station.supervisor import Supervisor

__all__ = [
    "AnswersAgain",
    "CannotStart",
    "Limits",
    "MessageRefused",
    "OfficerSignedIn",
    "RecordKept",
    "ResidueChecked",
    "ScreenShown",
    "SessionCannotStartError",
    "SessionEnded",
    "SessionStarted",
    "SignOffUnconfirmed",
    "SpareComplete",
    "SpareWarm",
    "StationAlreadyRunsError",
    "StationEvent",
    "StationLimits",
    "StoppedAnswering",
    "Supervisor",
]

if not TYPE_CHECKING:
    __getattr__ = handing_out(
        __name__,
        {
            "errors": ("SessionCannotStartError", "StationAlreadyRunsError"),
            "events": (
                "AnswersAgain",
                "CannotStart",
                "MessageRefused",
                "OfficerSignedIn",
                "RecordKept",
                "ResidueChecked",
                "ScreenShown",
                "SessionEnded",
                "SessionStarted",
                "SignOffUnconfirmed",
                "SpareComplete",
                "SpareWarm",
                "StationEvent",
                "StoppedAnswering",
            ),
            "limits": ("Limits", "StationLimits"),
            "supervisor": ("Supervisor",),
        },
    )
