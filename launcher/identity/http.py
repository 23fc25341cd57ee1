"""The one module that knows the HTTP library: TLS with our own trust, nothing of the environment, bounded answers.

No redirect is followed and no cookie kept: whoever asks decides where a secret goes. A fault says which host and what
kind of fault, and never holds the request, which has secrets in it.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.response import BaseHTTPResponse, HTTPResponse

from launcher.addresses import host_of, is_private, is_this_computer, to_look_up
from launcher.relay.road import way_out

_Stamp = tuple[str, int, int]

CONNECT_S: Final = 3.0
ANSWER_S: Final = 10.0
BY_ROAD_S: Final = 15.0
"""A proxy on the way looks the name up and connects before it answers."""
REUSED_S: Final = 1.0
"""A connection that has lain idle for longer is not used again: its host may be hanging up just then (5 s is what many
servers wait), and of a form that was sent into that nobody can say whether it was taken (RFC 9112, 9.3.1)."""
LARGEST_ANSWER: Final = 1 << 20
_UNWANTED_BYTES: Final = 64 * 1024
_UNWANTED_S: Final = 1.0
"""What is read at most of a body that nobody wants, so that its connection can be used again."""


class HttpFault(Exception):  # noqa: N818 - said to a person by whoever asked
    """No answer came. ``host`` is whom we asked, ``why`` the kind of fault; neither holds anything secret."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"{host}: {why}")
        self.host = host
        self.why = why


class CertificateFault(HttpFault):
    """The host's certificate is not one that we trust, or is another host's."""


class AddressFault(HttpFault):
    """The address cannot be asked."""


class LargeAnswer(HttpFault):
    """The answer holds more than it may."""


class SlowAnswer(HttpFault):
    """The answer began and did not end in time."""


class NoAnswer(HttpFault):
    """The host took no connection, or broke it off."""


class NotReached(NoAnswer):
    """The host took no connection: nothing was sent."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer; all of it is untrusted, may hold secrets and is never shown. ``set_cookies`` are the lines as sent."""

    status: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    set_cookies: tuple[str, ...] = field(default=(), repr=False)
    certificate: bytes = field(default=b"", repr=False)
    """The server's own, DER, which was verified; nothing without TLS."""


def trusting(ca_files: Sequence[Path | None] = (), *, system: bool = True) -> ssl.SSLContext:
    """Return whom we trust: the system's authorities and those of the PEM files. Raises ``OSError`` or ``SSLError``.

    ``system``: without, the files alone.
    """
    files = [one for one in ca_files if one is not None]
    system = system or not files
    if (road := way_out()) is not None and road.ca_file is not None:
        files.append(road.ca_file)  # who looks into TLS on the way, as policy says
    theirs = ssl.get_default_verify_paths()
    kept = [Path(one) for one in (theirs.cafile, theirs.capath) if one is not None and system]
    return _trusting(tuple(map(_stamp, files)), tuple(map(_stamp, kept)), system=system)


@lru_cache(maxsize=16)
def _trusting(files: tuple[_Stamp, ...], _theirs: tuple[_Stamp, ...], *, system: bool) -> ssl.SSLContext:
    """Read them, once while none changes: the system's alone take 40 ms, at each request to a system else."""
    # Not the default context: it writes keys into a file that the environment names (SSLKEYLOGFILE).
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if system:
        context.load_default_certs()
    for path, *_ in files:
        context.load_verify_locations(cafile=path)
    return context


def _stamp(file: Path) -> _Stamp:
    told = file.stat()
    return str(file), told.st_mtime_ns, told.st_size


