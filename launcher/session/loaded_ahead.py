"""What a first terminal needs is loaded while nobody waits: libraries and a face cost a third of a second.

Only those for the lines that the catalogue has, a little at a time, and only as long as it stays quiet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from launcher.connectors.terminal import TerminalSpec
from launcher.session.openers.host_call import load, modules_for
from launcher.session.parts import Parts


async def load_terminals(parts: Parts, quiet: Callable[[], bool]) -> None:
    """Load it; return before the next piece once it is not ``quiet`` any more, e.g. because somebody logs on."""
    catalogue = await asyncio.to_thread(parts.catalogue)
    lines = {entry.spec.line for entry in catalogue.entries if isinstance(entry.spec, TerminalSpec)}
    for module in modules_for(lines):
        if not quiet():
            return
        await load(module)
    if lines and quiet():
        await parts.surfaces.load_terminals(quiet)
