"""Sign-in at an OpenID provider, and the silent tokens that come of it."""

from launcher.identity.federated.accounts import require_same_officer
from launcher.identity.federated.log_off import LogOffRequest
from launcher.identity.federated.method import AuthorizationRequest, FederatedMethod
from launcher.identity.federated.session import AccessToken, FederatedSession

__all__ = [
    "AccessToken",
    "AuthorizationRequest",
    "FederatedMethod",
    "FederatedSession",
    "LogOffRequest",
    "require_same_officer",
]
