"""The hub's addresses, put together; every refusal is said as :class:`launcher.wire.hub.stations.Refused`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from launcher import __version__
from launcher.hub.acts.routes import router as acts
from launcher.hub.audit.routes import router as audit
from launcher.hub.commands.routes import router as commands
from launcher.hub.condition import router as condition
from launcher.hub.errors import HubError, MalformedError, NoSuchAddressError
from launcher.hub.happenings.routes import router as happenings
from launcher.hub.helpdesk.routes import router as helpdesk
from launcher.hub.lateness import Timed
from launcher.hub.metrics import Counted
from launcher.hub.notices.routes import router as notices
from launcher.hub.officers.asking import mark_roles
from launcher.hub.officers.routes import router as officers
from launcher.hub.refusal import refusal, retry_after
from launcher.hub.second.routes import router as second
from launcher.hub.sittings.routes import router as sittings
from launcher.hub.stations.administration import router as administration
from launcher.hub.stations.routes import router as stations
from launcher.hub.suspended.routes import router as suspended
from launcher.hub.told.routes import router as told
from launcher.hub.wrong.routes import router as wrong
from launcher.wire.hub import PREFIX
from launcher.wire.hub.stations import Refused

if TYPE_CHECKING:
    from launcher.hub.service import Hub

_log = logging.getLogger("launcher.hub")

FEATURES: tuple[APIRouter, ...] = (
    stations, commands, sittings, happenings, helpdesk, acts, officers, second, suspended, audit, notices, told, wrong,
    administration, condition,
)  # fmt: skip
"""The routers of all features: a new one is added here."""
LARGEST_BODY = 4 * 1024 * 1024
"""In bytes: the happenings of a station that was long away."""


def app_of(hub: Hub) -> FastAPI:
    """Return the application of one process; see :func:`launcher.hub.life.life` for what goes on beside it."""
    app = FastAPI(
        title="Station Launcher hub",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        responses={"default": {"model": Refused, "description": "Refused: what happened and what to do."}},
        redirect_slashes=False,
        max_body_size=LARGEST_BODY,
    )
    app.state.hub = hub
    app.add_middleware(Counted)
    app.add_middleware(Timed)
    for router in FEATURES:
        mark_roles(router)
        app.include_router(router, prefix=PREFIX)
    app.add_exception_handler(HubError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _no_such)
    app.add_exception_handler(Exception, _fault)
    return app


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HubError)  # noqa: S101 - what it is registered for
    headers = retry_after(error)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(refusal(error).model_dump(mode="json"), status_code=error.status, headers=headers)


def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    # What was sent is not said again: it may be a secret in the wrong place.
    faults = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"[:200] for one in error.errors()]
    return _refused(request, MalformedError("The request is malformed.", detail="\n".join(faults[:20])))


def _no_such(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    kind = NoSuchAddressError if error.status_code in (404, 405) else MalformedError
    said = refusal(kind(f"{error.detail}."))
    return JSONResponse(said.model_dump(mode="json"), status_code=error.status_code, headers=error.headers)


def _fault(_: Request, error: Exception) -> JSONResponse:
    _log.error("hub-fault", exc_info=error)
    said = refusal(HubError("Something in the hub went wrong."))
    return JSONResponse(said.model_dump(mode="json"), status_code=500)
