"""What an officer does with a page as in any browser: back and forward, find, and a page on paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize

from launcher.shell.surfaces.web_engine.qt import QWebEngineFindTextResult, QWebEnginePage

_MARGIN_MM = 10.0


def can_go(page: QWebEnginePage) -> tuple[bool, bool]:
    """Say whether there is a page to go back to, and one to go forward to."""
    history = page.history()
    return history.canGoBack(), history.canGoForward()


def go(page: QWebEnginePage, step: int) -> None:
    """Go back (-1) or forward (+1)."""
    page.triggerAction(QWebEnginePage.WebAction.Back if step < 0 else QWebEnginePage.WebAction.Forward)


def find(page: QWebEnginePage, text: str, step: int, then: Callable[[int, int], None]) -> None:
    """Find a text, the next place (+1) or the one before (-1); ``then`` gets which place, from 0, of how many.

    An empty text ends the finding and what was marked.
    """
    flags = QWebEnginePage.FindFlag.FindBackward if step < 0 else QWebEnginePage.FindFlag(0)

    def found(result: QWebEngineFindTextResult) -> None:
        then(max(0, result.activeMatch() - 1), result.numberOfMatches())

    page.findText(text, flags, found)


def to_pdf(page: QWebEnginePage, then: Callable[[bytes], None]) -> None:
    """Make the page a PDF on A4, in memory; ``then`` gets it, or nothing where it cannot be made."""
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Portrait,
        QMarginsF(*[_MARGIN_MM] * 4),
        QPageLayout.Unit.Millimeter,
    )

    def made(data: QByteArray) -> None:
        then(bytes(data.data()))

    page.printToPdf(made, layout)
