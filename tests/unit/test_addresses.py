"""Hosts and addresses as browsers read them: one table for all who judge them."""

from __future__ import annotations

import pytest

from launcher.addresses import (
    address_fault,
    begins,
    host_matches,
    host_of,
    hostname_of,
    is_host,
    is_private,
    is_this_computer,
    origin_fault,
    origin_of,
    path_of,
    to_look_up,
)

THIS_COMPUTER = (
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "b.a.localhost.",
    "127.0.0.1",
    "127.0.0.1.",
    "127.0.0.9",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7F.1",
    "0177.0.0.1",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "::1%lo",
    "ｌｏｃａｌｈｏｓｔ",
    "１２７．０．０．１",
    "127。0。0。1",
)
ANOTHER = (
    "",
    ".",
    "localhost.example",
    "localhost.evil.example",
    "notlocalhost",
    "localhost%00.evil.example",
    "localhost/.evil.example",
    "128.0.0.1",
    "0.0.0.0",
    "::",
    "::2",
    "::ffff:128.0.0.1",
    "127.0.0.1.evil.example",
    "127.0.0.256",
    "127.0.0.0.1",
    "127.0.0.08",
    "4294967296",
    "0x",
    "10.0.0.1",
    "x" * 300,
)


@pytest.mark.parametrize("host", THIS_COMPUTER)
def test_this_computer_is_known_however_it_is_written(host: str) -> None:
    assert is_this_computer(host) is True


@pytest.mark.parametrize("host", ANOTHER)
def test_no_other_host_is_this_computer(host: str) -> None:
    assert is_this_computer(host) is False


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("records.localhost", "127.0.0.1"),
        ("LOCALHOST.", "127.0.0.1"),
        ("records.force.example", "records.force.example"),
        ("localhost.force.example", "localhost.force.example"),
        ("::1", "::1"),
    ],
)
def test_what_a_resolver_is_asked_for(host: str, asked: str) -> None:
    assert to_look_up(host) == asked


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Custody.Force.Example:443/a?b#c", "https://custody.force.example"),
        ("HTTPS://a.example", "https://a.example"),
        ("https://a.example:80/", "https://a.example:80"),
        ("http://a.example:80/", "http://a.example"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:80/x", "http://[::1]"),
        ("http://[0:0:0::1]:8000/x", "http://[::1]:8000"),
        ("http://2130706433:8000/", "http://127.0.0.1:8000"),
        ("https://0x7f.1/", "https://127.0.0.1"),
        ("https://user:pass@host.example/", "https://host.example"),
        ("https://good.example@evil.example/", "https://evil.example"),
        ("https://good.example#@evil.example/", "https://good.example"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("https://ｅvil.example/", "https://evil.example"),
        ("https://host.example./", "https://host.example"),
        ("https://good.example\\@evil.example/", ""),
        ("https://good.example\\.evil.example/", ""),
        ("https://straße.example/", ""),
        ("https://e%76il.example/", ""),
        ("https://[fe80::1%25eth0]/", ""),
        ("https://1.2.3.4.5/", ""),
        ("https:evil.example/", ""),
        ("https:///evil.example/", ""),
        ("file:///etc/passwd", ""),
        ("ws://a.example/", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://a b.example/", ""),
        ("https://[::1/", ""),
        ("https://host:notaport/", ""),
        ("https://host:99999/", ""),
        ("//host/", ""),
        ("about:blank", ""),
        ("", ""),
    ],
)
def test_the_origin_of_an_address(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_what_is_said_of_a_place_holds_no_query() -> None:
    assert path_of("https://a.example/b/c?token=1#t") == "a.example/b/c"
    assert host_of("https://A.example:8443/b?token=1") == "a.example:8443"
    assert host_of("data:text/html,secret") == "data"
    assert hostname_of("https://A.example:8443/b") == "a.example"
    assert hostname_of("https://[::1]:8443/b") == "::1"
    assert hostname_of("data:text/html,secret") == ""


@pytest.mark.parametrize(
    ("address", "prefix", "does"),
    [
        ("https://a.example/x", "https://a.example", True),
        ("https://a.example/x", "https://a.example/x", True),
        ("https://a.example.evil/x", "https://a.example", False),
        ("https://a.example:444/x", "https://a.example", False),
        ("https://a.example/y", "https://a.example/x", False),
    ],
)
def test_an_address_begins_within_its_origin_only(address: str, prefix: str, does: bool) -> None:
    assert begins(address, prefix) is does


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("https://x.example", True),
        ("http://localhost:1", True),
        ("http://id.localhost", True),
        ("http://id.localhost.", True),
        ("http://127.0.0.9", True),
        ("http://127.1", True),
        ("http://[::1]", True),
        ("http://[::ffff:127.0.0.1]", True),
        ("http://x.example", False),
        ("http://localhost.evil.example", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
        ("ftp://localhost", False),
        ("", False),
    ],
)
def test_plain_http_is_private_on_this_computer_only(address: str, private: bool) -> None:
    assert is_private(address) is private


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("https://a.example/x?y", ""),
        ("http://127.0.0.1:8000/", ""),
        ("http://a.localhost/", ""),
        ("http://a.example/", "is not https"),
        ("ftp://a.example/", "is not an https:// address"),
        ("https://a.example/ x", "is not an https:// address"),
        ("https://a.example\\x", "is not an https:// address"),
        ("https://a.example/\u202e", "is not an https:// address"),
        ("https://e%76il.example/", "is not an https:// address"),
        ("https://a:b@a.example/", "no name or password"),
        ("https://a.example:x/", "is not an address"),
    ],
)
def test_what_is_wrong_with_an_address_in_a_file(address: str, word: str) -> None:
    fault = address_fault(address)
    assert (fault is None) is (not word)
    assert word in (fault or "")


def test_an_origin_is_written_as_a_browser_writes_it() -> None:
    assert origin_fault("https://a.example:8443") is None
    for written, meant in {
        "https://A.example": "https://a.example",
        "https://a.example/": "https://a.example",
        "https://a.example:443": "https://a.example",
        "https://a.example.": "https://a.example",
        "http://127.1:8000": "http://127.0.0.1:8000",
    }.items():
        assert origin_fault(written) == f"{written!r} is not an origin; write {meant!r}"


@pytest.mark.parametrize(
    ("host", "patterns", "matches"),
    [
        ("a.force.example", ("*.force.example",), True),
        ("A.Force.Example.", ("*.force.example",), True),
        ("a.b.force.example", ("*.force.example",), True),
        ("force.example", ("*.force.example",), False),
        ("force.example", ("force.example",), True),
        ("evilforce.example", ("*.force.example",), False),
        ("a.force.example.evil.example", ("*.force.example",), False),
        (".force.example", ("*.force.example",), False),
        ("a.force.example", (), False),
    ],
)
def test_hosts_against_patterns(host: str, patterns: tuple[str, ...], matches: bool) -> None:
    assert host_matches(host, patterns) is matches


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("records.force.example", True),
        ("RECORDS", True),
        ("10.0.0.1", True),
        ("::1", True),
        ("-l", False),
        ("records.", False),
        ("records:22", False),
        ("a b", False),
        ("", False),
    ],
)
def test_what_is_a_host(text: str, host: bool) -> None:
    assert is_host(text) is host
