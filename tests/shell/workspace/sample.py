"""Snapshots of a shift, for the workspace and the timings."""

from __future__ import annotations

import time
from dataclasses import replace

from launcher.session.snapshot import (
    ErrorView,
    LaunchView,
    OfficerView,
    PhaseView,
    RoundView,
    SignInView,
    Snapshot,
    StationView,
    SystemView,
)

SYSTEMS = (
    SystemView(
        "custody", "Custody Record", "Custody", "web", "steel", "keyhole", host="custody.force.example", usual_ms=5000
    ),
    SystemView("crime", "Crime Recording", "Crime", "web", "plum", host="crime.force.example", usual_ms=5800),
    SystemView(
        "missing", "Missing Persons Register", "People", "web", "sea", host="missing.force.example", usual_ms=6700
    ),
    SystemView(
        "incident", "Incident Response Desk", "Incidents", "web", "clay", host="incident.force.example", usual_ms=7400
    ),
    SystemView(
        "firearms", "Firearms Register", "Firearms", "web", "plum", host="firearms.force.example", usual_ms=6000
    ),
    SystemView("warrants", "Warrants Register", "Courts", "web", "moss", host="warrants.force.example", usual_ms=4300),
    SystemView("plates", "Number Plate Search", "Vehicles", "program", "slate", "car", usual_ms=900),
)


def phases(*spans: tuple[str, float, float | None] | tuple[str, float, float | None, bool]) -> tuple[PhaseView, ...]:
    return tuple(PhaseView(*span) for span in spans)


FULL = phases(
    ("queue", 0, 250),
    ("policy", 250, 60),
    ("secret", 320, 40),
    ("reach", 360, 300),
    ("load", 660, 1700),
    ("inject", 2380, 900),
    ("ready", 3290, 910),
)


def launch(system: str, state: str, **more: object) -> LaunchView:
    """A launch in a state, as if begun some seconds ago."""
    defaults: dict[str, object] = {"started": time.monotonic() - 3.2, "surface": system}
    if state in ("ready", "failed", "unknown", "needs"):
        defaults |= {"took_ms": 4200.0, "phases": FULL}
    if state == "ready":
        defaults["signed_on_as"] = "4471"
    return LaunchView(system, state, **(defaults | more))  # type: ignore[arg-type]


def snapshot(*launches: LaunchView, tabs: tuple[str, ...] | None = None) -> Snapshot:
    """A shift with these systems open."""
    return Snapshot(
        "signed-in",
        StationView("FD-02", "Front desk", "ext. 4100"),
        SignInView(()),
        officer=OfficerView("4471", "A. Demo"),
        systems=SYSTEMS,
        launches=launches,
        tabs=tuple(one.system for one in launches) if tabs is None else tabs,
    )


WRONG = ErrorView(
    "credential-refused", "Crime Recording did not accept the name or password.", "Give them again, or get help.", True
)
UNREACHABLE = ErrorView(
    "system-unreachable",
    "custody.force.example cannot be reached: it refuses connections.",
    "Open it again in a minute. If it stays away, tell the helpdesk the reference.",
    True,
)


def shift() -> Snapshot:
    """The shift of the picture: nine openings by one press."""
    began = time.monotonic() - 60

    def done(
        system: str, after: float, took: float, *spans: tuple[str, float, float], state: str = "ready"
    ) -> LaunchView:
        return launch(
            system,
            state,
            started=began + after,
            took_ms=took,
            phases=phases(*spans),
            error=UNREACHABLE if state == "failed" else None,
        )

    opened = (
        done(
            "warrants",
            0.2,
            3700,
            ("queue", 0, 280),
            ("reach", 300, 500),
            ("load", 800, 1200),
            ("inject", 2000, 1100),
            ("ready", 3100, 600),
        ),
        done(
            "custody",
            0.0,
            4200,
            ("queue", 0, 380),
            ("reach", 400, 580),
            ("load", 980, 1420),
            ("inject", 2400, 1180),
            ("ready", 3600, 600),
        ),
        done(
            "crime",
            0.4,
            5800,
            ("queue", 0, 350),
            ("reach", 380, 900),
            ("load", 1300, 2100),
            ("inject", 4300, 1000),
            ("ready", 5320, 480),
        ),
        done(
            "incident",
            0.4,
            5800,
            ("queue", 0, 1500),
            ("reach", 1500, 1100),
            ("inject", 2650, 2550),
            ("ready", 5200, 600),
        ),
        done(
            "missing",
            0.6,
            7700,
            ("queue", 0, 400),
            ("reach", 500, 800),
            ("load", 1300, 3400),
            ("inject", 4700, 1900),
            ("ready", 6600, 1100),
        ),
        replace(
            done(
                "firearms",
                0.6,
                12000,
                ("queue", 0, 400),
                ("reach", 420, 700),
                ("load", 1140, 1900),
                ("inject", 3040, 800),
                ("inject", 10100, 1300),
                ("ready", 11400, 600),
            ),
        ),
        done("plates", 1.0, 8700, ("queue", 0, 500), ("secret", 520, 900), ("spawn", 1500, 7200), state="failed"),
    )
    firearms = replace(opened[5], phases=(*opened[5].phases, PhaseView("needs", 3850, 6200, True)))
    opened = (*opened[:5], firearms, *opened[6:])
    return replace(snapshot(*opened), round=RoundView(tuple(one.system for one in opened), began, 12600.0))
