"""The pages of a web entry: how a new password is given, and what the pages of both runs have to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

from pydantic import Field

from launcher.addresses import address_fault
from launcher.catalogue.entry import Entry
from launcher.connectors.new_password_spec import NewPasswordSpec
from launcher.connectors.plan import PageChange
from launcher.connectors.recipe_rules import never_changed
from launcher.connectors.stage_rules import again_faults, name_faults
from launcher.policy.toml_text import Fault, Key
from launcher.recipes.pages import Page, PageFill, PageMeans

SIGN_ON: Final[Key] = ("page",)
CHANGE: Final[Key] = ("web", "change_password", "page")

_MEANS: Final[Mapping[Key, frozenset[PageMeans]]] = MappingProxyType(
    {
        SIGN_ON: frozenset({"ready", "failed", "change-password", "already-signed-on", "notice", "signed-off"}),
        CHANGE: frozenset({"changed", "failed", "notice"}),
    }
)
_WHAT: Final[Mapping[Key, str]] = MappingProxyType({SIGN_ON: "signing on", CHANGE: "changing the password"})


class PageChangeSpec(NewPasswordSpec):
    """How a new password is given to the system where it asks for one, and what it lets one be."""

    page: tuple[Page, ...] = Field(
        min_length=1, max_length=50, description="Its pages; any may be the first. One must mean changed."
    )

    @property
    def change(self) -> PageChange:
        """The same for a launch plan."""
        return PageChange(self.page, self.within_s, self.rules)


class PagesSpec(Protocol):
    """What is read of a web entry's table."""

    @property
    def sign_on(self) -> str:
        """The method."""
        ...

    @property
    def credential(self) -> str:
        """Whose name and password are filled."""
        ...

    @property
    def otp(self) -> bool:
        """Whether a code is filled."""
        ...

    @property
    def change_password(self) -> PageChangeSpec | None:
        """How a new password is given."""
        ...


def pages_faults(entry: Entry, spec: PagesSpec) -> list[Fault]:
    """Find what is wrong with the pages of both runs."""
    faults: list[Fault] = []
    for at, pages in _runs(entry, spec).items():
        faults += name_faults(entry, at, pages, "page")
        for index, page in enumerate(pages):
            found = [*_value_faults(at, spec, page), *_meaning_faults(at, page)]
            if page.url and (fault := address_fault(page.url)) is not None:
                found.append(("url", fault))
            faults += [entry.fault((*at, index, key), message) for key, message in found]
        faults += again_faults(entry, at, pages)
    names = frozenset().union(*(fill.names for fill in _fills(entry.pages)))
    if spec.sign_on == "form" and not names:
        faults.append(entry.fault(("web", "sign_on"), "sign_on = form needs a page that fills a field"))
    if spec.otp and spec.sign_on == "form" and "otp" not in names:
        faults.append(entry.fault(("web", "otp"), "otp = true needs a page that fills {otp}"))
    return faults + list(_change_faults(entry, spec))


def _runs(entry: Entry, spec: PagesSpec) -> Mapping[Key, tuple[Page, ...]]:
    runs = {SIGN_ON: entry.pages}
    if spec.change_password is not None:
        runs[CHANGE] = spec.change_password.page
    return runs


def _fills(pages: Sequence[Page]) -> list[PageFill]:
    return [fill for page in pages for fill in page.fill]


def _change_faults(entry: Entry, spec: PagesSpec) -> Iterator[Fault]:
    change, at = spec.change_password, ("web", "change_password")
    if change is None:
        return
    if not any(page.means == "change-password" for page in entry.pages):
        yield entry.fault(at, "a [[page]] must mean change-password: that is where it begins")
    if not any(page.means == "changed" for page in change.page):
        yield entry.fault(at, "a page of it must mean changed")
    if not any("new_password" in fill.names for fill in _fills(change.page)):
        yield entry.fault(at, "a page of it must be given {new_password}")
    yield from never_changed(entry, spec.credential, changes=True)


def _meaning_faults(at: Key, page: Page) -> Iterator[tuple[str, str]]:
    if not page.means and not page.next:
        yield "name", f"say what the page {page.name!r} means, or which pages come next"
    if page.means and page.means not in _MEANS[at]:
        yield "means", f"a page that means {page.means} is not for {_WHAT[at]}"
    if page.refused and at != SIGN_ON:
        yield "refused", f"refused is not for {_WHAT[at]}"


def _value_faults(at: Key, spec: PagesSpec, page: Page) -> Iterator[tuple[str, str]]:
    for fill in page.fill:
        if at != CHANGE and "new_password" in fill.names:
            yield "fill", "{new_password} is for [web.change_password]"
        if fill.names and spec.sign_on != "form":
            yield "fill", f"sign_on = {spec.sign_on} fills no name, password or code; use sign_on = form"
        elif "otp" in fill.names and not spec.otp:
            yield "fill", "{otp} needs otp = true"
