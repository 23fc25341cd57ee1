"""One look for all who ask at the same time: a whole helpdesk that watches costs the store no more than one of them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from launcher.hub.wrong import rows

if TYPE_CHECKING:
    from launcher.hub.service import Hub
    from launcher.hub.wakes import Wakes
    from launcher.wire.hub.helpdesk import WrongNow


@dataclass(slots=True)
class _Look:
    """The last look of one hub in this process; whoever comes while another looks waits for what that one finds."""

    looking: threading.Lock = field(default_factory=threading.Lock)
    at: float = 0.0
    found: tuple[WrongNow, ...] | None = None


_looks: WeakKeyDictionary[Wakes, _Look] = WeakKeyDictionary()
"""By what is each hub's own in this process."""
_adding = threading.Lock()


def wrong_now(hub: Hub) -> tuple[WrongNow, ...]:
    """Return what is wrong, as it was found ``[wrong] count_again_s`` ago at the most."""
    with _adding:
        look = _looks.setdefault(hub.wakes, _Look())
    with look.looking:
        if look.found is None or time.monotonic() - look.at >= hub.settings.wrong.count_again_s:
            with hub.store.reading() as connection:
                look.found = rows.wrong_now(connection, hub)
            look.at = time.monotonic()
        return look.found
