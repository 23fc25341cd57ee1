"""Makes the README's picture of the launchpad, the demo's ten systems in the real shell.

Run it as ``python -m tests.bench.pictures``; the picture is of the session's own window once all systems are ready.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from tests.bench.ten_together import demo, logged_on

PICTURES = Path(__file__).parents[2] / "resources" / "pictures"


async def _launchpad(file: Path) -> None:
    async with demo(0.0) as (station, person):
        officer = await logged_on(station, person)
        await officer.open_mine()
        await officer.picture(file)
        await officer.log_off()


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(_launchpad(PICTURES / "launchpad.png"))
