"""OpenSSH's own server with a login shell, on a Unix host of its own."""

from __future__ import annotations

import re
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers import unix_host
from tests.servers.kdc import Kdc
from tests.servers.process import LOOPBACK, clean_environment, once_written, programs_missing, wait_for_exit
from tests.servers.server import Server, running
from tests.servers.unix_host import USER, UnixHost

_PACKAGES = "openssh-server openssh-client"


def missing() -> str | None:
    """What is not there, if anything."""
    return programs_missing(_PACKAGES, "sshd", "ssh-keygen") or unix_host.missing()


class Sshd(Server):
    """The server at ``127.0.0.1:port``, with one ed25519 host key; its accounts are those of ``unix_host``."""

    def __init__(self, folder: Path, host: UnixHost, kdc: Kdc | None = None, *, questions: bool = False) -> None:
        super().__init__(folder)
        self.host_key = _new_key(folder / "host_key", "ed25519")
        self.other_key = _new_key(folder / "other_key", "ed25519")
        """The public half of a key that is not the server's."""
        self.ecdsa_key = _new_key(folder / "ecdsa_key", "ecdsa")
        """The same of another kind."""
        self.authority = _new_key(folder / "authority", "ed25519")
        """The public half of the authority that signed the host's certificate, for this computer's names."""
        _certify(folder / "host_key", folder / "authority")
        _new_key(folder / "officer_key", "ed25519")
        self.officer_key = (folder / "officer_key").read_text()
        """The private key that lets ``USER`` in."""
        keys = folder / "keys"
        keys.mkdir(mode=0o755)
        (keys / USER).write_text((folder / "officer_key.pub").read_text())
        settings = folder / "sshd_config"
        settings.write_text(
            f"""\
ListenAddress {LOOPBACK}:{self.port}
HostKey {folder / "host_key"}
HostCertificate {folder / "host_key-cert.pub"}
PidFile none
UsePAM yes
PasswordAuthentication {"no" if questions else "yes"}
KbdInteractiveAuthentication {"yes" if questions else "no"}
AuthorizedKeysFile {keys}/%u
StrictModes no
PrintMotd no
PrintLastLog no
UseDNS no
LogLevel VERBOSE
GSSAPIAuthentication {"no" if kdc is None else "yes"}
GSSAPIStrictAcceptorCheck no
"""
        )
        kerberos = {} if kdc is None else {**kdc.environment, "KRB5_KTNAME": str(kdc.keytab("host/localhost"))}
        # sshd starts itself anew for each connection and wants its full path for it.
        self.runs(
            *host.argv("/usr/sbin/sshd", "-D", "-e", "-f", str(settings)),
            name="sshd",
            env=kerberos,
            ready=lambda: "Server listening" in self.log_text(),
        )

    @property
    def known_hosts(self) -> str:
        """The line that IT enters for it."""
        return f"[{self.host}]:{self.port},[localhost]:{self.port} {self.host_key}\n"

    def hashed(self, known_hosts: str) -> str:
        """The same lines with their names hashed, as OpenSSH does it."""
        file = self.folder / "hashed"
        file.write_text(known_hosts)
        subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(file)], check=True, timeout=20, capture_output=True)
        return file.read_text()

    def fingerprint(self) -> str:
        """The fingerprint of its host key, as OpenSSH writes it."""
        said = subprocess.run(
            ["ssh-keygen", "-l", "-f", "-"], input=self.host_key, capture_output=True, text=True, check=True, timeout=20
        ).stdout
        return said.split()[1]

    def wrong_passwords(self, uid: str, at_least: int = 0) -> int:
        """How many wrong passwords were tried for this account, once it was so many: one is written down as it is said.

        Raises ``TimeoutError``.
        """
        failed = rf"Failed (?:password|keyboard-interactive/pam) for {re.escape(uid)} "
        return once_written(lambda: len(re.findall(failed, self.log_text())), lambda found: found >= at_least)

    def hung_up(self) -> bool:
        """Wait until nothing runs on the line of the last caller, who is gone; what it was doing there has ended."""
        pid = re.findall(r"User child is on pid (\d+)", self.log_text())[-1]
        return wait_for_exit(int(pid), 30_000)


def running_sshd(kdc: Kdc | None = None, *, questions: bool = False) -> AbstractContextManager[Sshd]:
    """The started server, ended and deleted afterwards; with a ``kdc`` it takes that realm's tickets.

    ``questions``: it takes no password as such, but asks for it (keyboard-interactive), and for a new one where the
    account's has expired.
    """
    return running("sshd", lambda folder: Sshd(folder, unix_host.unix_host(folder), kdc, questions=questions))


def _certify(key: Path, authority: Path) -> None:
    """Have the authority sign a host's key."""
    subprocess.run(
        [
            "ssh-keygen",
            "-q",
            "-s",
            authority,
            "-h",
            "-I",
            "host",
            "-n",
            f"{LOOPBACK},localhost",
            key.with_suffix(".pub"),
        ],
        check=True,
        timeout=20,
        env=clean_environment(key.parent),
        stdin=subprocess.DEVNULL,
    )


def _new_key(file: Path, kind: str) -> str:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", str(file)],
        check=True,
        timeout=20,
        env=clean_environment(file.parent),
        stdin=subprocess.DEVNULL,
    )
    return " ".join(file.with_suffix(".pub").read_text().split()[:2])
