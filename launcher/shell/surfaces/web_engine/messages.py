"""What pages ask in windows of their own (alert, confirm, prompt), each until the officer has answered it.

The engine's own windows stop all pages of the process while one of them stands (measured with QtWebEngine 6.11), and
ten systems are opened together. So a script in the page makes a request of it instead, in a scheme of ours, and waits:
that page alone stands still. Which page it is, its isolated world says on its console.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, QUrl, QUrlQuery
from shiboken6 import isValid

from launcher.addresses import host_of
from launcher.shell.surfaces import scripts
from launcher.shell.surfaces.web_engine.addresses import text_of
from launcher.shell.surfaces.web_engine.qt import (
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

Asking = Literal["alert", "confirm", "prompt"]

SCHEME: Final = "station-asks"
UNCLAIMED_MS: Final = 5000
"""A request that no page has told of within this time was made by other hands, and is answered with no."""
MOST_UNCLAIMED: Final = 64
"""More at once come from a page that asks without end."""

_KINDS: Final[dict[str, Asking]] = {"/alert": "alert", "/confirm": "confirm", "/prompt": "prompt"}
_WORD: Final = secrets.token_hex(16)
_HEARD: Final = f"{SCHEME}-{secrets.token_hex(4)}"


def register_scheme() -> None:
    """Make the scheme known to the engine; before its first profile, and once in a process."""
    if not QWebEngineUrlScheme.schemeByName(SCHEME.encode()).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(SCHEME.encode())
    flag = QWebEngineUrlScheme.Flag
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Path)
    # Not for the page's own policy of what it loads to refuse: it knows nothing of it.
    scheme.setFlags(flag.SecureScheme | flag.CorsEnabled | flag.ContentSecurityPolicyIgnored)
    QWebEngineUrlScheme.registerScheme(scheme)


def page_script() -> str:
    """Return the script for the page's own world."""
    return scripts.messages(SCHEME, _HEARD)


def isolated_script() -> str:
    """Return the script for the isolated world."""
    return scripts.asks(_WORD, _HEARD)


class Question:
    """One of them, until it has its answer or its page has gone; then ``over`` is called, once."""

    def __init__(self, job: QWebEngineUrlRequestJob) -> None:
        query = QUrlQuery(job.requestUrl())

        def value(name: str) -> str:
            return query.queryItemValue(name, QUrl.ComponentFormattingOption.FullyDecoded)

        self.ident = value("id")
        self.asking = _KINDS.get(job.requestUrl().path())
        self.host = host_of(text_of(job.initiator()))
        self.untrusted_words = value("words")
        self.untrusted_given = value("given")
        self.over: Callable[[], None] = lambda: None
        self._job = job
        self._done = False
        job.destroyed.connect(self._end)

    def answer(self, said: str | None) -> None:
        """Give what the officer said; None is a no."""
        if self._done:
            return
        if isValid(self._job):
            content = QBuffer(self._job)
            content.setData(b"n" if said is None else b"y" + said.encode())
            content.open(QIODevice.OpenModeFlag.ReadOnly)
            self._job.reply(b"text/plain;charset=utf-8", content)
        self._end()

    def _end(self) -> None:
        if not self._done:
            self._done = True
            self.over()


class Messages(QWebEngineUrlSchemeHandler):
    """Brings each question to its page, which is told of it by its isolated world."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: dict[str, Question] = {}
        self._askers: dict[str, Callable[[Question], None]] = {}

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Take a question."""
        job.setAdditionalResponseHeaders({QByteArray(b"Access-Control-Allow-Origin"): QByteArray(b"*")})
        question = Question(job)
        known = question.asking is not None and question.ident and question.ident not in self._asked
        if not known or len(self._asked) >= MOST_UNCLAIMED:
            question.answer(None)
            return
        self._asked[question.ident] = question
        QTimer.singleShot(UNCLAIMED_MS, self, lambda: self._drop(question))
        self._bring(question.ident)

    def hear(self, untrusted_message: str, asker: Callable[[Question], None]) -> bool:
        """Say whether a word of a page's console was the isolated world's, about a question of this page's."""
        if not untrusted_message.startswith(_WORD):
            return False
        if len(self._askers) >= MOST_UNCLAIMED:
            return True
        ident = untrusted_message[len(_WORD) :]
        self._askers[ident] = asker
        QTimer.singleShot(UNCLAIMED_MS, self, lambda: self._askers.pop(ident, None) and None)
        self._bring(ident)
        return True

    def _bring(self, ident: str) -> None:
        if ident in self._asked and ident in self._askers:
            self._askers.pop(ident)(self._asked.pop(ident))

    def _drop(self, question: Question) -> None:
        if self._asked.get(question.ident) is question:
            del self._asked[question.ident]
            question.answer(None)
