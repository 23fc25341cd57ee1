"""A page that is asked questions, each again until it is answered, and that is awake meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from launcher.shell.bridge import Reply
from launcher.shell.surfaces.around import Around
from launcher.shell.surfaces.kept_page import KeptPage
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.trial import Trial
from launcher.shell.surfaces.web_engine import WebPage, WebView
from launcher.sign_on.driver import DocumentNow, DriverGoneError, Seen

AWAKE_MS = 3000
"""How long a page out of sight runs at full speed after it was last asked something."""


class AskedPage(KeptPage):
    """A kept page and the requests under way."""

    def __init__(
        self,
        page: WebPage,
        view: WebView,
        bounds: Bounds,
        around: Around,
    ) -> None:
        super().__init__(page, view, bounds, around)
        self._sleep = QTimer(view)
        self._sleep.setSingleShot(True)
        self._sleep.setInterval(AWAKE_MS)
        self._sleep.timeout.connect(self._rest)
        page.visibleChanged.connect(self._stay_awake)

    def _open(self) -> WebPage:
        if self._page is None:
            raise DriverGoneError("The page was closed.")
        return self._page

    def _alive(self) -> WebPage:
        page = self._open()
        if self.facts.gone:
            raise self._crash()
        return page

    def _run(self, script: str, then: Callable[[object], None]) -> bool:
        if self._page is None:
            return False
        self._page.run(script, then)
        return True

    def _try(
        self,
        reply: Reply[object] | Reply[None] | Reply[Seen | None] | Reply[DocumentNow],
        ask: Callable[[Callable[[object], None]], bool],
        judge: Callable[[object], bool],
        *,
        within_s: float = 3600.0,
        at_deadline: Callable[[], None] = lambda: None,
        once: bool = False,
        aside: bool = False,
    ) -> Trial:
        assert self._view is not None  # noqa: S101 - alive

        def wanted(then: Callable[[object], None]) -> bool:
            return not reply.settled and ask(then)  # nothing is asked, or written, that nobody waits for

        trial = Trial(
            self._view, wanted, judge, within_s=within_s, at_deadline=at_deadline, when_over=self._over, once=once
        )
        self._trials.append(trial)
        if not aside:
            self._watch(reply)
        reply.when_abandoned(trial.end)
        self._stay_awake()
        return trial

    def _watch(
        self, reply: Reply[object] | Reply[None] | Reply[Seen | None] | Reply[str | None] | Reply[DocumentNow]
    ) -> None:
        self._replies = [one for one in self._replies if not one.settled]
        self._replies.append(reply)  # type: ignore[arg-type] # failed only, whatever its value's type

    def _over(self, trial: Trial) -> None:
        self._trials.remove(trial)

    def _stay_awake(self) -> None:
        # Out of sight a page's clocks turn once a second and nothing is drawn: too slow for signing on.
        if self._page is None or self._view is None or not self._trials:
            return
        self._sleep.start()
        view, page = self._view, self._page
        if view.parentWidget() is None:
            view.work_out_of_sight(view.size())
        elif not page.isVisible():
            QTimer.singleShot(0, page, lambda: page.setVisible(True))

    def _rest(self) -> None:
        if self._trials:
            self._sleep.start()
        elif self._page is not None and self._view is not None:
            self._view.rest_out_of_sight()
            if not self._view.isVisible():
                self._page.setVisible(False)
