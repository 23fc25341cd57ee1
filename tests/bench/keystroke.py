"""Key → painted in the launchpad with 750 systems, beside a stock list, filter model and line edit."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import quantiles

from PySide6.QtCore import QEvent, QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QVBoxLayout, QWidget

from launcher.catalogue.examples import FORMS, GROUPS, HOW_MANY
from launcher.session.snapshot import LaunchView, OfficerView, SignInView, Snapshot, StationView, SystemView
from launcher.shell.frame import Frame
from launcher.shell.launchpad import Launchpad
from launcher.shell.look import Look, dress
from tests.bench.figures import Budget, Figure, report

WORDS = ("re", "custody", "regi", "vehicle rec", "cr", "lib", "stolen goods", "e", "fire log", "map", "dr", "zz")
"""What is typed, letter by letter, and taken back: the first letters find most, the last word finds nothing."""

ROUNDS = 4
SIZE = (1280, 800)
BUDGET_MS = 8.0
_KINDS = ("web", "web", "program", "terminal")


def measure() -> dict[str, object]:
    """Type and take back every word, and walk through the tiles; each key from its press until it is painted."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    dress(app, Look())
    window, launchpad = _launchpad()
    ours = _keys(launchpad.search, lambda: launchpad.view.viewport())
    walk = _walk(launchpad)
    launchpad.choices.choose_view(2)
    in_list = _keys(launchpad.search, lambda: launchpad.view.viewport())
    window.close()
    stock_window, edit, view = _stock()
    stock = _keys(edit, lambda: view.viewport())
    stock_window.close()
    for gone in (window, stock_window):
        gone.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    against = "QListView, QSortFilterProxyModel and QLineEdit, one line a row"
    figures = [
        Figure("key → painted, tiles, p50", _share(ours, 50), "ms", _share(stock, 50), against, n=len(ours)),
        Figure(
            "key → painted, tiles, p95",
            _share(ours, 95),
            "ms",
            _share(stock, 95),
            against,
            Budget(BUDGET_MS),
            n=len(ours),
        ),
        Figure("key → painted, list, p95", _share(in_list, 95), "ms", _share(stock, 95), against, n=len(in_list)),
        Figure("arrow → painted, tiles, p95", _share(walk, 95), "ms", n=len(walk)),
    ]
    return report(figures, tiles_ms=ours, list_ms=in_list, walk_ms=walk, stock_ms=stock)


def systems(how_many: int = HOW_MANY) -> tuple[SystemView, ...]:
    """Return so many systems with the names, aliases and kinds of the example catalogue."""
    pairs = [(group, subject, form) for form in FORMS for group in GROUPS for subject in group.subjects]
    return tuple(
        SystemView(
            id=f"system-{at}",
            name=f"{subject} {form}",
            group=group.name,
            kind=_KINDS[at % len(_KINDS)],
            hue=group.hue,
            icon=group.icon if at % 4 == 0 else "",
            aliases=(f"{form[0]}{at:03}", f"{form} of {subject}") if at % 3 == 0 else (),
            on_demand=at % 5 == 4,
            usual_ms=1000.0 + at * 70 % 9000,
        )
        for at, (group, subject, form) in enumerate(pairs[:how_many])
    )


def _snapshot() -> Snapshot:
    listed = systems()
    mine = tuple(system.id for system in listed[:10])
    now = time.monotonic()
    launches = tuple(LaunchView(system, "ready", now - 9, 4000.0) for system in mine[:7])
    launches += (
        LaunchView(mine[7], "opening", now),
        LaunchView(mine[8], "needs", now - 9, needs="credential"),
        LaunchView(mine[9], "failed", now - 9, 3000.0),
    )
    first = Snapshot("signed-in", StationView("FD-02", "Front desk", "ext. 4100"), SignInView(()))
    return replace(
        first,
        officer=OfficerView("4471", "A. Okafor"),
        systems=listed,
        my_systems=mine,
        launches=launches,
        favourites=frozenset({listed[20].id}),
    )


def _launchpad() -> tuple[QWidget, Launchpad]:
    frame = Frame()
    launchpad = Launchpad(frame.top_bar.search.edit)
    frame.pages.addWidget(launchpad)
    frame.resize(*SIZE)
    frame.show()
    snapshot = _snapshot()
    launchpad.draw(snapshot)
    frame.draw(snapshot, launchpad.shown_loudly)
    return frame, launchpad


def _stock() -> tuple[QWidget, QLineEdit, QListView]:
    window = QWidget()
    edit, view = QLineEdit(), QListView()
    proxy = QSortFilterProxyModel(window)
    proxy.setSourceModel(QStringListModel([system.name for system in systems()], window))
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    view.setModel(proxy)
    view.setUniformItemSizes(True)
    edit.textChanged.connect(proxy.setFilterFixedString)
    column = QVBoxLayout(window)
    column.addWidget(edit)
    column.addWidget(view)
    window.resize(*SIZE)
    window.show()
    return window, edit, view


class _Paints(QWidget):
    """Notes when a viewport was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = False

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self.seen = True
        return False


def _keys(edit: QLineEdit, viewport: Callable[[], QWidget]) -> list[float]:
    """Return the milliseconds of each key: words typed letter by letter and taken back."""
    _settle()
    edit.setFocus()
    took: list[float] = []
    for round_ in range(ROUNDS):
        for word in WORDS:
            took += [_press(edit, 0, letter, viewport()) for letter in word]
            took += [_press(edit, Qt.Key.Key_Backspace, "", viewport()) for _ in word]
        if round_ == 0:
            took.clear()  # glyphs and icons are rendered once
    return took


def _walk(launchpad: Launchpad) -> list[float]:
    launchpad.search.setFocus()
    took = [_press(launchpad.search, key, "", launchpad.view.viewport()) for key in (Qt.Key.Key_Down,) * 120]
    return took[20:]


def _press(target: QWidget, key: int, text: str, viewport: QWidget) -> float:
    paints = _Paints()
    viewport.installEventFilter(paints)
    code = key or ord(text.upper())
    plain = Qt.KeyboardModifier.NoModifier
    begun = time.perf_counter()
    QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, code, plain, text))
    for _ in range(20):
        # An empty result is painted by another page than the tiles' own.
        QApplication.processEvents()
        if paints.seen or not viewport.isVisible():
            break
    took = (time.perf_counter() - begun) * 1000.0
    viewport.removeEventFilter(paints)
    QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyRelease, code, plain, text))
    _settle()
    return round(took, 3)


def _settle() -> None:
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def _share(values: Sequence[float], percent: int) -> float:
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 2)
