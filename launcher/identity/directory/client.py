"""One encrypted line to one directory server: the only module that imports ``ldap3``.

ldap3 (2.9.1, of 2021) serves as the protocol's codec. The socket is ours, because its own loses 40 ms a bind for lack
of TCP_NODELAY, checks host names by itself rather than in OpenSSL, rounds time-outs to seconds and would send the
officer's password on to any server that a referral names.

Everything here blocks; :mod:`.workers` runs it beside the loop. What the server sends is untrusted until the modules
above have made sense of it; here it is only taken apart.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from launcher.secret import Secret

with warnings.catch_warnings():
    # ldap3 2.9.1 imports names that pyasn1 has since renamed and says so about each.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3
    from ldap3.core.exceptions import LDAPExceptionError
    from ldap3.operation.bind import bind_operation
    from ldap3.operation.search import parse_filter
    from pyasn1.error import PyAsn1Error

PASSWORD_POLICY = "1.3.6.1.4.1.42.2.27.8.5.1"  # noqa: S105 - the OID of a control (draft-behera-ldap-password-policy)
_START_TLS = "1.3.6.1.4.1.1466.20037"
_LARGEST_ANSWER = 16 * 1024 * 1024  # octets
_GOODBYE_S = 0.2

# X509_V_ERR_… of OpenSSL: the certificate is genuine and of this host, but its time is over or has not come.
_OUT_OF_DATE = frozenset({9, 10})

Scope = Literal["BASE", "SUBTREE"]


class LineFault(Exception):  # noqa: N818 - the base of four kinds, none of which reaches a person as it is
    """Something was wrong with the line, not with what was asked over it."""


class ServerDown(LineFault):
    """No connection within the time: nothing of the officer's was sent, the next server may be tried."""


class CertificateRefused(LineFault):
    """The certificate does not prove that this is the server; ``out_of_date`` when only its time is wrong."""

    def __init__(self, reason: str, *, out_of_date: bool) -> None:
        super().__init__(reason)
        self.out_of_date = out_of_date


class NotEncrypted(LineFault):
    """The server refuses StartTLS; going on would mean sending in clear."""


class NoAnswer(LineFault):
    """A request was sent, or partly sent, and no usable answer came: what the server made of it is unknown."""


