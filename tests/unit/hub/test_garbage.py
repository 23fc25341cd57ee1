"""What stands is left out of all looks for garbage; the chore finds what only objects of it know of."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from launcher.hub import garbage
from launcher.hub.service import Hub


class _Known:
    """It knows itself, and nobody else does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def as_before() -> Iterator[None]:
    """This process looks for its garbage as it did, afterwards."""
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("as_before")
def test_what_was_there_is_frozen_and_what_comes_later_is_found(hub: Hub) -> None:
    garbage.settle()
    assert gc.get_freeze_count() > 0
    gone = weakref.ref(_Known())
    for _ in range(3):  # it is among the oldest by now
        gc.collect(1)
    assert gone() is None  # never looked at before it was garbage
    kept = _Known()
    gone = weakref.ref(kept)
    for _ in range(3):
        gc.collect(1)
    del kept
    gc.collect(1)
    assert gone() is not None
    garbage.keep(hub)
    assert gone() is None
