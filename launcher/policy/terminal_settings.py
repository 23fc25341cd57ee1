"""Which hosts a terminal may reach and whom it trusts: ``[terminals]`` of the station file."""

from __future__ import annotations

import ipaddress
import re

from pydantic import Field, field_validator

from launcher.policy.section import OptionalPath, Section

_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class TerminalSettings(Section):
    """Hosts with terminals: whom to trust, what may go in clear, what is written down."""

    hosts: tuple[str, ...] = Field(
        default=(),
        description="Hosts that entries may call by any line, * for one or more labels: *.force.example. Empty: any, "
        "so that a faulty entry can send an officer's password anywhere.",
    )
    telnet_hosts: tuple[str, ...] = Field(
        default=(),
        description="Hosts that entries may reach by telnet, where anyone on the way can read along; * for one or more "
        "labels: *.force.example. Empty: none but this computer itself.",
    )
    known_hosts: OptionalPath = Field(
        default=None,
        description="File of the SSH hosts' keys, as OpenSSH's known_hosts; a host not in it is refused. Empty: no "
        "host is reached by SSH.",
    )
    ca_file: OptionalPath = Field(
        default=None,
        description="PEM file of the CA that signed the 3270 hosts' certificates; empty: the system's trust.",
    )
    session_logs: OptionalPath = Field(
        default=None,
        description="Folder in which every terminal's screens are written down, without passwords; empty: not written.",
    )
    scroll_back: int = Field(
        default=5000, ge=0, le=20_000, description="Rows that SSH and telnet terminals keep above the screen."
    )

    @field_validator("hosts", "telnet_hosts")
    @classmethod
    def _only_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host.lower()) and not _is_address(host):
                raise ValueError(f"{host!r} is not a host such as records.force.example or *.force.example")
        return tuple(host.lower() for host in hosts)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
