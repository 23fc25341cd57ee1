"""What doctor says of terminals: its engine, the keys of SSH hosts, and real hosts that answer or do not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from launcher.bootstrap.doctor import terminals
from launcher.bootstrap.doctor.finding import Finding
from launcher.policy.settings import Settings
from launcher.terminal.vt.choice import ENGINES, vt_choice
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.fault_proxy import FaultProxy
from tests.servers.process import LOOPBACK

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvcmNlLWV4YW1wbGUta2V5LW5vdC1vZi1hbnlib2R5"


def entry(line: str, host: str, port: int, more: str = "") -> str:
    sign_on = "password" if line == "ssh" else "none"
    return f"""\
name = "One"
kind = "terminal"
group = "Records"
hue = "steel"

[terminal]
line = "{line}"
host = "{host}"
port = {port}
sign_on = "{sign_on}"
{more}

[[screen]]
name = "there"
text = ["READY"]
means = "ready"
"""


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        return int(one.getsockname()[1])


@pytest.fixture
def listening() -> Iterator[int]:
    """A host that says at once that it speaks SSH."""

    def greet() -> None:
        with suppress(OSError):
            while True:
                wire, _ = listener.accept()
                with wire:
                    wire.sendall(b"Northfield Police\r\nSSH-2.0-here\r\n")

    with socket.create_server((LOOPBACK, 0)) as listener:
        greeting = threading.Thread(target=greet)
        greeting.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        greeting.join(30)


def settings_of(catalogue: Path, **policy: object) -> Settings:
    policy.setdefault("hosts", ["*.localhost", "localhost"])
    return Settings.model_validate(
        {
            "station": {"terminal": "FD", "catalogue": str(catalogue)},
            "sign_in": {"methods": ["local"]},
            "local": {},
            "terminals": policy,
        }
    )


def found(folder: Path, text: str, **policy: object) -> list[Finding]:
    catalogue = folder / "catalogue"
    catalogue.mkdir()
    (catalogue / "one.toml").write_text(text)
    return list(terminals.terminal_findings(settings_of(catalogue, **policy)))


def test_nothing_is_said_where_no_system_has_a_terminal(tmp_path: Path) -> None:
    assert list(terminals.terminal_findings(settings_of(tmp_path))) == []


def test_the_engine_is_said_and_a_fallback_has_a_next_step() -> None:
    wanted = next(iter(ENGINES))
    assert terminals.engine(vt_choice({wanted: "launcher.terminal.terminal:Terminal"})).well
    fallback = terminals.engine(vt_choice({wanted: "no_such_module:Engine", "pyte": ENGINES["pyte"]}))
    assert "use pyte, which is slower and knows less: ghostty cannot be loaded" in fallback.found
    assert "pyghostty" in fallback.next_step
    none = terminals.engine(vt_choice({wanted: "no_such_module:Engine"}))
    assert (none.well, "There is no engine" in none.found) == (False, True)


@pytest.mark.parametrize(
    ("text", "mode", "well", "said"),
    [
        (f"[records.localhost]:{{port}} {KEY}\n", 0o644, True, "has one of every SSH host"),
        (f"records.localhost {KEY}\n", 0o644, True, "has one of every SSH host"),
        (f"other.localhost {KEY}\n", 0o644, False, "has no key of [records.localhost]:"),
        ("# nothing yet\n\n", 0o644, False, "is empty"),
        (f"[records.localhost]:{{port}} {KEY}\n", 0o666, False, "can be written by others"),
        (f"[records.localhost]:{{port}} {KEY}\n", 0o600, False, "is not readable by all"),
    ],
)
def test_the_keys_of_ssh_hosts(tmp_path: Path, listening: int, text: str, mode: int, well: bool, said: str) -> None:
    file = tmp_path / "known_hosts"
    file.write_text(text.format(port=listening))
    file.chmod(mode)
    findings = found(tmp_path, entry("ssh", "records.localhost", listening), known_hosts=str(file))
    assert findings[0].looked_at == "terminal engine"
    keys = [one for one in findings if one.looked_at == "keys of SSH hosts"]
    assert any(said in one.found for one in keys)
    assert all(one.well for one in keys) == well
    assert findings[-1].looked_at == f"ssh records.localhost:{listening}"
    assert "speaks SSH" in findings[-1].found


def test_hosts_that_nobody_has_named(tmp_path: Path, listening: int) -> None:
    open_to_all, telnet = found(tmp_path, entry("tn3270", "localhost", listening, "tls = false"), hosts=[])
    assert (open_to_all.well, "[terminals] hosts" in open_to_all.next_step) == (False, True)
    assert telnet.well


def test_nothing_shows_that_a_telnet_host_is_the_one(tmp_path: Path, listening: int) -> None:
    assert "nothing shows that it is the host" in found(tmp_path, entry("telnet", "localhost", listening))[-1].found


def test_tickets_need_a_package_that_no_set_up_brings(tmp_path: Path, free_port: int) -> None:
    ssh = entry("ssh", "records.localhost", free_port)
    for folder in ("ticket", "password"):
        (tmp_path / folder).mkdir()
    by_ticket = found(tmp_path / "ticket", ssh.replace('"password"', '"ticket"'))
    assert "tickets for SSH" in [one.looked_at for one in by_ticket]
    assert "tickets for SSH" not in [one.looked_at for one in found(tmp_path / "password", ssh)]
    assert terminals.tickets(there=True).well
    missing = terminals.tickets(there=False)
    assert (missing.well, "libkrb5-dev" in missing.next_step) == (False, True)


def test_the_folder_of_session_logs(tmp_path: Path, free_port: int) -> None:
    folder = tmp_path / "logs"
    findings = found(tmp_path, entry("tn3270", "localhost", free_port, "tls = false"), session_logs=str(folder))
    assert "is not there" in findings[0].found
    assert "install -d -m 1733" in findings[0].next_step
    folder.mkdir(mode=0o700)
    assert terminals.session_logs(folder, own_accounts=False).well
    assert "cannot write" in terminals.session_logs(folder, own_accounts=True).found
    folder.chmod(0o1733)
    assert terminals.session_logs(folder, own_accounts=True).well


def test_keys_that_no_file_has(tmp_path: Path, free_port: int) -> None:
    findings = found(tmp_path, entry("ssh", "records.localhost", free_port))
    (keys,) = [one for one in findings if one.looked_at == "keys of SSH hosts"]
    assert "no file is named" in keys.found
    assert "[terminals] known_hosts" in keys.next_step
    assert "does not take a connection" in findings[-1].found
    (gone,) = terminals.known_hosts(tmp_path / "gone", [])
    assert "No such file" in gone.found


@pytest.mark.parametrize(
    ("which", "said", "do"),
    [
        ("server", "answers, and its certificate is good", ""),
        ("expired", "certificate refused: certificate has expired", "valid now"),
        ("untrusted", "certificate refused", "name that one's PEM file in [terminals] ca_file"),
        ("wrong_host", "certificate refused", "the name that the certificate is for"),
    ],
)
def test_a_3270_host_is_called_up_to_its_certificate(
    tmp_path: Path, certificates: Certificates, which: str, said: str, do: str
) -> None:
    certificate: ServerCertificate = getattr(certificates, which)
    with socket.create_server((LOOPBACK, 0)) as listener:
        listener.settimeout(30)
        port = listener.getsockname()[1]

        def answer() -> None:
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            wire.settimeout(30)
            try:
                with certificate.server_context().wrap_socket(wire, server_side=True) as line:
                    line.recv(1)
            except OSError:
                wire.close()

        answering = threading.Thread(target=answer)
        answering.start()
        (finding,) = found(tmp_path, entry("tn3270", "records.localhost", port), ca_file=str(certificates.ca))
        answering.join(30)
    assert (finding.well, said in finding.found) == (not do, True), finding
    assert do in finding.next_step
    assert finding.looked_at == f"tn3270 records.localhost:{port}"


def test_an_authority_that_is_not_there_is_said(tmp_path: Path, listening: int) -> None:
    (finding,) = found(tmp_path, entry("tn3270", "records.localhost", listening), ca_file=str(tmp_path / "none.pem"))
    assert "certificate refused" in finding.found
    assert "Put the authorities' PEM file there" in finding.next_step


def test_a_host_that_says_nothing_or_something_else_is_not_taken_for_ssh(
    tmp_path: Path, silent: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminals, "CONNECT_S", 0.2)
    found_there = found(tmp_path, entry("ssh", "records.localhost", silent.port))[-1]
    assert found_there.found == "takes connections, and does not speak SSH"
    assert "host and port" in found_there.next_step


@pytest.mark.parametrize(
    ("line", "policy", "said", "do"),
    [
        (
            "telnet",
            {"hosts": ["*.force.example"], "telnet_hosts": ["*.other.example"]},
            "none of [terminals] telnet_hosts",
            "passwords go there in",
        ),
        ("ssh", {"hosts": ["*.other.example"]}, "none of [terminals] hosts", "name it in [terminals] hosts"),
    ],
)
def test_a_host_that_may_not_be_opened_is_not_called(
    tmp_path: Path, line: str, policy: dict[str, object], said: str, do: str
) -> None:
    finding = found(tmp_path, entry(line, "records.force.example", 23), **policy)[-1]
    assert said in finding.found
    assert do in finding.next_step


def test_a_3270_host_that_does_not_answer_and_one_in_clear(tmp_path: Path, free_port: int, listening: int) -> None:
    (finding,) = found(tmp_path, entry("tn3270", "records.localhost", free_port))
    assert (finding.well, "host and port" in finding.next_step) == (False, True)
    folder = tmp_path / "clear"
    folder.mkdir()
    (finding,) = found(folder, entry("tn3270", "localhost", listening, "tls = false"))
    assert (finding.well, finding.found) == (True, "takes connections, in clear")
