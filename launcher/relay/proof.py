"""How the relay proves itself to a proxy: nobody's name, a name and password, or what a ticket gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Protocol

from launcher.relay.errors import NobodyKnownError, ProxyRefusedError
from launcher.relay.road import basic
from launcher.relay.ways import Proxy
from launcher.secret import Secret

Token = Callable[[str], Secret]
"""Makes a token, in base64, for the proxy of this host name; blocking. Raises :class:`LauncherError`."""


class UpstreamProof(Protocol):
    """What goes into the Proxy-Authorization header; called in a worker thread, for each connection."""

    counted: ClassVar[bool]
    """Whether a proxy counts what it refuses, so that nothing is sent twice before one was let in."""

    def authorization(self, proxy: Proxy) -> Secret | None:
        """Return the header's value, ``Basic …`` or ``Negotiate …``; None to say nothing.

        Raises :class:`LauncherError`: nothing is then sent to the proxy.
        """
        ...

    def refused(self, sent: Secret) -> None:
        """Hear that a proxy has refused what was sent."""
        ...

    def secrets(self) -> tuple[Secret, ...]:
        """Return all that is to be searched for at the end."""
        ...


class NoProof:
    """The proxy asks nobody who they are."""

    counted: ClassVar[bool] = False

    def authorization(self, proxy: Proxy) -> Secret | None:
        """Say nothing."""
        return None

    def refused(self, sent: Secret) -> None:
        """Nothing was sent."""

    def secrets(self) -> tuple[Secret, ...]:
        """There are none."""
        return ()


class BasicProof:
    """A name and a password, of the station or of the officer; once a proxy has refused them they are not sent again.

    ``in_clear``: policy lets them go to a proxy that is not spoken to in TLS. Proxies count failures, so those
    connections that wait while the first is asked are no second try: the proxy's answer to one holds for all.
    """

    counted: ClassVar[bool] = True

    def __init__(self, name: str = "", password: Secret | None = None, *, in_clear: bool) -> None:
        self._in_clear = in_clear
        self._station = name
        self._given: tuple[str, Secret] | None = (name, password) if name and password else None
        self._refused: set[Secret] = set()
        self._all: dict[Secret, None] = {}
        if password:
            self._all[password] = None

    def give(self, name: str, password: Secret | None) -> None:
        """Take the name and password of the sign-in; None where it had no password."""
        if password:
            self._given = (name, password)
            self._all[password] = None

    def authorization(self, proxy: Proxy) -> Secret | None:
        """Return what is to be sent. Raises :class:`ProxyRefusedError` where that is nothing."""
        given = self._given
        if given is None and self._station:
            raise ProxyRefusedError(
                f"The password of {self._station} at the proxy is not kept here.",
                hint="Tell IT the reference: station-launcher key proxy keeps it.",
            )
        if given is None:
            raise NobodyKnownError(
                "The proxy wants a name and password, and none is known here.", detail=f"proxy {proxy}"
            )
        if not (self._in_clear or proxy.tls):
            raise ProxyRefusedError(
                f"The proxy {proxy} would be given a password in clear.",
                hint="Tell IT the reference: the proxy's address must be https, or the station file must allow it.",
            )
        sent = basic(*given)
        if sent in self._refused:
            raise ProxyRefusedError("The proxy has refused this name and password.", detail=f"proxy {proxy}")
        return sent

    def refused(self, sent: Secret) -> None:
        """Send it no more."""
        self._refused.add(sent)

    def secrets(self) -> tuple[Secret, ...]:
        """Return the passwords, and the header each has made where it is known still."""
        made = (basic(*self._given),) if self._given is not None else ()
        return (*self._all, *made, *self._refused)


class TicketProof:
    """The officer's Kerberos ticket, shown anew to a proxy with each connection (SPNEGO in HTTP, RFC 4559)."""

    counted: ClassVar[bool] = False

    def __init__(self) -> None:
        self._token: Token | None = None

    def give(self, token: Token) -> None:
        """Take what makes a token for a proxy; it is the officer's who has logged on."""
        self._token = token

    def authorization(self, proxy: Proxy) -> Secret | None:
        """Return the header for this proxy. Raises :class:`ProxyRefusedError`, and what hinders the ticket."""
        if self._token is None:
            raise NobodyKnownError(
                "The proxy wants a ticket, and nobody has logged on who has one.", detail=f"proxy {proxy}"
            )
        return Secret(f"Negotiate {self._token(proxy.host).reveal()}")

    def refused(self, sent: Secret) -> None:
        """Nothing is to be remembered: each token is good once, and no account is locked for one."""

    def secrets(self) -> tuple[Secret, ...]:
        """Return none: a token is gone with its connection, and the tickets are searched for where they are held."""
        return ()
