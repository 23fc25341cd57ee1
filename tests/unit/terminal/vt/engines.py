"""The VT engines that there are here, for tests that each of them has to pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.terminal.engine import VtEngine
from launcher.terminal.vt.choice import ENGINES, vt_choice

Make = Callable[[int, int], VtEngine]


def made(name: str) -> Make:
    """Return what makes the engine of this name; a test that needs one that is not here is skipped."""
    choice = vt_choice({name: ENGINES[name]})
    if choice.make is None:
        pytest.skip(f"needs {name}: {choice.said}")
    return choice.make


both = pytest.mark.parametrize("name", list(ENGINES))
