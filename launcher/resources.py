"""Where the product's resources are: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import launcher


@cache
def resources() -> Path:
    """Return the folder of icons, fonts, strings and help pages."""
    package = Path(launcher.__file__).parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
