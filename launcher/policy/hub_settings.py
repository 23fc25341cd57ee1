"""The hub of this station: ``[hub]`` of the station file."""

from __future__ import annotations

from pydantic import Field, field_validator

from launcher.addresses import is_host, origin_fault
from launcher.policy.section import OptionalPath, Section


class HubSettings(Section):
    """The central service: the helpdesk's road to this terminal; nothing here waits for it. Help page: hub."""

    addresses: tuple[str, ...] = Field(
        min_length=1,
        max_length=8,
        description="Addresses of the hub, https://hub.force.example; the last one that answered is tried first. "
        "http:// is for this computer's own addresses only.",
    )
    ca_file: OptionalPath = Field(
        default=None,
        description="PEM file of the CA that signed the hub's certificate; nothing else is trusted then. Empty: the "
        "system's trust.",
    )
    sockets: bool = Field(
        default=True, description="Hold a WebSocket to the hub; false: ask it in intervals, where none can pass."
    )
    poll_s: float = Field(
        default=15.0,
        ge=1,
        le=60,  # the hub counts a station without a socket as away after 90 s (hub.stations.reach)
        description="Seconds between two questions where no socket passes: what the helpdesk does there is as late.",
    )
    scopes: tuple[str, ...] = Field(
        default=(),
        description="For officers who log on at the provider: what an access token for the hub is asked for with, e.g. "
        "https://hub.force.example/officer. Empty: the station vouches for them.",
    )
    kerberos_host: str = Field(
        default="",
        description="For officers with a ticket: the host of the hub's service HTTP/host in the realm. Empty: the "
        "station vouches for them.",
    )

    @field_validator("addresses")
    @classmethod
    def _private_origins(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            fault = origin_fault(address)
            if fault is not None:
                raise ValueError(fault)
        if len(set(addresses)) != len(addresses):
            raise ValueError("each address may stand there once")
        return addresses

    @field_validator("kerberos_host")
    @classmethod
    def _a_host(cls, host: str) -> str:
        if host and not is_host(host):
            raise ValueError(f"{host!r} is not a host such as hub.force.example")
        return host.lower()
