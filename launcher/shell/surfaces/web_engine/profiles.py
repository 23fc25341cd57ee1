"""Profiles of the engine: the session's one, and those of systems that stand apart for what they hold."""

from __future__ import annotations

import os
from collections.abc import Callable

from launcher.shell.surfaces.spelling import LANGUAGE, dictionary_folder
from launcher.shell.surfaces.web_engine.client_certificates import give_up
from launcher.shell.surfaces.web_engine.qt import QWebEngineDownloadRequest, QWebEngineProfile


def off_the_record(on_download: Callable[[QWebEngineDownloadRequest], None]) -> QWebEngineProfile:
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
    return profile


def end_of(profile: QWebEngineProfile) -> None:
    """End a profile that has no pages any more, with all it holds."""
    profile.cookieStore().deleteAllCookies()
    give_up(profile)
    profile.deleteLater()
