"""The recipe of a terminal: the same four verbs, grouped by screen.

Each screen says how it is *recognised*, what is *filled* there, the one key that is *pressed*, and the names of the
screens that may come *next*; or what it proves. In a TOML file::

    [[screen]]
    name = "logon"
    text = ["POLICE NATIONAL RECORDS"]
    at = [{ text = "USERID", row = 10, column = 2 }]
    fill = [{ label = "USERID", value = "{username}" }, { hidden = true, value = "{password}" }]
    press = "Enter"
    next = ["news", "menu", "refused", "expired"]

    [[screen]]
    name = "menu"
    means = "ready"
    at = [{ text = "MAIN MENU", row = 1 }]

Rows and columns count from 1, as a host's manuals do.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from launcher.recipes.stages import StageFill, StageName, secrets_of, stage_fault
from launcher.recipes.steps import Refused, Step, refused_fault

SomeText = Annotated[str, Field(min_length=1)]
"""A text of which there is something: an empty one would stand on every screen."""

ScreenMeans = Literal["", "ready", "failed", "change-password", "already-signed-on", "notice", "logon", "changed"]
"""What a screen proves. ``logon``: nobody is signed on (what a sign-off has to end at); ``changed``: the host has taken
the new password. "": it only leads on."""


class TextAt(Step):
    """A text that stands at a place of the screen."""

    text: SomeText = Field(description="The text, with the host's own upper and lower case.")
    row: int | None = Field(default=None, ge=1, le=200, description="The row it stands in, from 1; left out: any.")
    column: int | None = Field(default=None, ge=1, le=500, description="The column it begins at, from 1.")

    @model_validator(mode="after")
    def _whole(self) -> TextAt:
        if self.column is not None and self.row is None:
            raise ValueError("a column needs its row")
        return self


class ScreenFill(StageFill):
    """A value into one field: by the label before it, its place, its order, or because it does not show what is typed.

    On a VT, which has no fields, a fill types at the cursor.
    """

    label: str = Field(default="", description="3270: the first input field behind this text.")
    row: int | None = Field(default=None, ge=1, le=200, description="3270: the field that holds this row and column.")
    column: int | None = Field(default=None, ge=1, le=500, description="3270: see row.")
    input: int | None = Field(default=None, ge=1, le=500, description="3270: the n-th input field of the screen.")
    hidden: bool = Field(
        default=False, description="3270: count only fields that do not show what is typed; alone: the one there is."
    )

    @model_validator(mode="after")
    def _one_way(self) -> ScreenFill:
        if (self.row is None) != (self.column is None):
            raise ValueError("give row and column together")
        if sum((bool(self.label), self.row is not None, self.input is not None)) > 1:
            raise ValueError("give one of label, row and column, or input")
        return self


class Screen(Step):
    """One screen of a host: how it is recognised, what is done there, what comes next or what it proves."""

    name: StageName = Field(description="Its name in next.")
    text: tuple[SomeText, ...] = Field(default=(), max_length=20, description="Texts that all stand somewhere on it.")
    at: tuple[TextAt, ...] = Field(default=(), max_length=20, description="Texts that all stand where they say.")
    before_cursor: str = Field(default="", description="VT: the text right before the cursor, e.g. Password:")
    absent: tuple[SomeText, ...] = Field(default=(), max_length=20, description="Texts that stand nowhere on it.")
    inputs: int | None = Field(default=None, ge=0, le=500, description="3270: the number of its input fields.")
    hidden_inputs: int | None = Field(
        default=None, ge=0, le=50, description="3270: the number of those that do not show what is typed."
    )
    unlocked: bool = Field(default=True, description="3270: only once the keyboard takes keys.")
    fill: tuple[ScreenFill, ...] = Field(default=(), max_length=20, description="What is filled there, in order.")
    press: str = Field(default="", description="The one key then, e.g. Enter, PF3, Ctrl+D.")
    next: tuple[str, ...] = Field(
        default=(),
        max_length=20,
        description="The names of the screens that may follow; at a sign-off none: the line ends.",
    )
    within_s: float = Field(default=15.0, gt=0, le=300, description="Seconds until one of the next must be seen.")
    means: ScreenMeans = Field(default="", description="What it proves; such a screen has no fill, press or next.")
    says: str = Field(default="", description="Words for the officer, e.g. what the host's refusal means.")
    says_row: int | None = Field(default=None, ge=1, le=200, description="The host's own words: this row's text.")
    refused: Refused = ""

    @model_validator(mode="after")
    def _sound(self) -> Screen:
        fault = stage_fault(self, what="screen", presses="a key") or refused_fault(self.means, self.refused)
        if fault:
            raise ValueError(fault)
        return self

    @property
    def secrets(self) -> frozenset[str]:
        """The secrets that it is given, e.g. ``{"password"}``."""
        return secrets_of(self.fill)

    @property
    def recognised_by_nothing(self) -> bool:
        """Say whether any screen at all would do; only one of a sign-off may be so: where everything else is not."""
        counts = self.inputs is not None or self.hidden_inputs is not None
        return not (self.text or self.at or self.before_cursor or self.absent or counts)
