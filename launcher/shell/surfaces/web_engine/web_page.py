"""A page that asks its keeper before it does anything.

Everything a page asks of the computer is decided here or refused here; what needs the target's rules is asked of the
page's :class:`PageKeeper`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from PySide6.QtCore import QByteArray, QObject, QThread, QTimer, QUrl
from PySide6.QtNetwork import QAuthenticator

from launcher.grants.client_certificate import AnyCertificate
from launcher.relay.road import LOOPBACK, way_out
from launcher.secret import Secret
from launcher.shell.surfaces import scripts
from launcher.shell.surfaces.files import Offered
from launcher.shell.surfaces.keeper import Loaded, PageKeeper
from launcher.shell.surfaces.origins import Bounds, is_strange
from launcher.shell.surfaces.page_words import PageWords
from launcher.shell.surfaces.web_engine import page_tools
from launcher.shell.surfaces.web_engine.addresses import text_of
from launcher.shell.surfaces.web_engine.client_certificates import Presented
from launcher.shell.surfaces.web_engine.message_window import Message
from launcher.shell.surfaces.web_engine.messages import Messages, Question
from launcher.shell.surfaces.web_engine.qt import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineLoadingInfo,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineView,
)
from launcher.shell.surfaces.web_engine.sent_forms import SentForms
from launcher.shell.surfaces.web_engine.token_carrier import TokenCarrier
from launcher.shell.surfaces.web_engine.web_view import WebView

STOPPED_MS = 25
"""How long a stop takes to reach a page's process. Without it a quarter of such fetches went twice, with 20 ms none."""

_ABORTED = -3

_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld
_ACT = QWebEnginePage.WebAction
_SET = QWebEngineSettings.WebAttribute

_OFF = (
    _SET.JavascriptCanOpenWindows,  # but for a moment after a recipe's press
    _SET.JavascriptCanAccessClipboard,
    _SET.JavascriptCanPaste,
    _SET.HyperlinkAuditingEnabled,
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
)

_KIND = QWebEnginePermission.PermissionType
_PERMISSIONS: Final = {
    _KIND.MediaVideoCapture: frozenset({"camera"}),
    _KIND.MediaAudioCapture: frozenset({"microphone"}),
    _KIND.MediaAudioVideoCapture: frozenset({"camera", "microphone"}),
    _KIND.Geolocation: frozenset({"location"}),
    _KIND.ClipboardReadWrite: frozenset({"clipboard"}),
    _KIND.Notifications: frozenset({"notifications"}),
}


