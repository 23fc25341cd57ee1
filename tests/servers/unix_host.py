"""A Unix host of its own on this computer: its accounts are in no book of the machine's.

A server runs in a mount namespace of its own (unshare(1)) with a copy of ``/etc`` that has two more accounts, and with
an empty ``/run`` and ``/var/log``: login, PAM and the shell are the system's own, and nothing that they write is left.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.servers import root
from tests.servers.people import PASSWORD
from tests.servers.process import clean_environment, programs_missing

USER: Final = "pc1234"
MUST_CHANGE: Final = "pc5678"
"""An account whose password has expired: the host asks for a new one before anything else."""
PROMPT: Final = "pc1234@records:~$ "
ENTRIES: Final = ("Person search", "Vehicle search", "Log off")
GOODBYE: Final = "Signed off from RECORDS."

_UID = 2_900_000
_SCRIPT = """
set -e
umask 022
mount -t tmpfs -o mode=755 tmpfs "$1/etc"
cp -a /etc/. "$1/etc/"
cat "$1/passwd" >>"$1/etc/passwd"
cat "$1/shadow" >>"$1/etc/shadow"
cat "$1/group" >>"$1/etc/group"
rm -rf "$1/etc/pam.d"
cp -a "$1/pam.d" "$1/etc/pam.d"
: >"$1/etc/motd"
echo records >"$1/etc/hostname"
mount --bind "$1/etc" /etc
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/log
mkdir /run/sshd
: >/run/utmp
shift
exec "$@"
"""
_PAM = """\
auth required pam_unix.so nodelay
account required pam_unix.so
password required pam_unix.so sha512
session required pam_unix.so
"""
_PROFILE = f"PS1='{PROMPT}'\nexport PATH=/usr/bin:/bin HISTFILE=\nalias menu='. ~/menu'\n"
_MENU = """\
while chosen=$(dialog --stdout --no-shadow --title RECORDS --menu "Choose a search" 12 40 3 \\
  1 "Person search" 2 "Vehicle search" 3 "Log off"); do
  clear
  case $chosen in
    3) echo "Signed off from RECORDS."; exit 0 ;;
    *) printf 'Chosen: %s\\n' "$chosen"; break ;;
  esac
done
"""


def missing() -> str | None:
    """What is not there, if anything."""
    lacks = root.missing()
    if lacks:
        return lacks
    packages = "util-linux openssl login dialog libpam-modules"
    if absent := programs_missing(packages, "unshare", "mount", "openssl", "login", "dialog"):
        return absent
    tried = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True,
        check=False,
        timeout=20,
    )
    return None if tried.returncode == 0 else "no mount namespace can be made here"


@dataclass(frozen=True, slots=True)
class UnixHost:
    """The files of the host; what :meth:`argv` starts runs on it."""

    folder: Path

    def argv(self, *program: str) -> tuple[str, ...]:
        """Return how a program is started there."""
        namespace = ("unshare", "--mount", "--propagation", "private")
        return (*namespace, "/bin/sh", "-c", _SCRIPT, "sh", str(self.folder), *program)


def unix_host(folder: Path) -> UnixHost:
    """Lay the host's files out."""
    folder.chmod(0o755)
    (folder / "etc").mkdir()
    pam = folder / "pam.d"
    pam.mkdir()
    for service in ("sshd", "login", "remote", "passwd", "other"):
        (pam / service).write_text(_PAM)
    passwd, shadow, group = [], [], []
    for number, name in enumerate((USER, MUST_CHANGE)):
        home = folder / "home" / name
        home.mkdir(parents=True)
        uid = _UID + number
        passwd.append(f"{name}:x:{uid}:{uid}:An officer:{home}:/bin/bash\n")
        group.append(f"{name}:x:{uid}:\n")
        last_changed = 0 if name == MUST_CHANGE else 20000
        shadow.append(f"{name}:{_hashed(PASSWORD, folder)}:{last_changed}:0:99999:7:::\n")
        for file, text in ((".bash_profile", _PROFILE.replace(USER, name)), ("menu", _MENU), (".hushlogin", "")):
            (home / file).write_text(text)
    (folder / "passwd").write_text("".join(passwd))
    (folder / "group").write_text("".join(group))
    (folder / "shadow").touch(mode=0o600)
    (folder / "shadow").write_text("".join(shadow))
    return UnixHost(folder)


def _hashed(password: str, folder: Path) -> str:
    return subprocess.run(
        ["openssl", "passwd", "-5", "-stdin"],
        input=password,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
        env=clean_environment(folder),
    ).stdout.strip()
