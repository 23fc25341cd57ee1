"""Signed checkpoints: the hub says with its key that the chain was so up to a row, in the store and in its log.

Whoever changes the store afterwards cannot sign anew, and the copy in the log (or at a SIEM) says so even where all
checkpoints were taken out of the store.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, func, insert, select

from launcher.hub.audit.tables import audit_checkpoints, audit_head, audit_rows
from launcher.signing import is_signed
from launcher.wire.hub.audit import Checkpoint, SignedCheckpoint

if TYPE_CHECKING:
    from launcher.hub.service import Hub

_log = logging.getLogger("launcher.hub.audit")

_IN_A_LOG: Final = re.compile(
    r"audit-checkpoint hub=([A-Za-z0-9._-]{1,64}) seq=(\d{1,16}) at_ms=(\d{1,15}) hash=([0-9a-f]{64})"
    r" key=([A-Za-z0-9+/=]{44}) signature=([A-Za-z0-9+/=]{80,100})"
)


def keep(hub: Hub) -> None:
    """Make a checkpoint if one is due: after so many rows, or so long after the first row that has none."""
    with hub.store.reading() as connection:
        due = _is_due(connection, hub)
    if due:
        _make(hub)


def at_stop(hub: Hub) -> None:
    """Make a checkpoint of whatever has none yet."""
    _make(hub)


def all_checkpoints(connection: Connection) -> tuple[SignedCheckpoint, ...]:
    """Return all of the store's, in order."""
    rows = connection.execute(select(audit_checkpoints).order_by(audit_checkpoints.c.seq)).all()
    return tuple(
        SignedCheckpoint(
            checkpoint=Checkpoint(hub=row.hub, seq=row.seq, at=row.at, hash=row.hash),
            signature=row.signature,
            public_key=row.public_key,
        )
        for row in rows
    )


def logged(untrusted_log: str) -> SignedCheckpoint | None:
    """Return the checkpoint that a line of a log holds, whatever stands around it."""
    found = _IN_A_LOG.search(untrusted_log)
    if found is None:
        return None
    name, seq, at_ms, row_hash, key, signature = found.groups()
    said = Checkpoint(hub=name, seq=int(seq), at=int(at_ms) / 1000, hash=row_hash)
    return SignedCheckpoint(checkpoint=said, signature=signature, public_key=key)


def is_right(signed: SignedCheckpoint) -> bool:
    """Say whether its signature is by the key that it names."""
    return is_signed("checkpoint", signed.checkpoint, signed.signature, signed.public_key)


def _make(hub: Hub) -> None:
    with hub.store.writing() as connection:
        made = _add(connection, hub)
    if made is not None:  # after the commit: what the log says is so
        _log.info("%s", _line(made))


def _add(connection: Connection, hub: Hub) -> SignedCheckpoint | None:
    head = connection.execute(
        select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.id == 1).with_for_update()
    ).one_or_none()
    if head is None or head.seq == 0 or head.seq <= _last_seq(connection):
        return None
    said = Checkpoint(hub=hub.name, seq=head.seq, at=round(hub.clock(), 3), hash=head.hash)
    signed = SignedCheckpoint(checkpoint=said, signature=hub.key.sign("checkpoint", said), public_key=hub.key.public)
    connection.execute(
        insert(audit_checkpoints).values(
            seq=said.seq, at=said.at, hash=said.hash, hub=said.hub, public_key=signed.public_key,
            signature=signed.signature,
        )
    )  # fmt: skip
    return signed


def _is_due(connection: Connection, hub: Hub) -> bool:
    last = _last_seq(connection)
    head = connection.execute(select(audit_head.c.seq).where(audit_head.c.id == 1)).scalar_one_or_none() or 0
    if head - last >= hub.settings.audit.checkpoint_rows:
        return True
    first = connection.execute(
        select(audit_rows.c.at).where(audit_rows.c.seq > last).order_by(audit_rows.c.seq).limit(1)
    ).scalar_one_or_none()
    return first is not None and hub.clock() - first >= hub.settings.audit.checkpoint_minutes * 60


def _last_seq(connection: Connection) -> int:
    return int(connection.execute(select(func.max(audit_checkpoints.c.seq))).scalar_one_or_none() or 0)


def _line(signed: SignedCheckpoint) -> str:
    said = signed.checkpoint
    return (
        f"audit-checkpoint hub={said.hub} seq={said.seq} at_ms={round(said.at * 1000)} hash={said.hash}"
        f" key={signed.public_key} signature={signed.signature}"
    )
