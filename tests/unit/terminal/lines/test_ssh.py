"""A line over SSH to a real sshd: who is let in, which host keys are, and what runs on it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.terminal.engine import VtEngine
from launcher.terminal.errors import (
    EngineMissingError,
    HostKeyUnknownError,
    TerminalLineError,
    TerminalSignInRefusedError,
)
from launcher.terminal.grid import CellGrid
from launcher.terminal.keys import Key
from launcher.terminal.line import LineFacts
from launcher.terminal.lines.ssh import Password, PrivateKey, Proof, SshLine, Ticket, open_ssh
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import MakeEngine, vt_engine
from tests.servers.fault_proxy import FaultProxy
from tests.servers.kdc import Kdc
from tests.servers.people import PASSWORD, WRONG_PASSWORD
from tests.servers.sshd import Sshd
from tests.servers.unix_host import GOODBYE, MUST_CHANGE, PROMPT, USER
from tests.unit.terminal.hosts import WITHIN_S
from tests.unit.terminal.vt.engines import both
from tests.unit.terminal.vt.engines import made as made_by

RIGHT = Password(Secret(PASSWORD))
ENTER = Key("Enter")


@pytest.fixture(autouse=True)
def no_home_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with what an SSH client must not read here."""
    folder = tmp_path / ".ssh"
    folder.mkdir()
    (folder / "config").write_text("Host *\n  User nobody-at-all\n  Port 1\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "no-agent"))
    return folder


def run(story: Awaitable[None]) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story

    asyncio.run(walk())


async def line_to(server: Sshd, proof: Proof = RIGHT, *, user: str = USER, known: str | None = None) -> SshLine:
    known = server.known_hosts if known is None else known
    return await open_ssh(server.host, server.port, user, proof, known, rows=24, columns=80)


def refused(server: Sshd, kind: type[LauncherError], proof: Proof = RIGHT, **how: str) -> LauncherError:
    """What is said where no line comes about."""
    caught: list[LauncherError] = []

    async def story() -> None:
        with pytest.raises(kind) as said:
            await line_to(server, proof, **how)
        caught.append(said.value)

    run(story())
    assert PASSWORD not in repr(caught[0]) + caught[0].detail + repr(caught[0].__cause__)
    return caught[0]


def prompts(words: str) -> Callable[[CellGrid], bool]:
    """The cursor stands right behind these words."""
    return lambda grid: grid.line(grid.cursor.row)[: grid.cursor.column].endswith(words)


def shows(*words: str) -> Callable[[CellGrid], bool]:
    return lambda grid: all(any(word in line for line in grid.lines()) for word in words)


async def signed_on(
    server: Sshd, proof: Proof = RIGHT, *, user: str = USER, make: MakeEngine = vt_engine
) -> Terminal[VtEngine]:
    made = Terminal(make(24, 80), await line_to(server, proof, user=user))
    await made.wait_for(prompts(PROMPT.replace(USER, user)), WITHIN_S)
    return made


@both
def test_an_officer_with_a_password_gets_a_shell_and_a_menu_by_arrow_keys_and_is_signed_off(
    ssh_host: Sshd, name: str
) -> None:
    make = made_by(name)

    async def story() -> None:
        made = await signed_on(ssh_host, make=make)
        assert made.facts == LineFacts(ssh_host.host, ssh_host.port, encrypted=True)
        made.type("menu")
        made.press(ENTER)
        await made.wait_for(shows("Person search", "Vehicle search"), WITHIN_S)
        # The menu has asked for application cursor keys: what a hand-written arrow would send is none there.
        made.press(Key("Down"))
        made.press(ENTER)
        await made.wait_for(shows("Chosen: 2"), WITHIN_S)
        await made.wait_for(prompts(PROMPT), WITHIN_S)
        made.type("menu")
        made.press(ENTER)
        await made.wait_for(shows("Person search", "Vehicle search"), WITHIN_S)
        made.press(Key("Down"))
        made.press(Key("Down"))
        made.press(ENTER)
        reason = await made.ended()
        assert reason.message == "The host has closed the line."
        assert shows(GOODBYE)(made.grid)
        await made.close()

    run(story())


def test_the_shell_has_the_terminal_it_was_told_of_and_every_new_size(ssh_host: Sshd) -> None:
    async def story() -> None:
        made = await signed_on(ssh_host)
        made.type("echo $TERM; stty size")
        made.press(ENTER)
        await made.wait_for(shows("xterm-256color", "24 80"), WITHIN_S)
        made.resize(30, 100)
        made.type("stty size")
        made.press(ENTER)
        await made.wait_for(shows("30 100"), WITHIN_S)
        assert (made.grid.rows, made.grid.columns) == (30, 100)
        await made.close()

    run(story())


def test_keys_that_control_a_program_do(ssh_host: Sshd) -> None:
    async def story() -> None:
        made = await signed_on(ssh_host)
        made.type("echo started; cat")
        made.press(ENTER)
        await made.wait_for(lambda grid: any(line.rstrip() == "started" for line in grid.lines()), WITHIN_S)
        made.type("echoed")
        made.press(ENTER)
        await made.wait_for(lambda grid: sum("echoed" in line for line in grid.lines()) == 2, WITHIN_S)
        made.press(Key("c", ctrl=True))
        await made.wait_for(prompts(PROMPT), WITHIN_S)
        made.type("echo left=$?")
        made.press(ENTER)
        await made.wait_for(shows("left=130"), WITHIN_S)
        await made.wait_for(prompts(PROMPT), WITHIN_S)
        # The shell has asked for brackets with its prompt: what is pasted runs only with the officer's own Enter.
        made.paste("echo pasted £5 中\necho twice")
        await made.wait_for(shows("echo twice"), WITHIN_S)
        assert not any(line.startswith("pasted") for line in made.grid.lines())
        made.press(ENTER)
        await made.wait_for(
            lambda grid: {"pasted £5 中", "twice"} <= {line.rstrip() for line in grid.lines()}, WITHIN_S
        )
        made.press(Key("d", ctrl=True))
        await made.ended()
        await made.close()

    run(story())


def test_a_line_that_has_ended_takes_nothing_more_and_may_be_closed_twice(ssh_host: Sshd) -> None:
    async def story() -> None:
        line = await line_to(ssh_host)
        await line.write(b"exit\r")
        while await line.read():
            pass
        assert await line.read() == b""
        with pytest.raises(TerminalLineError):
            await line.write(b"more")
        await line.resize(30, 100)
        await line.close()
        await line.close()
        with pytest.raises(TerminalLineError):
            await line.write(b"more")
        await line.resize(30, 100)

    run(story())


def test_an_officer_with_a_key_gets_a_shell(ssh_host: Sshd) -> None:
    async def story() -> None:
        made = await signed_on(ssh_host, PrivateKey(Secret(ssh_host.officer_key)))
        await made.close()

    run(story())


def test_a_password_that_has_expired_is_changed_on_the_host_s_own_screen(fresh_ssh_host: Sshd) -> None:
    async def story() -> None:
        made = Terminal(vt_engine(24, 80), await line_to(fresh_ssh_host, user=MUST_CHANGE))
        for asked, given in (
            ("Current password: ", PASSWORD),
            ("New password: ", "Next-Pw-2!x"),
            ("new password: ", ""),
        ):
            await made.wait_for(prompts(asked), WITHIN_S)
            made.type_secret(Secret(given or "Next-Pw-2!x"))
            made.press(ENTER)
        await made.wait_for(shows("password updated successfully"), WITHIN_S)
        await made.ended()
        await made.close()
        again = await signed_on(fresh_ssh_host, Password(Secret("Next-Pw-2!x")), user=MUST_CHANGE)
        await again.close()

    run(story())


def test_a_wrong_password_is_refused_and_was_tried_once(ssh_host: Sshd) -> None:
    before = ssh_host.wrong_passwords(USER)
    said = refused(ssh_host, TerminalSignInRefusedError, Password(Secret(WRONG_PASSWORD)))
    assert said.reference == "terminal-logon-refused"
    assert ssh_host.wrong_passwords(USER, before + 1) == before + 1


def test_a_name_that_the_host_does_not_know_is_refused(ssh_host: Sshd) -> None:
    refused(ssh_host, TerminalSignInRefusedError, user="nobody-here")


def test_a_name_that_cannot_be_sent_is_said_without_it(ssh_host: Sshd) -> None:
    said = refused(ssh_host, TerminalSignInRefusedError, user="pc\u0221\x07")
    assert said.message.endswith("cannot be given this name or password.")
    assert said.__cause__ is None


@pytest.mark.parametrize(
    "key", ["", "not a key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"]
)
def test_a_key_that_is_none_is_said_without_a_word_of_it(ssh_host: Sshd, key: str) -> None:
    said = refused(ssh_host, TerminalSignInRefusedError, PrivateKey(Secret(key)))
    assert said.message == "Your key for this system cannot be read."
    assert said.__cause__ is None


def test_a_key_that_the_host_does_not_know_is_refused(ssh_host: Sshd) -> None:
    key = (ssh_host.process.folder / "other_key").read_text()
    refused(ssh_host, TerminalSignInRefusedError, PrivateKey(Secret(key)))


def test_a_ticket_needs_its_package(ssh_host: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    said = refused(ssh_host, EngineMissingError, Ticket())
    assert "gssapi" in said.detail


def test_an_officer_with_a_ticket_gets_a_shell_and_one_without_is_refused(
    realm: Kdc, kerberos_host: Sshd, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kerberos_host.host = "localhost"
    realm.add(USER)
    monkeypatch.setenv("KRB5_CONFIG", str(realm.config))
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path / 'no-tickets'}")
    refused(kerberos_host, TerminalSignInRefusedError, Ticket())
    tickets = realm.ticket(USER)

    async def story() -> None:
        made = await signed_on(kerberos_host, Ticket(tickets))  # whatever the environment names
        await made.close()
        monkeypatch.setenv("KRB5CCNAME", f"FILE:{tickets}")
        made = await signed_on(kerberos_host, Ticket())
        await made.close()

    run(story())
    assert "Accepted gssapi-with-mic" in kerberos_host.process.log_text()


def test_a_host_key_that_nobody_entered_is_refused_with_its_fingerprint(ssh_host: Sshd, no_home_of_ours: Path) -> None:
    # Neither the account's own list nor an entry by another name counts.
    (no_home_of_ours / "known_hosts").write_text(ssh_host.known_hosts)
    for known in ("", f"elsewhere.example {ssh_host.host_key}\n", f"[{ssh_host.host}]:1 {ssh_host.host_key}\n"):
        said = refused(ssh_host, HostKeyUnknownError, known=known)
        assert said.reference == "terminal-host-key-refused"
        assert ssh_host.fingerprint() in said.message
        assert "IT has entered none for it" in said.message
    assert (no_home_of_ours / "known_hosts").read_text() == ssh_host.known_hosts


def test_a_host_key_that_is_another_one_is_refused_with_its_fingerprint(ssh_host: Sshd) -> None:
    place = f"[{ssh_host.host}]:{ssh_host.port}"
    assert (
        ssh_host.fingerprint()
        in refused(ssh_host, HostKeyUnknownError, known=f"{place} {ssh_host.other_key}\n").message
    )
    # Of another kind: the two have no kind of key in common.
    assert (
        ssh_host.fingerprint()
        in refused(ssh_host, HostKeyUnknownError, known=f"{place} {ssh_host.ecdsa_key}\n").message
    )


def test_a_host_key_that_was_revoked_is_refused(ssh_host: Sshd) -> None:
    revoked = f"{ssh_host.known_hosts}@revoked * {ssh_host.host_key}\n"
    assert "may not be used any more" in refused(ssh_host, HostKeyUnknownError, known=revoked).message


def test_names_are_found_hashed_by_pattern_and_by_their_authority_and_by_nothing_else(ssh_host: Sshd) -> None:
    place, elsewhere = f"[{ssh_host.host}]:{ssh_host.port}", f"[{ssh_host.host}]:{ssh_host.port - 1}"
    hashed = ssh_host.hashed(ssh_host.known_hosts)
    assert ssh_host.host not in hashed
    good = (
        hashed,
        f"[127.0.0.*]:{ssh_host.port} {ssh_host.host_key}\n",
        f"{place} {ssh_host.other_key}\n{place} {ssh_host.host_key}\n",
        f"{ssh_host.host} {ssh_host.host_key}\n",  # whatever the port, as no line names it
        f"# from IT\n\n@cert-authority {place} {ssh_host.authority}\n",
        f"@cert-authority * {ssh_host.authority}\n{place} {ssh_host.other_key}\n",
    )
    bad = (
        f"{ssh_host.host} {ssh_host.host_key}\n{place} {ssh_host.other_key}\n",
        ssh_host.hashed(f"{elsewhere} {ssh_host.host_key}\n"),
        f"[127.0.0.*]:{ssh_host.port},!{place} {ssh_host.host_key}\n",
        f"@cert-authority {elsewhere} {ssh_host.authority}\n",
        f"@cert-authority {place} {ssh_host.other_key}\n",
        f"{place} {ssh_host.authority}\n",  # an authority signs, and is no host's own key
        f"@cert-authority {place} {ssh_host.authority}\n@revoked * {ssh_host.authority}\n",
        f"@cert-authority {place} {ssh_host.authority}\n@revoked * {ssh_host.host_key}\n",
    )

    async def story() -> None:
        for known in good:
            await (await line_to(ssh_host, known=known)).close()

    run(story())
    before = ssh_host.wrong_passwords(USER)
    for known in bad:
        said = refused(ssh_host, HostKeyUnknownError, known=known)
        assert said.reference == "terminal-host-key-refused", known
    assert ssh_host.wrong_passwords(USER) == before


def test_entries_that_cannot_be_read_are_refused(ssh_host: Sshd) -> None:
    refused(ssh_host, HostKeyUnknownError, known="[127.0.0.1]:22 nonsense\n")
    assert "cannot be read" in refused(ssh_host, HostKeyUnknownError, known="one-word\n").message


def test_a_host_that_is_not_there_or_says_nothing_is_told(silent: FaultProxy) -> None:
    async def story() -> None:
        with pytest.raises(TerminalLineError, match="did not answer in time"):
            await open_ssh("127.0.0.1", silent.port, USER, RIGHT, "", rows=24, columns=80, within_s=0.2)

        async def other(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(other, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TerminalLineError, match="cannot be reached"):
            await open_ssh("127.0.0.1", port, USER, RIGHT, "", rows=24, columns=80)
        server.close()
        with pytest.raises(TerminalLineError, match="cannot be reached"):
            await open_ssh("127.0.0.1", port, USER, RIGHT, "", rows=24, columns=80)

    run(story())


def test_nothing_that_was_typed_is_in_any_log(ssh_host: Sshd, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        made = await signed_on(ssh_host)
        made.type("echo started; cat >/dev/null # typed-by-hand")
        made.press(ENTER)
        await made.wait_for(lambda grid: any(line.rstrip() == "started" for line in grid.lines()), WITHIN_S)
        made.type_secret(Secret("Typed-In-Secret"))
        made.press(ENTER)
        await made.wait_for(shows("Typed-In-Secret"), WITHIN_S)
        await made.close()

    with caplog.at_level(logging.DEBUG):
        run(story())
    said = caplog.text + ssh_host.process.log_text()
    for word in (PASSWORD, "typed-by-hand", "Typed-In-Secret"):
        assert word not in said
