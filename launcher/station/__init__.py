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
        StationStarted,
        StoppedAnswering,
    )
    from launcher.station.limits import Limits, StationLimits
    from launcher.station.lock_events import (
        Covered,
        EndingSoon,
        HandedOver,
        LockWarned,
        ReopenTold,
        SessionLocked,
        SessionResumed,
        TakeOverKept,
        Uncovered,
    )
    from launcher.station.supervisor import Supervisor

__all__ = [
    "AnswersAgain",
    "CannotStart",
    "Covered",
    "EndingSoon",
    "HandedOver",
    "Limits",
    "LockWarned",
    "MessageRefused",
    "OfficerSignedIn",
    "RecordKept",
    "ReopenTold",
    "ResidueChecked",
    "ScreenShown",
    "SessionCannotStartError",
    "SessionEnded",
    "SessionLocked",
    "SessionResumed",
    "SessionStarted",
    "SignOffUnconfirmed",
    "SpareComplete",
    "SpareWarm",
    "StationAlreadyRunsError",
    "StationEvent",
    "StationLimits",
    "StationStarted",
    "StoppedAnswering",
    "Supervisor",
    "TakeOverKept",
    "Uncovered",
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
                "StationStarted",
                "StoppedAnswering",
            ),
            "lock_events": (
                "Covered",
                "EndingSoon",
                "HandedOver",
                "LockWarned",
                "ReopenTold",
                "SessionLocked",
                "SessionResumed",
                "TakeOverKept",
                "Uncovered",
            ),
            "limits": ("Limits", "StationLimits"),
            "supervisor": ("Supervisor",),
        },
    )
