"""Whether the page that is there came as the answer to a form: loaded again as it is, it would be sent again."""

from __future__ import annotations

from launcher.shell.surfaces.web_engine.qt import QWebEnginePage

_KIND = QWebEnginePage.NavigationType
_STAYS = (_KIND.NavigationTypeRedirect, _KIND.NavigationTypeReload)


class SentForms:
    """Follows the navigations of one page's main frame. The engine itself sends a form again without a question."""

    def __init__(self) -> None:
        self._here = False
        self._coming = False

    def goes(self, kind: QWebEnginePage.NavigationType) -> None:
        """Note a navigation that is carried out. A way back may lead to an answer, too."""
        if kind not in _STAYS:
            self._coming = kind in (_KIND.NavigationTypeFormSubmitted, _KIND.NavigationTypeBackForward)

    def came(self, *, aborted: bool) -> None:
        """Note that a load has ended; one that was broken off has left the page that was there."""
        if not aborted:
            self._here = self._coming

    def would_send(self, kind: QWebEnginePage.NavigationType) -> bool:
        """Say whether this would send a form again."""
        return kind == _KIND.NavigationTypeReload and (self._here or self._coming)
