"""The road out: which proxies are named, whether they take connections, and whether they let this computer out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from launcher.addresses import is_this_computer
from launcher.bootstrap.doctor.finding import Finding
from launcher.bootstrap.parts import read_catalogue
from launcher.connectors.terminal.spec import TerminalSpec
from launcher.connectors.web.spec import WebSpec
from launcher.errors import LauncherError
from launcher.policy.settings import Settings
from launcher.relay.deciding import Deciding
from launcher.relay.proof import NoProof
from launcher.relay.road import way_out
from launcher.relay.upstream import Upstream
from launcher.relay.ways import Direct, Proxy, Way

_MOST_HOSTS: Final = 50
_FILE: Final = "Look at proxy.pac in the station file, and load the file with a browser."
_NETWORK: Final = "Look at the network, and at what [proxy] of the station file and the PAC file name."
_TRUST: Final = "Correct proxy.ca_file, or the proxy's name in proxy.url or the PAC file."
_KEY: Final = "Keep it: station-launcher key proxy. And look at proxy.user."

Host = tuple[str, int]


def proxy_findings(settings: Settings, provider: str) -> Iterator[Finding]:
    """Yield what is found; ``provider`` is the provider's address, or "". This process's road is open."""
    proxy = settings.proxy
    if proxy.mode == "none":
        yield Finding("road out", "direct: the station file names no proxy")
        return
    hosts = list(dict.fromkeys(_hosts(settings, provider)))
    ways: dict[Host, tuple[Way, ...]] = {}
    try:
        asyncio.run(_decide(settings, hosts, ways))
    except LauncherError as fault:
        yield Finding("PAC file", f"{fault.message}: {fault.detail}", _FILE)
        if not ways:
            return
    if proxy.mode == "pac":
        yield Finding("PAC file", f"{proxy.pac} decides for {len(ways)} hosts: {_counted(ways)}")
    else:
        yield Finding("road out", f"by {proxy.url}: {_counted(ways)}")
    if proxy.auth == "basic" and proxy.password_in_clear:
        yield Finding("password of the proxy", "may go in clear: anyone on the way can read it")
    for one in _proxies(settings, ways):
        yield _takes_connections(settings, one)
    if proxy.auth == "none" or (proxy.auth == "basic" and proxy.user):
        yield _lets_out(ways)
    else:
        said = "their name and password" if proxy.auth == "basic" else "their ticket"
        yield Finding("let out by the proxy", f"officers prove themselves to it by {said}: tried at the first log-on")


def _hosts(settings: Settings, provider: str) -> Iterator[Host]:
    """Yield the hosts that officers' work needs: the provider's, then those of systems."""
    yield from _host(provider)
    try:
        entries = read_catalogue(settings).entries
    except LauncherError:
        entries = ()  # said by those who look at the catalogue
    for entry in entries[:_MOST_HOSTS]:
        match entry.spec:
            case WebSpec(url=url):
                yield from _host(url)
            case TerminalSpec(host=host, usual_port=port) if not is_this_computer(host):
                yield host, port


def _host(address: str) -> Iterator[Host]:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname and not is_this_computer(parts.hostname):
        yield parts.hostname, parts.port or 443


async def _decide(settings: Settings, hosts: list[Host], ways: dict[Host, tuple[Way, ...]]) -> None:
    deciding = Deciding(settings.proxy.rules())
    for host in hosts:
        ways[host] = await deciding.ways(*host)
    if not hosts and settings.proxy.mode == "pac":
        await deciding.ways("www.example.com", 443)  # a file that says nothing of it is a finding, too


def _counted(ways: dict[Host, tuple[Way, ...]]) -> str:
    direct = sum(isinstance(found[0], Direct) for found in ways.values())
    return f"{len(ways) - direct} of the systems' hosts by a proxy, {direct} direct"


def _proxies(settings: Settings, ways: dict[Host, tuple[Way, ...]]) -> tuple[Proxy, ...]:
    found = [way for several in ways.values() for way in several if isinstance(way, Proxy)]
    fixed = settings.proxy.rules().proxy
    return tuple(dict.fromkeys([*([fixed] if fixed is not None else []), *found]))


def _takes_connections(settings: Settings, proxy: Proxy) -> Finding:
    looked_at = f"proxy {proxy}"
    try:
        asyncio.run(Upstream(NoProof(), settings.proxy.ca_file).call(proxy))
    except LauncherError as fault:
        certificate = fault.reference == "proxy-certificate-refused"
        return Finding(looked_at, f"{fault.message} {fault.detail}".strip(), _TRUST if certificate else _NETWORK)
    return Finding(looked_at, "takes connections" + (", and its certificate is good" if proxy.tls else ""))


def _lets_out(ways: dict[Host, tuple[Way, ...]]) -> Finding:
    """Go to the first host that is behind a proxy, as officers will."""
    looked_at = "let out by the proxy"
    road = way_out()
    host = next((host for host, found in ways.items() if not isinstance(found[0], Direct)), None)
    if host is None or road is None:
        return Finding(looked_at, "no system is behind it")
    looked_at = f"{looked_at} to {host[0]}"
    try:
        road.connect_blocking(*host).close()
    except LauncherError as fault:
        found = Finding(looked_at, f"{fault.message} {fault.detail}".strip(), fault.next_step)
        return replace(found, next_step=_KEY if fault.reference == "proxy-refused" else _NETWORK)
    except OSError as fault:
        return Finding(looked_at, f"the proxy does not reach it: {fault}", _NETWORK)
    return Finding(looked_at, "yes")
