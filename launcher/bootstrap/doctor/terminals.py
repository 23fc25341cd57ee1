"""Terminals: which engine shows them, whether the SSH hosts' keys are there, and whether the hosts answer."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from launcher.addresses import host_matches, is_this_computer
from launcher.bootstrap.doctor.finding import Finding, behind_proxy
from launcher.bootstrap.parts import CONNECTORS
from launcher.bootstrap.slots import has_slots
from launcher.catalogue.catalogue import load
from launcher.connectors.base import judge_of, kinds_of
from launcher.connectors.terminal import TerminalSpec
from launcher.connectors.terminal.known_hosts import key_entered
from launcher.errors import LauncherError
from launcher.policy.settings import Settings
from launcher.policy.terminal_settings import TerminalSettings
from launcher.relay.calling import called
from launcher.relay.errors import NobodyKnownError
from launcher.terminal.errors import TerminalCertificateRefusedError
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.vt.choice import VtChoice, vt_choice

CONNECT_S: Final = 5.0
_SSH_PORT: Final = 22
_MOST_BYTES: Final = 4096

_NETWORK = "Look at the network, and at host and port in the system's entry."
_NO_FILE = "Put the authorities' PEM file there, readable by all, or take [terminals] ca_file out of the station file."
_OUT_OF_DATE = "Ask who runs the host for a certificate that is valid now, and look at this computer's clock."
_OTHER_NAME = (
    "Write the name that the certificate is for as the entry's host; where there is none that is the host's, ask who "
    "runs it for another certificate."
)
_AUTHORITY = "Ask who runs the host which authority signed it, and name that one's PEM file in [terminals] ca_file."
_KEYS = (
    "Get each host's key from who runs it, and enter it there: a line as OpenSSH's known_hosts has it, which "
    "begins with [host]:port for a port other than 22."
)
_HOSTS = (
    "Name them in [terminals] hosts of the station file or the machine policy: any faulty entry can send an officer's "
    "password to a host that is not yours."
)
_NOT_ALLOWED = "Where it is a host of the force's, name it in [terminals] hosts; else take the entry away."
_NO_TELNET = (
    "Let the entry use SSH, or a 3270 over TLS, where the host has it; where it speaks telnet only, name it in "
    "[terminals] telnet_hosts: passwords go there in clear."
)
_TICKETS = (
    "It is to be had as source only: have it compiled into the launcher's own environment (Debian: gcc, libkrb5-dev), "
    "or let those entries sign on with a password or a key."
)
_ENGINE = (
    "Install the launcher's own packages anew (python3 -m installer setup): pyghostty is among them on a "
    "computer of the kind x86_64 or aarch64."
)


def terminal_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what is found of the systems behind terminals; nothing where the catalogue has none."""
    specs = _specs(settings)
    if any(spec.line != "tn3270" for spec in specs):
        yield engine(vt_choice())
    if specs and not settings.terminals.hosts:
        yield Finding("hosts of terminals", "entries may call any host", _HOSTS)
    if specs and settings.terminals.session_logs is not None:
        yield session_logs(settings.terminals.session_logs, has_slots())
    ssh = [spec for spec in specs if spec.line == "ssh"]
    if ssh:
        yield from known_hosts(settings.terminals.known_hosts, ssh)
    if any(spec.sign_on == "ticket" for spec in ssh):
        yield tickets(find_spec("gssapi") is not None)
    called: set[tuple[str, int]] = set()
    for spec in specs:
        place = (spec.host, spec.usual_port)
        if place not in called:
            called.add(place)
            yield asyncio.run(_answers(spec, settings.terminals))


def engine(choice: VtChoice) -> Finding:
    """Say which engine shows terminals over SSH and telnet, and why."""
    if not choice.best_here:
        return Finding("terminal engine", choice.said.rstrip("."), _ENGINE)
    return Finding("terminal engine", choice.said.rstrip("."))


def tickets(there: bool) -> Finding:
    """Say whether SSH can be signed on to with a Kerberos ticket; ``there``: its package is."""
    looked_at = "tickets for SSH"
    if not there:
        return Finding(looked_at, "the Python package gssapi is missing: no host is signed on to by a ticket", _TICKETS)
    return Finding(looked_at, "the package for Kerberos tickets is there")


def session_logs(folder: Path, own_accounts: bool) -> Finding:
    """Say whether sessions can write down what hosts show; ``own_accounts``: they run under accounts of their own."""
    looked_at = "logs of terminals"
    make = f"install -d -m 1733 {folder}: sessions write there, and read nothing of each other's."
    if not folder.is_dir():
        return Finding(looked_at, f"{folder} is not there, so nothing is written down", make)
    if own_accounts and not folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return Finding(looked_at, f"sessions cannot write to {folder}", make)
    if not own_accounts and not os.access(folder, os.W_OK):
        return Finding(looked_at, f"{folder} cannot be written to", make)
    return Finding(looked_at, f"screens are written down in {folder}, without passwords")


