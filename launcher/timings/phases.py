"""The names of the phases and how the screen groups them (SCREENS: the waterfall)."""

from __future__ import annotations

from typing import Final, Literal

from launcher.wire.records import PhaseSpan

Group = Literal["Start", "Connect", "Load", "Sign on", "Settle", "Not measured", "You"]

GROUPS: Final[tuple[Group, ...]] = ("Start", "Connect", "Load", "Sign on", "Settle", "Not measured", "You")

SIGN_IN: Final = ("input", "locate", "connect", "primary", "mfa_wait", "entitle", "prefetch", "shell")
LAUNCH: Final = ("queue", "policy", "token", "secret", "reach", "spawn", "load", "inject", "ready", "person")
SWITCH: Final = ("stop_apps", "sign_off", "end", "next_screen")

HUMAN: Final = frozenset({"input", "mfa_wait", "person"})
"""Phases that are the officer's own time whatever they were recorded as."""

_GROUP_OF: Final[dict[str, Group]] = {
    "queue": "Start",
    "policy": "Start",
    "token": "Connect",
    "secret": "Connect",
    "reach": "Connect",
    "spawn": "Load",
    "load": "Load",
    "inject": "Sign on",
    "ready": "Settle",
    "locate": "Connect",
    "connect": "Connect",
    "primary": "Sign on",
    "entitle": "Load",
    "prefetch": "Load",
    "shell": "Settle",
    "stop_apps": "Start",
    "sign_off": "Sign on",
    "end": "Load",
    "next_screen": "Settle",
    "resume": "Settle",
}


def group_of(phase: str, *, human: bool = False) -> Group:
    """Return the group a phase is drawn in: human time is always You, a phase nobody named is Not measured."""
    if human or phase in HUMAN:
        return "You"
    return _GROUP_OF.get(phase, "Not measured")


def group_of_span(span: PhaseSpan) -> Group:
    """Return the group of a recorded span."""
    return group_of(span.phase, human=span.human)
