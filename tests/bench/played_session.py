"""A real session, played by who holds the other end of a Unix socket: the benchmarks and the journeys.

Run by the supervisor as ``python played_session.py SOCKET --station FILE --state DIR``. It is the product's own session
process; who sits at it are the hands of ``launcher.shell.hands``, as in the demo.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # the checkout instead of this folder

if TYPE_CHECKING:
    from launcher.shell.application import Player


def main() -> int:
    """Run the session of the command line."""
    import argparse

    from launcher.bootstrap.session import run_session
    from launcher.bootstrap.where import Where

    parser = argparse.ArgumentParser()
    parser.add_argument("socket", type=Path)
    parser.add_argument("--station", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    options = parser.parse_args()

    def player() -> Player:
        from launcher.shell.hands import Hands  # late: the session's own environment comes before Qt

        return Hands(options.socket)

    return run_session(Where(options.station, options.state), False, player)


if __name__ == "__main__":
    sys.exit(main())
