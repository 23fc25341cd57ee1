"""A line over SSH: a shell behind a terminal of the host's, on a host whose key IT has entered.

Nothing of the account's own is read: no configuration, no agent, no default keys, no known hosts but the given ones.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import asyncssh

from launcher.errors import LauncherError
from launcher.relay.calling import called
from launcher.terminal.errors import (
    EngineMissingError,
    HostKeyUnknownError,
    NewPasswordNotTakenError,
    SignInCutError,
    TerminalLineError,
    TerminalPasswordExpiredError,
    TerminalSignInNotTriedError,
    TerminalSignInRefusedError,
)
from launcher.terminal.line import LineFacts
from launcher.terminal.lines.encoding import UTF_8, Transcoder
from launcher.terminal.lines.ssh_proof import Answers, Password, PrivateKey, Proof, Ticket

__all__ = ["PORT", "TERM", "Password", "PrivateKey", "Proof", "SshLine", "Ticket", "open_ssh"]

PORT: Final = 22
TERM: Final = "xterm-256color"
WITHIN_S: Final = 15.0
_CHUNK_BYTES: Final = 64 * 1024
_ALIVE_EVERY_S, _ALIVE_MISSED = 15, 3
_CLOSING_S: Final = 1.0

# At a finer level it logs what is sent, byte by byte.
logging.getLogger("asyncssh").setLevel(logging.WARNING)


_Keys = tuple[Sequence[asyncssh.SSHKey], Sequence[asyncssh.SSHKey], Sequence[asyncssh.SSHKey]]
"""Those trusted, the authorities that are, and those revoked."""
_KINDS: Final = {
    "ssh-ed25519": ("ssh-ed25519",),
    "ecdsa-sha2-nistp256": ("ecdsa-sha2-nistp256",),
    "ecdsa-sha2-nistp384": ("ecdsa-sha2-nistp384",),
    "ecdsa-sha2-nistp521": ("ecdsa-sha2-nistp521",),
    "ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256"),
}
"""The kinds of host key, and how they sign; as in OpenSSH, not with SHA-1."""
_METHODS: Final = {
    Password: "password,keyboard-interactive",
    PrivateKey: "publickey",
    Ticket: "gssapi-with-mic",
}


class _Client(asyncssh.SSHClient):
    """Answers what the host asks while it signs on."""

    def __init__(self, proof: Proof) -> None:
        self.offered: asyncssh.SSHKey | None = None
        self.answers = Answers(proof)
        self._key = _private_key(proof) if isinstance(proof, PrivateKey) else None

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Note the key that is none of the entered ones, and refuse it."""
        self.offered = key
        return False

    def validate_host_ca_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Note the authority that is none of the entered ones, and refuse it."""
        self.offered = key
        return False

    def public_key_auth_requested(self) -> asyncssh.SSHKey | None:
        """Offer the key, once."""
        key, self._key = self._key, None
        self.answers.asked = self.answers.asked or key is not None
        return key

    def password_auth_requested(self) -> str | None:
        """Give the password, once."""
        return self.answers.password()

    async def password_change_requested(self, prompt: str, lang: str) -> tuple[str, str]:
        """Give the new password, once."""
        answer = await self.answers.old_and_new(prompt)
        return NotImplemented if answer is None else answer  # how the library wants a refusal

    def kbdint_auth_requested(self) -> str | None:
        """Take part where the password has not been given yet."""
        return "" if self.answers.gives_passwords else None

    async def kbdint_challenge_received(  # type: ignore[override] # narrower than theirs
        self, name: str, instructions: str, lang: str, prompts: list[tuple[str, bool]]
    ) -> list[str] | None:
        """Answer the questions that ask for a password."""
        return await self.answers.questions(prompts)


class SshLine:
    """An open line to a shell; made by :func:`open_ssh`."""

    def __init__(
        self,
        connection: asyncssh.SSHClientConnection,
        process: asyncssh.SSHClientProcess[bytes],
        facts: LineFacts,
        encoding: str,
    ) -> None:
        self._connection = connection
        self._process = process
        self._facts = facts
        self._transcoder = Transcoder(encoding)
        self._ended = False
        self._hung_up = False
        self._confirmed = False

    @property
    def facts(self) -> LineFacts:
        """What is known of it."""
        return self._facts

    async def read(self) -> bytes:
        """Return what came next; b"" when the shell has ended."""
        try:
            while raw := await self._process.stdout.read(_CHUNK_BYTES):
                if data := self._transcoder.incoming(raw):
                    return data
        except (OSError, asyncssh.Error) as fault:
            raise _line_lost(self._facts.host) from fault
        self._ended = True
        return b""

    async def write(self, data: bytes) -> None:
        """Send, and wait while the host takes nothing more."""
        # The library says nothing of what is written to a shell that has ended.
        if self._ended or self._process.is_closing() or self._connection.is_closed():
            raise _line_lost(self._facts.host)
        try:
            self._process.stdin.write(self._transcoder.outgoing(data))
            await self._process.stdin.drain()
        except (OSError, asyncssh.Error) as fault:
            raise _line_lost(self._facts.host) from fault

    async def resize(self, rows: int, columns: int) -> None:
        """Tell the host another size."""
        with suppress(OSError, asyncssh.Error):
            self._process.change_terminal_size(columns, rows)

    async def close(self) -> bool:
        """End the shell and the connection; return whether the host has said that its shell has no line any more.

        Who is asked to close a channel answers with the same (RFC 4254, 5.3), and takes the terminal from what runs
        there. A connection that is lost answers nothing.
        """
        self._process.close()
        if not self._hung_up:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSING_S):
                    await self._process.channel.wait_closed()
                    self._confirmed = not self._connection.is_closed()
            self._hung_up = True
        self._connection.close()
        try:
            async with asyncio.timeout(_CLOSING_S):
                await self._connection.wait_closed()
        except (TimeoutError, OSError, asyncssh.Error):
            self._connection.abort()
        return self._confirmed


async def open_ssh(
    host: str,
    port: int,
    username: str,
    proof: Proof,
    known_hosts: str,
    *,
    rows: int,
    columns: int,
    term: str = TERM,
    encoding: str = UTF_8,
    within_s: float = WITHIN_S,
) -> SshLine:
    """Sign on to a host and open a shell; ``known_hosts`` are lines as in OpenSSH's file of that name (sshd(8)).

    Raises :class:`HostKeyUnknownError`, :class:`TerminalSignInRefusedError`, :class:`TerminalPasswordExpiredError`,
    :class:`TerminalLineError`, what the keeping of a new password raises and, for a ticket where the package for it is
    missing, :class:`EngineMissingError`. A host that was given a new password has taken it once there is a line.
    """
    if isinstance(proof, Ticket) and importlib.util.find_spec("gssapi") is None:
        raise EngineMissingError(
            "This computer cannot sign on with a Kerberos ticket.", detail="The Python package gssapi is missing."
        )
    client = _Client(proof)
    ticket = isinstance(proof, Ticket)
    keys = _entered(known_hosts, host, port)
    connection: asyncssh.SSHClientConnection | None = None
    try:
        async with asyncio.timeout(within_s):
            wire = await called(host, port)
            try:
                connection = await asyncssh.connect(
                    host,
                    port,
                    sock=wire,
                    config=None,
                    client_factory=lambda: client,
                    # Told by a function: for an empty list it would read the account's own file, for none trust any.
                    known_hosts=lambda _host, _address, _port: keys,
                    server_host_key_algs=_algorithms(keys),
                    username=username,
                    client_keys=None,
                    agent_path=None,
                    x509_trusted_certs=None,
                    x509_trusted_cert_paths=None,
                    gss_host=host if ticket else None,
                    gss_store={"ccache": f"FILE:{proof.file}"} if isinstance(proof, Ticket) and proof.file else None,
                    gss_kex=False,
                    preferred_auth=_METHODS[type(proof)],
                    compression_algs=["none"],
                    keepalive_interval=_ALIVE_EVERY_S,
                    keepalive_count_max=_ALIVE_MISSED,
                )
            except BaseException:
                wire.close()
                raise
            process = await connection.create_process(
                encoding=None,
                request_pty="force",
                term_type=term,
                term_size=(columns, rows),
                stderr=asyncssh.STDOUT,  # what nobody reads would stop the rest
            )
    except TimeoutError as fault:
        _abort(connection)
        raise _cut(client.answers)(f"{host} did not answer in time.") from fault
    except asyncssh.HostKeyNotVerifiable as fault:
        raise _key_refused(host, client.offered, any(keys[:2])) from fault
    except asyncssh.PermissionDenied as fault:
        raise _sign_in_refused(host, client.answers, isinstance(proof, Ticket)) from fault
    except asyncssh.KeyExchangeFailed as fault:
        raise TerminalLineError(f"{host} and this computer have no way of encryption in common.") from fault
    except (OSError, UnicodeError, asyncssh.Error) as fault:
        _abort(connection)
        raise _cut(client.answers)(f"{host} cannot be reached, or ended the line at once.") from fault
    except ValueError:
        # A character that no name or password has (RFC 4013); the words of the fault may quote it.
        _abort(connection)
        raise TerminalSignInNotTriedError(f"{host} cannot be given this name or password.") from None
    except BaseException:
        _abort(connection)
        raise
    return SshLine(connection, process, LineFacts(host, port, encrypted=True, encoding=encoding), encoding)


def _cut(answers: Answers) -> type[TerminalLineError]:
    return SignInCutError if answers.asked else TerminalLineError


def _entered(entries: str, host: str, port: int) -> _Keys:
    """Return the keys that are entered for the name the host is called by; the address it was found at is not asked.

    Raises :class:`HostKeyUnknownError` for entries that are none.
    """
    try:
        known = asyncssh.import_known_hosts(entries)
    except ValueError as fault:
        raise HostKeyUnknownError("The host keys that IT has entered cannot be read.", detail=str(fault)) from fault
    trusted, authorities, revoked, *_ = known.match(host, "", None if port == PORT else port)
    return trusted, authorities, revoked


def _algorithms(keys: _Keys) -> list[str]:
    """Return the kinds of host key that are asked for: the entered ones first, then all, so that a refusal names it."""
    entered = {key.get_algorithm() for key in keys[0]}
    plain = [name for kind in sorted(_KINDS, key=lambda kind: kind not in entered) for name in _KINDS[kind]]
    return [*(f"{name}-cert-v01@openssh.com" for name in plain if keys[1]), *plain]


def _key_refused(host: str, offered: asyncssh.SSHKey | None, entered: bool) -> HostKeyUnknownError:
    if offered is None:
        return HostKeyUnknownError(f"{host} has shown a key that may not be used any more.")
    shown = f"{offered.get_algorithm()} {offered.get_fingerprint()}"
    which = "is not the one IT has entered for it" if entered else "cannot be checked, as IT has entered none for it"
    return HostKeyUnknownError(
        f"{host} has shown a key that {which}: {shown}.",
        detail=f"Offered: {shown}",
    )


def _sign_in_refused(host: str, answers: Answers, ticket: bool) -> LauncherError:
    if answers.not_kept is not None:
        return answers.not_kept
    if answers.gave_new:
        return NewPasswordNotTakenError(f"{host} did not take the new password.", detail=answers.said)
    if answers.must_change:
        return TerminalPasswordExpiredError(f"{host} wants a new password before it lets you in.")
    if not answers.asked and not ticket:
        return TerminalSignInNotTriedError(f"{host} does not take what this system is set up to sign on with.")
    return TerminalSignInRefusedError(f"{host} did not accept the name or what was given with it.")


def _private_key(proof: PrivateKey) -> asyncssh.SSHKey:
    """Read a private key; why it cannot be read is not repeated, as the words may quote it."""
    passphrase = proof.passphrase.reveal() if proof.passphrase else None
    try:
        return asyncssh.import_private_key(proof.text.reveal(), passphrase)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
        raise TerminalSignInRefusedError("Your key for this system cannot be read.") from None


def _line_lost(host: str) -> TerminalLineError:
    return TerminalLineError(f"The line to {host} was lost.")


def _abort(connection: asyncssh.SSHClientConnection | None) -> None:
    if connection is not None:
        connection.abort()
