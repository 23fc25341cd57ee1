"""A download as the engine offers it, before anything of it is on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from launcher.shell.surfaces.web_engine.qt import QWebEngineDownloadRequest


class EngineDownload:
    """A :class:`launcher.shell.surfaces.files.Offered`. Its name is the engine's cleaned one, never the server's."""

    def __init__(self, request: QWebEngineDownloadRequest) -> None:
        self._request = request
        self.name = request.downloadFileName()
        self.total = request.totalBytes()

    def accept(self, folder: Path, name: str, progress: Callable[[int], None], ended: Callable[[bool], None]) -> None:
        """Write it into the folder under this name."""
        request = self._request
        request.setDownloadDirectory(str(folder))
        request.setDownloadFileName(name)
        request.receivedBytesChanged.connect(lambda: progress(request.receivedBytes()))
        done = QWebEngineDownloadRequest.DownloadState.DownloadCompleted
        request.isFinishedChanged.connect(lambda: ended(request.state() == done) if request.isFinished() else None)
        request.accept()

    def cancel(self) -> None:
        """Stop it."""
        self._request.cancel()
