"""PAC files: what they may ask, what they answer, and that none of them leads out by its faults."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.relay import pac
from launcher.relay.deciding import Deciding
from launcher.relay.errors import ProxyUnknownError
from launcher.relay.ways import Direct, Proxy, Rules, Way, ways_of
from tests.servers.basic_apache import Records
from tests.servers.certificates import Certificates
from tests.servers.fault_proxy import FaultProxy
from tests.servers.people import ALICE, PASSWORD
from tests.servers.process import ReservedPort
from tests.servers.squid import BEHIND, Squid
from tests.shell.surfaces.site import Answer, running_site, to
from tests.unit.relay.conftest import Served, proves
from tests.unit.relay.test_relay import asked
from tests.unit.terminal.hosts import host


def said(expression: str) -> str:
    """Evaluate an expression in a PAC file, told of ``https://www.force.example/``."""
    names = {"www.force.example": "10.1.2.3", "nobody.example": ""}
    source = f"function FindProxyForURL(url, host) {{ return {expression}; }}"
    return pac.run(source, "https://www.force.example/", "www.force.example", names, "10.9.9.9").untrusted_answer


@pytest.mark.parametrize(
    ("expressions", "answer"),
    [
        ("url ~ host", "https://www.force.example/ www.force.example"),
        ("isPlainHostName('intranet') ~ isPlainHostName(host)", "true false"),
        ("dnsDomainIs(host, '.force.example') ~ dnsDomainIs(host, '.court.example')", "true false"),
        ("localHostOrDomainIs('www', 'www.force.example')", "true"),
        ("localHostOrDomainIs(host, 'www.force.example')", "true"),
        ("localHostOrDomainIs('home.force.example', 'www.force.example')", "false"),
        ("isResolvable(host) ~ isResolvable('nobody.example')", "true false"),
        ("isInNet(host, '10.1.0.0', '255.255.0.0') ~ isInNet(host, '10.2.0.0', '255.255.0.0')", "true false"),
        ("isInNet('10.2.200.9', '10.2.0.0', '255.255.0.0')", "true"),
        ("isInNet('nobody.example', '0.0.0.0', '0.0.0.0')", "false"),
        (
            "dnsResolve(host) ~ dnsResolve('nobody.example') === null ~ dnsResolve('192.0.2.7')",
            "10.1.2.3 true 192.0.2.7",
        ),
        ("convert_addr('104.16.41.2') ~ convert_addr('255.255.255.255')", "1745889538 4294967295"),
        ("myIpAddress()", "10.9.9.9"),
        ("dnsDomainLevels('www') ~ dnsDomainLevels(host)", "0 2"),
        ("shExpMatch(url, 'https://*.force.example/*') ~ shExpMatch(host, '*.court.example')", "true false"),
        ("shExpMatch('a.b', 'a?b') ~ shExpMatch('aXb', 'a.b') ~ shExpMatch('a(b', 'a(*')", "true false true"),
        ("weekdayRange('SUN', 'SAT') ~ weekdayRange('SUN', 'SAT', 'GMT') ~ weekdayRange('xyz')", "true true false"),
        ("timeRange(0, 0, 0, 23, 59, 59) ~ timeRange(0, 0, 23, 59, 'GMT') ~ timeRange()", "true true false"),
        ("dateRange('JAN', 'DEC')", "true"),
        ("dateRange(1, 31)", "true"),
        ("dateRange(1999)", "false"),
        ("dateRange(1, 'JAN', 31, 'DEC')", "true"),
        ("dateRange(1, 'JAN', 2020, 31, 'DEC', 9999) ~ dateRange('JAN', 1999, 'DEC', 2001)", "true false"),
        ("alert('x') || 'quiet'", "quiet"),
        ("undefined", ""),
        ("null", ""),
    ],
)
def test_a_pac_file_has_what_browsers_give_it(expressions: str, answer: str) -> None:
    """Several expressions have ``~`` between them, and their answers a space."""
    assert " ".join(map(said, expressions.split(" ~ "))) == answer


