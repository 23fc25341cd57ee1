"""The step language: one for every kind of system (web page, screen of characters, program).

A *place* says where to look: a CSS selector on a page, a line of text on a program's output, a text at a row and
column of a terminal. A recipe is data, validated once when the catalogue is read, and never code. In a TOML file a
place is written into the step or marker itself::

    [[step]]
    do = "wait"
    selector = "#logon"
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from launcher.recipes.selectors import selector_parts

FIELD_VALUE = re.compile(r"\{(username|password|otp|subject\.[a-z_]+)\}")
ANY_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

MarkerMeans = Literal["ready", "failed", "change-password", "already-signed-on", "notice", "signed-off"]

Refused = Annotated[
    Literal["", "code"],
    Field(
        description="Beside failed. code: the system shows it only where name and password were right and the one-time "
        "code was not, e.g. one that was used at another terminal. The next code is then tried, once."
    ),
]
"""What a refusal was of, where the system says so; nothing: whatever was given."""


class Step(BaseModel):
    """The base of all steps and places: frozen; a key it does not know is refused."""

    # Built when it is first used, which is as a part of what it stands in.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


class Sight(Step):
    """What a place, a wait and a marker share: at least one of ``selector``, ``text``, ``url``; all given must hold.

    ``absent`` alone is none: while a page is being built, nothing of it is there.
    """

    selector: str | None = Field(default=None, description="CSS: the element exists and is visible.")
    text: str | None = Field(default=None, description="Visible text of the page, or of the element at selector.")
    url: str | None = Field(default=None, description="The page's address starts with it.")
    absent: str | None = Field(default=None, description="CSS: no such element is visible; beside one of the others.")

    @field_validator("selector", "absent")
    @classmethod
    def _whole(cls, selector: str | None) -> str | None:
        selector_parts(selector or "")
        return selector

    @model_validator(mode="after")
    def _something(self) -> Sight:
        if not (self.selector or self.text or self.url):
            raise ValueError("give a selector, a text or a url")
        return self

    @property
    def place(self) -> Place:
        """The place to look for."""
        return Place(selector=self.selector, text=self.text, url=self.url, absent=self.absent)


class Place(Sight):
    """Where something is seen, as a driver is asked for it."""


class Wait(Sight):
    """Wait until the place is seen."""

    do: Literal["wait"] = "wait"
    within_s: float = Field(default=15.0, gt=0, le=300, description="Seconds until the wait has timed out.")


class Fill(Step):
    """Put a value into the field at the selector (web) or write it as a line (program); it is read back on pages."""

    do: Literal["fill"] = "fill"
    field: str = Field(default="", description="Selector of the field; empty for a program: its standard input.")
    value: str = Field(
        description="Text with {username}, {password} or {otp}; {password} goes into hiding fields only. A choice "
        "takes one of its values or texts; a box to tick: on, off, or the value or label of one of several."
    )
    by: Literal["script", "keys"] = Field(
        default="script",
        description="For pages. script: written at once, and typed where the page does not keep it; keys: typed only.",
    )

    @field_validator("field")
    @classmethod
    def _whole(cls, selector: str) -> str:
        selector_parts(selector)
        return selector

    @field_validator("value")
    @classmethod
    def _known_placeholders(cls, value: str) -> str:
        for name in ANY_PLACEHOLDER.findall(value):
            if not FIELD_VALUE.fullmatch("{" + name + "}"):
                raise ValueError(f"{{{name}}} is not a value; known are username, password, otp")
        return value

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in the value, e.g. ``{"password"}``."""
        return frozenset(FIELD_VALUE.findall(self.value))


class Press(Step):
    """Press the control at the selector, or the named key."""

    do: Literal["press"] = "press"
    control: str = Field(default="", description="Selector of the control.")
    key: Literal["", "Enter", "Tab"] = Field(default="", description="A key instead of a control.")

    @field_validator("control")
    @classmethod
    def _whole(cls, selector: str) -> str:
        selector_parts(selector)
        return selector

    @model_validator(mode="after")
    def _one(self) -> Press:
        if bool(self.control) == bool(self.key):
            raise ValueError("give either a control or a key")
        return self


class Expect(Step):
    """Wait until any marker of the entry is seen, or ``next``: then go on with the next step."""

    do: Literal["expect"] = "expect"
    next: Place | None = Field(default=None, description='A place, e.g. { selector = "#code" }: go on when seen.')
    within_s: float = Field(default=20.0, gt=0, le=300, description="Seconds until the wait has timed out.")


AnyStep = Annotated[Wait | Fill | Press | Expect, Field(discriminator="do")]


class Marker(Sight):
    """A place and what it proves."""

    means: MarkerMeans = Field(
        description="What it proves when seen; signed-off: the system has ended the officer's session by itself."
    )
    says: str = Field(default="", description="Words for the officer, e.g. the system's own for the refusal.")
    refused: Refused = ""

    @model_validator(mode="after")
    def _refuses(self) -> Marker:
        if fault := refused_fault(self.means, self.refused):
            raise ValueError(fault)
        return self


class Recipe(Step):
    """Steps in order. Markers are looked at during every step: a failure marker stops at once."""

    steps: tuple[AnyStep, ...] = ()


def refused_fault(means: str, refused: str) -> str:
    """Say what is wrong with ``refused`` beside what is meant, or nothing."""
    return "refused is for what means failed" if refused and means != "failed" else ""
