"""The system that these tests install on."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.station.install.choices import Choices
from tests.unit.station.install.bench import bare_system


@pytest.fixture
def choices(tmp_path: Path) -> Choices:
    """A system of no more than its accounts."""
    return bare_system(tmp_path / "system")
