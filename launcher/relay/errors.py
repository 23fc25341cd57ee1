"""What can go wrong on the road out, as a person meets it."""

from __future__ import annotations

from launcher.errors import LauncherError


class ProxyUnknownError(LauncherError):
    """The policy says that a proxy is used and cannot say which: the PAC file is away, faulty or says nothing."""

    reference = "proxy-unknown"
    hint = "Try again in a minute. If it stays so, tell the helpdesk the reference."
    retryable = True


class ProxyUnreachableError(LauncherError):
    """No proxy that was named takes a connection."""

    reference = "proxy-unreachable"
    hint = "Try again in a minute. If it stays so, tell the helpdesk the reference."
    retryable = True


class ProxyRefusedError(LauncherError):
    """The proxy refuses who asks, or where to."""

    reference = "proxy-refused"
    hint = "Tell the helpdesk the reference and the system."


class NobodyKnownError(ProxyRefusedError):
    """The proxy is told who the officer is, and nobody has logged on yet."""


class ProxyCertificateRefusedError(LauncherError):
    """The proxy is spoken to in TLS, and its certificate is not valid for it: nothing was sent."""

    reference = "proxy-certificate-refused"
    hint = "Do not go round it. Tell the helpdesk the reference."
