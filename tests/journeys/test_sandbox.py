"""The browser's own sandbox is on where a station runs as it should: as an ordinary user, with the system's Python.

As root the station is run as an account of no rights. That account sees checkout and packages through mounts of a
namespace of its own, for they may lie in a folder it cannot enter.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from launcher.residue.tree import descendants
from tests.journeys.played import demo_place, started_station

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.timeout(120)]

ROOT = Path(__file__).resolve().parents[2]
PLACE = "/mnt"  # not a temporary folder: what lies there may be the officer's, and is searched
MOUNTS = {f"{PLACE}/checkout": str(ROOT), f"{PLACE}/packages": sysconfig.get_path("purelib")}
PYTHON = "/usr/bin/python3"
NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the ordinary user may enter."""
    with tempfile.TemporaryDirectory(prefix="sandbox-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_a_page_is_shut_into_a_namespace_of_its_own(folder: Path) -> None:
    skip_where_impossible()
    system = "missing-persons"

    async def journey() -> None:
        async with demo_place(folder, only=(system,)) as place:
            if os.geteuid() == 0:
                subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", folder], check=True)  # noqa: ASYNC221 - a moment
            async with started_station(place, _python(), _environment(folder), account=_account()) as station:
                session = (await station.next("OfficerSignedIn"))["session"]
                await station.opened(system)
                assert station.outcomes() == {system: ("ready", None)}
                pid = int(str((await station.next("SessionStarted", session=session))["pid"]))
                shut_in(pid, station.pid, _account())
                station.log_off()
                ended = await station.next("SessionEnded", session=session)
                assert ended["remained"] == []
                residue = (await station.next("ResidueChecked", session=session))["residue"]
                assert isinstance(residue, dict)
                assert residue["scanned"]
                assert (residue["unscanned"], residue["found"]) == ([], [])

    asyncio.run(journey())


def shut_in(session: int, station: int, account: int) -> None:
    """Check that every page below the session, which runs as the account, is in a sandbox of its own."""
    rows = [row for row in descendants(session) if not row.zombie]
    below = {row.pid: _read(row.pid, "cmdline").split(b"\0") for row in rows}
    assert not any(b"--no-sandbox" in argv for argv in below.values())
    # A renderer is forked, ready made, and keeps the command line it comes from: it is the last of its line.
    zygotes = {pid for pid, argv in below.items() if b"--type=zygote" in argv and b"--no-zygote-sandbox" not in argv}
    renderers = [row.pid for row in rows if row.parent in zygotes and not any(row.pid == one.parent for one in rows)]
    assert renderers
    for pid in renderers:
        assert _read(pid, "uid_map") != _read(station, "uid_map")
        assert b"\nSeccomp:\t2\n" in _read(pid, "status")
    if os.geteuid() == 0:
        # The browser's processes keep others of the same account from seeing this.
        _look_closer(renderers, below, station)
        assert f"\nUid:\t{account}\t".encode() in _read(session, "status")


def _look_closer(renderers: Iterable[int], below: Mapping[int, list[bytes]], station: int) -> None:
    ours = Path(f"/proc/{station}/ns/user").readlink()
    for pid in renderers:
        assert Path(f"/proc/{pid}/ns/user").readlink() != ours
    for pid, argv in below.items():
        if argv[0].endswith(b"/QtWebEngineProcess"):
            assert b"QTWEBENGINE_DISABLE_SANDBOX=" not in _read(pid, "environ")


def skip_where_impossible() -> None:
    """Skip where the system has no such interpreter, account or namespaces."""
    asked = "import sys; print(*sys.version_info[:2], sep='.')"
    if not Path(PYTHON).exists():
        pytest.skip(f"needs system-python: there is no {PYTHON}")
    version = subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    if version != f"{sys.version_info.major}.{sys.version_info.minor}":
        pytest.skip(f"needs system-python: the packages here are not for {PYTHON} ({version})")
    if os.geteuid() == 0:
        for tool in ("setpriv", "unshare", "mount"):
            if shutil.which(tool) is None:
                pytest.skip(f"needs namespaces: {tool} is not installed")
        if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
            pytest.skip("needs namespaces: root may not make a mount namespace here")
    as_user = AS_NOBODY if os.geteuid() == 0 else ()
    if subprocess.run([*as_user, "unshare", "-U", "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs namespaces: an ordinary user may not make a user namespace here")


def _python() -> tuple[str, ...]:
    """Return the interpreter, started as the ordinary user."""
    if os.geteuid() != 0:
        return (PYTHON,)
    steps = [f"mount -t tmpfs none {PLACE}"]
    for here, there in MOUNTS.items():
        steps += [f"mkdir {here}", shlex.join(("mount", "--bind", there, here))]
    return ("unshare", "-m", "sh", "-c", " && ".join((*steps, f'exec {shlex.join((*AS_NOBODY, PYTHON))} "$@"')), "-")


def _account() -> int:
    """Return the account that the station runs as."""
    return NOBODY if os.geteuid() == 0 else os.geteuid()


def _environment(folder: Path) -> dict[str, str]:
    # What the tests switch off for themselves must not reach the browser of a station.
    assert os.environ["QTWEBENGINE_DISABLE_SANDBOX"] == "1"
    places = MOUNTS.keys() if os.geteuid() == 0 else MOUNTS.values()
    own = str(folder / "state")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places), "HOME": own, "XDG_RUNTIME_DIR": own}


def _read(pid: int, file: str) -> bytes:
    return Path(f"/proc/{pid}/{file}").read_bytes()