@dataclass(frozen=True, slots=True)
class Address:
    """One server of the list; ``tls_first`` for ldaps, else StartTLS."""

    url: str
    host: str
    port: int
    tls_first: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's answer to one request; ``untrusted_policy`` is the undecoded password policy control."""

    code: int
    untrusted_text: str = ""
    untrusted_policy: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry found; attribute names in lower case, values as sent."""

    dn: str
    untrusted_values: Mapping[str, tuple[bytes, ...]]

    def all(self, name: str) -> tuple[bytes, ...]:
        """Every value of an attribute."""
        return self.untrusted_values.get(name.lower(), ())

    def text(self, name: str) -> str:
        """The first value as text, or nothing."""
        values = self.all(name)
        return values[0].decode("utf-8", "replace").strip() if values else ""


def open_line(address: Address, context: ssl.SSLContext, connect_s: float) -> Line:
    """Connect and encrypt, all within ``connect_s``.

    Raises :class:`ServerDown`, :class:`CertificateRefused` or :class:`NotEncrypted`.
    """
    until = time.monotonic() + connect_s
    plain = _connected_socket(address, until)
    try:
        if not address.tls_first:
            _start_tls(plain, address, until)
        plain.settimeout(_left(until))
        # SNI and the check of the host name are OpenSSL's own: the context has check_hostname.
        encrypted = context.wrap_socket(plain, server_hostname=address.host)
    except ssl.SSLCertVerificationError as fault:
        plain.close()
        raise CertificateRefused(
            f"{address.url}: {fault.verify_message}", out_of_date=fault.verify_code in _OUT_OF_DATE
        ) from None
    except NoAnswer as fault:
        plain.close()
        raise ServerDown(str(fault)) from None
    except (OSError, ValueError) as fault:
        plain.close()
        raise ServerDown(f"{address.url}: {_reason(fault)}") from None
    except BaseException:
        plain.close()
        raise
    return Line(address, encrypted)


class Line:
    """An open, encrypted connection; one request at a time."""

    def __init__(self, address: Address, encrypted: ssl.SSLSocket) -> None:
        self.address = address
        self._socket = encrypted
        self._timed = _TimedSocket(encrypted)
        self._connection = _adopt(self._timed)

    def bind(self, name: str, password: Secret, answer_s: float) -> Answer:
        """Send the name and password, once. Raises :class:`NoAnswer` when what became of it is unknown."""

        # Octets, so that ldap3 leaves the password as typed: its SASLprep turns "²" into "2" and counts as a failure.
        def ask() -> None:
            request = bind_operation(3, ldap3.SIMPLE, name, _octets(password), auto_encode=True)
            self._single("bindRequest", request)

        return self._request(ask, answer_s)

    def search(
        self,
        base: str,
        filter_: str,
        attributes: Sequence[str],
        answer_s: float,
        *,
        scope: Scope = "SUBTREE",
        limit: int = 0,
    ) -> tuple[Answer, tuple[Entry, ...]]:
        """Find entries; ``limit`` 0 means as many as the server gives. Raises :class:`NoAnswer`."""
        found: list[Entry] = []

        def ask() -> None:
            self._connection.search(
                base,
                filter_,
                scope,
                dereference_aliases=ldap3.DEREF_NEVER,
                attributes=list(attributes),
                size_limit=limit,
            )
            for item in self._connection.response or ():
                if item["type"] == "searchResEntry":
                    values = {name.lower(): tuple(raw) for name, raw in item["raw_attributes"].items()}
                    found.append(Entry(str(item["dn"]), values))

        answer = self._request(ask, answer_s)
        return answer, tuple(found)

    def change_by_extension(self, dn: str, old: Secret, new: Secret, answer_s: float) -> Answer:
        """Change a password by the operation of RFC 3062. Raises :class:`NoAnswer`."""

        def ask() -> None:
            self._connection.extend.standard.modify_password(
                dn,
                _octets(old),
                _octets(new),
                controls=[(PASSWORD_POLICY, False, None)],
            )

        return self._request(ask, answer_s)

    def change_unicode_pwd(self, dn: str, old: Secret, new: Secret, answer_s: float) -> Answer:
        """Change a password as Active Directory does: delete the old and add the new in one request.

        See [MS-ADTS] 3.1.1.3.1.5. A plain replace would be an administrator's reset: it needs more rights and asks
        for no old password.
        Raises :class:`NoAnswer`.
        """

        def quoted(secret: Secret) -> bytes:
            return f'"{secret.reveal()}"'.encode("utf-16-le", "surrogatepass")

        def ask() -> None:
            change = [(ldap3.MODIFY_DELETE, [quoted(old)]), (ldap3.MODIFY_ADD, [quoted(new)])]
            self._connection.modify(dn, {"unicodePwd": change})  # type: ignore[no-untyped-call] # as its stubs have it

        return self._request(ask, answer_s)

    def cut(self) -> None:
        """End the connection at once, from any thread; a request in flight then fails in its own."""
        with contextlib.suppress(OSError):
            # The plain shutdown: SSLSocket's own takes the TLS state away beneath a thread that is reading.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye and close; never raises, never waits for the server."""
        with contextlib.suppress(OSError, LDAPExceptionError, PyAsn1Error):
            self._timed.allow(_GOODBYE_S)
            self._connection.unbind()
        self._socket.close()

    def _single(self, kind: str, request: object) -> None:
        message = self._connection.send(kind, request, [(PASSWORD_POLICY, False, None)])
        self._connection.post_send_single_response(message)

    def _request(self, ask: Callable[[], None], answer_s: float) -> Answer:
        self._timed.allow(answer_s)
        return _ask(self._connection, ask, self.address)


def filter_fault(filter_: str) -> str:
    """Return what is wrong with a search filter's syntax, or nothing."""
    try:
        parse_filter(filter_, None, True, True, None, False)  # type: ignore[no-untyped-call] # as its stubs have it
    except LDAPExceptionError as fault:
        return _reason(fault)
    return ""


