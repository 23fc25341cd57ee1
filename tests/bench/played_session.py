"""A real session, played by who holds the other end of a Unix socket: the benchmarks and the journeys.

Run by the supervisor as ``python played_session.py SOCKET --station FILE --state DIR``. It is the product's own session
process; only who sits at it is another: keys go through Qt's own event road into the real fields, as
``launcher.shell.hands`` has it, when an order comes instead of by themselves. An order is one line of JSON; each is
answered by one line once what it led to has settled.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # the checkout instead of this folder

if TYPE_CHECKING:
    from launcher.session.snapshot import Snapshot
    from launcher.shell.application import Player
    from launcher.shell.window import Window

LOOK_MS = 5
MOVING = ("queued", "opening", "signing")

Settled = Callable[["Snapshot"], "dict[str, object] | None"]


def player(path: str) -> Player:
    """Return the hands; Qt is loaded here and not above, as the session's own environment must come first."""
    from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from launcher.session.commands import OpenSystem

    class Orders(QObject):
        """Takes orders one at a time and looks until each has settled."""

        def __init__(self) -> None:
            super().__init__()
            self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._line.connect(path)
            self._rest = b""
            self._settled: Settled | None = None
            self._arrived = QSocketNotifier(self._line.fileno(), QSocketNotifier.Type.Read, self)
            self._arrived.activated.connect(self._read)
            self._looking = QTimer(self)
            self._looking.setInterval(LOOK_MS)
            self._looking.timeout.connect(self._look)

        def play(self, window: Window) -> None:
            """Begin to listen, and say who this is."""
            self._window = window
            self._say({"pid": os.getpid()})

        def _read(self) -> None:
            got = self._line.recv(65536)
            if not got:
                self._arrived.setEnabled(False)
                return
            *orders, self._rest = (self._rest + got).split(b"\n")
            for order in orders:
                self._carry_out(json.loads(order))

        def _carry_out(self, order: dict[str, object]) -> None:
            window = self._window
            match order["do"]:
                case "log-on":
                    self._until(_answered(window, window.snapshot))
                    name = window.sign_in.password_form.name.edit
                    if not name.text():
                        QTest.keyClicks(name, str(order["user_name"]))
                    password = str(order["password"])
                    QTimer.singleShot(round(float(str(order["typing_s"])) * 1000), lambda: self._submit(password))
                case "open-mine":
                    self._until(_round_over)
                    where = QApplication.focusWidget() or window
                    QTest.keyClick(where, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
                case "open":
                    system = str(order["system"])
                    self._until(lambda now: _opened(now, system))
                    window.launchpad.command.emit(OpenSystem(system))
                case "log-off":
                    self._until(self._leave)
                    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F12)
                case "type":
                    self._type(str(order["field"]), str(order["text"]))
                case "look":
                    self._say({"looked": _seen(window)})
                case "await-notice":
                    self._until(partial(_noticed, str(order["what"])))
                case "copy":
                    clipboard = QApplication.clipboard()
                    clipboard.setText(str(order["text"]))
                    clipboard.dataChanged.connect(lambda: self._say({"clipboard": clipboard.text()}))
                    self._say({"copied": True})
                case "picture":
                    window.grab().save(str(order["file"]))
                    self._say({"saved": order["file"]})

        def _submit(self, password: str) -> None:
            field = self._window.sign_in.password_form.password.edit
            QTest.keyClicks(field, password)
            QTest.keyClick(field, Qt.Key.Key_Return)

        def _type(self, field: str, text: str) -> None:
            """Type over what stands in a field; a tab leaves it."""
            form = self._window.sign_in.password_form
            edit = form.name.edit if field == "name" else form.password.edit
            edit.setFocus(Qt.FocusReason.TabFocusReason)
            edit.selectAll()
            leaves = text.endswith("\t")
            QTest.keyClicks(edit, text.removesuffix("\t"))
            self._say({"typed": field})  # first: leaving the field may end this process
            if leaves:
                QTest.keyClick(edit, Qt.Key.Key_Tab)

        def _until(self, settled: Settled) -> None:
            self._settled = settled
            self._looking.start()

        def _look(self) -> None:
            now = self._window.snapshot
            answer = self._settled(now) if self._settled is not None and now is not None else None
            if answer is not None:
                self._looking.stop()
                self._say(answer)

        def _leave(self, now: Snapshot) -> dict[str, object] | None:
            if now.leaving is not None:
                self._window.confirm_log_off()
                return {"leaving": True}
            return {"leaving": False} if now.stage == "ending" else None

        def _say(self, what: dict[str, object]) -> None:
            self._line.sendall(json.dumps(what).encode() + b"\n")

    return Orders()


def _answered(window: Window, before: Snapshot | None) -> Settled:
    attempt = before.sign_in.attempt if before is not None else 0

    def settled(now: Snapshot) -> dict[str, object] | None:
        if now.stage == "signed-in" and window.launchpad.isVisible():
            return {"signed_in": now.officer.number if now.officer else ""}
        card, form = now.sign_in, window.sign_in.password_form
        if card.attempt == attempt or card.error is None or card.busy:
            return None
        return {
            "refused": card.error.reference,
            "shown": form.error.isVisible(),
            "name": form.name.edit.text(),
            "password_characters": len(form.password.edit.text()),
        }

    return settled


def _seen(window: Window) -> dict[str, object]:
    now, form = window.snapshot, window.sign_in.password_form
    assert now is not None
    fields = {"name": form.name.edit, "password": form.password.edit}
    launches = {
        one.system: {"state": one.state, "needs": one.needs, "says": one.says, "surface": one.surface}
        | ({"reference": one.error.reference} if one.error else {})
        for one in now.launches
    }
    return {
        "stage": now.stage,
        "name": form.name.edit.text(),
        "password_characters": len(form.password.edit.text()),
        "focus": next((name for name, edit in fields.items() if edit.hasFocus()), ""),
        "systems": [one.id for one in now.systems],
        "tabs": list(now.tabs),
        "launches": launches,
        "catalogue_faults": now.catalogue_faults,
    }


def _noticed(what: str, now: Snapshot) -> dict[str, object] | None:
    notice = next((one for one in now.notices if one.what == what), None)
    return {"noticed": notice.what, "took_ms": notice.took_ms} if notice is not None else None


def _round_over(now: Snapshot) -> dict[str, object] | None:
    if now.round is None or now.round.took_ms is None:
        return None
    return {"opened": {one.system: one.state for one in now.launches}, "took_ms": now.round.took_ms}


def _opened(now: Snapshot, system: str) -> dict[str, object] | None:
    launch = now.launch(system)
    if launch is None or launch.state in MOVING:
        return None
    return {"opened": {system: launch.state}, "took_ms": launch.took_ms}


def main() -> int:
    """Run the session of the command line."""
    import argparse

    from launcher.bootstrap.session import run_session
    from launcher.bootstrap.where import Where

    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("--station", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    options = parser.parse_args()
    return run_session(Where(options.station, options.state), False, lambda: player(options.socket))


if __name__ == "__main__":
    sys.exit(main())
