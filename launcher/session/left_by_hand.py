"""An officer leaves a host by hand: it shows its logon screen again, or ends the line where that means signed off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from launcher.connectors.plan import TerminalTarget
from launcher.recipes.screens import Screen
from launcher.session.openers.terminal import HostTerminal
from launcher.session.opening import Opening
from launcher.sign_on.screen_sight import Sight, is_shown
from launcher.terminal.engine import Family
from launcher.terminal.errors import HostClosedLineError, TerminalLineError


def logon_screens(target: TerminalTarget, family: Family) -> tuple[Screen, ...]:
    """Return the screens at which nobody is signed on, those that any screen would be left out.

    They are what proves the entry's sign-off, and what its recipe begins on by filling. A VT keeps what was written
    before above what is shown now: there only a prompt says it.
    """
    off = target.sign_off.screens if target.sign_off is not None else ()
    begins = target.begins or tuple(one.name for one in target.screens[:1])
    found = (*(one for one in off if one.means == "logon"), *(one for one in target.screens if _asks(one, begins)))
    return tuple(one for one in found if not one.recognised_by_nothing and (family == "3270" or one.before_cursor))


def _asks(screen: Screen, begins: Sequence[str]) -> bool:
    return screen.name in begins and any(fill.names for fill in screen.fill)


def closed_by_leaving(opening: Opening, host: HostTerminal) -> bool:
    """Say so, and return True, where the line's end is the host's way of signing off who was signed on by then."""
    was_on = opening.state in ("ready", "unknown") or opening.needs == "logged-off"
    if not (host.ends_with_its_line and was_on and isinstance(host.lost, HostClosedLineError)):
        return False
    opening.state, opening.needs, opening.signed_on_as = "needs", "line-closed", ""
    return True


def asks_by_hand(opening: Opening, host: HostTerminal) -> bool:
    """Say whether what the officer has typed may be a new password that the host has asked for."""
    return host.typed and opening.needs in ("change-password", "new-password", "closed-at-change")


def closed_at_change(opening: Opening, host: HostTerminal) -> bool:
    """Say so, and return True, where the host has ended the line after it was given a new password by hand.

    Many do so once they have taken it, and some once they have refused it too often: what they have said stands there.
    """
    refused = opening.error is not None  # which is said as it is
    if refused or not (asks_by_hand(opening, host) and isinstance(host.lost, HostClosedLineError)):
        return False
    opening.state, opening.needs, opening.signed_on_as = "needs", "closed-at-change", ""
    return True


async def watch_leaving(opening: Opening, host: HostTerminal, changed: Callable[[], None]) -> None:
    """Say so whenever a terminal that was ready shows its logon screen, and when it is ready again; to the line's end.

    That nobody is signed on any more is only said: the sign-off at its end proves it.
    """
    if opening.plan is not None and isinstance(opening.plan.target, TerminalTarget):
        with suppress(TerminalLineError):
            await _watch(opening, host, opening.plan.target, changed)


async def _watch(opening: Opening, host: HostTerminal, target: TerminalTarget, changed: Callable[[], None]) -> None:
    logon = logon_screens(target, host.family)
    ready = [screen for screen in target.screens if screen.means == "ready"]
    if not logon or not ready:
        return

    def is_on() -> bool:
        # A notice comes after the logon where a secret was given before it.
        read = opening.needs == "notice" and bool(opening.unproved)
        return (opening.state == "ready" or read) and not host.ending

    def shows(screens: Sequence[Screen], sight: Sight) -> bool:
        return any(is_shown(screen, sight) for screen in screens)

    while True:
        await host.comes_to(lambda now: is_on() and shows(logon, now()) and not shows(ready, now()))
        opening.state, opening.needs, opening.says, opening.signed_on_as = "needs", "logged-off", "", ""
        changed()
        await host.comes_to(lambda now: opening.needs != "logged-off" or shows(ready, now()))
        if opening.needs == "logged-off":
            opening.state, opening.needs = "ready", ""
            changed()
