"""The first session, started before the station itself is loaded, so that both are loaded side by side.

It stays hidden until the station says that it is to be shown: after the station has read its file and cleared what a
station before it left. The state folder is locked first, so that a second station starts nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.station.environment import session_environment
from launcher.station.homes import Homes, lock_state
from launcher.station.launching import become_subreaper, forbid_cores, launch, pair


class Ahead:
    """A session's process and what it was given. It belongs to whoever takes it: the supervisor, or :meth:`give_up`."""

    def __init__(
        self,
        argv: Sequence[str],
        state_dir: Path,
        *,
        extra_fds: Sequence[int] = (),
        pass_env: Sequence[str] = (),
        homes_root: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Start it. Raises :class:`StationAlreadyRunsError`, or ``OSError`` where it cannot be started."""
        self.began = time.monotonic()
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock = lock_state(state_dir)
        become_subreaper()
        forbid_cores()
        self.homes = Homes(homes_root)
        self.home = self.homes.make()
        self.ours, theirs = pair()
        env = session_environment(
            os.environ if environ is None else environ,
            self.home,
            token=self.home.name,
            link=theirs.fileno(),
            extra=extra_fds,
            passed=pass_env,
        )
        self.started, self.started_wall = time.monotonic(), time.time()
        try:
            self.process = launch(argv, env, (theirs.fileno(), *extra_fds))
        except OSError:
            self._let_go()
            raise
        finally:
            theirs.close()
        for descriptor in extra_fds:
            os.close(descriptor)

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
        self.homes.close()
        os.close(self.lock)
