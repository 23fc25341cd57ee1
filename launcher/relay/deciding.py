"""Decides by which ways a host is reached: what goes round the proxy, the fixed one, or what the PAC file says."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from launcher.addresses import host_matches
from launcher.relay.errors import ProxyUnknownError
from launcher.relay.ways import Direct, Rules, Way, ways_of

if TYPE_CHECKING:
    from launcher.relay.pac_file import PacFile

HOLDS_S: Final = 60.0
"""So long an answer of a PAC file holds: it may go by the time of day."""

_MOST: Final = 1024


class Deciding:
    """Answers for each host; lives on the relay's loop."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._pac: PacFile | None = None
        self._known: OrderedDict[tuple[str, int], tuple[float, tuple[Way, ...]]] = OrderedDict()
        if rules.mode == "pac":
            from launcher.relay.pac_file import PacFile  # late: loads the script engine

            self._pac = PacFile(rules.pac, rules.ca_file)

    async def ways(self, host: str, port: int) -> tuple[Way, ...]:
        """Return the ways to a host, in the order to be tried. Raises :class:`ProxyUnknownError`."""
        if host_matches(host, self._rules.bypass):
            return (Direct(),)
        if self._pac is None:
            return (self._rules.proxy,) if self._rules.proxy is not None else ()
        now = asyncio.get_running_loop().time()
        held = self._known.get((host, port))
        if held is not None and now < held[0]:
            return held[1]
        answer = await self._pac.answer(host, port)
        ways = ways_of(answer)
        if not ways:
            said = f"it says {answer[:80]!r}" if answer.strip() else "it says nothing"
            raise ProxyUnknownError(f"The PAC file names no way to {host} that can be used.", detail=said)
        self._known[host, port] = (now + HOLDS_S, ways)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return ways
