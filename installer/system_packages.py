"""The packages of the operating system that the screen, the browser engine and the test servers need.

The lists are Debian's names for what `--no-install-recommends` leaves out, measured on Debian 12. As root on Debian or
a system made from it the missing ones are installed; anywhere else the person is told, with the one command that does.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

from installer.console import Ran, Step, run
from installer.machine import Machine

SCREEN = "the screen"
WINDOWS = "windows on an X11 display"
BROWSER = "the browser engine"
FONTS = "fonts"
TEST_SERVERS = "the test servers"
TEST_3270 = "the test hosts of 3270 terminals"
TEST_DISPLAY = "tests with a display of their own"
TEST_MANAGED = "tests with an installed browser"
TEST_TICKETS = "tests with Kerberos tickets"
TEST_CLOCK = "tests with a clock that jumps"
TEST_KEY_STORE = "the test of the system's key store"
CHECKS = "the checks of the repository"

PURPOSES: Mapping[str, tuple[str, ...]] = {
    SCREEN: ("libegl1", "libgl1", "libdbus-1-3", "libfontconfig1", "libglib2.0-0", "libxkbcommon0"),
    WINDOWS: (
        "libx11-xcb1",
        "libxcb-cursor0",
        "libxcb-icccm4",
        "libxcb-keysyms1",
        "libxcb-shape0",
        "libxcb-xkb1",
        "libxkbcommon-x11-0",
    ),
    BROWSER: (
        "libnss3",
        "libnspr4",
        "libasound2",
        "libxcomposite1",
        "libxdamage1",
        "libxrandr2",
        "libxtst6",
        "libgbm1",
        "libxkbfile1",
        "libxcb-dri3-0",
        "libnss3-tools",  # certutil: how the browser engine learns a force's own certificate authority
    ),
    FONTS: ("fonts-dejavu-core", "fonts-liberation2", "fonts-noto-color-emoji"),
    TEST_SERVERS: (
        "slapd",
        "ldap-utils",
        "apache2",
        "libapache2-mod-auth-openidc",
        "libapache2-mod-auth-mellon",
        "libapache2-mod-auth-cas",
        "libapache2-mod-php",
        "simplesamlphp",
        "dokuwiki",
        "nginx-light",
        "softhsm2",
        "php-cli",
        "php-xml",
        "openssl",
        "openssh-server",
        "inetutils-telnetd",
        "dialog",
        "cups-daemon",
        "cups-client",
        "squid-openssl",
        "apache2-utils",
        "postgresql",
        # A dictionary, and what makes it one of the browser engine's.
        "hunspell-en-gb",
        "qt6-webengine-dev-tools",
    ),
    # A control unit for Debian's own Linux for s390x, and the second opinion on what a screen shows.
    TEST_3270: ("qemu-system-misc", "cpio", "s3270"),
    TEST_DISPLAY: ("xvfb", "xauth", "openbox", "xterm", "xdotool"),
    TEST_MANAGED: ("chromium",),
    TEST_TICKETS: (
        "krb5-kdc",
        "krb5-admin-server",
        "krb5-user",
        "krb5-pkinit",
        "python3-gssapi",
        "libapache2-mod-auth-gssapi",
        # A domain controller of Active Directory.
        "samba",
        "samba-ad-dc",
        "samba-ad-provision",
        "samba-dsdb-modules",
        "samba-vfs-modules",
        "winbind",
        "python3-samba",
    ),
    TEST_CLOCK: ("faketime",),
    TEST_KEY_STORE: ("dbus-daemon", "gnome-keyring"),
    CHECKS: ("git",),
}
DEMO_PURPOSES = (SCREEN, WINDOWS, BROWSER, FONTS)
TEST_PURPOSES = (
    *DEMO_PURPOSES,
    TEST_SERVERS,
    TEST_3270,
    TEST_DISPLAY,
    TEST_MANAGED,
    TEST_TICKETS,
    TEST_CLOCK,
    TEST_KEY_STORE,
    CHECKS,
)

# What these packages would start at every boot of the machine, on ports that are not ours to take.
_SERVICES: Mapping[str, str] = {
    "slapd": "slapd",
    "apache2": "apache2",
    "nginx-light": "nginx",
    "openssh-server": "ssh",
    "cups-daemon": "cups",
    "squid-openssl": "squid",
    "krb5-kdc": "krb5-kdc",
    "krb5-admin-server": "krb5-admin-server",
    "samba": "smbd nmbd",
    "samba-ad-dc": "samba-ad-dc",
    "winbind": "winbind",
    "postgresql": "postgresql",
    # Brought by inetutils-telnetd; on a machine that has had them before, they are somebody's.
    "inetutils-inetd": "inetutils-inetd",
    "inetutils-syslogd": "inetutils-syslogd",
}
_BROUGHT: Mapping[str, tuple[str, ...]] = {"inetutils-telnetd": ("inetutils-inetd", "inetutils-syslogd")}

_POLICY = Path("/usr/sbin/policy-rc.d")
_POLICY_ASIDE = Path("/usr/sbin/policy-rc.d.before-station-launcher")
_POLICY_MARK = "made by Station Launcher's set-up"
_POLICY_TEXT = f"#!/bin/sh\n# {_POLICY_MARK}; removed when it ends\nexit 101\n"
_LISTS = Path("/var/lib/apt/lists")


def wanted(purposes: Sequence[str]) -> tuple[str, ...]:
    """The names of all packages for these purposes, in order and once each."""
    return tuple(dict.fromkeys(name for purpose in purposes for name in PURPOSES[purpose]))


def missing(packages: Sequence[str], present: Collection[str]) -> tuple[str, ...]:
    """Those of the packages that are not there, in order."""
    return tuple(name for name in packages if name not in present)


def purposes_of(packages: Collection[str]) -> tuple[str, ...]:
    """What the packages are for."""
    return tuple(purpose for purpose, names in PURPOSES.items() if any(name in packages for name in names))


def services_of(packages: Collection[str]) -> tuple[str, ...]:
    """The services that these packages, and what they bring along, start when a person installs them."""
    names = {*packages, *(brought for package in packages for brought in _BROUGHT.get(package, ()))}
    return tuple(one for package, services in _SERVICES.items() if package in names for one in services.split())


def installed() -> frozenset[str]:
    """The names of the installed Debian packages and of all that they stand in for."""
    query = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}\\t${Package}\\t${Provides}\\n"]
    try:
        listed = subprocess.run(query, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return frozenset()
    return names_installed(listed.stdout)


def names_installed(dpkg_list: str) -> frozenset[str]:
    """Reads dpkg-query's lines of status, name and what the package provides.

    A newer Debian renames libraries (libasound2t64 *provides* libasound2), so what is provided counts as there.
    """
    names: set[str] = set()
    for line in dpkg_list.splitlines():
        status, _, rest = line.partition("\t")
        name, _, provides = rest.partition("\t")
        if status[1:2] != "i":
            continue
        names.add(name)
        names.update(entry.split("(")[0].strip().split(":")[0] for entry in provides.split(",") if entry.strip())
    return frozenset(names)


def command_for(machine: Machine, packages: Sequence[str]) -> str:
    """The one command, or the words, by which a person gets these packages."""
    names = " ".join(packages)
    if not machine.debian_like:
        return f"install what your system calls these Debian packages: {names}"
    sudo = "sudo " if machine.sudo and not machine.root else ""
    command = f"{sudo}apt-get update && {sudo}apt-get install --no-install-recommends {names}"
    return command if sudo or machine.root else f"{command}  # as root"  # a comment: the line may be pasted whole


def install(packages: Sequence[str], step: Step) -> tuple[str, ...]:
    """Installs packages with apt, starting none of their services; returns those that this system does not have.

    Raises SetUpError with apt's own words when it fails for any other reason.
    """
    asked = list(packages)
    before = installed()
    unknown: list[str] = []
    updated = not _lists_present()
    if updated:
        _update(step)
    while asked:
        progress = AptProgress(step)
        with services_kept_from_starting():
            ran = _apt(["install", *asked], "apt-install", progress.line, progress.tick)
        if ran.status == 0:
            _disable_services(new_services(before, installed()))
            step.result(f"{progress.total or len(asked)} installed")
            return tuple(unknown)
        if not updated:
            # Old lists name files that the mirror no longer has, or lack a package: one refresh, then again.
            updated = True
            _update(step)
            continue
        gone = [name for name in packages_unknown(ran.lines) if name in asked]
        if not gone:
            raise ran.failed("apt-get could not install the system packages", "put right what it names, then run again")
        unknown += gone
        asked = [name for name in asked if name not in gone]
    return tuple(unknown)


def packages_unknown(lines: Sequence[str]) -> tuple[str, ...]:
    """The names that apt says it has no package for."""
    found = (
        re.search(r"Unable to locate package (\S+)|Package '?([^\s']+)'? has no installation candidate", line)
        for line in lines
    )
    return tuple(dict.fromkeys(match[1] or match[2] for match in found if match))


class AptProgress:
    """How far apt is, read from what it says."""

    def __init__(self, step: Step) -> None:
        self.total = 0
        self._step = step
        self._does = ""  # apt takes a large lot in turns: some are ready before the next are unpacked
        self._done = {"downloading": 0, "unpacking": 0, "setting up": 0}

    def line(self, line: str) -> None:
        """Takes one line of apt's."""
        if counted := re.match(r"(\d+) upgraded, (\d+) newly installed", line):
            self.total = int(counted[1]) + int(counted[2])
        elif line.startswith("Get:"):
            self._count("downloading")
        elif line.startswith("Unpacking "):
            self._count("unpacking")
        elif line.startswith("Setting up "):
            self._count("setting up")
        self.tick()

    def tick(self) -> None:
        """Says how far it is."""
        self._step.progress(self.text())

    def text(self) -> str:
        """How far it is, in words."""
        if not self._does:
            return "working out what is needed"
        of = f" of {self.total}" if self.total else ""
        return f"{self._does} {self._done[self._does]}{of} packages"

    def _count(self, does: str) -> None:
        self._does = does
        self._done[does] += 1


