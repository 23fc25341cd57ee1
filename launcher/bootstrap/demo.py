"""``demo``: an embedded station with demo officers, a provider and ten systems."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from launcher.bootstrap.where import has_screen
from launcher.demo.files import Appearance
from launcher.demo.run import Options, run
from launcher.grants.keeping import credential_store


def run_demo(headless: bool, report_to: Path | None, delay_ms: float, theme: str, text_scale: float) -> int:
    """Run the demo; without a screen it is headless whether asked to or not."""
    screen = has_screen()
    if not screen and not headless:
        print("There is no screen here: the demo runs headless.", flush=True)
    options = Options(
        headless=headless or not screen,
        report_to=report_to,
        delay_s=delay_ms / 1000.0,
        looks=Appearance(theme, text_scale),
        start=(sys.executable, "-m", "launcher", "start"),
    )
    return asyncio.run(run(options, lambda state: credential_store("file", state)))
