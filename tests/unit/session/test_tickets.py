"""A session has its officer's ticket from the log-on, signs on to a host by it, and leaves nothing of it."""

from __future__ import annotations

import asyncio
import gc
import socket
from pathlib import Path

import pytest

from launcher.identity.kerberos import cache
from launcher.residue.patterns import Patterns
from launcher.session import certificates
from launcher.session import commands as c
from launcher.session.card import Card
from launcher.wire import messages as m
from tests.servers.kdc import REALM, Kdc
from tests.servers.sshd import Sshd
from tests.servers.unix_host import USER
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import NAME, PASSWORD, Running

KERBEROS = f'\n[kerberos]\nrealm = "{REALM}"\n'


@pytest.fixture
def file(realm: Kdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the station lets this session's tickets lie."""
    monkeypatch.setenv("KRB5_CONFIG", str(realm.config))
    file = tmp_path / "run" / "tickets"
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{file}")
    return file


def test_an_officer_is_signed_on_to_a_host_by_the_ticket_of_the_log_on(
    file: Path, tmp_path: Path, realm: Kdc, kerberos_host: Sshd
) -> None:
    realm.add(NAME, password=PASSWORD)
    home = kerberos_host.process.folder / "home" / USER
    (home / ".k5login").write_text(f"{NAME}@{REALM}\n")
    spec = {"host": "localhost", "line": "ssh", "port": kerberos_host.port, "sign_on": "ticket", "user": USER}
    entry = t.terminal(spec, (t.UNIX_SHELL,), off=t.UNIX_OFF, line_end=True)
    made = t.bench(tmp_path / "a", {"shell": entry}, {}, kerberos_host.known_hosts, KERBEROS)
    made.residue_check = True

    async def story() -> None:
        async with made.session() as here:
            await t.opened(here, "shell")
            assert here.watched.launch_records()[-1].prompts == 0
            content = await asyncio.to_thread(file.read_bytes)
            told = [Patterns.from_wire(one) for one in here.watched.of(m.Canaries)]
            assert any(one.found_in(content) for one in told)
            await t.log_off(here)

    t.play(story)
    assert not file.exists()
    assert "Accepted gssapi-with-mic" in kerberos_host.process.log_text()
    assert realm.asked(NAME) == 2


def test_a_session_that_ends_before_the_ticket_is_there_leaves_none(file: Path, tmp_path: Path, realm: Kdc) -> None:
    made = t.bench(tmp_path / "a", {}, {}, limits=KERBEROS)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.LogOff(confirmed=True))
            await here.ended()

    t.play(story)
    assert not list(file.parent.glob("*"))


def test_a_card_whose_library_hangs_keeps_no_session_from_ending_nor_its_ticket(
    file: Path, tmp_path: Path, realm: Kdc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "LOCK_S", 0.05)
    realm.add(NAME, password=PASSWORD)
    made = t.bench(tmp_path / "a", {}, {}, limits=KERBEROS)
    cards: list[Card] = []

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            cards.extend(one for one in gc.get_objects() if type(one) is Card)
            for card in cards:
                card._lock.acquire()  # as a worker does that waits for the PIN pad
            here.send(c.LogOff(confirmed=True))
            await here.ended()

    try:
        t.play(story)
    finally:
        for card in cards:
            card._lock.release()
    assert cards
    assert not file.exists()


def test_a_realm_that_refuses_costs_nothing_but_what_needs_it(file: Path, tmp_path: Path, realm: Kdc) -> None:
    realm.add(NAME)  # of another password
    spec = {"host": "localhost", "line": "ssh", "port": 1, "sign_on": "ticket", "user": USER}
    entry = t.terminal(spec, (t.UNIX_SHELL,), off=t.UNIX_OFF, line_end=True)
    made = t.bench(tmp_path / "a", {"shell": entry}, {}, "localhost ssh-ed25519 AAAA", KERBEROS)

    async def failed(here: Running) -> str:
        here.send(c.RetrySystem("shell"))
        await here.launch("shell", "queued", "opening")
        view = await here.launch("shell", "failed")
        return view.error.reference if view.error is not None else ""

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            assert [await failed(here) for _ in range(2)] == ["kerberos-password-refused"] * 2
            assert here.now.stage == "signed-in"

    t.play(story)
    assert realm.failures(NAME) <= 1
    assert not file.exists()


def test_a_realm_that_is_silent_is_waited_for_once_by_all_who_want_a_ticket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cache, "ANSWER_S", 3.0)
    spec = {"host": "localhost", "line": "ssh", "port": 1, "sign_on": "ticket", "user": USER}
    entry = t.terminal(spec, (t.UNIX_SHELL,), off=t.UNIX_OFF, line_end=True)
    systems = ("one", "two", "three", "four")
    hosts = "localhost ssh-ed25519 AAAA"
    made = t.bench(tmp_path / "a", dict.fromkeys(systems, entry), {}, hosts, KERBEROS)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(*(c.OpenSystem(system) for system in systems))
            for system in systems:
                view = await here.launch(system, "failed")
                assert view.error is not None
                assert view.error.reference == "kerberos-unreachable"

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        realm = f"[realms]\n{REALM} = {{\nkdc = 127.0.0.1:{silent.getsockname()[1]}\n}}\n"
        (tmp_path / "krb5.conf").write_text(realm)
        monkeypatch.setenv("KRB5_CONFIG", str(tmp_path / "krb5.conf"))
        t.play(story)
    assert caplog.text.count("no ticket") <= 2  # the log-on's own try, and one for all four
