"""How the hub is: whether its process lives, whether it can serve, and its figures; told to whoever may reach it."""

from __future__ import annotations

import ipaddress
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from launcher.hub import versions
from launcher.hub.errors import HubError, NotAllowedError
from launcher.hub.metrics import TYPE
from launcher.hub.requests import TheHub
from launcher.wire.hub.stations import Condition

router = APIRouter(tags=["condition"])


class NotReadyError(HubError):
    """The hub lives, and cannot serve now."""

    reference = "hub-not-ready"
    hint = "Look into its log: its store is of another version, or it was told to end."
    status: ClassVar[int] = 503


@router.get("/health")
async def health() -> Condition:
    """Say that this process lives; the store is not asked."""
    return Condition(well=True)


@router.get("/ready")
def ready(hub: TheHub) -> Condition:
    """Say that the store answers and has this version's form."""
    if hub.closing.is_set():
        raise NotReadyError("The hub ends.")
    if not versions.is_current(hub.store):
        raise NotReadyError("The store has the form of another version.")
    return Condition(well=True)


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(hub: TheHub, request: Request) -> PlainTextResponse:
    """Return the figures for Prometheus: to this computer, and to others where the hub's file says so."""
    serve = hub.settings.serve
    if not serve.metrics and (serve.behind_proxy or not _is_local(request)):
        raise NotAllowedError("The hub's figures are for its own computer.", hint="See [serve] metrics.")
    return PlainTextResponse(hub.metrics.told(hub), media_type=TYPE)


def _is_local(request: Request) -> bool:
    """Say whether this computer asks itself, and not through a proxy that the hub's file does not name."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
