"""The addresses at which auditors read the audit and hold back what is to be kept; reading it stands in it, too."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from launcher.hub.audit import checkpoints, holds, rows
from launcher.hub.audit.reading import Reader, read_who, record_reading
from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.requests import TheHub
from launcher.wire.hub.audit import AddHold, AuditRows, Hold, SignedCheckpoint, WhoWas

router = APIRouter(prefix="/audit", tags=["audit"])

Auditor = Annotated[AskingOfficer, needs("auditor")]
_Id = Annotated[int, Path(ge=1, le=2**53)]
_At = Annotated[float, Query(ge=0, le=1e11)]


@router.get("/rows")
def rows_since(
    hub: TheHub,
    auditor: Auditor,
    since: Annotated[int, Query(ge=0, le=2**53)] = 0,
    many: Annotated[int, Query(ge=1, le=1000)] = 200,
    subject: Annotated[str, Query(max_length=600)] = "",
    terminal: Annotated[str, Query(max_length=120)] = "",
) -> AuditRows:
    """Return rows after a number, in order: of one person or terminal, where one is named."""
    subject, terminal = rows.plain(subject, 600), rows.plain(terminal, 120)
    with hub.store.writing() as connection:
        found = rows.since(connection, since, many, subject=subject, terminal=terminal)
        last = rows.last_seq(connection)
        asked = {"since": since, "many": many, "terminal": terminal}
        record_reading(connection, hub, _reader(auditor), "rows", subject=subject, details=asked)
    return AuditRows(rows=found, last=last)


@router.get("/who")
def who_was(
    hub: TheHub,
    auditor: Auditor,
    terminal: Annotated[str, Query(min_length=1, max_length=120)],
    begin: Annotated[_At, Query(alias="from")],
    end: Annotated[_At, Query(alias="to")],
) -> WhoWas:
    """Return who was logged on at a terminal at some time between the two."""
    return read_who(hub, _reader(auditor), rows.plain(terminal, 120), begin, end)


@router.get("/checkpoints")
def signed_checkpoints(hub: TheHub, _: Auditor) -> tuple[SignedCheckpoint, ...]:
    """Return the signed checkpoints, to be kept elsewhere."""
    with hub.store.reading() as connection:
        return checkpoints.all_checkpoints(connection)


@router.get("/holds")
def all_holds(hub: TheHub, _: Auditor) -> tuple[Hold, ...]:
    """Return all legal holds, ended ones too, the newest first."""
    with hub.store.reading() as connection:
        return holds.all_holds(connection)


@router.post("/holds")
def add_hold(hub: TheHub, auditor: Auditor, asked: AddHold) -> Hold:
    """Hold back what concerns an officer or terminal in a time from being retired."""
    with hub.store.writing() as connection:
        return holds.add(connection, hub, asked, auditor.officer, auditor.name)


@router.post("/holds/{number}/ended")
def end_hold(hub: TheHub, auditor: Auditor, number: _Id) -> Hold:
    """End a hold."""
    with hub.store.writing() as connection:
        return holds.end(connection, hub, number, auditor.officer, auditor.name)


def _reader(auditor: AskingOfficer) -> Reader:
    return Reader(auditor.officer, auditor.name)
