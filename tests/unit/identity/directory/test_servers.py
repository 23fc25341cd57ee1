"""The order of the servers."""

from __future__ import annotations

import pytest

from launcher.identity.directory.servers import ServerList, address

A, B, C = "ldaps://a.example", "ldap://b.example", "ldaps://[::1]:1636"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls_first"),
    [(A, "a.example", 636, True), (B, "b.example", 389, False), (C, "::1", 1636, True)],
)
def test_an_address_is_taken_apart(url: str, host: str, port: int, tls_first: bool) -> None:
    one = address(url)
    assert (one.host, one.port, one.tls_first) == (host, port, tls_first)


def test_a_server_that_failed_is_last_for_a_minute() -> None:
    now_s = [0.0]
    servers = ServerList((A, B, C), clock=lambda: now_s[0])

    def order() -> list[str]:
        return [one.url for one in servers.in_order()]

    assert order() == [A, B, C]
    servers.failed(address(A))
    assert order() == [B, C, A]
    now_s[0] = 10
    servers.failed(address(B))
    assert order() == [C, A, B]
    servers.answered(address(A))
    assert order() == [A, C, B]
    now_s[0] = 70
    assert order() == [A, B, C]