def _octets(secret: Secret) -> bytes:
    # A lone surrogate is no character, but pasting can bring one: it is then merely a wrong password.
    return secret.reveal().encode("utf-8", "surrogatepass")


def _ask(connection: ldap3.Connection, ask: Callable[[], None], address: Address) -> Answer:
    try:
        ask()
        untrusted = connection.result
        control = (untrusted.get("controls") or {}).get(PASSWORD_POLICY) or {}
        value = control.get("value")
        return Answer(
            code=int(untrusted["result"]),
            untrusted_text=str(untrusted.get("message") or ""),
            untrusted_policy=bytes(value) if value else None,
        )
    except (OSError, LDAPExceptionError, PyAsn1Error) as fault:
        raise NoAnswer(f"{address.url}: {_reason(fault)}") from None
    except (LookupError, ValueError, TypeError, AttributeError) as fault:
        # ldap3's fast decoder meets a malformed answer with whatever the octets led it to.
        raise NoAnswer(f"{address.url}: answer not understood ({type(fault).__name__})") from None
    finally:
        connection.request = None  # ldap3 keeps the last request, a changed password in clear among it


def _adopt(timed: _TimedSocket) -> ldap3.Connection:
    """Give ldap3 a connected socket: its own way of opening one is what this module avoids."""
    connection = ldap3.Connection(
        ldap3.Server("directory", get_info=ldap3.NONE),
        client_strategy=ldap3.SYNC,
        auto_referrals=False,
        check_names=False,
        return_empty_attributes=False,
        raise_exceptions=False,
    )
    connection.socket = timed
    connection.closed = False
    connection.listening = True
    connection.strategy._outstanding = {}  # what BaseStrategy.open would have done
    return connection


def _start_tls(plain: socket.socket, address: Address, until: float) -> None:
    timed = _TimedSocket(plain)
    timed.allow(_left(until))
    connection = _adopt(timed)
    answer = _ask(connection, lambda: connection.extended(_START_TLS), address)
    if answer.code != 0:
        raise NotEncrypted(f"{address.url}: StartTLS refused ({answer.code} {answer.untrusted_text})")


def _connected_socket(address: Address, until: float) -> socket.socket:
    try:
        places = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as fault:  # ValueError: a name that cannot be one
        raise ServerDown(f"{address.url}: {_reason(fault)}") from None
    reasons = []
    for tried, (family, kind, protocol, _, place) in enumerate(places):
        plain = socket.socket(family, kind, protocol)
        try:
            # A name with several addresses shares the time among them, so that a dead first leaves some for the next.
            plain.settimeout(_left(until) / (len(places) - tried))
            plain.connect(place)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as fault:
            plain.close()
            reasons.append(_reason(fault))
        else:
            return plain
    raise ServerDown(f"{address.url}: {'; '.join(reasons) or 'no address'}")


def _left(until: float) -> float:
    left_s = until - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("timed out")
    return left_s


def _reason(fault: BaseException) -> str:
    return str(fault) or type(fault).__name__


class _TimedSocket:
    """The part of a socket that ldap3 uses, with one deadline for a whole answer instead of one for each piece."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner
        self._until = 0.0
        self._received = 0

    def allow(self, seconds: float) -> None:
        """Start the clock of the next request."""
        self._until = time.monotonic() + seconds
        self._received = 0

    def recv(self, size: int) -> bytes:
        self._inner.settimeout(_left(self._until))
        data = self._inner.recv(size)
        self._received += len(data)
        if self._received > _LARGEST_ANSWER:
            raise OSError("the answer is too long")
        return data

    def sendall(self, data: bytes) -> None:
        self._inner.settimeout(_left(self._until))
        self._inner.sendall(data)

    def shutdown(self, how: int) -> None:
        # Nothing: the line ends its socket itself; after StartTLS the plain one lives on beneath the encrypted.
        del how

    def close(self) -> None:
        """Nothing, for the same reason."""
