"""Chromium's net errors by their names, as its debugging line gives them."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final

from launcher.errors import LauncherError
from launcher.shell.surfaces import faults

if TYPE_CHECKING:
    from launcher.shell.surfaces.managed.devtools import Line

LOOKS: Final = 40
BETWEEN_S: Final = 0.015
ABORTED: Final = "net::ERR_ABORTED"

_NUMBERS: Final = {
    "TIMED_OUT": -7,
    "NETWORK_CHANGED": -21,
    "CONNECTION_CLOSED": -100,
    "CONNECTION_RESET": -101,
    "CONNECTION_REFUSED": -102,
    "CONNECTION_FAILED": -104,
    "NAME_NOT_RESOLVED": -105,
    "INTERNET_DISCONNECTED": -106,
    "ADDRESS_UNREACHABLE": -109,
    "TUNNEL_CONNECTION_FAILED": -111,
    "CONNECTION_TIMED_OUT": -118,
    "PROXY_AUTH_REQUESTED": -127,
    "PROXY_CONNECTION_FAILED": -130,
    "NAME_RESOLUTION_FAILED": -137,
    "EMPTY_RESPONSE": -324,
}
_CERTIFICATE: Final = re.compile(r"net::ERR_(CERT|SSL)_")


def fault_of(host: str, untrusted_error: str) -> LauncherError:
    """Return what a person is told of a page that did not come."""
    name = untrusted_error.removeprefix("net::ERR_")
    if _CERTIFICATE.match(untrusted_error):
        return faults.certificate(host, name[:60])
    return faults.unreachable(host, _NUMBERS.get(name, -2))


async def error_kind(line: Line) -> list[str]:
    """Read of the browser's own page for a fault what kind it shows; it comes a moment after its address."""
    script = {"expression": "document.body?.className ?? ''", "returnByValue": True}
    for _ in range(LOOKS):
        answer = (await line.ask("Runtime.evaluate", script)).get("result")
        untrusted = answer.get("value") if isinstance(answer, dict) else ""
        if isinstance(untrusted, str) and untrusted:
            return untrusted.split()
        await asyncio.sleep(BETWEEN_S)
    return []
