"""``demo``: an embedded station with demo officers, a provider and its systems."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from launcher.bootstrap.where import has_screen
from launcher.demo.files import Appearance
from launcher.demo.hub import HubCommands
from launcher.demo.options import JourneyName, Options
from launcher.demo.run import run
from launcher.grants.keeping import credential_store


def run_demo(
    headless: bool,
    report_to: Path | None,
    delay_ms: float,
    theme: str,
    text_scale: float,
    journey: JourneyName = "",
) -> int:
    """Run the demo; without a screen, or for a ``journey``, it is headless whether asked to or not."""
    screen = has_screen()
    if not screen and not headless and not journey:
        print("There is no screen here: the demo runs headless.", flush=True)
    launcher = (sys.executable, "-m", "launcher")
    options = Options(
        headless=headless or not screen or bool(journey),
        report_to=report_to,
        delay_s=delay_ms / 1000.0,
        looks=Appearance(theme, text_scale),
        start=(*launcher, "start"),
        hub=HubCommands((*launcher, "hub"), (*launcher, "station", "enrol")),
        journey=journey,
    )
    return asyncio.run(run(options, lambda state: credential_store("file", state)))
