"""What the front screens show, as data without a secret: what an act is answered with."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from launcher.session.snapshot import Snapshot
from launcher.shell.hands.helpdesk_seen import at_helpdesk
from launcher.shell.hands.hub_seen import of_hub
from launcher.shell.window import Window
from launcher.timings.boot_clock import boot_time_s

if TYPE_CHECKING:
    from launcher.shell.surfaces.web_engine import WebView
    from launcher.shell.surfaces.web_surfaces import WebSurfaces

MOVING = ("queued", "opening", "signing")


def seen(window: Window) -> dict[str, object]:
    """Return what the screens show now."""
    form = window.sign_in.password_form
    shown: dict[str, object] = {
        "windows": [one.windowTitle() for one in QApplication.topLevelWidgets() if _on_screen(one)],
        "name": form.name.edit.text(),
        "password_characters": len(form.password.edit.text()),
        "focus": focused_part(window),
        "window": int(window.winId()),
        "clipboard": QApplication.clipboard().text(),
    }
    now = window.snapshot
    return shown if now is None else {"stage": now.stage, **shown, **_drawn(now, window)}


def focused_part(window: Window) -> str:
    """Return what has the keys: ``name`` or ``password`` of the sign-in screen, else a part's own name."""
    focused: QWidget | None = QApplication.focusWidget()
    form = window.sign_in.password_form
    if focused is None:
        return ""
    fields: dict[QWidget, str] = {form.name.edit: "name", form.password.edit: "password"}
    return fields.get(focused) or focused.objectName()


def _on_screen(widget: QWidget) -> bool:
    """Whether an officer sees it: pages are laid out as windows that are never shown."""
    return widget.isVisible() and not widget.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)


def page_of(window: Window, system: str) -> WebView | None:
    """Return the widget of a system's page, while it is open."""
    launch = window.snapshot.launch(system) if window.snapshot is not None else None
    surfaces = _surfaces(window)
    widget = surfaces.widget(launch.surface) if launch is not None and surfaces is not None else None
    return cast("WebView | None", widget)


def edited(window: Window) -> list[str]:
    """Name the systems whose page holds something typed and not sent."""
    surfaces = _surfaces(window)
    if window.snapshot is None or surfaces is None:
        return []
    return [one.system for one in window.snapshot.launches if one.surface and surfaces.is_edited(one.surface)]


def _surfaces(window: Window) -> WebSurfaces | None:
    return window._surfaces  # the screens' own registry: hands look where an officer's eyes do


def _drawn(now: Snapshot, window: Window) -> dict[str, object]:
    launches = {
        one.system: {
            "state": one.state,
            "needs": one.needs,
            "says": one.says,
            "surface": one.surface,
            "as": one.signed_on_as,
        }
        | ({"reference": one.error.reference} if one.error else {})
        for one in now.launches
    }
    error = now.sign_in.error
    return {
        "officer": now.officer.number if now.officer else "",
        "systems": [one.id for one in now.systems],
        "tabs": list(now.tabs),
        "launches": launches,
        "signed_on_as": sorted({one.signed_on_as for one in now.launches if one.signed_on_as}),
        "edited": edited(window),
        "notices": [{"what": one.what, "system": one.system, "took_ms": one.took_ms} for one in now.notices],
        "round_ms": now.round.took_ms if now.round is not None else None,
        "catalogue_faults": now.catalogue_faults,
        "error": error.reference if error is not None else "",
        "error_shown": window.sign_in.password_form.error.isVisible(),
        "pin_set": now.pin_set,
        "locks_soon": now.locks_at is not None,
        "lock": None
        if now.lock is None
        else {
            "pin": now.lock.pin,
            "tries_left": now.lock.tries_left,
            "behind": now.lock.behind,
            "unsaved": list(now.lock.unsaved),
            "running": list(now.lock.running),
        },
        "over": None
        if now.over is None
        else {
            "number": now.over.number,
            "grace_left_s": max(0.0, now.over.grace_until - boot_time_s()),
            "systems": now.over.systems,
            "unsaved": now.over.unsaved,
            "running": now.over.running,
            "taking_over": now.over.taking_over,
            "proved": now.over.proved.number if now.over.proved is not None else "",
        },
        "cover": None if now.cover is None else {"number": now.cover.number, "waiting": now.cover.waiting},
        "helpdesk": at_helpdesk(now),
        **of_hub(now),
        "ends": None if now.ends is None else {"why": now.ends.why, "edited": list(now.ends.edited)},
    }
