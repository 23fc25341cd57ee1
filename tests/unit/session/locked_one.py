"""A session that is locked, and what a screen over it is told and gives."""

from __future__ import annotations

from launcher.secret import Secret
from launcher.session import commands as c
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, PASSWORD

OTHER = "2210"
OWNER = m.LockedSession(
    number=NAME,
    name="A. Okafor",
    since=1_764_000_000.0,
    grace_left_s=120.0,
    systems=3,
    unsaved=1,
    running=2,
    ends_within_s=5.0,
    ends_in_s=900.0,
)


def show_over(*, name: str = "", taking_over: bool = False, unsaved: int = 1) -> m.ShowOver:
    locked = OWNER.model_copy(update={"unsaved": unsaved})
    return m.ShowOver(locked=locked, name=name, taking_over=taking_over)


def submit(name: str, password: str = PASSWORD) -> c.SubmitPassword:
    return c.SubmitPassword("local", name, Secret(password))
