"""``start``: starts the first session at once, then loads the station and runs it until it is told to stop.

What stands at the top of this module is loaded before the first session's process is there.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.bootstrap.guard import fork_station
from launcher.bootstrap.where import Where, must_have_a_display
from launcher.station.ahead import Ahead
from launcher.wire.hands import HANDS, SLOTS

if TYPE_CHECKING:
    from launcher.station.limits import Limits
    from launcher.station.slots import Slot

BUS: Final = "DBUS_SESSION_BUS_ADDRESS"


def run_station(where: Where, events: bool, residue_check: bool, leave_out: Sequence[Path]) -> int:
    """Run until SIGTERM or SIGINT, in a process of its own that is started again when it is killed (``guard``).

    With ``events``, that is where somebody runs it and listens, its sessions learn where an officer's hands are, if
    anywhere (``wire.hands``), and whether they run in slot accounts is up to whoever runs it.
    """
    gc.disable()  # until the station runs: a start makes much and drops little
    argv = [sys.executable, "-m", "launcher", "session", "--station", str(where.station), "--state", str(where.state)]
    if residue_check:
        argv.append("--residue-check")
    where.must_exist()
    must_have_a_display("There is no display to show the sign-in screen on.")
    status = fork_station(_prepare)
    if status is not None:
        return status
    slots = () if events and os.environ.get(SLOTS) == "off" else _slots()
    passed = (*(() if slots else _passed(where)), *((HANDS,) if events and HANDS in os.environ else ()))
    ahead = Ahead([*argv, "--first"], where.state, pass_env=passed, slots=slots)
    try:
        # Late: the first session is loaded by another processor while the station is by this one.
        from launcher.bootstrap.running import run

        limits = _limits(where)
    except BaseException:
        ahead.give_up()
        raise
    return run(argv, limits, where, ahead, passed, events=events, leave_out=leave_out, slots=slots)


def _prepare() -> None:
    """Load what the next station is made of: where one is killed, nobody is to wait for it."""
    import shutil  # noqa: F401 - what a killed one left is removed with it

    import launcher.bootstrap.running
    import launcher.policy.checked_before

    if os.environ.get("DISPLAY"):
        import launcher.display.clipboards
        import launcher.display.x_server
    if os.geteuid() == 0:
        import launcher.bootstrap.slots
        import launcher.station.slot_homes
        import launcher.station.slot_processes  # noqa: F401 - as above
    gc.freeze()


def _slots() -> tuple[Slot, ...]:
    """Return the slot accounts, if this runs as root and there are any. Raises :class:`SlotAccountsFaultyError`."""
    if os.geteuid() != 0:
        return ()
    from launcher.station.slots import slots_here  # late: a demo is rarely root's

    return slots_here()


def _limits(where: Where) -> Limits:
    """Return the limits of the station file, checked now or at an earlier start. Raises :class:`SettingsError`."""
    from launcher.policy.checked_before import CheckedBefore, limits_of  # late, as above

    before = CheckedBefore(where.state / "checked-before", where.station)
    if before.limits is not None:
        return before.limits
    settings = where.settings()
    before.passed(settings)
    return limits_of(settings)


def _passed(where: Where) -> tuple[str, ...]:
    """Return the variables a session may inherit: the bus, where officers' credentials are kept by way of it."""
    if BUS not in os.environ:
        return ()
    from launcher.policy.first_facts import first_facts  # late: most stations have no bus

    return (BUS,) if first_facts(where.station).keeps_in_os else ()
