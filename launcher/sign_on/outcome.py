"""How a sign-on ended: the outcome, what the system said, and what was last seen; never a secret."""

from __future__ import annotations

from dataclasses import dataclass, field

from launcher.errors import LauncherError
from launcher.wire.records import Outcome


class SignOnRefusedError(LauncherError):
    """The system showed that it did not accept the sign-on; it is not tried again with the same credential."""

    reference = "sign-on-refused"
    hint = "Check your name and password for this system. What was refused is not tried again until you give a new one."
    retryable = True


class OneTimeCodeRefusedError(LauncherError):
    """The system took the name and password and not the one-time code, nor the next one."""

    reference = "one-time-code-refused"
    hint = "Press Retry and give your name, your password and the key of your codes anew, or call the helpdesk."
    retryable = True


class SignOnTimedOutError(LauncherError):
    """The system did not show what proves that it is ready, within its time."""

    reference = "sign-on-timed-out"
    hint = "Finish by hand in the open tab, or open it again. If it happens again, tell the helpdesk the reference."
    retryable = True


class ClientCertificateRefusedError(LauncherError):
    """The system did not take the certificate that was presented, or wants one and got none."""

    reference = "client-certificate-refused"
    hint = "Open it again once. If it is refused again, tell the helpdesk the reference."
    retryable = True


class ValueMissingError(LauncherError):
    """A step fills a value that this officer does not have, e.g. a one-time code."""

    reference = "sign-on-value-missing"
    hint = "Sign on by hand in the open tab, and tell the helpdesk the reference."


@dataclass(frozen=True, slots=True)
class SignOnOutcome:
    """``says`` is the marker's own word for the officer; ``step`` counts from 1, 0 before the first.

    ``tried`` says that a secret was given to the system: only then does ``failed`` speak against the credential.
    ``prompted``: it ended at a place where the provider asks the officer. ``at``: the name of the screen or page that
    proved it.
    """

    outcome: Outcome
    says: str = ""
    last_seen: str = ""
    step: int = 0
    reference: str = ""
    tried: bool = False
    prompted: bool = False
    at: str = ""
    given: frozenset[str] = field(default=frozenset(), compare=False)
    """The names of the secrets that a recipe of screens or pages has given."""

    @property
    def code_refused(self) -> bool:
        """Say whether the system refused the one-time code alone: the name and password were right."""
        return self.reference == OneTimeCodeRefusedError.reference

    @property
    def credential_refused(self) -> bool:
        """Say whether the credential is marked, so that a wrong password is never tried twice."""
        return self.outcome == "failed" and self.tried

    def error(self, name: str) -> LauncherError | None:
        """Return the error a person meets for a system of this name, if the outcome is one."""
        match self.outcome:
            case "failed":
                said = self.says or "it did not accept the logon"
                return SignOnRefusedError(f"{name} was not signed on: {said.rstrip('.')}.", detail=self.last_seen)
            case "timed-out":
                return SignOnTimedOutError(f"{name} did not become ready in time.", detail=self.last_seen)
            case _:
                return None


def refusal_reference(refused: str, *, coded: bool) -> str:
    """Return the reference of a refusal; ``coded``: a one-time code was given, so that it may be the one refused."""
    return (OneTimeCodeRefusedError if refused == "code" and coded else SignOnRefusedError).reference
