"""What recipes of stages share: a set of screens of a host, or of pages of a web system.

A logon is not a straight way: news may come between, the password may have expired, the caller may be signed on still.
Each *stage* says how it is recognised, what is filled there, what is pressed, and which stages may come next; or what
it proves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Protocol

from pydantic import Field, field_validator

from launcher.recipes.steps import ANY_PLACEHOLDER, Step

SECRET_VALUES = frozenset({"password", "new_password", "otp"})
STAGE_VALUE = re.compile(r"\{(username|password|new_password|otp)\}")

StageName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class StageFill(Step):
    """A value into one field of a stage."""

    value: str = Field(description="Text with {username}, {password}, {new_password} or {otp}.")

    @field_validator("value")
    @classmethod
    def _known(cls, value: str) -> str:
        for name in ANY_PLACEHOLDER.findall(value):
            if not STAGE_VALUE.fullmatch("{" + name + "}"):
                raise ValueError(f"{{{name}}} is not a value; known are username, password, new_password, otp")
        return value

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in the value, e.g. ``{"password"}``."""
        return frozenset(STAGE_VALUE.findall(self.value))

    @property
    def is_secret(self) -> bool:
        """Say whether the value is a secret: a password or a code."""
        return not self.names.isdisjoint(SECRET_VALUES)

    @property
    def hides(self) -> bool:
        """Say whether the value is a password, which goes into no field that shows what is typed."""
        return not self.names.isdisjoint({"password", "new_password"})


class Stage(Protocol):
    """What the rules of a run ask of a stage."""

    @property
    def name(self) -> str:
        """Its name in ``next``."""
        ...

    @property
    def fill(self) -> Sequence[StageFill]:
        """What is filled there, in order."""
        ...

    @property
    def press(self) -> str:
        """What is pressed then; nothing where nothing is."""
        ...

    @property
    def next(self) -> tuple[str, ...]:
        """The names of the stages that may follow."""
        ...

    @property
    def within_s(self) -> float:
        """Seconds until one of the next must be seen."""
        ...

    @property
    def means(self) -> str:
        """What it proves; nothing where it leads on."""
        ...

    @property
    def says(self) -> str:
        """Words for the officer."""
        ...

    @property
    def refused(self) -> str:
        """What a refusal was of: ``code``, or nothing where that cannot be told."""
        ...

    @property
    def secrets(self) -> frozenset[str]:
        """The secrets that it is given, e.g. ``{"password"}``."""
        ...

    @property
    def recognised_by_nothing(self) -> bool:
        """Say whether any stage at all would do."""
        ...


def secrets_of(fills: Sequence[StageFill]) -> frozenset[str]:
    """Return the secrets among what is filled."""
    return frozenset().union(*(fill.names for fill in fills)) & SECRET_VALUES


def stage_fault(one: Stage, *, what: str, presses: str) -> str:
    """Say what is wrong with a stage by itself, or nothing; ``what`` is its kind's word, e.g. screen."""
    if one.means and (one.fill or one.press or one.next):
        return f"a {what} that proves something ends the recipe: leave fill, press and next out"
    if not one.means and not one.press and not one.fill:
        return f"a {what} that leads on presses {presses} or fills something"
    if sum("password" in fill.names for fill in one.fill) > 1:
        return f"a {what} is given {{password}} once"
    if one.name in one.next and one.secrets:
        return f"a {what} that is given a secret may not be its own next: met again, it has refused"
    return ""
