"""What the stages of an entry have to keep, screens and pages: names that lead somewhere, a password given once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from launcher.catalogue.entry import Entry
from launcher.policy.toml_faults import unknown
from launcher.policy.toml_text import Fault, Key
from launcher.recipes.stages import Stage
from launcher.sign_on.stages import reachable


def name_faults(entry: Entry, at: Key, stages: Sequence[Stage], what: str) -> Iterator[Fault]:
    """Find names that are there twice, and those in ``next`` that are not there; ``what``: screen or page."""
    names = [stage.name for stage in stages]
    for index, stage in enumerate(stages):
        if stage.name in names[:index]:
            yield entry.fault((*at, index, "name"), f"there is a {what} {stage.name!r} already")
        for name in stage.next:
            if name not in names:
                yield entry.fault((*at, index, "next"), unknown(what, name, names))


def again_faults(entry: Entry, at: Key, stages: Sequence[Stage]) -> Iterator[Fault]:
    """Find stages that would be given the password although one before them was."""
    giving = {stage.name for stage in stages if "password" in stage.secrets}
    for index, stage in enumerate(stages):
        behind = reachable(stages, stage.next) & giving if stage.name in giving else frozenset()
        for name in sorted(behind):
            message = (
                f"this leads on to {name!r}, which is given the password again: what was refused is not tried twice"
            )
            yield entry.fault((*at, index, "next"), message)
