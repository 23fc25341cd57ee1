"""Everything that opens a connection of its own goes by the road, and says why where the road does not let it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.identity.federated import FederatedMethod
from launcher.identity.http import Client, trusting
from launcher.policy.federation_settings import FederatedSettings
from launcher.relay.road import Road
from launcher.secret import Secret
from launcher.session.reach import reach
from launcher.terminal.lines.ssh import Password, open_ssh
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.lines.telnet import open_telnet
from tests.servers.basic_apache import Records
from tests.servers.certificates import Certificates
from tests.servers.people import PASSWORD
from tests.servers.process import ReservedPort
from tests.servers.squid import BEHIND, NOT_ALLOWED, Squid
from tests.servers.sshd import USER, Sshd
from tests.unit.terminal.hosts import host
from tests.unit.terminal.lines.test_tcp import echoes, tls_host

pytestmark = pytest.mark.needs("squid")


def reference(caught: pytest.ExceptionInfo[LauncherError]) -> str:
    return caught.value.reference


def test_our_own_requests(road: Road, proxy: Squid, behind_proxy: Records, certificates: Certificates) -> None:
    client = Client(trusting([certificates.ca]))
    assert client.ask("GET", behind_proxy.url).status == 401
    client.close()
    assert proxy.told(f"{BEHIND}:{behind_proxy.port}")
    # Whom the proxy looks into TLS by is trusted in addition to whom was named.
    road.ca_file = certificates.ca
    client = Client(trusting([certificates.other_ca], system=False))
    assert client.ask("GET", behind_proxy.url).status == 401
    client.close()


def test_the_provider_s_documents(road: Road) -> None:
    method = FederatedMethod(
        FederatedSettings.model_validate({"authority": f"https://{NOT_ALLOWED}/oidc", "client_id": "station"})
    )
    with pytest.raises(LauncherError) as caught:
        asyncio.run(method.prepare())
    method.close()
    assert reference(caught) == "proxy-refused"


def test_the_look_whether_a_system_answers(road: Road, behind_proxy: Records) -> None:
    asyncio.run(reach(behind_proxy.url))
    port = ReservedPort()
    for url, expected in (
        (f"https://{NOT_ALLOWED}/", "proxy-refused"),
        (f"https://{BEHIND}:{port.number}/", "system-unreachable"),
        (f"https://localhost:{port.number}/", "system-unreachable"),
    ):
        with pytest.raises(LauncherError) as caught:
            asyncio.run(reach(url))
        assert reference(caught) == expected
    port.release()


def test_a_terminal_in_tls_and_no_one_in_clear(road: Road, proxy: Squid, certificates: Certificates) -> None:
    async def story() -> None:
        async with tls_host(certificates.wrong_host, echoes) as port:
            line = await open_tcp(BEHIND, port, ca_file=certificates.ca)
            await line.write(b"hello")
            assert await line.read() == b"hello"
            await line.close()
            assert (await asyncio.to_thread(proxy.told, f"{BEHIND}:{port}"))[0].status == 200
            with pytest.raises(LauncherError) as caught:
                await open_tcp(BEHIND, port, tls=False)
            assert reference(caught) == "terminal-line-lost"  # a name that this computer cannot look up
        with pytest.raises(LauncherError) as caught:
            await open_tcp(NOT_ALLOWED, 992, ca_file=certificates.ca)
        assert reference(caught) == "proxy-refused"

    asyncio.run(story())


def test_a_unix_host(road: Road, proxy: Squid, ssh_host: Sshd) -> None:
    known = f"[{BEHIND}]:{ssh_host.port} {ssh_host.host_key}\n"

    async def story() -> None:
        line = await open_ssh(BEHIND, ssh_host.port, USER, Password(Secret(PASSWORD)), known, rows=24, columns=80)
        assert await line.read()
        assert await line.close()

    asyncio.run(story())
    assert proxy.told(f"{BEHIND}:{ssh_host.port}")[0].status == 200


def test_a_host_by_telnet_that_policy_allows(road: Road, proxy: Squid, tmp_path: Path) -> None:
    async def greets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"READY\r\n")
        await writer.drain()
        await reader.read()

    async def story() -> None:
        async with host(greets) as port:
            line = await open_telnet(BEHIND, port, allowed=True, rows=24, columns=80)
            assert b"READY" in await line.read()
            await line.close()
            assert (await asyncio.to_thread(proxy.told, f"{BEHIND}:{port}"))[0].status == 200

    asyncio.run(story())
