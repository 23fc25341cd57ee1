"""When a terminal locks and how its officer comes back, here and at each place: ``[lock]`` of the station file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from launcher.policy.section import Section


class LockTimes(Section):
    """When a place locks its terminal; what is not given is as in [lock]. Times in seconds (s)."""

    idle_s: float | None = Field(default=None, ge=0, description="As lock.idle_s, at this place.")
    warn_s: float | None = Field(default=None, ge=0, description="As lock.warn_s, at this place.")
    grace_s: float | None = Field(default=None, ge=0, description="As lock.grace_s, at this place.")


class LockSettings(Section):
    """When a terminal locks, and how its officer comes back. Times in seconds (s)."""

    idle_s: float = Field(
        default=300.0, ge=0, description="Locks after so long without a key, a click or a playing video; 0: never."
    )
    warn_s: float = Field(
        default=60.0, ge=0, description="Says so this long before, for half of idle_s at most; any input keeps it open."
    )
    grace_s: float = Field(
        default=300.0,
        ge=0,
        description="So long after locking the officer comes back by PIN, and nobody else can take over.",
    )
    pin_digits: int = Field(
        default=6,
        ge=0,
        le=12,
        description="Digits of the PIN an officer may set for one sitting; 0: no PIN, else 4 up.",
    )
    locked_s: float = Field(default=7200.0, gt=0, description="A session that is locked for longer is ended.")
    never_groups: tuple[str, ...] = Field(
        default=(), description="Groups of view-only accounts whose screen does not lock by itself."
    )
    programs: Literal["stop", "run"] = Field(
        default="stop",
        description="What an officer's programs do while locked. Programs that run can see the keys that others press "
        "on the same X display.",
    )
    places: dict[str, LockTimes] = Field(
        default={},
        description='Other idle_s, warn_s and grace_s by the value of station.place: [lock.places."Custody"].',
    )

    @field_validator("pin_digits")
    @classmethod
    def _long_enough(cls, digits: int) -> int:
        if 0 < digits < 4:
            raise ValueError("a PIN has 4 digits or more")
        return digits

    def at(self, place: str) -> LockSettings:
        """Return the times that hold at a place."""
        own = self.places.get(place)
        given = own.model_dump(exclude_none=True) if own is not None else {}
        return self.model_copy(update=given)
