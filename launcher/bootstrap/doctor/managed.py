"""The installed browser that entries with ``browser = "managed"`` are opened in: there, and what drives it too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec

from launcher.bootstrap.doctor.finding import Finding
from launcher.bootstrap.parts import CONNECTORS
from launcher.catalogue.catalogue import load
from launcher.connectors.base import judge_of, kinds_of
from launcher.connectors.web.spec import WebSpec
from launcher.policy.settings import Settings

_INSTALL = (
    "Install Chromium, Chrome or Edge (Debian: chromium), or name it in the station file: [web] managed_browser. Until "
    "then those systems stay shut."
)
_DRIVER = "Install the launcher's extra: managed. Until then those systems stay shut."


def managed_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what is found of the installed browser; nothing where no entry asks for one."""
    catalogue = load(settings.station.catalogue, kinds_of(CONNECTORS), judge_of(CONNECTORS, None))
    specs = [entry.spec for entry in catalogue.entries if isinstance(entry.spec, WebSpec)]
    asking = sum(spec.browser == "managed" for spec in specs)
    if not asking:
        return
    yield installed(settings.web.managed_browser, asking)
    yield driver(there=find_spec("choreographer") is not None)


def installed(names: tuple[str, ...], asking: int) -> Finding:
    """Say which browser is opened for so many systems."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        systems = "a system asks" if asking == 1 else f"{asking} systems ask"
        return Finding(
            "installed browser", f"none of those that may be opened is here, and {systems} for one", _INSTALL
        )
    return Finding("installed browser", path)


def driver(*, there: bool) -> Finding:
    """Say whether the part that drives it is set up."""
    return Finding("choreographer", "there") if there else Finding("choreographer", "missing", _DRIVER)
