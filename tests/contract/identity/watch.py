"""A stopwatch that keeps the names of the phases; a second implementation of the protocol, for the tests."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class RecordingWatch:
    """Notes each phase when it begins; ``running`` holds those that have not ended."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.running: list[str] = []

    @contextlib.contextmanager
    def phase(self, name: str, *, human: bool = False) -> Iterator[None]:
        assert not human, "nothing here waits for a person"
        self.phases.append(name)
        self.running.append(name)
        try:
            yield
        finally:
            self.running.remove(name)
