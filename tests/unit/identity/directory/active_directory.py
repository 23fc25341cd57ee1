"""A small server that speaks Active Directory's dialect over TLS, for what OpenLDAP does not have.

It is written from [MS-ADTS] and from a Samba domain controller's answers; it proves that our side of the dialect runs,
not that a domain controller is as described.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from launcher.identity.directory.client import Entry, Scope
from launcher.identity.directory.finding import bytes_in_filter
from launcher.identity.directory.password_policy import _element
from tests.servers.certificates import ServerCertificate
from tests.servers.process import LOOPBACK
from tests.unit.identity.directory.memory_directory import MemoryDirectory

_BIND_ERROR = "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data {}, v4563"
_WRONG = "52e"
_BIND, _SEARCH, _MODIFY, _UNBIND = 0x60, 0x63, 0x66, 0x42  # the tags of the requests


@dataclass(slots=True)
class Account:
    """Who may bind: by principal or DN, with a password; ``refusal`` is the data code for the right password."""

    dn: str
    principal: str
    password: str
    refusal: str = ""


@dataclass(slots=True)
class ActiveDirectory:
    """The accounts and entries, and what was asked of them."""

    accounts: tuple[Account, ...]
    directory: MemoryDirectory
    binds: list[str] = field(default_factory=list)
    changes: list[list[tuple[int, bytes]]] = field(default_factory=list)
    port: int = 0

    def answer(self, octets: bytes, bound: list[str]) -> bytes:
        """Answer one message; ``bound`` holds who is bound on its connection."""
        number_octets, request, *_ = _parts(_element(octets)[1])
        number, (kind, body) = int.from_bytes(number_octets[1], "big"), request
        parts = _parts(body)
        if kind == _BIND:
            name, password = parts[1][1].decode(), parts[2][1].decode()
            self.binds.append(name)
            text = self._bind(name, password)
            bound[:] = [] if text else [name]
            return _message(number, _result(kind + 1, 49 if text else 0, text))
        done = 0x65 if kind == _SEARCH else 0x67
        if not bound:
            text = "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind"
            return _message(number, _result(done, 1, text))
        if kind == _SEARCH:
            scope: Scope = "BASE" if parts[1][1] == b"\0" else "SUBTREE"
            wanted = [value.decode().lower() for _, value in _parts(parts[7][1])]
            result, found = self.directory.search(parts[0][1].decode(), _filter(*parts[6]), wanted, scope=scope)
            entries = b"".join(_message(number, _entry(one, wanted)) for one in found)
            return entries + _message(number, _result(done, result.code, ""))
        assert kind == _MODIFY
        return _message(number, self._modify(parts[0][1].decode(), _parts(parts[1][1])))

    def _bind(self, name: str, password: str) -> str:
        account = self._account(name)
        if account is None or account.password != password:
            return _BIND_ERROR.format(_WRONG)
        return _BIND_ERROR.format(account.refusal) if account.refusal else ""

    def _account(self, name: str) -> Account | None:
        same = (one for one in self.accounts if name.lower() in (one.dn.lower(), one.principal.lower()))
        return next(same, None)

    def _modify(self, dn: str, changes: list[tuple[int, bytes]]) -> bytes:
        account = self._account(dn)
        assert account is not None
        change = []
        for _, one in changes:
            (_, operation), (_, modification) = _parts(one)
            (_, attribute), (_, values) = _parts(modification)
            assert attribute == b"unicodePwd"
            change.append((operation[0], _parts(values)[0][1]))
        self.changes.append(change)
        (_, old), (_, new) = change
        if old != f'"{account.password}"'.encode("utf-16-le"):
            return _result(0x67, 19, "00000056: AtrErr: DSID-03191083, problem 1005 (CONSTRAINT_ATT_TYPE), data 0")
        if len(new) < 2 * 10:
            return _result(0x67, 19, "0000052D: AtrErr: DSID-03191083, problem 1005 (CONSTRAINT_ATT_TYPE), data 0")
        account.password, account.refusal = new.decode("utf-16-le")[1:-1], ""
        return _result(0x67, 0, "")


@contextlib.contextmanager
def running(directory: ActiveDirectory, certificate: ServerCertificate) -> Iterator[str]:
    """Serve it on loopback until the test is over; gives its ldaps:// address."""
    context = certificate.server_context()
    talks: list[threading.Thread] = []

    def talk(plain: socket.socket) -> None:
        bound: list[str] = []
        # The client leaves whenever it likes.
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as line:
            while (octets := line.recv(65536)) and _parts(_element(octets)[1])[1][0] != _UNBIND:
                line.sendall(directory.answer(octets, bound))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listener.accept()
                talks.append(threading.Thread(target=talk, args=(plain,)))
                talks[-1].start()

    with socket.create_server((LOOPBACK, 0)) as listener:
        server = threading.Thread(target=serve)
        server.start()
        try:
            yield f"ldaps://localhost:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for thread in (server, *talks):
                thread.join()


def _message(number: int, operation: bytes) -> bytes:
    return _tlv(0x30, _tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big")) + operation)


def _result(tag: int, code: int, text: str) -> bytes:
    return _tlv(tag, _tlv(0x0A, bytes([code])) + _tlv(0x04, b"") + _tlv(0x04, text.encode()))


def _entry(entry: Entry, wanted: Sequence[str]) -> bytes:
    attributes = b"".join(
        _tlv(0x30, _tlv(0x04, name.encode()) + _tlv(0x31, b"".join(_tlv(0x04, value) for value in values)))
        for name, values in entry.untrusted_values.items()
        if name in wanted and values
    )
    return _tlv(0x64, _tlv(0x04, entry.dn.encode()) + _tlv(0x30, attributes))


def _parts(body: bytes) -> list[tuple[int, bytes]]:
    parts = []
    while body:
        tag, value, body = _element(body)
        parts.append((tag, value))
    return parts


def _filter(tag: int, body: bytes) -> str:
    """Write the equalities of a filter, whatever joins them."""
    if tag == 0xA3:
        (_, name), (_, value) = _parts(body)
        return f"({name.decode()}={bytes_in_filter(value)})"
    return "".join(_filter(*part) for part in _parts(body)) if tag in (0xA0, 0xA1) else ""


def _tlv(tag: int, body: bytes) -> bytes:
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    return bytes([tag, 0x82]) + len(body).to_bytes(2, "big") + body
