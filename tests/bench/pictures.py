"""Makes the pictures of the README and the help: the demo's systems in the real shell, offscreen.

``python -m tests.bench.pictures`` makes all of them: the launchpad, a host's green screen in its tab, and of a terminal
that is shared, light and dark, the warning before a lock, the lock face, the screen over a locked session, the question
before it is taken over, the cover of a session that does not answer, the notice of an end, and of the helpdesk the
letters on a caller's screen and the analyst's panel. ``python -m tests.bench.pictures NAME …`` makes those whose file's
name begins so.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QImageWriter

from launcher.demo.files import Appearance
from launcher.demo.hub import HubCommands
from launcher.demo.options import Options
from launcher.demo.people import DemoOfficer
from launcher.demo.players import Player
from launcher.demo.reset import REASON, next_screen
from launcher.demo.reset_run import running_force
from launcher.grants.keeping import credential_store
from launcher.station import Covered, ScreenShown
from tests.bench.played_station import PlayedStation
from tests.bench.ten_together import demo, demo_station, logged_on
from tests.bench.two_officers import PIN

PICTURES: Final = Path(__file__).parents[2] / "resources" / "pictures"
SHARED: Final = ("lock", "over", "take-over", "cover")
LOCK: Final = "\n[lock]\nidle_s = 40\nwarn_s = 20\ngrace_s = 25\n"
COLOURS: Final = 256
NOTE_ON: Final = "custody-record"
GREEN: Final = "national-records"


async def _launchpad(folder: Path) -> None:
    async with demo(0.0) as (station, person):
        officer = await logged_on(station, person)
        await officer.open_mine()
        await officer.picture(folder / "launchpad.png")
        await officer.log_off()


async def _terminal(folder: Path, theme: str) -> None:
    async with demo_station(0.0, Appearance(theme)) as (station, (a, *_)):
        officer = await logged_on(station, a)
        await officer.open(GREEN)
        await officer.picture(folder / f"terminal-{theme}.png")
        await officer.log_off()


async def _shared(folder: Path, theme: str) -> None:
    async with demo_station(0.0, Appearance(theme), LOCK) as (station, (a, b, *_)):

        async def picture(player: Player, name: str) -> None:
            await player.do("picture", file=str(folder / f"{name}-{theme}.png"))

        officer = (await logged_on(station, a)).player
        await _works(officer)
        await officer.do("set-pin", secret=PIN)
        await officer.do("open", system=NOTE_ON)
        await officer.do("lock")
        await picture(officer, "lock")
        await officer.do("want-proof")
        shown = await station.next(ScreenShown)
        over = (await station.officer(shown.session)).player
        await picture(over, "over")
        await over.do("await", what="grace-over:")
        await over.do("log-on", user_name=b.user_name, secret=b.password)
        await picture(over, "take-over")
        await over.do("confirm")
        await _works(over)
        await station.spare()
        os.kill(over.pid, signal.SIGSTOP)
        try:
            covered = await station.next(Covered)
            cover = (await station.officer(covered.by)).player
            await cover.do("await", what="cover:")
            await picture(cover, "cover")
        finally:
            os.kill(over.pid, signal.SIGCONT)


async def _warning(folder: Path, theme: str) -> None:
    async with demo_station(0.0, Appearance(theme), LOCK) as (station, (a, *_)):
        officer = await _writes(station, a)
        await officer.do("await", what="warned:")
        await officer.do("picture", file=str(folder / f"warning-{theme}.png"))


async def _end(folder: Path, theme: str) -> None:
    async with demo_station(0.0, Appearance(theme)) as (station, (a, *_)):
        officer = await _writes(station, a)
        station.supervisor.reset()
        while (await officer.do("look"))["ends"] is None:
            pass
        await officer.do("picture", file=str(folder / f"end-{theme}.png"))


async def _helpdesk(folder: Path, theme: str) -> None:
    """An officer who cannot work, the six letters on their screen, and what the helpdesk sees."""
    launcher = (sys.executable, "-m", "launcher")
    commands = HubCommands((*launcher, "hub"), (*launcher, "station", "enrol"))
    options = Options(True, None, 0.0, Appearance(theme), (*launcher, "start"), commands)
    with tempfile.TemporaryDirectory(prefix="force-") as made:
        async with running_force(options, lambda state: credential_store("file", state), Path(made)) as force:
            (a, _, c), (desk, room) = force.officers, force.terminals
            _, officer = await next_screen(desk)
            await officer.do("log-on", user_name=a.user_name, secret=a.password)
            await _works(officer)
            seen = await officer.do("ask-help")
            await officer.do("picture", file=str(folder / f"letters-{theme}.png"))
            _, analyst = await next_screen(room)
            await analyst.do("log-on", user_name=c.user_name, secret=c.password)
            await analyst.do("helpdesk-open-case", text=REASON)
            await analyst.do("helpdesk-letters", text=str(seen["letters"]))
            await analyst.do("picture", file=str(folder / f"helpdesk-{theme}.png"))


async def _writes(station: PlayedStation, person: DemoOfficer) -> Player:
    """Open one system, and write what is not sent."""
    officer = (await logged_on(station, person)).player
    await officer.do("open", system=NOTE_ON)
    await officer.do("type-into", system=NOTE_ON, field="#note", text="Seen at 03:10, well.")
    await station.spare()  # by then the station knows of it
    return officer


async def _works(player: Player) -> None:
    """Open all that is theirs, and write what is not sent."""
    await player.do("open-my-systems")
    await player.do("type-into", system=NOTE_ON, field="#note", text="Seen at 03:10, well.")


def _in_few_colours(file: Path) -> None:
    """Write a picture again with the colours it has most of: it takes a third of the room, and nobody sees it."""
    image = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(memoryview(image.constBits()).cast("I"))
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    flat = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    few = image.convertToFormat(QImage.Format.Format_Indexed8, palette, flat)
    writer = QImageWriter(str(file), b"png")
    writer.setCompression(100)
    if not writer.write(few):
        raise OSError(writer.errorString())


def main(asked: Sequence[str]) -> None:
    """Make those whose file's name begins with one of these, or all."""
    wanted = tuple(asked) or ("",)
    with tempfile.TemporaryDirectory(prefix="pictures-") as made:
        folder = Path(made)
        if "launchpad".startswith(wanted):
            asyncio.run(_launchpad(folder))
        for theme in ("light", "dark"):
            for names, make in (
                (("terminal",), _terminal),
                (("warning",), _warning),
                (("end",), _end),
                (SHARED, _shared),
                (("letters", "helpdesk"), _helpdesk),
            ):
                if any(f"{name}-{theme}".startswith(wanted) for name in names):
                    asyncio.run(make(folder, theme))
        for file in folder.iterdir():
            if file.name.startswith(wanted):
                _in_few_colours(file)
                (PICTURES / file.name).write_bytes(file.read_bytes())


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    main(sys.argv[1:])
