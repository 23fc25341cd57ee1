"""All that is used of QtWebEngine: the only module that imports it, read by its own folder alone."""

from __future__ import annotations

from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineDownloadRequest,
    QWebEngineFindTextResult,
    QWebEngineLoadingInfo,
    QWebEngineNewWindowRequest,
    QWebEngineNotification,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from PySide6.QtWebEngineWidgets import QWebEngineView

__all__ = [
    "QWebEngineCertificateError",
    "QWebEngineClientCertificateSelection",
    "QWebEngineDownloadRequest",
    "QWebEngineFindTextResult",
    "QWebEngineLoadingInfo",
    "QWebEngineNewWindowRequest",
    "QWebEngineNotification",
    "QWebEnginePage",
    "QWebEnginePermission",
    "QWebEngineProfile",
    "QWebEngineScript",
    "QWebEngineSettings",
    "QWebEngineUrlRequestInfo",
    "QWebEngineUrlRequestInterceptor",
    "QWebEngineUrlRequestJob",
    "QWebEngineUrlScheme",
    "QWebEngineUrlSchemeHandler",
    "QWebEngineView",
]
