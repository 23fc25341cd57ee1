"""The example of a proxy in front: a real nginx with it passes requests and sockets, and keeps the figures back."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from launcher.wire.hub.stations import Hello, Wake, Welcome
from tests.servers.certificates import Certificates
from tests.servers.hub import HubProcess, running_hub
from tests.servers.process import LOOPBACK
from tests.servers.server import Server, running
from tests.unit.hub.hands import enrol_with, person, sitting

pytestmark = pytest.mark.needs("nginx")

_EXAMPLE = Path(__file__).parents[3] / "resources/hub/nginx.conf"
_AROUND = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
{temporary}
access_log off;
{example}
}}
"""


class Proxy(Server):
    """The example's nginx before a hub."""

    def __init__(self, folder: Path, hub: HubProcess, certificates: Certificates) -> None:
        super().__init__(folder, LOOPBACK, scheme="https")
        example = _EXAMPLE.read_text()
        for here, there in {
            "listen 443 ssl": f"listen {LOOPBACK}:{self.port} ssl",
            "127.0.0.1:8470": f"{LOOPBACK}:{hub.port}",
            "/etc/station-launcher/hub.pem": str(certificates.server.certificate),
            "/etc/station-launcher/hub.key": str(certificates.server.key),
        }.items():
            assert here in example
            example = example.replace(here, there)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        config = folder / "nginx.conf"
        config.write_text(_AROUND.format(folder=folder, temporary=temporary, example=example))
        self.runs("nginx", "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log"))


@pytest.fixture(scope="module")
def proxied(certificates: Certificates) -> Iterator[tuple[HubProcess, Proxy]]:
    """A hub behind it."""
    with (
        running_hub(more="behind_proxy = true\n") as hub,
        running("hub-proxy", lambda folder: Proxy(folder, hub, certificates)) as proxy,
    ):
        yield hub, proxy


def test_stations_come_through_it(proxied: tuple[HubProcess, Proxy], certificates: Certificates) -> None:
    hub, proxy = proxied
    one, other = (enrol_with(hub.code(), proxy.origin, terminal, ca=certificates.ca) for terminal in ("FD-01", "FD-02"))
    officer = person("4471")
    assert one.report(sitting(officer, "sit-one", since=1.0)).ok
    trusting = ssl.create_default_context(cafile=str(certificates.ca))
    address = f"{proxy.origin.replace('https', 'wss', 1)}/v1/stations/socket"
    with connect(address, proxy=None, ssl=trusting, open_timeout=60) as socket:
        hello = Hello.model_validate_json(socket.recv(timeout=60))
        socket.send(one.proved(nonce=hello.challenge.nonce).model_dump_json())
        before = Welcome.model_validate_json(socket.recv(timeout=60)).known.news.elsewhere
        assert other.report(sitting(officer, "sit-other", since=1.0)).ok
        said = socket.recv(timeout=60)
        while '"beat"' in str(said):
            said = socket.recv(timeout=60)
        assert Wake.model_validate_json(said).news.elsewhere > before
    for hand in (one, other):
        hand.ask.close()


def test_the_figures_are_for_the_hubs_computer(proxied: tuple[HubProcess, Proxy], certificates: Certificates) -> None:
    hub, proxy = proxied
    with hub.asking(ca=certificates.ca) as asking:
        assert asking.get(f"{proxy.origin}/v1/health").ok
        assert asking.get(f"{proxy.origin}/v1/metrics").status_code == 403
        assert asking.get(f"{proxy.origin}/v1/openapi.json").json()["info"]["title"] == "Station Launcher hub"
