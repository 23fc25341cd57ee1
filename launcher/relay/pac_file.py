"""Loads a PAC file, from a file or by https, and asks it; the names it wants are looked up between its runs."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
import time
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from launcher.relay import pac
from launcher.relay.aside import aside
from launcher.relay.errors import ProxyUnknownError
from launcher.relay.lookup import addresses_of
from launcher.relay.road import place_of

LOAD_S: Final = 5.0
WAITED_S: Final = 2 * LOAD_S
"""So long a connection waits for a load, whatever it hangs at: a share that is away says nothing."""

LOOK_UP_S: Final = 3.0
LARGEST_BYTES: Final = 1024 * 1024
AGAIN_S: Final = 600.0
"""A file that is older is loaded anew; until that is done, and while it fails, the one that was loaded is in use."""

FAILED_S: Final = 5.0
"""So long nobody else waits for a file that could not be loaded."""

_MOST_NAMES: Final = 20


class PacFile:
    """One PAC file; lives on the relay's loop. ``ca_file``: whom to trust for its https address in addition."""

    def __init__(self, place: str, ca_file: Path | None) -> None:
        self._place = place
        self._ca_file = ca_file
        self._source: str | None = None
        self._due = 0.0
        self._fault: ProxyUnknownError | None = None
        self._load: asyncio.Task[str] | None = None

    async def answer(self, host: str, port: int) -> str:
        """Return what the file says of a host, untrusted. Raises :class:`ProxyUnknownError`."""
        source = await self._loaded()
        # Of an https address a PAC file is told no more than the host and port, as browsers do.
        place = place_of(host, port).removesuffix(":443")
        names: dict[str, str] = {}
        own_address = _own_address()
        for _ in range(_MOST_NAMES + 1):
            try:
                ran = await aside(partial(pac.run, source, f"https://{place}/", host, names, own_address), "pac")
            except pac.PacFault as fault:
                raise self._unknown("The PAC file has a fault", str(fault)) from fault
            if ran.wanted is None:
                return ran.untrusted_answer
            names[ran.wanted] = await _looked_up(ran.wanted)
        raise self._unknown("The PAC file has a fault", f"it looks up more than {_MOST_NAMES} names for one host")

    async def _loaded(self) -> str:
        loop = asyncio.get_running_loop()
        if loop.time() >= self._due:
            if self._load is None:  # one that still hangs is waited for again: each is a thread that nobody can end
                self._load = loop.create_task(aside(partial(_load, self._place, self._ca_file), "pac load"))
                self._load.add_done_callback(self._take)
            if self._source is None:
                ended, _ = await asyncio.wait((self._load,), timeout=WAITED_S)
                if not ended:
                    self._failed("it is not there in time")
        if self._source is not None:
            return self._source
        assert self._fault is not None  # noqa: S101 - nothing was loaded, so there is one
        raise self._fault.with_traceback(None)

    def _take(self, load: asyncio.Task[str]) -> None:
        self._load = None
        if load.cancelled():
            return
        try:
            self._source = load.result()
        except (OSError, ValueError, http.client.HTTPException) as fault:
            self._failed(fault.verify_message if isinstance(fault, ssl.SSLCertVerificationError) else str(fault))
        else:
            self._fault, self._due = None, asyncio.get_running_loop().time() + AGAIN_S

    def _failed(self, why: str) -> None:
        self._fault = self._unknown("The PAC file cannot be loaded", why)
        self._due = asyncio.get_running_loop().time() + FAILED_S

    def _unknown(self, what: str, why: str) -> ProxyUnknownError:
        return ProxyUnknownError(f"{what}: {self._place}", detail=why)


def _load(place: str, ca_file: Path | None) -> str:
    content = _fetched(place, ca_file) if place.startswith("https:") else _read(Path(place))
    if len(content) > LARGEST_BYTES:
        raise ValueError("it is larger than a PAC file may be")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST_BYTES + 1)


def _fetched(url: str, ca_file: Path | None) -> bytes:
    """Fetch the file, direct: until it is there nobody knows another way. No redirect is followed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    parts = urlsplit(url)
    ends_s = time.monotonic() + LOAD_S
    line = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=LOAD_S, context=context)
    try:
        line.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        with line.getresponse() as answer:
            if answer.status != http.client.OK:
                raise ValueError(f"the server answers with status {answer.status}")
            content = bytearray()
            while len(content) <= LARGEST_BYTES and (piece := answer.read1(LARGEST_BYTES)):
                content += piece
                if time.monotonic() > ends_s:
                    raise TimeoutError("the server sends it too slowly")
            return bytes(content)
    finally:
        line.close()


async def _looked_up(name: str) -> str:
    """Return an IPv4 address of a name, as PAC files know no other; "" where there is none."""
    try:
        async with asyncio.timeout(LOOK_UP_S):
            found = await addresses_of(name, 443)
    except (OSError, TimeoutError, UnicodeError):
        return ""
    return next((place[0] for family, place in found if family == socket.AF_INET), "")


def _own_address() -> str:
    """Return the address this computer goes out by, as far as its routes tell; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737): no host
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
