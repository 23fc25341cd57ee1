"""The first session, started before the station itself is loaded, so that both are loaded side by side.

It stays hidden until the station says that it is to be shown: after the station has read its file and cleared what a
station before it left. The state folder is locked first, so that a second station starts nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.station.environment import session_environment
from launcher.station.homes import Homes, SessionHomes, lock_state
from launcher.station.launching import become_subreaper, forbid_cores, launch, launch_in, pair

if TYPE_CHECKING:
    from launcher.station.slots import Slot


class Ahead:
    """A session's process and what it was given. It belongs to whoever takes it: the supervisor, or :meth:`give_up`."""

    def __init__(
        self,
        argv: Sequence[str],
        state_dir: Path,
        *,
        pass_env: Sequence[str] = (),
        homes_root: Path | None = None,
        environ: Mapping[str, str] | None = None,
        slots: Sequence[Slot] = (),
        slots_root: Path | None = None,
    ) -> None:
        """Start it, in one of the ``slots`` where there are any; they are cleared first.

        Raises :class:`StationAlreadyRunsError`, or ``OSError`` where it cannot be started.
        """
        self.began = time.monotonic()
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock = lock_state(state_dir)
        become_subreaper()
        forbid_cores()
        ours = os.environ if environ is None else environ
        slot: Slot | None = None
        self.homes: SessionHomes
        self.search: int | None = None
        """Where the directory-search password is to be written, if this session is in a slot."""
        handed: int | None = None
        if slots:
            from launcher.station.slot_homes import ROOT, SlotHomes  # late: a demo has none

            made = SlotHomes(slots, slots_root or ROOT, environ=ours)
            self.homes, self.home = made, made.make()
            slot = made.slot_of(self.home.name)
            handed, self.search = os.pipe()  # what is read, what is written
        else:
            self.homes = Homes(homes_root)
            self.home = self.homes.make()
        self.ours, theirs = pair()
        env = session_environment(
            ours,
            self.home,
            token=self.home.name,
            link=theirs.fileno(),
            passed=pass_env,
            own=self.homes.own_environment(self.home),
            search=handed,
        )
        self.started, self.started_wall = time.monotonic(), time.time()
        given = (theirs.fileno(), *(() if handed is None else (handed,)))
        try:
            self.process = launch(argv, env, given) if slot is None else launch_in(slot, argv, env, given)
        except OSError:
            self._let_go()
            raise
        finally:
            theirs.close()
            if handed is not None:
                os.close(handed)

    def give_up(self) -> None:
        """End it: the station will not run. It was never shown, and has started nothing that outlives it."""
        self.end()
        self._let_go()

    def end(self) -> None:
        """End the process, and nothing else of what it was given."""
        self.process.kill()
        self.process.wait()
        self.ours.close()

    def _let_go(self) -> None:
        self.ours.close()
        if self.search is not None:
            os.close(self.search)
        self.homes.close()
        os.close(self.lock)
