"""What the hub refuses, each with the HTTP status it is said with; to a person it is an error like all others."""

from __future__ import annotations

from typing import ClassVar

from launcher.errors import LauncherError


class HubError(LauncherError):
    """A refusal of the hub's. ``retry_after_s``: trying again before that is in vain."""

    reference = "hub-fault"
    hint = "Try again. If it happens again, tell IT the reference and the time."
    status: ClassVar[int] = 500
    retryable = True

    def __init__(
        self, message: str, *, hint: str | None = None, detail: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.retry_after_s = retry_after_s


class MalformedError(HubError):
    """A request is not what its address takes."""

    reference = "hub-request-malformed"
    hint = "The versions of the hub and of whoever asked may not match: tell IT."
    status = 422
    retryable = False


class NotProvedError(HubError):
    """Nobody was proved by the request: no token, or one that is spent, over or not the hub's."""

    reference = "hub-not-proved"
    hint = "Log on again."
    status = 401
    retryable = False


class NotAllowedError(HubError):
    """Who asks is proved, and may not do this."""

    reference = "hub-not-allowed"
    hint = "A supervisor can give it to you for some hours; else ask an administrator."
    status = 403
    retryable = False


class NotThereError(HubError):
    """What is asked for is not there, or is not to be seen by who asks: the two look the same."""

    reference = "hub-not-there"
    hint = "Look again: it may have ended meanwhile."
    status = 404
    retryable = False


class NoSuchAddressError(HubError):
    """The hub has no such address, or it is not asked in that way."""

    reference = "hub-no-such-address"
    hint = "Ask for another address, or in another way: the hub's OpenAPI description has them all."
    status = 404
    retryable = False


class NotNowError(HubError):
    """It cannot be done as things are: it was done, has expired or was changed meanwhile."""

    reference = "hub-not-now"
    hint = "Look at it again, and decide anew."
    status = 409
    retryable = False


class TooOftenError(HubError):
    """Asked too often."""

    reference = "hub-asked-too-often"
    hint = "Wait a moment, then try again."
    status = 429


class StoreAwayError(HubError):
    """The hub's store does not answer."""

    reference = "hub-store-away"
    hint = "The hub goes on by itself once its database is back; what was confirmed is kept."
    status = 503


class HubSettingsError(LauncherError):
    """The hub's file, key or store cannot be used."""

    reference = "hub-settings-faulty"
    hint = "Correct the hub's file where the message points, then start again."


class HubAlreadyRunsError(LauncherError):
    """Another process serves the hub of this state folder, and SQLite is for one: they would not wake each other."""

    reference = "hub-already-runs"
    hint = "End the other one, give this one a state folder of its own, or keep the store in PostgreSQL."
