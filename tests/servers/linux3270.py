"""A real 3270 host that nobody here wrote: Debian's own Linux for s390x, with its 3270 console as a TN3270 host.

Kernel and busybox come from Debian as they are; ``qemu-system-s390x`` runs them and is the control unit, with the one
console that it can have. It logs an officer on: getty, login with a password that does not show, a shell. When a caller
hangs up, whoever was logged on stays so, and the next caller has their session: as on any host of the kind.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import shutil
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from installer.hosts import s390x_ready
from installer.paths import S390X
from launcher.terminal.keys import Key
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.terminal import Terminal
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.models import Display
from tests.servers.process import LOOPBACK, programs_missing
from tests.servers.server import Server, running

USER: Final = "pc1234"
MUST_CHANGE: Final = "pc5678"
"""An account that is told at its shell that its password has expired."""
EXPIRED: Final = "Your password has expired: change it with passwd."
PASSWORD: Final = "S3cret!pw"
CODE_PAGE: Final = "cp037"
HOST_NAME: Final = "policehost"
ISSUE: Final = "POLICE HOST"
_START_DEADLINE_S: Final = 60.0
_ASK_AFTER_S: Final = 1.0

_INIT: Final = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /etc /root /tmp /sbin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev
mkdir -p /dev/pts; mount -t devpts devpts /dev/pts
hostname {host_name}; chmod 1777 /tmp
echo 'root:x:0:0:root:/root:/bin/sh' > /etc/passwd
echo '{user}:x:1000:1000:Officer:/tmp:/bin/sh' >> /etc/passwd
echo '{user}:{hashed}:19000:0:99999:7:::' > /etc/shadow
echo '{user}:x:1000:' > /etc/group
echo '{must_change}:x:1001:1001:Officer:/home:/bin/sh' >> /etc/passwd
echo '{must_change}:{hashed}:19000:0:99999:7:::' >> /etc/shadow
echo '{must_change}:x:1001:' >> /etc/group
mkdir /home; echo 'echo "{expired}"' > /home/.profile
chmod 600 /etc/shadow; chmod 4755 /bin/busybox
echo '{issue} \\n \\l' > /etc/issue
for f in /sys/bus/ccw/drivers/3270/*/online; do echo 1 > $f; done
until [ -c /dev/3270/tty1 ]; do sleep 0.1; done
(while true; do sleep 2147483647 < /dev/3270/tty1; sleep 0.1; done) &
echo READY > /dev/console
while true; do setsid getty -L 9600 3270/tty1 vt220; done
"""


def missing() -> str | None:
    """What is not installed, if anything."""
    absent = programs_missing("qemu-system-misc cpio openssl", "qemu-system-s390x", "cpio", "openssl")
    if absent is None and not s390x_ready():
        return "Debian's Linux for s390x is not fetched (python3 -m installer setup --extras test does)"
    return absent


class Linux3270(Server):
    """The host and the loopback port of its console, for one caller at a time."""

    start_within_s = _START_DEADLINE_S

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        _initrd(folder)
        self.runs(*_argv(folder, self.port), name="qemu", ready=lambda: _is_up(folder))

    def start(self) -> None:
        """Start the host and return once its console has a logon screen to give."""
        super().start()
        asyncio.run(_first_call(self.port))


def running_linux3270() -> AbstractContextManager[Linux3270]:
    """The started host, ended and deleted afterwards."""
    return running("linux3270", Linux3270)


async def _first_call(port: int) -> None:
    """Call, and ask for the logon screen until it is there.

    On its first call the host measures the terminal, and forgets what getty had written before. It does so anew for
    each program that opens the console where no other has, so that one holds it open from the start.
    """
    line = await open_tcp(LOOPBACK, port, tls=False, within_s=_START_DEADLINE_S)
    terminal = Terminal(Tn3270Engine(Display(2), code_page_name=CODE_PAGE), line)
    try:
        async with asyncio.timeout(_START_DEADLINE_S):
            while True:
                with contextlib.suppress(TimeoutError):
                    await terminal.wait_for(lambda grid: f"{HOST_NAME} login:" in "".join(grid.lines()), _ASK_AFTER_S)
                    return
                terminal.press(Key("Enter"))
    finally:
        await terminal.close()


def _argv(folder: Path, port: int) -> list[str]:
    argv = ["qemu-system-s390x", "-M", "s390-ccw-virtio", "-cpu", "max", "-m", "256", "-smp", "1"]
    argv += ["-nographic", "-nodefaults", "-monitor", "none", "-serial", f"file:{folder / 'console.log'}"]
    argv += ["-chardev", f"socket,id=c3270,host={LOOPBACK},port={port},server=on,wait=off,tn3270=on"]
    argv += ["-device", "x-terminal3270,chardev=c3270,devno=fe.0.000a,id=terminal"]
    argv += ["-kernel", str(S390X / "vmlinuz"), "-initrd", str(folder / "initrd.gz"), "-append", "panic=5"]
    return argv


def _initrd(folder: Path) -> None:
    """Pack the little system that the kernel starts: one program, and what is done at its start."""
    root = folder / "root"
    (root / "bin").mkdir(parents=True)
    shutil.copyfile(S390X / "busybox", root / "bin" / "busybox")
    hashed = subprocess.run(["openssl", "passwd", "-6", PASSWORD], check=True, capture_output=True, text=True)
    init = _INIT.format(
        host_name=HOST_NAME,
        user=USER,
        must_change=MUST_CHANGE,
        expired=EXPIRED,
        hashed=hashed.stdout.strip(),
        issue=ISSUE,
    )
    (root / "init").write_text(init, encoding="utf-8")
    for program in (root / "init", root / "bin" / "busybox"):
        program.chmod(0o755)
    names = "\n".join(("bin", "bin/busybox", "init")) + "\n"
    packed = subprocess.run(
        ["cpio", "-o", "-H", "newc", "--quiet"], input=names.encode(), check=True, capture_output=True, cwd=root
    )
    (folder / "initrd.gz").write_bytes(gzip.compress(packed.stdout, 1))


def _is_up(folder: Path) -> bool:
    log = folder / "console.log"
    return log.exists() and b"READY" in log.read_bytes()
