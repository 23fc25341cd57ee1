"""The VT engines that there are here, for tests that each of them has to pass."""

from __future__ import annotations

import pytest

from launcher.terminal.vt.choice import ENGINES, MakeEngine, vt_choice


def made(name: str) -> MakeEngine:
    """Return what makes the engine of this name; a test that needs one that is not here is skipped."""
    choice = vt_choice({name: ENGINES[name]})
    if choice.make is None:
        pytest.skip(f"needs {name}: {choice.said}")
    return choice.make


both = pytest.mark.parametrize("name", list(ENGINES))
