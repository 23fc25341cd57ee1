"""Python's cycle collector stays on the main thread here as it does in the shell (launcher/shell/bridge.py)."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import FrameType

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QWidget

from launcher.session.browser_trust import trust_authority
from tests.servers import certificates as certificates_module
from tests.servers.browser_engine import browser_trust_missing

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


@pytest.fixture(autouse=True)
def leaves_no_window(collected_on_the_main_thread: None) -> Iterator[None]:
    """End the windows that a test made: each that stayed would be dressed anew by every test that follows."""
    before = set(_windows())
    yield
    for window in _windows():
        if window not in before and shiboken6.isValid(window):
            shiboken6.delete(window)


def _windows() -> list[QWidget]:
    """The windows that Python made, and that belong to no other widget."""
    return [
        window
        for window in (QApplication.topLevelWidgets() if QApplication.instance() else [])
        if window.parent() is None and shiboken6.createdByPython(window)
    ]


@pytest.fixture(scope="package", autouse=True)
def interrupted_between_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let Ctrl C end the run after the test it comes in; a second one does what it ever does.

    ``KeyboardInterrupt`` comes up in whatever of ours Qt calls at that moment. In a slot it is a failure of that test
    and the run goes on; in an override, e.g. an event filter, shiboken 6.11 looks for its arguments, and there are
    none: a segmentation fault.
    """

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, before)
        request.session.shouldstop = "interrupted"

    before = signal.signal(signal.SIGINT, stop)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="package", autouse=True)
def trusting_browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let this process's browser engine trust the run's authority: it looks once, at its first page over https."""
    if browser_trust_missing() or certificates_module.missing():
        yield  # such a test is left out by name
        return
    home: Path = tmp_path_factory.mktemp("home")
    trust_authority(request.getfixturevalue("certificates").ca, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        yield
