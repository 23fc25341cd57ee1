"""What pages of a managed browser have of the computer: what their entry and the policy let them, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from launcher.shell.surfaces.origins import Bounds

if TYPE_CHECKING:
    from launcher.shell.surfaces.managed.devtools import Line

PERMISSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "camera": ("videoCapture",),
    "microphone": ("audioCapture",),
    "location": ("geolocation",),
    "clipboard": ("clipboardReadWrite", "clipboardSanitizedWrite"),
    "notifications": (),  # they would come over the work, in windows that are not the launcher's
}
"""The browser's own names for what an entry may ask for."""


async def permit(line: Line, bounds: Bounds) -> None:
    """Let the system's own pages have it; all else is refused unasked. Raises what :meth:`Line.ask` raises."""
    names = [name for one in sorted(bounds.permissions) for name in PERMISSIONS[one]]
    for origin in sorted(bounds.fills) if names else ():
        await line.ask("Browser.grantPermissions", {"origin": origin, "permissions": names}, page=False)
