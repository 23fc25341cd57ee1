"""The terminal as a kiosk: the service, the accounts of sessions, and each way out of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from launcher.bootstrap.doctor.finding import Finding, read
from launcher.spelling import dictionary_folder
from launcher.station.install.accounts import AccountFiles, slot_names, unfit
from launcher.station.install.carry_out import apt_line, display_lacks
from launcher.station.install.choices import DISPLAY_SERVICE, SERVICE, UNITS, WINDOWS_SERVICE
from launcher.station.install.dictionary import PACKAGES
from launcher.station.install.routes import ROUTES, state_of
from launcher.station.open_folders import open_elsewhere
from launcher.station.slots import SLOT_GROUP, SLOTS

_INSTALL = "station-launcher station install, as root."
_NAMED = 10
_SYSTEMCTL = "/usr/bin/systemctl"


def kiosk_findings(root: Path = Path("/")) -> Iterator[Finding]:
    """Yield what is found of the system below ``root``."""
    yield service(root)
    yield from display(root)
    yield spelling(root)
    yield slots(root)
    yield from left_open(root)
    for route in ROUTES:
        state = state_of(route, root)
        found = f"closed: {route.how}" if state == "closed" else state
        next_step = "" if state == "closed" else route.next_step
        yield Finding(f"way out: {route.name}", found, next_step, by_hand=state == "cannot tell here")


def service(root: Path) -> Finding:
    """Say whether the station starts with the computer, and runs."""
    if read(root, f"{UNITS}/{SERVICE}") is None:
        return Finding("service", "this computer does not start as a station", _INSTALL)
    if not (root / UNITS.lstrip("/") / "multi-user.target.wants" / SERVICE).is_symlink():
        return Finding("service", "installed, not enabled", f"systemctl enable {SERVICE}")
    if root != Path("/") or not Path("/run/systemd/system").is_dir() or not Path(_SYSTEMCTL).exists():
        return Finding("service", "installed, starts with the computer")
    asked = subprocess.run([_SYSTEMCTL, "is-active", SERVICE], capture_output=True, text=True, check=False, timeout=20)
    state = asked.stdout.strip() or "unknown"
    if state == "failed":
        return Finding("service", "installed, and has failed", f"journalctl -u {SERVICE}")
    return Finding("service", f"installed, starts with the computer, now {state}")


def display(root: Path) -> Iterator[Finding]:
    """Say whether the kiosk's display has all it needs, where it is installed."""
    if read(root, f"{UNITS}/{DISPLAY_SERVICE}") is None:
        return
    lacks = display_lacks(root, windows=read(root, f"{UNITS}/{WINDOWS_SERVICE}") is not None)
    if lacks:
        found = f"lacks {', '.join(lacks)}"
        if any("input" in one for one in lacks):
            found += ": there would be neither keyboard nor mouse"
        yield Finding("display", found, apt_line(lacks))
    else:
        yield Finding("display", "X server, its input driver and what goes with them are there")


def spelling(root: Path) -> Finding:
    """Say whether pages have a dictionary."""
    folder = dictionary_folder(root=root)
    if folder is None:
        return Finding("spelling in pages", "not checked: there is no dictionary", f"{apt_line(PACKAGES)}\n{_INSTALL}")
    return Finding("spelling in pages", f"checked, by the dictionary in {folder}")


def left_open(root: Path) -> Iterator[Finding]:
    """Name the folders in which something of an officer's session could stay, where sessions have slot accounts."""
    files = AccountFiles(root)
    if not any(files.account(name) for name in slot_names()):
        return
    found = sorted(map(str, open_elsewhere(root)))
    if not found:
        yield Finding("folders open to all", "none but those that are cleared after each session")
        return
    named = ", ".join(found[:_NAMED]) + (f" and {len(found) - _NAMED} more" if len(found) > _NAMED else "")
    yield Finding(
        "folders open to all", named, "Run chmod o-w on them: what a session leaves there is not cleared after it."
    )


def slots(root: Path) -> Finding:
    """Say whether each session can have an account of its own, and that none of them leads anywhere else."""
    files = AccountFiles(root)
    found = [account for account in map(files.account, slot_names()) if account is not None]
    if not found:
        return Finding("slot accounts", "none: sessions run under the station's own account", _INSTALL)
    wrong = [f"{account.name}: {why}" for account in found for why in unfit(account)]
    if wrong:
        return Finding(
            "slot accounts", "; ".join(wrong), "Put it right with usermod, or remove the account and install."
        )
    if len(found) < SLOTS:
        return Finding("slot accounts", f"{len(found)} of {SLOTS}", f"{_INSTALL} It makes those that are missing.")
    locked = "" if all(account.locked for account in found) else "; only root can see whether they are locked"
    return Finding("slot accounts", f"{len(found)}, in {SLOT_GROUP} only, no shell, no home{locked}")
