"""What an entry says of a new password, whatever its kind: the time it takes, and what a system lets one be."""

from __future__ import annotations

from pydantic import Field, model_validator

from launcher.catalogue.entry import Spec
from launcher.connectors.password_rules import PasswordRules
from launcher.policy.toml_faults import refuse


class NewPasswordSpec(Spec):
    """How a new password is given to a system that asks for one, and what it lets one be."""

    within_s: float = Field(default=30.0, gt=0, le=300, description="Seconds until it must have been confirmed.")
    shortest: int = Field(default=1, ge=1, le=128, description="Characters that a new password has at least.")
    longest: int = Field(default=128, ge=1, le=128, description="Characters that it has at most.")
    characters: str = Field(
        default="", max_length=200, description="Characters that may stand in it, e.g. A-Z0-9@#$; empty: any."
    )

    @model_validator(mode="after")
    def _some_length(self) -> NewPasswordSpec:
        if self.shortest > self.longest:
            refuse([("shortest", f"no password has {self.shortest} characters or more and {self.longest} at most")])
        return self

    @property
    def rules(self) -> PasswordRules:
        """What a new password may be."""
        return PasswordRules(self.shortest, self.longest, self.characters)