def test_days_and_hours_go_round_and_are_told_apart() -> None:
    """At a time that the file itself sets: what is asked is the clock's, and here it is a Saturday at half past ten."""
    clock = "Date = class extends Date { constructor() { super(2026, 10, 28, 10, 30, 15); } }; "
    for call, true in {
        "weekdayRange('FRI', 'MON')": True,
        "weekdayRange('MON', 'FRI')": False,
        "weekdayRange('SAT')": True,
        "timeRange(10)": True,
        "timeRange(9, 10)": False,
        "timeRange(9, 11)": True,
        "timeRange(22, 11)": True,
        "timeRange(10, 30, 10, 30)": True,
        "timeRange(10, 30, 16, 11, 0, 0)": False,
        "dateRange(28)": True,
        "dateRange('NOV')": True,
        "dateRange(2026)": True,
        "dateRange(25, 3)": True,
        "dateRange('DEC', 'FEB')": False,
        "dateRange(20, 'NOV', 3, 'JAN')": True,
        "dateRange('NOV', 2026, 'DEC', 2026)": True,
        "dateRange(29, 'NOV', 2026, 1, 'DEC', 2026)": False,
        "dateRange('x', 'y')": False,
    }.items():
        source = f"{clock}function FindProxyForURL() {{ return String({call}); }}"
        assert pac.run(source, "", "", {}, "").untrusted_answer == str(true).lower(), call


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("function FindProxyForURL() { for (;;); }", "takes too long"),
        ("for (;;);", "takes too long"),
        (
            "const FindProxyForURL = () => { const all = []; for (;;) all.push('x'.repeat(1e6) + all.length); }",
            "memory",
        ),
        ("function FindProxyForURL(u, h) { return FindProxyForURL(u, h); }", "call stack"),
        ("function FindProxy() { return 'DIRECT'; }", "FindProxyForURL"),
        ("<html>log on to the network first</html>", "SyntaxError"),
        ("function FindProxyForURL() { throw 'no'; }", "no"),
        ("function FindProxyForURL() { return require('fs'); }", "require"),
    ],
)
def test_a_faulty_one_is_bounded_and_said(source: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pac, "RUN_S", 0.2 if "long" in why else pac.RUN_S)
    with pytest.raises(pac.PacFault, match=why):
        pac.run(source, "https://a.example/", "a.example", {}, "")


@pytest.mark.parametrize(
    ("answer", "ways"),
    [
        ("DIRECT", (Direct(),)),
        ("PROXY a.example:8080; DIRECT", (Proxy("a.example", 8080), Direct())),
        ("HTTPS b.example:444;PROXY a.example", (Proxy("b.example", 444, tls=True), Proxy("a.example", 3128))),
        ("SOCKS5 s.example:1080; PROXY [2001:db8::1]:3128", (Proxy("2001:db8::1", 3128),)),
        ("SOCKS s.example:1080", ()),
        ("PROXY a.example:port; PROXY u@a.example:1; direct to nowhere", ()),
        ("", ()),
    ],
)
def test_what_it_answers_is_read_and_what_is_not_spoken_here_left_out(answer: str, ways: tuple[Way, ...]) -> None:
    assert ways_of(answer) == ways


def decided(rules: Rules, *hosts: str) -> list[tuple[Way, ...]]:
    async def decide() -> list[tuple[Way, ...]]:
        deciding = Deciding(rules)
        return [await deciding.ways(host, 443) for host in hosts]

    return asyncio.run(decide())


def test_names_are_looked_up_between_its_runs(tmp_path: Path) -> None:
    file = tmp_path / "proxy.pac"
    file.write_text(
        "function FindProxyForURL(url, host) {"
        " try { dnsResolve('first.localhost'); } catch (fault) { return 'DIRECT'; }"  # it hides that it wants a name
        " return isInNet(host, '127.0.0.0', '255.0.0.0') ? 'PROXY in.example:1' : 'PROXY out.example:2'; }"
    )
    found = decided(Rules("pac", pac=str(file)), "second.localhost", "nowhere.invalid")
    assert found == [(Proxy("in.example", 1),), (Proxy("out.example", 2),)]
    file.write_text(
        "function FindProxyForURL(url, host) { for (let n = 0; ; n++) dnsResolve('n' + n + '.localhost'); }"
    )
    with pytest.raises(ProxyUnknownError) as caught:
        decided(Rules("pac", pac=str(file)), "a.example")
    assert "more than 20 names" in caught.value.detail


def test_one_that_names_nothing_leads_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "proxy.pac"
    for answer in ("", "SOCKS s.example:1080", "nonsense"):
        file.write_text(f"function FindProxyForURL() {{ return '{answer}'; }}")
        with pytest.raises(ProxyUnknownError, match="names no way"):
            decided(Rules("pac", pac=str(file)), "a.example")
    with pytest.raises(ProxyUnknownError, match="cannot be loaded"):
        decided(Rules("pac", pac=str(tmp_path / "away.pac")), "a.example")
    assert decided(Rules("pac", pac=str(file), bypass=("*.force.example",)), "a.force.example") == [(Direct(),)]


