"""What can be waited for: each thing that the screens may come to show, by its name."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from launcher.session.snapshot import Snapshot
from launcher.shell.hands.hub_seen import shows_of_hub
from launcher.shell.hands.orders import CannotDoError
from launcher.shell.hands.seen import MOVING, focused_part
from launcher.shell.look import ErrorPanel
from launcher.shell.window import Window
from launcher.timings.boot_clock import boot_time_s


def shows(window: Window, what: str, systems: tuple[str, ...] = ()) -> bool:
    """Say whether the screens show something. Raises :class:`CannotDoError` where nothing is known by that name."""
    now = now_of(window)
    match what.partition(":"):
        case ("stage", _, stage):
            return now.stage == stage and (stage in ("spare", "ending") or _in_front(window, now))
        case ("notice", _, kind):
            return any(one.what == kind for one in now.notices)
        case ("error", _, reference):
            error = now.sign_in.error
            return error is not None and error.reference == reference and not now.sign_in.busy
        case ("fault", _, reference):
            return any(one.reference_text == reference for one in faults_of(window))
        case ("no-fault", _, _):
            return window.workspace.isVisible() and not faults_of(window)
        case ("opened", _, _):
            return all(has_ended_opening(now, one) for one in systems)
        case ("focus", _, name):
            return focused_part(window) == name
        case ("clipboard", _, _):
            return not QApplication.clipboard().text()
        case ("grace-over", _, _):
            return now.over is not None and boot_time_s() >= now.over.grace_until
        case ("over", _, _):
            return now.over is not None and window.sign_in.isVisible()
        case ("not-over", _, _):
            return now.over is None
        case ("behind", _, _):
            return now.lock is not None and now.lock.behind and not window.isVisible()
        case ("warned", _, _):
            return now.locks_at is not None
        case ("not-warned", _, _):
            return now.locks_at is None
        case ("cover", _, _):
            return now.cover is not None and window.isVisible()
        case ("hub", _, of_hub):
            return shows_of_hub(now, of_hub)
        case (("elsewhere" | "nowhere" | "message" | "deed" | "letters" | "second"), _, _):
            return shows_of_hub(now, what)
        case ("helpdesk", _, state):
            return _at_helpdesk(now, state)
        case _:
            raise CannotDoError(f"nothing is known by {what}")


def now_of(window: Window) -> Snapshot:
    """Return the picture that is drawn. Raises :class:`CannotDoError` before the first."""
    if window.snapshot is None:
        raise CannotDoError("nothing is drawn yet")
    return window.snapshot


def has_ended_opening(now: Snapshot, system: str) -> bool:
    """Say whether a system's opening is over, well or not."""
    launch = now.launch(system)
    return launch is not None and launch.state not in MOVING


def faults_of(window: Window) -> list[ErrorPanel]:
    """Return the faults that the tab in front tells of."""
    return [one for one in window.workspace.findChildren(ErrorPanel) if one.isVisible()]


def _at_helpdesk(now: Snapshot, state: str) -> bool:
    """Whether the panel is there (no state), or the last act there is in this state."""
    panel = now.helpdesk
    if panel is None or not state:
        return panel is not None
    return bool(panel.acts) and panel.acts[0].state == state


def _in_front(window: Window, now: Snapshot) -> bool:
    return window.isVisible() or (now.lock is not None and now.lock.behind)
