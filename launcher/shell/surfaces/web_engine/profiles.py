"""Profiles of the engine: the session's one, and those of systems that stand apart for what they hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from weakref import WeakMethod

from launcher.shell.surfaces.page_words import PageWords
from launcher.shell.surfaces.web_engine import messages
from launcher.shell.surfaces.web_engine.addresses import text_of
from launcher.shell.surfaces.web_engine.client_certificates import give_up
from launcher.shell.surfaces.web_engine.messages import Messages
from launcher.shell.surfaces.web_engine.qt import (
    QWebEngineDownloadRequest,
    QWebEngineNotification,
    QWebEngineProfile,
    QWebEngineScript,
)
from launcher.spelling import LANGUAGE, dictionary_folder


def off_the_record(
    on_download: Callable[[QWebEngineDownloadRequest], None],
    on_notice: Callable[[str, str], None],
    questions: Messages,
) -> QWebEngineProfile:
    """Make a profile without a name: nothing of the officer comes on a disk."""
    folder = dictionary_folder()
    if folder is not None:
        os.environ["QTWEBENGINE_DICTIONARIES_PATH"] = str(folder)  # read with the first profile
    profile = QWebEngineProfile()
    profile.setHttpAcceptLanguage("en-GB,en;q=0.8")
    if folder is not None:  # the engine brings none
        profile.setSpellCheckLanguages([LANGUAGE])
    profile.setSpellCheckEnabled(folder is not None)
    profile.setPushServiceEnabled(False)
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
    profile.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
    profile.downloadRequested.connect(on_download)
    hear = WeakMethod(on_notice)  # the profile would keep it, and whoever it is of, as long as it lasts
    profile.setNotificationPresenter(lambda notice: _present(notice, hear()))
    for name, source in PageWords.scripts().items():
        _stand_by(profile, name, source)
    _stand_by(profile, "asks", messages.isolated_script())
    _stand_by(profile, "messages", messages.page_script(), QWebEngineScript.ScriptWorldId.MainWorld)
    profile.installUrlSchemeHandler(messages.SCHEME.encode(), questions)
    return profile


def _stand_by(
    profile: QWebEngineProfile,
    name: str,
    source: str,
    world: QWebEngineScript.ScriptWorldId = QWebEngineScript.ScriptWorldId.ApplicationWorld,
) -> None:
    """Run a script in a world (the isolated one) of every document of the profile, before the document's own.

    Scripts of a page's own are missing in documents for which the engine takes another process, as it does for those
    of another site (measured: a form that posts itself there, a redirect, a script).
    """
    script = QWebEngineScript()
    script.setName(name)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(world)
    script.setRunsOnSubFrames(True)
    script.setSourceCode(source)
    profile.scripts().insert(script)


def _present(notice: QWebEngineNotification, on_notice: Callable[[str, str], None] | None) -> None:
    """Tell of it by its origin and title; to the page it has been shown and closed."""
    origin, title = text_of(notice.origin()), notice.title()
    notice.show()
    notice.close()
    if on_notice is not None:
        on_notice(origin, title)


def end_of(profile: QWebEngineProfile) -> None:
    """End a profile that has no pages any more, with all it holds."""
    profile.cookieStore().deleteAllCookies()
    give_up(profile)
    profile.deleteLater()
