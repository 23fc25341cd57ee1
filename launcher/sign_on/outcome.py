"""How a sign-on ended: the outcome, what the system said, and what was last seen; never a secret."""

from __future__ import annotations

from dataclasses import dataclass

from launcher.wire.records import Outcome


@dataclass(frozen=True, slots=True)
class SignOnOutcome:
    """``says`` is the marker's own word for the officer; ``step`` counts from 1, 0 before the first."""

    outcome: Outcome
    says: str = ""
    last_seen: str = ""
    step: int = 0
    reference: str = ""
