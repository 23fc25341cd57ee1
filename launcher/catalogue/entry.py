"""One system of the catalogue: what is common to all kinds, and the spec of its own kind.

An entry is a TOML file named ``<id>.toml``. What is common stands at the top; a table named after the kind holds what
only that kind has, and its model is registered by the connector::

    name = "Custody Record"
    group = "Custody"
    kind = "web"

    [web]
    url = "https://custody.force.example/"
    sign_on = "form"

    [[step]]
    do = "fill"
    field = "#name"
    value = "{username}"

    [[marker]]
    means = "ready"
    selector = "#cells"
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from launcher.catalogue.keyboards import Keyboards
from launcher.errors import CatalogueError
from launcher.policy.toml_faults import faults_of, unknown
from launcher.policy.toml_text import Fault, Key, TomlText
from launcher.recipes.pages import Page
from launcher.recipes.screens import Screen
from launcher.recipes.steps import AnyStep, Marker, Recipe
from launcher.terminal.keyboards import OURS

Hue = Literal["slate", "sea", "moss", "clay", "plum", "steel"]
Opens = Literal["with my systems", "on demand"]

HUES: tuple[Hue, ...] = ("slate", "sea", "moss", "clay", "plum", "steel")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_ID = 64


class Spec(BaseModel):
    """The base of what a kind of system has of its own: frozen; a key it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class EntryFile(Spec):
    """What every entry may say, whatever its kind."""

    name: str = Field(min_length=1, max_length=80, description="The system's name, as officers call it.")
    kind: str = Field(min_length=1, description="What kind of system it is; a table of that name holds the rest.")
    aliases: tuple[str, ...] = Field(default=(), max_length=20, description="Other names it is searched by.")
    group: str = Field(default="", max_length=40, description="The heading it stands under, e.g. Custody.")
    hue: Hue | None = Field(default=None, description="Colour of its plate; left out: follows the group.")
    icon: str = Field(
        default="", pattern=r"^[a-z0-9-]*$", description="Name of an icon for its plate; left out: its initials."
    )
    groups: tuple[str, ...] = Field(
        default=(), description="Directory groups that may see it; empty: every officer may."
    )
    open: Opens = Field(
        default="with my systems",
        description="with my systems: opened with the others in one go; on demand: only when the officer opens it.",
    )
    usual_s: float = Field(default=0.0, ge=0, le=3600, description="Seconds it usually takes; 0: not known.")
    within_s: float = Field(default=30.0, gt=0, le=600, description="Seconds until opening it has timed out.")
    description: str = Field(default="", max_length=400, description="What it is for.")
    helpdesk: str = Field(default="", max_length=200, description="Whom to call about it.")
    sign_on_again: bool = Field(
        default=True,
        description="false: a page that has signed the officer off meanwhile is not signed on again when looked at.",
    )
    step: tuple[AnyStep, ...] = Field(default=(), max_length=100, description="Steps that sign on, in order.")
    marker: tuple[Marker, ...] = Field(default=(), max_length=50, description="Places that prove how it ended.")
    page: tuple[Page, ...] = Field(
        default=(),
        max_length=50,
        description="Web, in place of steps and markers: pages that sign on; any may be the first.",
    )
    screen: tuple[Screen, ...] = Field(
        default=(), max_length=100, description="Terminals have these instead: screens that sign on; the first begins."
    )

    @field_validator("groups")
    @classmethod
    def _lower_case(cls, groups: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(group.strip().lower() for group in groups)  # as Officer.groups are


@dataclass(frozen=True, slots=True)
class Entry:
    """One system; ``spec`` is the model its kind registered."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    group: str
    hue: Hue
    icon: str
    groups: frozenset[str]
    on_demand: bool
    usual_s: float
    within_s: float
    description: str
    helpdesk: str
    sign_on_again: bool
    recipe: Recipe
    markers: tuple[Marker, ...]
    """Where it has pages, those of them that prove something."""
    pages: tuple[Page, ...]
    screens: tuple[Screen, ...]
    spec: BaseModel
    source: TomlText = field(repr=False, compare=False)
    keyboards: Keyboards = field(repr=False, compare=False)
    """The keyboard maps that its catalogue has."""

    def may_be_seen(self, groups: frozenset[str]) -> bool:
        """Say whether an officer of these groups may see and open it."""
        return not self.groups or not self.groups.isdisjoint(groups)

    def fault(self, key: Key, message: str, *, warning: bool = False) -> Fault:
        """Return a fault at a key of this entry's file, e.g. ``("web", "url")``."""
        return self.source.fault(key, message, warning=warning)

    def refusal(self, faults: list[Fault]) -> CatalogueError:
        """Return the error that says why this entry cannot be used."""
        return CatalogueError(
            f"{self.name} cannot be opened: its entry is faulty ({faults[0].message}).",
            detail="\n".join(map(str, faults)),
        )


def read_entry(
    source: TomlText, kinds: Mapping[str, type[BaseModel]], keyboards: Keyboards = OURS
) -> Entry | list[Fault]:
    """Check one file's content, or return every fault in it."""
    faults: list[Fault] = []
    untrusted_common: dict[str, object] = {}
    untrusted_specs: dict[str, object] = {}
    for key, value in source.untrusted.items():
        if key in kinds:
            untrusted_specs[key] = value
        elif key in EntryFile.model_fields:
            untrusted_common[key] = value
        else:
            faults.append(source.fault((key,), unknown("key", key, [*EntryFile.model_fields, *kinds])))
    identity = source.file.stem
    if not ID.fullmatch(identity) or len(identity) > MAX_ID:
        faults.insert(0, Fault(source.file, 0, 0, "the file's name is the entry's id: lower-case-words.toml"))
    common: EntryFile | None = None
    try:
        common = EntryFile.model_validate(untrusted_common)
    except ValidationError as error:
        faults += faults_of(error, EntryFile, source)
    untrusted_kind = untrusted_common.get("kind")
    spec: BaseModel | None = None
    if isinstance(untrusted_kind, str) and untrusted_kind:
        faults += _misplaced(untrusted_kind, untrusted_specs, kinds, source)
        untrusted_spec = untrusted_specs.get(untrusted_kind)
        if isinstance(untrusted_spec, dict):
            model = kinds[untrusted_kind]
            try:
                spec = model.model_validate(untrusted_spec)
            except ValidationError as error:
                faults += faults_of(error, model, source, (untrusted_kind,))
    if common is not None:
        faults += [*_unendable(common, source), *_two_recipes(common, source)]
    if faults or common is None or spec is None:
        return sorted(faults, key=lambda fault: (fault.line, fault.column))
    return Entry(
        id=identity,
        name=common.name,
        kind=common.kind,
        aliases=common.aliases,
        group=common.group,
        hue=common.hue or hue_of(common.group),
        icon=common.icon,
        groups=frozenset(common.groups),
        on_demand=common.open == "on demand",
        usual_s=common.usual_s,
        within_s=common.within_s,
        description=common.description,
        helpdesk=common.helpdesk,
        sign_on_again=common.sign_on_again,
        recipe=Recipe(steps=common.step),
        markers=common.marker or tuple(page.marker for page in common.page if page.marker is not None),
        pages=common.page,
        screens=common.screen,
        spec=spec,
        source=source,
        keyboards=keyboards,
    )


def hue_of(group: str) -> Hue:
    """Return the colour of a group's plates: always the same one for the same name."""
    return HUES[zlib.crc32(group.strip().lower().encode()) % len(HUES)] if group.strip() else "slate"


def _misplaced(
    kind: str, untrusted_specs: Mapping[str, object], kinds: Mapping[str, type[BaseModel]], source: TomlText
) -> list[Fault]:
    if kind not in kinds:
        return [source.fault(("kind",), unknown("kind", kind, kinds))]
    faults = [
        source.fault((other,), f"a table [{other}] does not belong to the kind {kind!r}")
        for other in untrusted_specs
        if other != kind
    ]
    if kind not in untrusted_specs:
        faults.append(source.fault(("kind",), f"the kind {kind!r} needs a table [{kind}]"))
    elif not isinstance(untrusted_specs[kind], dict):
        faults.append(source.fault((kind,), f"{kind!r} should be a table"))
    return faults


def _unendable(common: EntryFile, source: TomlText) -> list[Fault]:
    """Find steps that could only time out: they wait for markers, and there is none that ends a sign-on."""
    ends = any(marker.means != "signed-off" for marker in common.marker)
    return [
        source.fault(("step", index), "this step waits for a marker, and the entry has none: add one, or 'next'")
        for index, step in enumerate(common.step)
        if step.do == "expect" and step.next is None and not ends
    ]


def _two_recipes(common: EntryFile, source: TomlText) -> list[Fault]:
    """Find pages beside steps or markers: nobody could say which come first."""
    if not common.page or not (common.step or common.marker):
        return []
    return [source.fault(("page", 0), "an entry has pages, or steps and markers, and not both")]
