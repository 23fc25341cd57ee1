"""The Duty Log over SSH: name and password let an officer in; whoever comes as ``terminal`` is asked on the screen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count
from socket import socket
from typing import Final

import asyncssh

from launcher.demo.terminals.duty_log import DutyLog, KeyReader
from launcher.demo.terminals.host_accounts import HostAccounts

ASKED_ON_SCREEN: Final = "terminal"
"""SSH lets this name in without a proof: the host's own logon screen asks."""

_CHUNK_BYTES: Final = 4096


class _Server(asyncssh.SSHServer):
    """Says who may come in."""

    def __init__(self, accounts: HostAccounts) -> None:
        self._accounts = accounts

    def begin_auth(self, username: str) -> bool:
        """Ask everybody for a password but the one who is asked on the screen."""
        return username != ASKED_ON_SCREEN

    def password_auth_supported(self) -> bool:
        """Take passwords."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Let in whose password it is; one that has expired lets in too, and is changed on the screen."""
        return self._accounts.right(username, password)


@dataclass(slots=True)
class SshHost:
    """The host; its key is made anew for each run."""

    accounts: HostAccounts
    delay_s: float = 0.0
    key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def known_hosts(self, host: str, port: int) -> str:
        """Return the line that IT enters for it (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT)."""
        return f"[{host}]:{port} {self.key.export_public_key().decode().strip()}\n"

    async def serve(self, listener: socket, stop: asyncio.Event) -> None:
        """Take callers until ``stop``."""
        acceptor = await asyncssh.listen(
            sock=listener,
            server_factory=lambda: _Server(self.accounts),
            server_host_keys=[self.key],
            process_factory=self._called,
            encoding=None,
            line_editor=False,
            public_key_auth=False,
            kbdint_auth=False,
            gss_host=None,
        )
        try:
            await stop.wait()
        finally:
            acceptor.close()

    async def _called(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        name = str(process.get_extra_info("username"))
        proved = name != ASKED_ON_SCREEN
        dialogue = DutyLog(self.accounts, f"tty{next(self._numbers)}", name if proved else "", proved)
        keys = KeyReader()
        try:
            await self._show(process, dialogue)
            while dialogue.at != "end":
                try:
                    data = await process.stdin.read(_CHUNK_BYTES)
                except (asyncssh.TerminalSizeChanged, asyncssh.BreakReceived, asyncssh.SignalReceived):
                    continue
                if not data:
                    break
                drawn = [dialogue.take(key) for key in keys.keys(data)]
                if any(drawn):
                    await self._show(process, dialogue)
        except (OSError, asyncssh.Error):
            pass  # the caller has gone
        finally:
            dialogue.hung_up()
            process.exit(0)

    async def _show(self, process: asyncssh.SSHServerProcess[bytes], dialogue: DutyLog) -> None:
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        process.stdout.write(dialogue.drawn().encode())
        await process.stdout.drain()
