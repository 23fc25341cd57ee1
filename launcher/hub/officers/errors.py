"""Why an officer, or what they want as one, is refused."""

from __future__ import annotations

from launcher.hub.errors import HubError


class OfficerTokenRefusedError(HubError):
    """An OpenID token is not one that proves anybody to this hub; ``detail`` names the check it failed."""

    reference = "officer-token-refused"
    hint = "Log off and log on again. If it happens again, tell IT the reference and the detail."
    status = 401
    retryable = False


class OfficerTicketRefusedError(HubError):
    """A Kerberos ticket is not one for this hub, was shown before, or belongs to nobody it knows."""

    reference = "officer-ticket-refused"
    hint = "Log off and log on again. If it happens again, tell IT the reference and the detail."
    status = 401
    retryable = False


class VouchRefusedError(HubError):
    """A station's word for an officer does not hold: not signed by it, over, used, or not of a sitting there."""

    reference = "officer-vouch-refused"
    hint = "Try again. If it happens again, log off and log on again, and tell IT the reference."
    status = 401
    retryable = True


class OtherIdentityError(HubError):
    """The proof is of another identity than the one that sits where it came from."""

    reference = "officer-other-identity"
    hint = "Log off and log on again. If it happens again, tell IT the reference."
    status = 403
    retryable = False


class ProofNotTakenError(HubError):
    """The hub takes no proof of this kind: its file does not say how."""

    reference = "officer-proof-not-taken"
    hint = "Tell IT the reference: [openid] or [kerberos] of the hub's file is not set up."
    status = 403
    retryable = False


class ProviderAwayError(HubError):
    """The provider, whose keys the hub needs to check a token, did not answer it."""

    reference = "officer-provider-away"
    hint = "Try again in a moment. The hub cannot reach the provider: tell IT if it goes on."
    status = 503
    retryable = True


class SuspendedHereError(HubError):
    """The officer is suspended: no proof of theirs counts."""

    reference = "hub-officer-suspended"
    hint = "Call your supervisor or the helpdesk: somebody has suspended you, and says why."
    status = 403
    retryable = False


class GrantRefusedError(HubError):
    """This role cannot be granted by who asks, or to whom."""

    reference = "role-grant-refused"
    hint = "Ask another supervisor or an administrator: nobody grants themselves a role, or one beyond their own power."
    status = 403
    retryable = False
