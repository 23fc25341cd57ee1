"""Signs on by ticket, out of the browser (SPNEGO in HTTP, RFC 4559), and keeps the cookies that come of it.

The ticket goes to the entry's own origins alone, and of them to hosts that the station file names. A redirect is
followed within them, never with the ticket; a host that asks anew is shown it anew. A server that took it and did not
prove itself has given nothing that is kept.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Final, TypeVar
from urllib.parse import urljoin, urlsplit

from launcher.addresses import address_fault, hostname_of, is_private, origin_of
from launcher.connectors.plan import WebTarget
from launcher.errors import LauncherError, SettingsError
from launcher.identity import http
from launcher.identity.kerberos import TicketCache
from launcher.identity.kerberos.errors import KerberosNotSetUpError, KerberosServerUnprovedError
from launcher.identity.worker import Worker
from launcher.session.browser_cookie import BrowserCookie, given_to
from launcher.session.set_cookies import cookies_from
from launcher.sign_on.driver import SystemCertificateRefusedError, SystemUnreachableError
from launcher.sign_on.serving import again_in_words, wait_asked_s

Result = TypeVar("Result")

MOST_REDIRECTS: Final = 10
MOST_TOKENS: Final = 4
"""As a rule one goes there and one comes back."""

_HEADERS: Final = {
    "Accept": "text/html, application/xhtml+xml, */*;q=0.8",
    "User-Agent": "Mozilla/5.0 (compatible; Station Launcher)",
}
_SCHEME: Final = "negotiate"
_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY = 401, 403, 429
_REDIRECTS: Final = (301, 302, 303, 307, 308)


class KerberosNotAskedError(LauncherError):
    """The system did not ask for a ticket on any page that it led to."""

    reference = "kerberos-not-asked"
    hint = "Tell the helpdesk the reference: it is set up here as one that takes a ticket, and it asks for none."


class KerberosNotTakenError(LauncherError):
    """The system was shown the ticket and did not let the officer in."""

    reference = "kerberos-not-taken"
    hint = "Tell the helpdesk the reference: the system does not know you, or not by your ticket."


class KerberosNoSessionError(LauncherError):
    """The system took the ticket and keeps no session by a cookie: each page would need the ticket again."""

    reference = "kerberos-no-session"
    hint = 'Tell IT the reference: the server should keep a session, or the entry say browser = "managed".'


async def negotiated_cookies(target: WebTarget, cache: TicketCache, within_s: float) -> tuple[BrowserCookie, ...]:
    """Show the officer's ticket to a system and return the cookies of the session that it gave for it.

    Raises one of the errors above or of ``launcher.identity.kerberos``, ``system-unreachable`` or
    ``system-certificate-refused``.
    """
    return await _walked(target, within_s, lambda client: _Walk(client, target).cookies(cache))


async def asks_for_ticket(target: WebTarget, cookies: tuple[BrowserCookie, ...], within_s: float) -> bool:
    """Say whether a system would ask a browser with these cookies for a ticket; none is shown.

    Raises ``system-unreachable`` or ``system-certificate-refused``.
    """
    return await _walked(target, within_s, lambda client: _Walk(client, target, cookies).asks())


async def _walked(target: WebTarget, within_s: float, walk: Callable[[http.Client], Result]) -> Result:
    # Not on the loop's own threads: a host that says nothing holds one, and an exit waits for those.
    worker = Worker("negotiate")
    try:
        async with asyncio.timeout(within_s):
            return await worker.run(lambda: _blocking(target, walk))
    except TimeoutError:
        raise SystemUnreachableError(f"{hostname_of(target.url)} did not answer in time.") from None
    finally:
        worker.close()


def _blocking(target: WebTarget, walk: Callable[[http.Client], Result]) -> Result:
    try:
        client = http.Client(http.trusting([target.ca_file]), plain_on_loopback=True)
    except (OSError, ssl.SSLError) as fault:
        raise SettingsError(f"The CA file cannot be used: {target.ca_file}", detail=str(fault)) from None
    try:
        return walk(client)
    except http.CertificateFault as fault:
        raise SystemCertificateRefusedError(
            f"The certificate of {fault.host} was refused: {fault.why.rstrip('.')}.", detail=fault.why
        ) from None
    except http.HttpFault as fault:
        raise SystemUnreachableError(f"{fault.host} does not answer.", detail=fault.why) from None
    finally:
        client.close()


class _Walk:
    """From the entry's address to a page that is the officer's, or to one that asks for a ticket. Blocking."""

    def __init__(self, client: http.Client, target: WebTarget, held: tuple[BrowserCookie, ...] = ()) -> None:
        self._client = client
        self._target = target
        self._cookies = {(one.name, one.domain, one.path): one for one in held}
        self._proved = ""  # the address at which the officer and the system were proved to each other

    def asks(self) -> bool:
        """Go there, and say whether a ticket is asked for, for the cookies are not enough."""
        return _asks(self._followed(self._asked)) is not None

    def cookies(self, cache: TicketCache) -> tuple[BrowserCookie, ...]:
        """Go there by ticket, and see that the cookies alone are enough to come again."""
        self._followed(lambda url: self._proving(url, cache))
        if not self._proved:
            host = hostname_of(self._target.url)
            raise KerberosNotAskedError(f"{host} did not ask for a ticket.")
        if not self._cookies or self.asks():
            host = hostname_of(self._proved)
            raise KerberosNoSessionError(f"{host} took your ticket, and keeps no session by a cookie.")
        return tuple(self._cookies.values())

    def _followed(self, answer: Callable[[str], http.HttpAnswer]) -> http.HttpAnswer:
        url = self._target.url
        for _ in range(MOST_REDIRECTS):
            untrusted = answer(url)
            led = _led_to(url, untrusted)
            if led is None or origin_of(led) not in self._target.origins:
                return untrusted  # where it leads out of the entry's own origins, the browser follows by itself
            url = led
        raise SystemUnreachableError(f"{hostname_of(url)} leads round in a circle.")

    def _asked(self, url: str) -> http.HttpAnswer:
        untrusted = self._ask(url)
        self._keep(url, untrusted)
        return untrusted

    def _proving(self, url: str, cache: TicketCache) -> http.HttpAnswer:
        untrusted = self._asked(url)
        if _asks(untrusted) is not None:
            return self._shown(url, cache, untrusted.certificate)
        if untrusted.status == _UNAUTHORIZED:
            raise KerberosNotAskedError(f"{hostname_of(url)} asks for something else than a ticket.")
        return untrusted

    def _shown(self, url: str, cache: TicketCache, certificate: bytes) -> http.HttpAnswer:
        host = hostname_of(url)
        if not cache.may_be_shown_to(host):
            raise KerberosNotSetUpError(f"The station file lets no ticket be shown to {host}.")
        context, answer = cache.context(host, certificate), ""
        for _ in range(MOST_TOKENS):
            token = context.step(answer)
            if token is None:
                break
            untrusted = self._ask(url, {"Authorization": f"Negotiate {token.reveal()}"})
            answer = _asks(untrusted) or ""
            if untrusted.status != _UNAUTHORIZED or not answer:
                break
        if untrusted.status in (_UNAUTHORIZED, _FORBIDDEN):
            raise KerberosNotTakenError(
                f"{host} did not let you in by your ticket.", detail=f"HTTP status {untrusted.status}"
            )
        if answer and not context.proved:
            context.step(answer)
        if not context.proved:
            raise KerberosServerUnprovedError(
                f"{host} took your ticket and did not prove itself.", detail="its answer holds no token"
            )
        self._keep(url, untrusted)
        self._proved = url
        return untrusted

    def _ask(self, url: str, more: dict[str, str] | None = None) -> http.HttpAnswer:
        headers = _HEADERS | (more or {})
        sent = [f"{one.name}={one.value.reveal()}" for one in self._cookies.values() if _goes_to(one, url)]
        if sent:
            headers["Cookie"] = "; ".join(sent)
        untrusted = self._client.ask("GET", url, headers=headers, text=False)
        if untrusted.status >= 500 or untrusted.status == _TOO_MANY:
            again_s = wait_asked_s(_field(untrusted, "retry-after"))
            raise SystemUnreachableError(
                f"{hostname_of(url)} cannot serve now.{again_in_words(again_s)}",
                detail=f"HTTP status {untrusted.status}",
            )
        return untrusted

    def _keep(self, url: str, untrusted: http.HttpAnswer) -> None:
        for one in cookies_from(untrusted.set_cookies, url):
            if given_to(one.domain, self._target.origins) is not None:
                self._cookies[one.name, one.domain, one.path] = one


def _asks(untrusted: http.HttpAnswer) -> str | None:
    """Return the token that an answer's challenge holds, nothing for one without; None where it names no ticket."""
    for challenge in _field(untrusted, "www-authenticate").split(","):
        scheme, _, token = challenge.strip().partition(" ")
        if scheme.lower() == _SCHEME:
            return token.strip()
    return None


def _field(untrusted: http.HttpAnswer, wanted: str) -> str:
    return next((value for name, value in untrusted.headers.items() if name.lower() == wanted), "")


def _led_to(url: str, untrusted: http.HttpAnswer) -> str | None:
    if untrusted.status not in _REDIRECTS:
        return None
    location = _field(untrusted, "location")
    led = urljoin(url, location)
    return led if location and address_fault(led) is None else None


def _goes_to(cookie: BrowserCookie, url: str) -> bool:
    """Say whether a browser would send a cookie to an address (RFC 6265, 5.4)."""
    parts = urlsplit(url)
    path = parts.path or "/"
    below = path == cookie.path or path.startswith(cookie.path if cookie.path.endswith("/") else f"{cookie.path}/")
    return below and (is_private(url) or not cookie.secure) and given_to(cookie.domain, (origin_of(url),)) is not None
