"""Makes the README's picture of the launchpad, the demo's ten systems in the real shell.

Run it as ``python -m tests.bench.pictures``; the picture is of the session's own window once all systems are ready.
``python -m tests.bench.pictures FOLDER`` makes those of a terminal that is shared, to be looked at: the warning, the
lock face, the screen over it, the newcomer's question, and the cover of a session that does not answer.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path

from launcher.station import Covered
from tests.bench.ten_together import demo, logged_on
from tests.bench.two_officers import A, B, shared_terminal

PICTURES = Path(__file__).parents[2] / "resources" / "pictures"


async def _launchpad(file: Path) -> None:
    async with demo(0.0) as (station, person):
        officer = await logged_on(station, person)
        await officer.open_mine()
        await officer.picture(file)
        await officer.log_off()


async def _shared(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pictures-") as made:
        # So long a warning is there a second after the last key.
        lock = "idle_s = 62\nwarn_s = 60\ngrace_s = 20"
        async with shared_terminal(Path(made), lock=lock) as terminal:
            await terminal.log_on(A)
            await terminal.set_pin()
            officer = terminal.officer
            await officer.player.do("await", what="warned:")
            await officer.picture(folder / "warning.png")
            await terminal.lock()
            await officer.picture(folder / "lock.png")
            await officer.player.do("want-proof")
            over, _ = await terminal.over()
            await over.do("picture", file=str(folder / "over-taking-over.png"))
            await over.refused("log-on", user_name=B.number, secret=B.password)
            await over.do("picture", file=str(folder / "over-kept.png"))
            await over.do("await", what="grace-over:")
            await over.do("picture", file=str(folder / "over-after-the-grace.png"))
            await over.do("log-on", user_name=B.number, secret=B.password)
            await over.do("picture", file=str(folder / "handed-over.png"))
            await terminal.station.spare()
            os.kill(over.pid, signal.SIGSTOP)
            try:
                covered = await terminal.station.next(Covered)
                cover = (await terminal.station.officer(covered.by)).player
                await cover.do("await", what="cover:")
                await cover.do("picture", file=str(folder / "cover.png"))
            finally:
                os.kill(over.pid, signal.SIGCONT)


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if len(sys.argv) > 1:
        asyncio.run(_shared(Path(sys.argv[1])))
    else:
        PICTURES.mkdir(exist_ok=True)
        asyncio.run(_launchpad(PICTURES / "launchpad.png"))
