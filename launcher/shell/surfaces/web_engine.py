"""The only module that imports QtWebEngine: a profile off the record, its pages and views, and a spare kept warm.

Everything a page asks of the computer is decided here or refused here; what needs the target's rules is asked of the
page's :class:`PageKeeper`. Importing this module costs 0.3 s: ``Browsers.warm`` does it ahead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtNetwork import QAuthenticator
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineDownloadRequest,
    QWebEngineLoadingInfo,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from launcher.secret import Secret
from launcher.shell.surfaces import scripts
from launcher.shell.surfaces.acts import deliver_deletes, show_menu, stop_asking
from launcher.shell.surfaces.closing import Closing
from launcher.shell.surfaces.cookies import CookieJar
from launcher.shell.surfaces.keeper import Loaded, PageKeeper
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.page_words import PageWords
from launcher.shell.surfaces.sight import Sight

_log = logging.getLogger(__name__)

_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld
_ACT = QWebEnginePage.WebAction
_SET = QWebEngineSettings.WebAttribute

_OFF = (
    _SET.JavascriptCanOpenWindows,
    _SET.JavascriptCanAccessClipboard,
    _SET.JavascriptCanPaste,
    _SET.HyperlinkAuditingEnabled,
    _SET.PluginsEnabled,
    _SET.FullScreenSupportEnabled,
    _SET.ScreenCaptureEnabled,
    _SET.ErrorPageEnabled,  # errors are drawn by the shell, with a reference
    _SET.FocusOnNavigationEnabled,  # a page that loads behind must not take the keys
    _SET.AllowWindowActivationFromJavaScript,
    _SET.AllowRunningInsecureContent,
    _SET.LocalContentCanAccessRemoteUrls,
    _SET.LocalContentCanAccessFileUrls,
    _SET.NavigateOnDropEnabled,
    _SET.DnsPrefetchEnabled,
    _SET.AutoLoadIconsForPage,
    _SET.PdfViewerEnabled,
)


def text_of(url: QUrl) -> str:
    """Return an address as a server sees it: host names in ASCII, all else percent-encoded."""
    return bytes(url.toEncoded().data()).decode("ascii", "replace")


class WebPage(QWebEnginePage):
    """A page that refuses everything until a keeper has taken it."""

    def __init__(self, profile: QWebEngineProfile, parent: QObject | None = None) -> None:
        super().__init__(profile, parent)
        self._keeper: PageKeeper | None = None
        self._words = PageWords()
        self._token: _TokenCarrier | None = None
        self._resting = False
        for attribute in _OFF:
            self.settings().setAttribute(attribute, False)
        self.settings().setAttribute(_SET.PlaybackRequiresUserGesture, True)
        self.settings().setAttribute(_SET.WebRTCPublicInterfacesOnly, True)
        self.settings().setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes)
        for name, source in self._words.scripts().items():
            self._stand_by(name, source)
        self.authenticationRequired.connect(self._on_challenge)
        self.proxyAuthenticationRequired.connect(self._on_proxy_challenge)
        self.certificateError.connect(self._on_certificate)
        self.selectClientCertificate.connect(lambda wish: wish.selectNone())
        self.newWindowRequested.connect(self._on_new_window)
        self.permissionRequested.connect(self._on_permission)
        self.desktopMediaRequested.connect(lambda wish: wish.cancel())
        self.fileSystemAccessRequested.connect(lambda wish: wish.reject())
        self.registerProtocolHandlerRequested.connect(lambda wish: wish.reject())
        self.webAuthUxRequested.connect(lambda wish: wish.cancel())
        self.loadingChanged.connect(self._on_loading)
        self.renderProcessTerminated.connect(self._on_ended)

    def kept_by(self, keeper: PageKeeper) -> None:
        """Give the page to its keeper."""
        self._keeper = keeper

    def let_go(self) -> None:
        """Take the page from its keeper: from now on nothing is told and everything refused."""
        self._keeper = None

    def address(self) -> str:
        """Return the page's address."""
        return text_of(self.url())

    def go(self, url: str) -> None:
        """Load an address."""
        self.load(QUrl.fromEncoded(url.encode()))

    def stop(self) -> None:
        """Stop loading."""
        self.triggerAction(_ACT.Stop)

    def reload_page(self) -> None:
        """Load the page again."""
        self.triggerAction(_ACT.Reload)

    def run(self, script: str, then: Callable[[object], None]) -> None:
        """Run a script in the isolated world of the main frame; ``then`` gets what came back, untrusted."""
        self.runJavaScript(script, _WORLD, then)

    def rest(self, on: bool) -> None:
        """Be silent, play nothing and ask a person nothing, or go on."""
        self._resting = on
        self.setAudioMuted(on)
        frames = [self.mainFrame()]
        for frame in frames:
            frames.extend(frame.children())
            frame.runJavaScript(scripts.rest(on=on), _WORLD)

    def carry_token(self, bounds: Bounds, token: Secret) -> None:
        """Put the token on fetches from now on, in place of an earlier one."""
        carrier = _TokenCarrier(bounds, token, self)
        self.setUrlRequestInterceptor(carrier)
        if self._token is not None:
            self._token.deleteLater()
        self._token = carrier

    # --- what the page asks for

    def acceptNavigationRequest(self, url: QUrl | str, kind: QWebEnginePage.NavigationType, isMainFrame: bool) -> bool:
        """Ask the keeper; without one only the empty page may be shown."""
        address = text_of(QUrl(url))
        if self._keeper is None:
            return address == "about:blank"
        return self._keeper.may_go(address, main_frame=isMainFrame)

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, lineNumber: int, sourceID: str
    ) -> None:
        """Take our own words and drop the rest unread."""
        if self._keeper is not None:
            self._words.hear(message, self._keeper)

    def javaScriptAlert(self, securityOrigin: QUrl | str, msg: str) -> None:
        """Show a page's message only over the page itself, never over another one."""
        if self._in_front():
            super().javaScriptAlert(QUrl(securityOrigin), msg)

    def javaScriptConfirm(self, securityOrigin: QUrl | str, msg: str) -> bool:
        """Ask a page's question only over the page itself; out of sight the answer is no."""
        return self._in_front() and super().javaScriptConfirm(QUrl(securityOrigin), msg)

    def javaScriptPrompt(self, securityOrigin: QUrl | str, msg: str, defaultValue: str) -> tuple[bool, str]:
        """Give no answer: what is typed into such a window is seen on no page."""
        return False, ""

    def chooseFiles(
        self, mode: QWebEnginePage.FileSelectionMode, oldFiles: object, acceptedMimeTypes: object
    ) -> list[str]:
        """Choose none: a shared computer's files are nobody's."""
        if self._keeper is not None:
            self._keeper.upload_refused()
        return []

    def _in_front(self) -> bool:
        view = QWebEngineView.forPage(self)
        return isinstance(view, WebView) and view.sight.is_clear and not self._resting

    def _stand_by(self, name: str, source: str) -> None:
        """Run a script in the isolated world of every document, before the document's own."""
        script = QWebEngineScript()
        script.setName(name)
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        script.setWorldId(_WORLD)
        script.setRunsOnSubFrames(True)
        script.setSourceCode(source)
        self.scripts().insert(script)

    def _on_challenge(self, url: QUrl, authenticator: QAuthenticator) -> None:
        answer = self._keeper.challenge(text_of(url)) if self._keeper is not None else None
        if answer is None:
            self.stop()  # an unanswered challenge would send empty credentials 32 times
            return
        name, password = answer
        authenticator.setUser(name)
        authenticator.setPassword(password.reveal())

    def _on_proxy_challenge(self, url: QUrl, authenticator: QAuthenticator, proxy: str) -> None:
        self.stop()

    def _on_certificate(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if self._keeper is not None:
            self._keeper.certificate_refused(text_of(error.url()), error.type().name, main_frame=error.isMainFrame())

    def _on_new_window(self, request: QWebEngineNewWindowRequest) -> None:
        if self._keeper is not None and not self._resting:
            self._keeper.window_wanted(text_of(request.requestedUrl()))

    def _on_permission(self, permission: QWebEnginePermission) -> None:
        permission.deny()
        if self._keeper is not None:
            self._keeper.permission_refused(permission.permissionType().name)

    def _on_loading(self, info: QWebEngineLoadingInfo) -> None:
        if self._keeper is None or info.status() == QWebEngineLoadingInfo.LoadStatus.LoadStartedStatus:
            return
        domain, code = info.errorDomain(), info.errorCode()
        http = domain == QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain
        self._keeper.loaded(
            Loaded(
                url=text_of(info.url()),
                ok=info.status() == QWebEngineLoadingInfo.LoadStatus.LoadSucceededStatus or (http and code > 0),
                status=code if http else 0,
                net_error=0 if http else code,
                certificate=domain == QWebEngineLoadingInfo.ErrorDomain.CertificateErrorDomain,
                why=info.errorString() if code else "",
            )
        )

    def _on_ended(self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int) -> None:
        self._words.clear()
        if self._keeper is not None:
            self._keeper.crashed()


class _TokenCarrier(QWebEngineUrlRequestInterceptor):
    """Puts the token on fetches to one origin, and stops any request that would take it elsewhere.

    A redirected fetch passes here again with the headers it has. Chromium takes the token off when the origin changes;
    should it ever not, the request is blocked here, before it leaves.
    """

    def __init__(self, bounds: Bounds, token: Secret, parent: QObject) -> None:
        super().__init__(parent)
        self._bounds = bounds
        self._token = token

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Decide one request, or one leg of a redirected one."""
        bearer = b"Bearer " + self._token.reveal().encode()
        if (
            info.resourceType() == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeXhr
            and self._bounds.may_carry_token(text_of(info.requestUrl()), text_of(info.initiator()))
            and self._bounds.may_fill(text_of(info.firstPartyUrl()))
        ):
            info.setHttpHeader(b"Authorization", bearer)
        elif any(bytes(value.data()) == bearer for value in info.httpHeaders().values()):
            info.block(True)


_MENU = (
    ("workspace.menu.cut", _ACT.Cut),
    ("workspace.menu.copy", _ACT.Copy),
    ("workspace.menu.paste", _ACT.Paste),
    ("", None),
    ("workspace.menu.back", _ACT.Back),
    ("workspace.menu.reload", _ACT.Reload),
)


class WebView(QWebEngineView):
    """The widget of a page; its ``sight`` tells what the officer does on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sight = Sight(self)
        self.setAcceptDrops(False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)

    def work_out_of_sight(self, size: QSize) -> None:
        """Lay the page out and let it run as if it were shown; a view that never was has a page of 0 by 0 pixels."""
        if self.parentWidget() is None:
            self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            self.resize(size)
            self.show()

    def rest_out_of_sight(self) -> None:
        """Let a page that nobody sees stand still; its layout stays."""
        if self.parentWidget() is None:
            self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Come into sight with the first parent."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ParentChange and self.parentWidget() is not None:
            self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what an officer needs of a page, and no way to its source."""
        page = self.page()
        entries = {name: page.action(action) if action is not None else None for name, action in _MENU}
        show_menu(self, event.globalPos(), entries)


class Browser:
    """The session's one profile, off the record, with its pages and one spare view kept warm."""

    def __init__(self) -> None:
        self._profile = QWebEngineProfile()  # no name: nothing of the officer on disk
        profile = self._profile
        profile.setHttpAcceptLanguage("en-GB,en;q=0.8")
        profile.setSpellCheckEnabled(False)
        profile.setPushServiceEnabled(False)
        profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
        profile.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
        profile.downloadRequested.connect(self._on_download)
        self.closing = Closing()
        store = profile.cookieStore()
        self.cookies = CookieJar(store.setCookie)
        store.cookieAdded.connect(self.cookies.added)
        store.cookieRemoved.connect(self.cookies.removed)
        self._views: list[WebView] = []
        self._spare: WebView | None = None
        self._resting = False

    def warm(self, size: QSize) -> None:
        """Have a spare view with a living renderer."""
        if self._spare is None:
            self._spare = self._fresh()
            self._spare.work_out_of_sight(size)
            self._spare.load(QUrl("about:blank"))  # starts the renderer that the first page then takes over

    def take(self, size: QSize) -> tuple[WebView, WebPage]:
        """Return a view and its page, the spare if there is one."""
        view, self._spare = self._spare or self._fresh(), None
        view.work_out_of_sight(size)
        return view, _page_of(view)

    def rest(self, on: bool) -> None:
        """Let every page rest, those to come too, and take back what they ask a person; or let them go on."""
        self._resting = on
        for view in filter(isValid, self._views):
            if on:
                stop_asking(view)
            _page_of(view).rest(on)

    def end(self, view: WebView) -> None:
        """End a view and its page; one that its window took along has ended already."""
        self._views.remove(view)
        if isValid(view):
            _page_of(view).let_go()
            self.closing.end(view)

    def release(self) -> None:
        """End all views, then the profile: an earlier end of the profile is a crash."""
        self._spare = None
        for view in tuple(self._views):
            self.end(view)
        self.closing.end_now()
        self._profile.cookieStore().deleteAllCookies()
        self._profile.deleteLater()
        deliver_deletes()

    def _fresh(self) -> WebView:
        view = WebView()
        page = WebPage(self._profile, view)
        view.setPage(page)
        if self._resting:
            page.rest(True)
        self._views.append(view)
        return view

    def _on_download(self, request: QWebEngineDownloadRequest) -> None:
        page = request.page()
        request.cancel()
        if isinstance(page, WebPage):
            self.closing.asked(QWebEngineView.forPage(page))
            if page._keeper is not None:
                page._keeper.download_refused()


def _page_of(view: WebView) -> WebPage:
    page = view.page()
    assert isinstance(page, WebPage)  # noqa: S101 - set in _fresh, for mypy
    return page
