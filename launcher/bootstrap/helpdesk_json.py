"""What ``station-launcher helpdesk … --json`` prints: one JSON value on standard output, whatever came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import BaseModel

from launcher.errors import LauncherError
from launcher.hub_client.errors import HubAwayError, HubRefusedError
from launcher.wire.hub.stations import Refused


def as_data(said: BaseModel | Sequence[BaseModel], case: str) -> str:
    """Return the hub's own record, or its records; one of a case names that as ``in_case``."""
    if not isinstance(said, BaseModel):
        return json.dumps([one.model_dump(mode="json") for one in said], indent=2)
    return _in_case(said, case)


def refusal(fault: LauncherError, case: str) -> str:
    """Return why nothing came of it, as the hub says a refusal of its own."""
    said = Refused(
        reference=fault.reference, message=fault.message, hint=fault.next_step, detail=fault.detail,
        retry_after_s=fault.retry_after_s if isinstance(fault, HubAwayError | HubRefusedError) else None,
    )  # fmt: skip
    return _in_case(said, case)


def _in_case(said: BaseModel, case: str) -> str:
    return json.dumps(said.model_dump(mode="json") | ({"in_case": case} if case else {}), indent=2)