def known_hosts(file: Path | None, ssh: Sequence[TerminalSpec]) -> Iterator[Finding]:
    """Say whether the file of the SSH hosts' keys can be read, by whom, and whether it has every host of an entry."""
    looked_at = "keys of SSH hosts"
    if file is None:
        yield Finding(looked_at, "no file is named, so none is reached", f"Set [terminals] known_hosts. {_KEYS}")
        return
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
        mode = file.stat().st_mode
    except OSError as fault:
        yield Finding(looked_at, f"{file}: {fault.strerror}", f"Put the file there, readable by all. {_KEYS}")
        return
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        yield Finding(looked_at, f"{file} is empty, so no host is reached", _KEYS)
        return
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        said = f"{file} can be written by others, who could enter a false host's key"
        yield Finding(looked_at, said, f"chmod go-w {file}")
    elif mode & 0o444 != 0o444:
        yield Finding(looked_at, f"{file} is not readable by all", f"chmod 644 {file}: sessions have other accounts.")
    missing = sorted({_entered_as(spec) for spec in ssh if not key_entered(file, spec.host, spec.usual_port)})
    if missing:
        yield Finding(looked_at, f"{file} has no key of {', '.join(missing)}", _KEYS)
    else:
        yield Finding(looked_at, f"{file} has one of every SSH host in the catalogue")


def _entered_as(spec: TerminalSpec) -> str:
    return spec.host if spec.usual_port == _SSH_PORT else f"[{spec.host}]:{spec.usual_port}"


def _specs(settings: Settings) -> list[TerminalSpec]:
    # The policy is left aside: what it refuses is the catalogue's finding, and here is said why.
    catalogue = load(settings.station.catalogue, kinds_of(CONNECTORS), judge_of(CONNECTORS, None))
    return [entry.spec for entry in catalogue.entries if isinstance(entry.spec, TerminalSpec)]


async def _answers(spec: TerminalSpec, policy: TerminalSettings) -> Finding:
    """Call a host as an opening will: up to the verified certificate of a 3270's; nobody is signed on."""
    port = spec.usual_port
    looked_at = f"{spec.line} {spec.host}:{port}"
    if policy.hosts and not host_matches(spec.host, policy.hosts):
        return Finding(looked_at, "is none of [terminals] hosts, so it is not called", _NOT_ALLOWED)
    if spec.line == "telnet" and not (is_this_computer(spec.host) or host_matches(spec.host, policy.telnet_hosts)):
        return Finding(looked_at, "is none of [terminals] telnet_hosts, so it is not called", _NO_TELNET)
    greeting = b""
    try:
        if spec.line == "tn3270":
            line = await open_tcp(spec.host, port, tls=spec.tls, ca_file=policy.ca_file, within_s=CONNECT_S)
            await line.close()
        else:
            async with asyncio.timeout(CONNECT_S):
                wire = await called(spec.host, port)
            with wire:
                greeting = await _greeting(wire) if spec.line == "ssh" else b""
    except TerminalCertificateRefusedError as fault:
        said = fault.detail or fault.message
        return Finding(looked_at, f"certificate refused: {said}", _trusting(said, policy.ca_file))
    except NobodyKnownError:
        return behind_proxy(looked_at)
    except LauncherError as fault:
        return Finding(looked_at, fault.message, _NETWORK)
    except (OSError, TimeoutError, UnicodeError):
        return Finding(looked_at, "does not take a connection", _NETWORK)
    if spec.line == "tn3270":
        return Finding(looked_at, "answers, and its certificate is good" if spec.tls else "takes connections, in clear")
    if spec.line == "telnet":
        return Finding(looked_at, "takes connections, in clear; nothing shows that it is the host")
    if b"SSH-" not in greeting:
        return Finding(looked_at, "takes connections, and does not speak SSH", _NETWORK)
    return Finding(looked_at, "speaks SSH; whether it is the host is checked at the first opening")


async def _greeting(wire: socket.socket) -> bytes:
    """Return what a host says first, unasked: SSH's own name, and what may stand before it (RFC 4253, 4.2)."""
    said = b""
    loop = asyncio.get_running_loop()
    with suppress(TimeoutError):
        async with asyncio.timeout(CONNECT_S):
            while b"SSH-" not in said and len(said) < _MOST_BYTES and (more := await loop.sock_recv(wire, 256)):
                said += more
    return said


def _trusting(said: str, ca_file: Path | None) -> str:
    """Return what to do about a certificate that was refused."""
    if ca_file is not None and not os.access(ca_file, os.R_OK):
        return _NO_FILE
    if "expired" in said or "not yet valid" in said:
        return _OUT_OF_DATE
    return _OTHER_NAME if "mismatch" in said else _AUTHORITY
