"""Python's cycle collector stays on the main thread here as it does in the shell (launcher/shell/bridge.py)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import count

import pytest

_tests = count(1)
ALL_EVERY = 25


@pytest.fixture(autouse=True)
def collected_on_the_main_thread() -> Iterator[None]:
    """Keep engine and server threads from collecting widgets; collect here, after each test."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(2 if next(_tests) % ALL_EVERY == 0 else 1)
        if was:
            gc.enable()