def test_it_is_fetched_by_https_from_whom_policy_trusts_and_stays_in_use(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificates.server.server_context()
    with running_site("localhost", tls) as site:
        source = "function FindProxyForURL() { return 'PROXY p.example:3128'; }"
        site.pages |= {"/proxy.pac": source, "/moved.pac": to(site["/proxy.pac"]), "/large.pac": " " * (1 << 21)}
        rules = Rules("pac", pac=site["/proxy.pac"], ca_file=certificates.ca)
        assert decided(rules, "a.example") == [(Proxy("p.example", 3128),)]
        for path in ("/moved.pac", "/large.pac", "/away.pac"):
            with pytest.raises(ProxyUnknownError, match="cannot be loaded"):
                decided(replace(rules, pac=site[path]), "a.example")
        with pytest.raises(ProxyUnknownError) as caught:
            decided(replace(rules, ca_file=None), "a.example")
        assert "certificate" in caught.value.detail or "issuer" in caught.value.detail
        # Loaded once, it stays in use while a newer one cannot be.
        monkeypatch.setattr("launcher.relay.pac_file.AGAIN_S", 0.0)
        monkeypatch.setattr("launcher.relay.deciding.HOLDS_S", 0.0)

        async def later() -> tuple[Way, ...]:
            deciding = Deciding(rules)
            await deciding.ways("a.example", 443)
            site.pages["/proxy.pac"] = Answer(status=503)
            return await deciding.ways("a.example", 443)

        assert asyncio.run(later()) == (Proxy("p.example", 3128),)


def test_one_on_a_share_that_is_away_is_waited_for_once_and_an_older_one_stays_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.relay.pac_file.WAITED_S", 0.2)
    monkeypatch.setattr("launcher.relay.pac_file.AGAIN_S", 0.0)
    monkeypatch.setattr("launcher.relay.deciding.HOLDS_S", 0.0)
    file, share = tmp_path / "proxy.pac", tmp_path / "share.pac"
    file.write_text("function FindProxyForURL() { return 'PROXY p.example:3128'; }")
    os.mkfifo(share)  # whoever opens it waits, as at a share whose server is gone

    def loads() -> set[threading.Thread]:
        return {thread for thread in threading.enumerate() if thread.name == "pac load"}

    async def story() -> tuple[tuple[Way, ...], int]:
        deciding = Deciding(Rules("pac", pac=str(file)))
        await deciding.ways("a.example", 443)
        before = loads()  # also those that end meanwhile: the test before leaves one that nobody waits for
        share.replace(file)
        monkeypatch.setattr("launcher.relay.pac_file.WAITED_S", 3600.0)  # nobody waits who has the older one
        await deciding.ways("a.example", 443)
        return await deciding.ways("a.example", 443), len(loads() - before)

    try:
        with pytest.raises(ProxyUnknownError, match="cannot be loaded") as caught:
            decided(Rules("pac", pac=str(share)), "a.example")
        assert caught.value.detail == "it is not there in time"
        assert asyncio.run(story()) == ((Proxy("p.example", 3128),), 1)
    finally:
        for one in (file, share):  # whoever still waits is let go
            with contextlib.suppress(OSError):
                os.close(os.open(one, os.O_WRONLY | os.O_NONBLOCK))


def test_a_newer_one_is_taken_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.relay.pac_file.AGAIN_S", 0.0)
    monkeypatch.setattr("launcher.relay.deciding.HOLDS_S", 0.0)
    file = tmp_path / "proxy.pac"
    file.write_text("function FindProxyForURL() { return 'PROXY old.example:1'; }")

    async def story() -> tuple[Way, ...]:
        deciding = Deciding(Rules("pac", pac=str(file)))
        old = await deciding.ways("a.example", 443)
        file.write_text("function FindProxyForURL() { return 'PROXY new.example:1'; }")
        while (ways := await deciding.ways("a.example", 443)) == old:
            pass
        return ways

    assert asyncio.run(story()) == (Proxy("new.example", 1),)


def test_a_server_that_drips_it_is_left(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.relay.pac_file.LOAD_S", 0.5)

    async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)  # the server's own pace

    async def story() -> None:
        async with host(drips) as port:
            with FaultProxy(port, tls=certificates.server) as front:
                place = f"https://localhost:{front.port}/proxy.pac"
                deciding = Deciding(Rules("pac", pac=place, ca_file=certificates.ca))
                with pytest.raises(ProxyUnknownError) as caught:
                    await deciding.ways("a.example", 443)
                assert caught.value.detail == "the server sends it too slowly"

    asyncio.run(story())


def test_by_its_word_each_host_goes_its_way_and_past_a_proxy_that_is_away(
    served: Served, proxy: Squid, behind_proxy: Records, certificates: Certificates, tmp_path: Path
) -> None:
    away = ReservedPort()
    file = tmp_path / "proxy.pac"
    file.write_text(
        f"function FindProxyForURL(url, host) {{ if (host === '{BEHIND}')"
        f" return 'PROXY 127.0.0.1:{away.number}; PROXY 127.0.0.1:{proxy.port}';"
        " if (host === '0.0.0.0') return 'DIRECT'; }"
    )
    road = served(Rules("pac", pac=str(file), auth="basic", password_in_clear=True), proves(PASSWORD))
    place = f"{BEHIND}:{behind_proxy.port}"
    before = len(proxy.logged(place))
    assert asked(road.connect_blocking(BEHIND, behind_proxy.port), certificates).startswith(b"HTTP/1.1 401")
    assert proxy.told(place, before + 1)[-1].who == ALICE.uid
    with ssl.create_default_context(cafile=str(certificates.ca)).wrap_socket(
        road.connect_blocking("0.0.0.0", behind_proxy.port), server_hostname=BEHIND
    ):
        assert not proxy.logged(f"0.0.0.0:{behind_proxy.port}")
    with pytest.raises(ProxyUnknownError, match=r"names no way to other\.example"):
        road.connect_blocking("other.example", 443)
    away.release()
