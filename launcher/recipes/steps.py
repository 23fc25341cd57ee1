"""The step language: one for every kind of system (web page, screen of characters, program).

A *place* says where to look: a CSS selector on a page, a line of text on a program's output, a text at a row and
column of a terminal. A recipe is data, validated once when the catalogue is read, and never code.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FIELD_VALUE = re.compile(r"\{(username|password|otp|subject\.[a-z_]+)\}")

MarkerMeans = Literal["ready", "failed", "change-password", "already-signed-on", "notice"]


class Step(BaseModel):
    """The base of all steps and places: frozen; a key it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Place(Step):
    """Where something is seen. Exactly one of ``selector``, ``text``, ``url`` is given; all must hold if combined.

    ``selector``: CSS, the element exists and is visible. ``text``: appears in the visible text (of the element where a
    selector is given too). ``url``: the page's address starts with it.
    """

    selector: str | None = None
    text: str | None = None
    url: str | None = None

    @model_validator(mode="after")
    def _something(self) -> Place:
        if not (self.selector or self.text or self.url):
            raise ValueError("give a selector, a text or a url")
        return self


class Wait(Step):
    """Wait until the place is seen."""

    do: Literal["wait"] = "wait"
    place: Place
    within_s: float = Field(default=15.0, gt=0, le=300)


class Fill(Step):
    """Put a value into the field at the selector (web) or write it as a line (program); it is read back on pages."""

    do: Literal["fill"] = "fill"
    field: str = ""  # selector; empty for a program: its standard input
    value: str

    @field_validator("value")
    @classmethod
    def _known_placeholders(cls, value: str) -> str:
        for name in re.findall(r"\{([^}]*)\}", value):
            if not FIELD_VALUE.fullmatch("{" + name + "}"):
                raise ValueError(f"{{{name}}} is not a value; known are username, password, otp, subject.…")
        return value


class Press(Step):
    """Press the control at the selector, or the named key."""

    do: Literal["press"] = "press"
    control: str = ""  # selector
    key: Literal["", "Enter", "Tab"] = ""

    @model_validator(mode="after")
    def _one(self) -> Press:
        if bool(self.control) == bool(self.key):
            raise ValueError("give either a control or a key")
        return self


class Expect(Step):
    """Wait until any marker of the entry is seen, or one of ``next``: then go on with the next step."""

    do: Literal["expect"] = "expect"
    next: Place | None = None
    within_s: float = Field(default=20.0, gt=0, le=300)


AnyStep = Annotated[Wait | Fill | Press | Expect, Field(discriminator="do")]


class Marker(Step):
    """A place and what it proves."""

    means: MarkerMeans
    place: Place
    says: str = ""  # shown to the officer, for instance the system's own word for the refusal


class Recipe(Step):
    """Steps in order. Markers are looked at during every step: a failure marker stops at once."""

    steps: tuple[AnyStep, ...] = ()
