"""A 3270's view on a real X display, as a program: says on its output what each key came to. For test_real_keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from launcher.shell.look import Look, dress
from launcher.shell.surfaces.terminal import TerminalView
from launcher.terminal.keys import Key
from tests.shell.surfaces.terminal.feeds import DirectFeed
from tests.shell.surfaces.terminal.samples import engine_3270, logon


def say(*words: object) -> None:
    print(*words, flush=True)


class SayingFeed(DirectFeed):
    """Says what it is given."""

    def press(self, key: Key) -> None:
        say("key", key.name)

    def type(self, text: str) -> None:
        say("text", text)


def main() -> None:
    """Show the view until this is ended."""
    app = QApplication([])
    dress(app, Look())
    window = QWidget()
    view = TerminalView()
    QVBoxLayout(window).addWidget(view)
    for chord in ("F12", "Meta+L", "F6", "Ctrl+Tab"):
        shortcut = QShortcut(QKeySequence(chord), window)
        shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
        shortcut.activated.connect(lambda chord=chord: say("launcher", chord))
    feed = SayingFeed(engine_3270(logon()), view)
    view.function_keys_wanted.connect(lambda on: say("wanted", on))
    window.resize(900, 600)
    window.show()
    view.setFocus()
    say("window", int(window.winId()), feed.family)
    app.exec()


if __name__ == "__main__":
    main()
