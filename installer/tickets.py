"""Makes Debian's Kerberos package for Python visible in the environment, for hosts that are signed on to by a ticket.

The package registry has it as source only: a compiler, the headers and over a minute. Debian's is built for its own
Python; another interpreter of the same version reads it as well.
"""

from pathlib import Path

from installer.machine import Machine
from installer.paths import VENV

_SYSTEM = Path("/usr/lib/python3/dist-packages")
_PARTS = ("gssapi", "decorator.py")  # the package, and the one that it needs


def tickets_ready(machine: Machine, venv: Path = VENV, system: Path = _SYSTEM) -> bool:
    """Whether the package is visible, or cannot be made so here."""
    return not _fits(machine, system) or all(link.exists() for link, _ in _links(venv, system))


def show_tickets(machine: Machine, venv: Path = VENV, system: Path = _SYSTEM) -> str:
    """Links the package into the environment where it fits its Python; returns what came of it, in words.

    One that was installed into the environment itself stays.
    """
    if not _fits(machine, system):
        version = ".".join(map(str, machine.python_version))
        return f"none for Python {version} here: no host is signed on to by a ticket"
    try:
        for link, target in _links(venv, system):
            if link.is_symlink() and not link.exists():
                link.unlink()  # to where it was before
            if not link.exists():
                link.symlink_to(target)
    except OSError as error:  # a file system without links: few need a ticket, and nothing else waits for it
        return f"cannot be shown here ({error.strerror}): no host is signed on to by a ticket"
    return "visible"


def _fits(machine: Machine, system: Path) -> bool:
    major, minor = machine.python_version
    built = (system / "gssapi" / "raw").glob(f"creds.cpython-{major}{minor}-*.so")
    return machine.debian_like and any(built) and all((system / part).exists() for part in _PARTS)


def _links(venv: Path, system: Path) -> list[tuple[Path, Path]]:
    return [(folder / part, system / part) for folder in venv.glob("lib/python3*/site-packages") for part in _PARTS]
