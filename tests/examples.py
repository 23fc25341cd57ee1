"""How many examples a property is tried with: some in each run of the checks, and many where a long run is asked for.

``STATION_LAUNCHER_LONG=50 pytest tests/unit/terminal tests/contract/terminal`` tries each of them fifty times as often,
with other examples each time.
"""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

LONG: Final = int(os.environ.get("STATION_LAUNCHER_LONG", "1"))


def tried(count: int, *, always_the_same: bool = True) -> settings:
    """Return the settings of a property that is tried with so many examples in a usual run."""
    return settings(
        max_examples=count * LONG,
        deadline=None,
        derandomize=always_the_same and LONG == 1,
        suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
    )