class Client:
    """A client of some hosts. Blocking: call it from a worker thread.

    ``plain_on_loopback``: http is let through to this computer's own addresses, as an entry may name them.
    """

    def __init__(self, context: ssl.SSLContext, *, plain_on_loopback: bool = False) -> None:
        self._session = _Unled()
        self._session.trust_env = False  # no proxy, no .netrc and no REQUESTS_CA_BUNDLE of whoever started us
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.adapters.clear()
        self._trust = _OwnTrust(context)
        self._answered_at = 0.0
        self._session.mount("https://", self._trust)
        if plain_on_loopback:
            self._session.mount("http://", _Plain())

    def ask(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        text: bool = True,
    ) -> HttpAnswer:
        """Send one request; a mapping as ``data`` is sent as a form. Raises :class:`HttpFault`.

        ``text``: without, the answer holds none, and its body may be of any size.
        """
        host = host_of(url)
        if time.monotonic() - self._answered_at > REUSED_S:
            self.close()  # those that lie idle; the next request opens its own
        # Not "from fault" below: the library's exceptions hold the request, and that holds passwords and tokens.
        try:
            with self._session.request(
                method,
                url,
                params=params,
                data=data,
                headers=headers,
                timeout=(CONNECT_S, ANSWER_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _body(response, host) if text else _left(response)
                self._answered_at = time.monotonic()
                headers, set_cookies = dict(response.headers), _set_cookies(response.raw)
                asked = urlsplit(response.url)  # as the pools know it: without brackets, and IDNA where it was not
                certificate = self._trust.shown.get((asked.hostname or "", asked.port or 443), b"")
                return HttpAnswer(response.status_code, body, headers, set_cookies, certificate)
        except (requests.exceptions.RequestException, HTTPError) as fault:
            refused, wrong_address = _certificate_fault(fault), isinstance(fault, ValueError)
            kind = type(fault).__name__
            # Both are of the connection alone, whatever the library wraps them in.
            unreached = any(isinstance(one, NewConnectionError | ConnectTimeoutError) for one in _causes(fault))
        if refused:
            raise CertificateFault(host, refused)
        if wrong_address:
            raise AddressFault(host, kind)
        raise NotReached(host, kind) if unreached else NoAnswer(host, kind)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class _Unled(requests.Session):
    """Sees no redirect: the stock session reads one's whole body before it hands the answer over, however large."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Leave the answer to whoever asked."""


class _LoopbackConnection(HTTPSConnection):
    """Knows that ``*.localhost`` is this machine (RFC 6761), as browsers do and the C library here does not."""

    def _new_conn(self):  # type: ignore[no-untyped-def] # a socket, as the base says
        name = self._dns_host
        if (road := way_out()) is not None and not is_this_computer(name):
            try:
                return road.connect_blocking(name, self.port, BY_ROAD_S)
            except OSError as fault:
                raise NewConnectionError(self, type(fault).__name__) from fault
        self._dns_host = to_look_up(name)
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name  # the certificate is checked against the name that was asked for


class _PlainLoopbackConnection(HTTPConnection):
    """The same without TLS."""

    def _new_conn(self):  # type: ignore[no-untyped-def] # a socket, as the base says
        name = self._dns_host
        self._dns_host = to_look_up(name)
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _LoopbackConnection


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainLoopbackConnection


class _OwnTrust(HTTPAdapter):
    """Verifies with our context alone; the stock adapter would add the bundle that comes with the library."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self.shown: dict[tuple[str, int], bytes] = {}
        """Each asked host and port's certificate, DER; after an answer without a body its connection is gone."""
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **settings: object) -> None:
        shown = self.shown

        class Pool(_Pool):
            def _validate_conn(self, conn):  # type: ignore[no-untyped-def] # a connection, as the base says
                super()._validate_conn(conn)
                shown[self.host, self.port or 443] = conn.sock.getpeercert(binary_form=True) or b""

        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = {"https": Pool}

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Leave the trust to the context."""


class _Plain(HTTPAdapter):
    """Plain http, to this computer's own addresses and no other."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **settings: object) -> None:
        super().init_poolmanager(connections, maxsize, block)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool}

    def send(self, request, *rest, **named):  # type: ignore[no-untyped-def] # as the base says
        """Send a request that leaves this computer nowhere."""
        if not is_private(request.url):
            raise requests.exceptions.InvalidSchema("not https")
        return super().send(request, *rest, **named)


def _body(response: requests.Response, host: str) -> str:
    deadline = time.monotonic() + ANSWER_S
    read = bytearray()
    for chunk in _pieces(response):
        read += chunk
        if len(read) > LARGEST_ANSWER:
            raise LargeAnswer(host, "it sent more than an answer may hold")
        if time.monotonic() > deadline:
            raise SlowAnswer(host, "it answers too slowly")
    return read.decode(errors="replace")


def _left(response: requests.Response) -> str:
    deadline, length = time.monotonic() + _UNWANTED_S, 0
    for chunk in _pieces(response):
        length += len(chunk)
        if length > _UNWANTED_BYTES or time.monotonic() > deadline:
            break
    return ""


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """Give what has come; iter_content() waits until a chunk is whole, as long as a host that drips likes."""
    raw: HTTPResponse = response.raw
    while chunk := raw.read1(16384, decode_content=True):
        yield chunk


def _set_cookies(raw: object) -> tuple[str, ...]:
    """Return each line by itself: joined by commas they cannot be told apart, for dates hold commas too."""
    return tuple(raw.headers.getlist("Set-Cookie")) if isinstance(raw, BaseHTTPResponse) else ()


def _certificate_fault(fault: BaseException) -> str:
    """Say what is wrong with the certificate, if that is what the fault is about."""
    return next((one.verify_message for one in _causes(fault) if isinstance(one, ssl.SSLCertVerificationError)), "")


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """Yield a fault and all that it comes of, which lies deep."""
    waiting: list[object] = [fault]
    met: set[int] = set()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in met:
            continue
        met.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
