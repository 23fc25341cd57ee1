"""One message to one line and back; a line that is not a message of this version is refused by name."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from launcher.errors import WireError
from launcher.wire.first_words import VERSION
from launcher.wire.messages import MAX_LINE_BYTES, ToSession, ToStation
from launcher.wire.records import Record

_M = TypeVar("_M")

_to_session: TypeAdapter[ToSession] = TypeAdapter(ToSession)
_to_station: TypeAdapter[ToStation] = TypeAdapter(ToStation)


def encode(message: Record) -> bytes:
    """Return the line for ``message``, newline included."""
    return json.dumps({"v": VERSION, **message.model_dump(mode="json")}, separators=(",", ":")).encode() + b"\n"


def decode_to_session(untrusted_line: bytes) -> ToSession:
    """Read a line the station wrote. Raises :class:`WireError` for anything else."""
    return _decode(untrusted_line, _to_session)


def decode_to_station(untrusted_line: bytes) -> ToStation:
    """Read a line a session wrote. Raises :class:`WireError` for anything else."""
    return _decode(untrusted_line, _to_station)


def _decode(untrusted_line: bytes, adapter: TypeAdapter[_M]) -> _M:
    if len(untrusted_line) > MAX_LINE_BYTES:
        raise WireError(f"A message of {len(untrusted_line)} bytes is longer than {MAX_LINE_BYTES}.")
    try:
        untrusted = json.loads(untrusted_line)
    except (ValueError, RecursionError):
        # The text that failed is not kept: a message may name a person.
        raise WireError("A message is not JSON.") from None
    if not isinstance(untrusted, dict):
        raise WireError("A message is not a JSON object.")
    version = untrusted.pop("v", None)
    if version != VERSION:
        raise WireError(f"A message has version {version!r:.20}, this is {VERSION}.")
    try:
        return adapter.validate_python(untrusted)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WireError(f"A message was refused at {where or 'its kind'}: {first['msg']:.180}.") from None