@contextlib.contextmanager
def services_kept_from_starting(policy: Path = _POLICY, aside: Path = _POLICY_ASIDE) -> Iterator[None]:
    """While it lasts, no package that is installed may start its service (Debian policy 9.3.3.1, policy-rc.d).

    Leaves the machine's own policy as it was, also when a run before this one was cut short.
    """
    _restore_policy(policy, aside)
    if policy.exists() or policy.is_symlink():
        policy.rename(aside)
    try:
        with _stopping_softly():
            policy.write_text(_POLICY_TEXT, encoding="utf-8")
            policy.chmod(0o755)
            yield
    finally:
        _restore_policy(policy, aside)


def _restore_policy(policy: Path, aside: Path) -> None:
    ours = policy.is_file() and _POLICY_MARK in policy.read_text(encoding="utf-8", errors="replace")
    if ours:
        policy.unlink()
    if (aside.exists() or aside.is_symlink()) and not policy.exists():
        aside.rename(policy)


@contextlib.contextmanager
def _stopping_softly() -> Iterator[None]:
    """Turns a polite request to end into an exception, so that what was laid is taken up again."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def new_services(before: Collection[str], after: Collection[str]) -> tuple[str, ...]:
    """The services that were not on the machine before: what was there already stays as its owner wants it."""
    new = (services for package, services in _SERVICES.items() if package in after and package not in before)
    return tuple(one for services in new for one in services.split())


def _disable_services(services: Sequence[str]) -> None:
    """Keeps services that were just installed from starting at the machine's next boot."""
    update_rc = shutil.which("update-rc.d", path="/usr/sbin:/sbin")
    if update_rc is not None:
        for service in services:
            run([update_rc, service, "disable"], f"disable-{service}")


def _lists_present() -> bool:
    try:
        return any("_Packages" in entry.name for entry in _LISTS.iterdir())
    except OSError:
        return False


def _update(step: Step) -> None:
    def fetching() -> None:
        step.progress("asking for the lists of packages")

    ran = _apt(["update"], "apt-update", None, fetching)
    if ran.status != 0:
        raise ran.failed("apt-get update failed", "put right what it names (network, sources), then run again")


def _apt(
    arguments: Sequence[str], log_name: str, on_line: Callable[[str], None] | None, on_tick: Callable[[], None]
) -> Ran:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    options = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    return run(
        ["apt-get", *options, *arguments],
        log_name,
        on_line=on_line,
        on_tick=on_tick,
        env=environment,
    )