class WebPage(QWebEnginePage):
    """A page that refuses everything until a keeper has taken it."""

    def __init__(self, profile: QWebEngineProfile, questions: Messages, parent: QObject | None = None) -> None:
        super().__init__(profile, parent)
        self._keeper: PageKeeper | None = None
        self._words = PageWords()
        self._forms = SentForms()
        self._token: TokenCarrier | None = None
        self._presented: Presented | None = None
        self._resting = False
        self._questions = questions
        self._messages: list[Message] = []
        self._no_windows = QTimer(self)
        self._no_windows.setSingleShot(True)
        self._no_windows.timeout.connect(lambda: self.settings().setAttribute(_SET.JavascriptCanOpenWindows, False))
        for attribute in _OFF:
            self.settings().setAttribute(attribute, False)
        self.settings().setAttribute(_SET.PlaybackRequiresUserGesture, True)
        for attribute in (_SET.PluginsEnabled, _SET.PdfViewerEnabled):  # there is no plug-in but the engine's for PDF
            self.settings().setAttribute(attribute, True)
        self.settings().setAttribute(_SET.WebRTCPublicInterfacesOnly, True)
        self.settings().setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes)
        self.authenticationRequired.connect(self._on_challenge)
        self.proxyAuthenticationRequired.connect(self._on_proxy_challenge)
        self.certificateError.connect(self._on_certificate)
        self.selectClientCertificate.connect(self._on_client_certificate)
        self.newWindowRequested.connect(self._on_new_window)
        self.windowCloseRequested.connect(self._on_close)
        self.printRequested.connect(self._on_print)
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
        self._keeper = self._presented = None
        self._end_messages()

    def address(self) -> str:
        """Return the page's address."""
        return text_of(self.url())

    def go(self, url: str) -> None:
        """Load an address."""
        self._end_messages()
        self.load(QUrl.fromEncoded(url.encode()))

    def stop(self) -> None:
        """Stop loading."""
        self.triggerAction(_ACT.Stop)

    def reload_page(self) -> None:
        """Load the page again."""
        self.triggerAction(_ACT.Reload)

    def has_strange_frames(self) -> bool:
        """Say whether there is a frame of another origin anywhere in the page, in closed shadow trees too."""
        frames = self.mainFrame().children()
        for frame in frames:
            frames.extend(frame.children())
        return any(is_strange(text_of(frame.url()) or "about:blank", self.address()) for frame in frames)

    def run(self, script: str, then: Callable[[object], None]) -> None:
        """Run a script in the isolated world of the main frame; ``then`` gets what came back, untrusted."""
        self.runJavaScript(script, _WORLD, then)

    def let_open_windows(self, for_s: float) -> None:
        """Let what is pressed now open a window, as a person's own press may: no script is to find it refused."""
        self.settings().setAttribute(_SET.JavascriptCanOpenWindows, True)
        self._no_windows.start(round(for_s * 1000))

    def can_go(self) -> tuple[bool, bool]:
        """Say whether there is a page to go back to, and one to go forward to."""
        return page_tools.can_go(self)

    def step(self, step: int) -> None:
        """Go back (-1) or forward (+1)."""
        page_tools.go(self, step)

    def find(self, text: str, step: int, then: Callable[[int, int], None]) -> None:
        """Find a text; ``then`` gets which place, from 0, of how many."""
        page_tools.find(self, text, step, then)

    def to_pdf(self, then: Callable[[bytes], None]) -> None:
        """Make the page a PDF; ``then`` gets it, or nothing."""
        page_tools.to_pdf(self, then)

    def rest(self, on: bool) -> None:
        """Be silent, play nothing and ask a person nothing, or go on."""
        self._resting = on
        self.setAudioMuted(on)
        for message in tuple(self._messages):
            message.look()
        frames = [self.mainFrame()]
        for frame in frames:
            frames.extend(frame.children())
            frame.runJavaScript(scripts.rest(on=on), _WORLD)

    def carry_token(self, bounds: Bounds, token: Secret) -> None:
        """Put the token on fetches from now on, in place of an earlier one."""
        carrier = TokenCarrier(bounds, token, self)
        self.setUrlRequestInterceptor(carrier)
        if self._token is not None:
            self._token.deleteLater()
        self._token = carrier

    def present(self, bounds: Bounds, certificate: AnyCertificate) -> None:
        """Present the certificate to the origins that may be filled, from now on."""
        self._presented = Presented(self.profile(), bounds, certificate)

    # --- what the page asks for

    def acceptNavigationRequest(self, url: QUrl | str, kind: QWebEnginePage.NavigationType, isMainFrame: bool) -> bool:
        """Ask the keeper; without one only the empty page may be shown."""
        address = text_of(QUrl(url))
        if self._keeper is None:
            return address == "about:blank"
        if isMainFrame and self._forms.would_send(kind):
            plain = address.partition("#")[0]  # with its fragment it would only be scrolled
            QTimer.singleShot(0, self, lambda: self.go(plain))
            return False
        by_form = kind == self.NavigationType.NavigationTypeFormSubmitted
        may_go = self._keeper.may_go(address, main_frame=isMainFrame, by_form=by_form)
        if may_go and isMainFrame:
            self._forms.goes(kind)
        return may_go

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, lineNumber: int, sourceID: str
    ) -> None:
        """Take our own words and drop the rest unread."""
        if self._keeper is not None and not self._questions.hear(message, self._ask):
            self._words.hear(message, self._keeper)

    def javaScriptAlert(self, securityOrigin: QUrl | str, msg: str) -> None:
        """Show what the engine itself shows only over the page itself: all pages stand still meanwhile."""
        if self._in_front():
            super().javaScriptAlert(QUrl(securityOrigin), msg)

    def javaScriptConfirm(self, securityOrigin: QUrl | str, msg: str) -> bool:
        """Ask what the engine itself asks, e.g. whether to leave, only over the page itself; out of sight it is no."""
        return self._in_front() and super().javaScriptConfirm(QUrl(securityOrigin), msg)

    def javaScriptPrompt(self, securityOrigin: QUrl | str, msg: str, defaultValue: str) -> tuple[bool, str]:
        """Give no answer: what is typed into such a window is seen on no page."""
        return False, ""

    def chooseFiles(
        self, mode: QWebEnginePage.FileSelectionMode, oldFiles: object, acceptedMimeTypes: object
    ) -> list[str]:
        """Give what the officer chooses of the session's files; a shared computer's others are nobody's."""
        modes = QWebEnginePage.FileSelectionMode
        if self._keeper is None or self._resting or mode not in (modes.FileSelectOpen, modes.FileSelectOpenMultiple):
            return []
        return list(self._keeper.files_wanted(several=mode == modes.FileSelectOpenMultiple))

    def offers(self, offered: Offered) -> bool:
        """Offer a file that the page wants to save; return whether it is taken."""
        return self._keeper is not None and self._keeper.download_wanted(offered)

    def _in_front(self) -> bool:
        view = QWebEngineView.forPage(self)
        return isinstance(view, WebView) and view.sight.is_clear and not self._resting

    def _ask(self, question: Question) -> None:
        view = QWebEngineView.forPage(self)
        if not isinstance(view, WebView) or self._keeper is None:
            question.answer(None)
            return
        self._messages.append(Message(view, lambda: not self._resting, question, self._answered))
        self._keeper.asks(question.untrusted_words)

    def _answered(self, message: Message) -> None:
        self._messages.remove(message)
        if not self._messages and self._keeper is not None:
            self._keeper.answered()

    def _end_messages(self) -> None:
        for message in tuple(self._messages):
            message.end()

    def _on_challenge(self, url: QUrl, authenticator: QAuthenticator) -> None:
        answer = self._keeper.challenge(text_of(url)) if self._keeper is not None else None
        if answer is None:
            self.stop()  # an unanswered challenge would send empty credentials 32 times
            # As soon as this returns, the engine goes on with empty ones. A fetch has its page's own name and password
            # besides, and they would be tried twice: until the stop has reached the renderer, nothing goes on.
            QThread.msleep(STOPPED_MS)
            return
        name, password = answer
        authenticator.setUser(name)
        authenticator.setPassword(password.reveal())

    def _on_proxy_challenge(self, url: QUrl, authenticator: QAuthenticator, proxy: str) -> None:
        road = way_out()
        if road is None or proxy != LOOPBACK:
            self.stop()
            return
        authenticator.setUser(road.user_name)  # it is this session's own relay that asks
        authenticator.setPassword(road.password.reveal())

    def _on_client_certificate(self, wish: QWebEngineClientCertificateSelection) -> None:
        if self._presented is not None:
            self._presented.answer(wish)
        else:
            wish.selectNone()

    def _on_certificate(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if self._keeper is not None:
            self._keeper.certificate_refused(text_of(error.url()), error.type().name, main_frame=error.isMainFrame())

    def _on_new_window(self, request: QWebEngineNewWindowRequest) -> None:
        if self._keeper is not None and not self._resting:
            self._keeper.window_wanted(
                text_of(request.requestedUrl()), request.openIn, by_person=request.isUserInitiated()
            )

    def _on_print(self) -> None:
        if self._keeper is not None and not self._resting:
            self._keeper.print_wanted()

    def _on_close(self) -> None:
        if self._keeper is not None:
            self._keeper.close_wanted()

    def _on_permission(self, permission: QWebEnginePermission) -> None:
        kind = permission.permissionType()
        what = _PERMISSIONS.get(kind, frozenset())
        if self._keeper is not None and self._keeper.permission_wanted(text_of(permission.origin()), what, kind.name):
            permission.grant()
        else:
            permission.deny()

    def _on_loading(self, info: QWebEngineLoadingInfo) -> None:
        if self._keeper is None or info.status() == QWebEngineLoadingInfo.LoadStatus.LoadStartedStatus:
            return
        domain, code = info.errorDomain(), info.errorCode()
        http = domain == QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain
        self._forms.came(aborted=not http and code == _ABORTED)
        self._keeper.loaded(
            Loaded(
                url=text_of(info.url()),
                ok=info.status() == QWebEngineLoadingInfo.LoadStatus.LoadSucceededStatus or (http and code > 0),
                status=code if http else 0,
                net_error=0 if http else code,
                certificate=domain == QWebEngineLoadingInfo.ErrorDomain.CertificateErrorDomain,
                why=info.errorString() if code else "",
                retry_after=_retry_after(info) if http else "",
            )
        )

    def _on_ended(self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int) -> None:
        self._words.clear()
        self._end_messages()
        if self._keeper is not None:
            self._keeper.crashed()


def _retry_after(info: QWebEngineLoadingInfo) -> str:
    for name, values in info.responseHeaders().items():
        if bytes(name.data()).lower() == b"retry-after":
            (first, *_) = cast("list[QByteArray]", values)  # a name may come more than once, which its type leaves out
            return bytes(first.data()).decode("ascii", "replace")
    return ""
