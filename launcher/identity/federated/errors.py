"""Every way a sign-in at the provider, or a token from it, can be refused; each has its help page."""

from __future__ import annotations

from launcher.errors import LauncherError
from launcher.identity.proof import SignInRefused


class ProviderUnreachableError(LauncherError):
    """The provider did not answer, or answered that it cannot serve now."""

    reference = "provider-unreachable"
    hint = "Try again in a moment. If it goes on, tell the helpdesk the reference."
    retryable = True


class ProviderCertificateError(LauncherError):
    """The provider's certificate is not one this station trusts: nothing was sent."""

    reference = "provider-certificate-refused"
    hint = "Do not go on. Tell the helpdesk the reference."


class ProviderAnswerError(LauncherError):
    """The provider answered something that is no answer of an OpenID provider."""

    reference = "provider-answer-faulty"
    hint = "Tell the helpdesk the reference: the provider, or its address in the station file, is at fault."
    retryable = True


class SignInCancelled(SignInRefused):
    """The officer left the provider's page, or the provider did not let them in."""

    reference = "provider-sign-in-cancelled"
    hint = "Log on again, or tell the helpdesk if the provider's page refused you."
    retryable = True


class ProviderRefused(SignInRefused):
    """The provider answered the sign-in with an error of its own; ``detail`` is its code."""

    reference = "provider-refused"
    hint = "Tell the helpdesk the reference and the code."


class AnswerNotOurs(SignInRefused):
    """The callback does not belong to the sign-in that was begun here."""

    reference = "provider-answer-not-ours"
    hint = "Log on again. If it happens again, tell the helpdesk the reference."
    retryable = True


class OtherOfficer(SignInRefused):
    """The provider's account is not the officer who logged on here: its session was let go."""

    reference = "provider-other-officer"
    hint = "Log off and log on again. If it happens again, tell the helpdesk the reference."


class ProviderSessionEnded(LauncherError):  # noqa: N818 - an answer, not a fault
    """The provider ended the officer's session: no token comes silently any more."""

    reference = "provider-session-ended"
    hint = "Log off and log on again."


class TokenRefused(LauncherError):  # noqa: N818 - an answer, not a fault
    """The provider does not give this officer a token for this system; ``detail`` is its code."""

    reference = "token-refused"
    hint = "Tell the helpdesk the reference: you may not be entitled to this system yet."


class IdTokenRefused(SignInRefused):
    """The base of all refusals of an ID token."""

    reference = "id-token-refused"
    hint = "Tell the helpdesk the reference: the provider, or what the station file says of it, is at fault."


class IdTokenMissing(IdTokenRefused):
    """The provider sent no ID token."""

    reference = "id-token-missing"


class IdTokenUnreadable(IdTokenRefused):
    """What came as ID token is none."""

    reference = "id-token-unreadable"


class IdTokenWrongType(IdTokenRefused):
    """A token of another kind came in the ID token's place."""

    reference = "id-token-wrong-type"


class IdTokenWrongAlgorithm(IdTokenRefused):
    """The ID token is signed in a way the station file does not allow, or not at all."""

    reference = "id-token-wrong-algorithm"


class IdTokenUnknownKey(IdTokenRefused):
    """The ID token names a key the provider does not publish."""

    reference = "id-token-unknown-key"


class IdTokenWrongSignature(IdTokenRefused):
    """The ID token was not signed by the provider, or was changed since."""

    reference = "id-token-wrong-signature"


class IdTokenIncomplete(IdTokenRefused):
    """The ID token lacks something it must say."""

    reference = "id-token-incomplete"


class IdTokenWrongIssuer(IdTokenRefused):
    """The ID token was issued by another provider."""

    reference = "id-token-wrong-issuer"


class IdTokenWrongAudience(IdTokenRefused):
    """The ID token was issued for another application."""

    reference = "id-token-wrong-audience"


class IdTokenWrongNonce(IdTokenRefused):
    """The ID token belongs to another sign-in."""

    reference = "id-token-wrong-nonce"


class IdTokenExpired(IdTokenRefused):
    """The ID token is over, or this computer's clock is ahead."""

    reference = "id-token-expired"
    hint = "Log on again. If it happens again, the clock of this computer may be wrong: tell the helpdesk."
    retryable = True


class IdTokenNotYetValid(IdTokenRefused):
    """The ID token is from the future, or this computer's clock is behind."""

    reference = "id-token-not-yet-valid"
    hint = "The clock of this computer may be wrong: tell the helpdesk the reference."
