"""Decides by which ways a host is reached: what goes round the proxy, the fixed one, or what the PAC file says."""

from __future__ import annotations

from launcher.relay.ways import Direct, Rules, Way, is_bypassed


class Deciding:
    """Answers for each host; lives on the relay's loop."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    async def ways(self, host: str, port: int) -> tuple[Way, ...]:
        """Return the ways to a host, in the order to be tried. Raises :class:`ProxyUnknownError`."""
        if is_bypassed(host, self._rules.bypass):
            return (Direct(),)
        return (self._rules.proxy,) if self._rules.proxy is not None else ()
