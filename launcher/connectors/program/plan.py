"""Turns a program's entry into a launch plan; nothing is started here."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from launcher.catalogue.entry import Entry, Spec
from launcher.connectors.base import require_sound, spec_fault
from launcher.connectors.plan import CredentialName, LaunchPlan, ProgramTarget
from launcher.connectors.program.spec import ProgramSpec
from launcher.connectors.recipe_rules import fill_faults, fills, marker_warnings, refused_faults, screen_faults
from launcher.policy.settings import Settings
from launcher.policy.toml_text import Fault, Key
from launcher.recipes.steps import Fill, Recipe, Sight


class ProgramConnector:
    """Programs: an argv array that the policy allows, name and password by pipe."""

    kind: ClassVar[str] = "program"
    spec: ClassVar[type[Spec]] = ProgramSpec

    def judge(self, entry: Entry, settings: Settings | None) -> list[Fault]:
        """Return what is wrong with the entry; the program is held against the policy where there are settings."""
        spec = _spec(entry)
        found = _step_faults(entry, spec)
        if settings is not None and not is_allowed(spec.argv[0], settings.programs.executables):
            found.append(
                entry.fault(("program", "argv"), f"the policy does not allow {spec.argv[0]!r} ([programs] executables)")
            )
        found += refused_faults(entry, otp=spec.otp)
        return found + screen_faults(entry) + marker_warnings(entry)

    def plan(self, entry: Entry, settings: Settings) -> LaunchPlan:
        """Say how to start the program. Raises :class:`CatalogueError`."""
        spec = _spec(entry)
        require_sound(entry, self.judge(entry, settings))
        gives = spec.give != "none"
        return LaunchPlan(
            system=entry.id,
            name=entry.name,
            kind=self.kind,
            sign_on="program" if gives else "none",
            target=ProgramTarget(
                argv=(spec.argv[0], *(_with_settings(argument, settings) for argument in spec.argv[1:])),
                give=spec.give,
                env=tuple((name, _with_settings(value, settings)) for name, value in sorted(spec.env.items())),
                cwd=spec.cwd,
            ),
            recipe=Recipe(steps=tuple(Fill(value=line) for line in spec.lines)) if spec.lines else entry.recipe,
            markers=entry.markers,
            grants=(CredentialName(entry.id, spec.credential, spec.otp),) if gives else (),
            within_s=entry.within_s,
            usual_ms=entry.usual_s * 1000,
        )

    def address(self, entry: Entry) -> str:
        """Return the program's file name."""
        return _spec(entry).argv[0].replace("\\", "/").rsplit("/", 1)[-1]


def is_allowed(executable: str, allowed: tuple[str, ...]) -> bool:
    """Say whether the policy lets entries start the program: links are followed on both sides."""
    try:
        resolved = Path(executable).resolve()
        return any(Path(path).resolve() == resolved for path in allowed)
    except (OSError, RuntimeError, ValueError):  # a link that leads to itself is no program
        return False


def _spec(entry: Entry) -> ProgramSpec:
    if not isinstance(entry.spec, ProgramSpec):
        raise spec_fault(entry, ProgramSpec)
    return entry.spec


def _with_settings(text: str, settings: Settings) -> str:
    # One pass over a value of the settings never reads its result again: a place called {terminal} stays one.
    parts = text.split("{terminal}")
    return settings.station.terminal.join(part.replace("{place}", settings.station.place) for part in parts)


def _step_faults(entry: Entry, spec: ProgramSpec) -> list[Fault]:
    gives = spec.give != "none"
    faults: list[Fault] = []
    if spec.lines and entry.recipe.steps:
        faults.append(entry.fault(("program", "lines"), "give either lines or steps"))
    if gives and not spec.lines and not fills(entry):
        faults.append(entry.fault(("program", "give"), f"give = {spec.give} needs lines, or a step that fills"))
    lines_fill_otp = any("{otp}" in line for line in spec.lines)
    faults += fill_faults(
        entry,
        credential=gives,
        otp=spec.otp and not lines_fill_otp,
        why_none="give = none gives the program nothing; use give = stdin or descriptor",
    )
    for index, step in enumerate(entry.recipe.steps):
        if step.do == "fill" and step.field:
            faults.append(entry.fault(("step", index, "field"), "a program has no fields: leave field out"))
        if step.do == "fill" and step.by == "keys":
            faults.append(entry.fault(("step", index, "by"), "a program has no fields to type into: leave by out"))
        if step.do == "press" and step.key != "Enter":
            faults.append(entry.fault(("step", index), 'a program has nothing to press but key = "Enter"'))
    faults += [
        entry.fault(("marker", index, "means"), "a program is not signed on again: signed-off is for pages")
        for index, marker in enumerate(entry.markers)
        if marker.means == "signed-off"
    ]
    faults += [entry.fault(key, "a program shows text only") for key, sight in _sights(entry) if not _is_text(sight)]
    return faults


def _sights(entry: Entry) -> list[tuple[Key, Sight]]:
    found: list[tuple[Key, Sight]] = [(("marker", index), marker) for index, marker in enumerate(entry.markers)]
    for index, step in enumerate(entry.recipe.steps):
        if step.do == "wait":
            found.append((("step", index), step))
        if step.do == "expect" and step.next is not None:
            found.append((("step", index, "next"), step.next))
    return found


def _is_text(sight: Sight) -> bool:
    return bool(sight.text) and not (sight.selector or sight.url or sight.absent)
