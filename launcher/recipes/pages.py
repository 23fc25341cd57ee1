"""The recipe of a logon over several pages: the same four verbs, grouped by page.

Each page says how it is *recognised*, what is *filled* there, what is *pressed*, and the names of the pages that may
come *next*; or what it proves. Any of them may be the first: a system may know its officer still, or show its notice
before the logon. In a TOML file::

    [[page]]
    name = "logon"
    selector = "#name"
    fill = [{ field = "#name", value = "{username}" }, { field = "#password", value = "{password}" }]
    press = "#go"
    next = ["code", "refused", "home"]

    [[page]]
    name = "code"
    selector = "#code"
    fill = [{ field = "#code", value = "{otp}" }]
    press = "Enter"
    next = ["home"]

    [[page]]
    name = "home"
    means = "ready"
    selector = "#cases"
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from launcher.recipes.selectors import selector_parts
from launcher.recipes.stages import StageFill, StageName, secrets_of, stage_fault
from launcher.recipes.steps import Marker, MarkerMeans, Refused, Sight, refused_fault

PageMeans = Literal["", "ready", "failed", "change-password", "already-signed-on", "notice", "changed", "signed-off"]
"""What a page proves. ``changed``: the system has taken the new password. "": it only leads on."""

_OF_MARKERS: Final[dict[str, MarkerMeans]] = {
    "ready": "ready",
    "failed": "failed",
    "change-password": "change-password",
    "already-signed-on": "already-signed-on",
    "notice": "notice",
    "signed-off": "signed-off",
}


class PageFill(StageFill):
    """A value into one field of a page; it is read back."""

    field: str = Field(min_length=1, description="Selector of the field.")
    by: Literal["script", "keys"] = Field(
        default="script",
        description="script: the value is set, and typed by keys where the page does not keep it; keys: typed at once.",
    )

    @field_validator("field")
    @classmethod
    def _whole(cls, selector: str) -> str:
        selector_parts(selector)
        return selector


class Page(Sight):
    """One page of a logon: how it is recognised, what is done there, what comes next or what it proves."""

    name: StageName = Field(description="Its name in next.")
    fill: tuple[PageFill, ...] = Field(default=(), max_length=20, description="What is filled there, in order.")
    press: str = Field(
        default="", description="The one control then, by its selector, or a key: Enter or Tab. A notice has none."
    )
    next: tuple[str, ...] = Field(default=(), max_length=20, description="The names of the pages that may follow.")
    within_s: float = Field(default=15.0, gt=0, le=300, description="Seconds until one of the next must be seen.")
    means: PageMeans = Field(
        default="",
        description="What it proves; such a page has no fill, press or next. notice: the officer reads and presses it, "
        "which is recorded, and the recipe goes on; changed: for change_password; signed-off: the system has ended "
        "the officer's session by itself.",
    )
    says: str = Field(default="", description="Words for the officer, e.g. what the system's refusal means.")
    says_at: str = Field(default="", description="The system's own words: the text of the element at this selector.")
    refused: Refused = ""

    @field_validator("press", "says_at")
    @classmethod
    def _whole_too(cls, selector: str) -> str:
        selector_parts(selector)
        return selector

    @model_validator(mode="after")
    def _sound(self) -> Page:
        if fault := stage_fault(self, what="page", presses="something"):
            raise ValueError(fault)
        if self.says_at and not self.means:
            raise ValueError("says_at is for a page that proves something")
        if fault := refused_fault(self.means, self.refused):
            raise ValueError(fault)
        return self

    @property
    def secrets(self) -> frozenset[str]:
        """The secrets that it is given, e.g. ``{"password"}``."""
        return secrets_of(self.fill)

    @property
    def recognised_by_nothing(self) -> bool:
        """A page is always recognised by something."""
        return False

    @property
    def marker(self) -> Marker | None:
        """The same page as a marker; None for one that only leads on, or proves a change of password."""
        means = _OF_MARKERS.get(self.means)
        if means is None:
            return None
        return Marker(
            means=means, says=self.says, selector=self.selector, text=self.text, url=self.url, absent=self.absent
        )


KEYS: Final = frozenset({"Enter", "Tab"})


def pressed(page: Page) -> tuple[str, str]:
    """Return the control and the key that a page's ``press`` names: one of them is empty."""
    return ("", page.press) if page.press in KEYS else (page.press, "")
