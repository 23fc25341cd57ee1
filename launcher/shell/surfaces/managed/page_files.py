"""The files that a page of a managed browser gives, and those it is given: what of it passes the line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from launcher.errors import LauncherError
from launcher.shell.surfaces import faults
from launcher.shell.surfaces.managed.devtools import AskRefusedError, Line, LineEndedError, Values


@dataclass(frozen=True, slots=True)
class Downloads:
    """Where files may come, and who hears of them: that one begins (its id, name), how far it is (id, bytes, state)."""

    folder: Path
    begins: Callable[[str, str], None]
    told: Callable[[str, int, str], None]


async def give_none(several: bool) -> tuple[str, ...]:
    """Let a page have no file."""
    raise faults.upload_refused(none_yet=False)


@dataclass(frozen=True, slots=True)
class Files:
    """What a page may do with files. ``choose``: ask which it gets, one or several; it raises UploadRefusedError."""

    downloads: Downloads | None = None
    choose: Callable[[bool], Awaitable[tuple[str, ...]]] = give_none


NO_FILES: Final = Files()


class Asking(Protocol):
    """The page, as far as files are concerned."""

    @property
    def loads(self) -> bool:
        """Whether somebody waits for a page to come: then a file is none."""
        ...

    @property
    def acted_lately(self) -> bool:
        """Whether what it does may follow from an act of the officer's."""
        ...

    def refused(self, fault: LauncherError, *, instead: bool = False) -> None:
        """Say why it does not get what it wants; ``instead``: this came instead of the page."""
        ...


class PageFiles:
    """Of one page, in the engine's loop."""

    def __init__(self, line: Line, page: Asking, files: Files) -> None:
        self._line, self._page, self._files = line, page, files
        self._choosing: asyncio.Task[None] | None = None

    async def begin_all(self) -> None:
        """Hear of what any page of the browser gives. Raises what :meth:`Line.ask` raises."""
        line, downloads = self._line, self._files.downloads
        line.on("Browser.downloadWillBegin", self._download_wanted, page=False)
        line.on("Browser.downloadProgress", self._download_told, page=False)
        kept = {"behavior": "allowAndName", "downloadPath": str(downloads.folder)} if downloads else {}
        values = {"behavior": "deny", "eventsEnabled": True, **kept}
        await line.ask("Browser.setDownloadBehavior", values, page=False)

    def listen(self) -> Sequence[tuple[str, Values]]:
        """Hear what the page wants to be given, and return what the browser has to be asked."""
        self._line.on("Page.fileChooserOpened", self._upload_wanted)
        return (("Page.setInterceptFileChooserDialog", {"enabled": True}),)

    async def end(self) -> None:
        """Let go of what is asked."""
        if self._choosing is not None:
            self._choosing.cancel()
            await asyncio.wait({self._choosing})

    def refuse(self, untrusted_ident: str, why: str) -> None:
        """Stop a file and say why, as the embedded browser does."""
        self.stop(untrusted_ident)
        self._page.refused(faults.download_refused(why), instead=why == "page")

    def stop(self, untrusted_ident: str) -> None:
        """Have a file come no further."""
        self._line.tell("Browser.cancelDownload", {"guid": untrusted_ident}, page=False)

    # --- what the browser tells

    def _download_wanted(self, untrusted: Values) -> None:
        ident, name = str(untrusted.get("guid", "")), str(untrusted.get("suggestedFilename", ""))
        if self._page.loads:
            self.refuse(ident, "page")
        elif self._files.downloads is None:
            self.refuse(ident, "policy")
        else:
            self._files.downloads.begins(ident, name)

    def _download_told(self, untrusted: Values) -> None:
        match untrusted:
            case {"guid": str(ident), "receivedBytes": int() | float() as received, "state": str(state)}:
                if self._files.downloads is not None:
                    self._files.downloads.told(ident, round(received), state)

    def _upload_wanted(self, untrusted: Values) -> None:
        field, several = untrusted.get("backendNodeId"), untrusted.get("mode") == "selectMultiple"
        if self._choosing is not None and not self._choosing.done():
            return  # it asks again while it is being chosen
        if not isinstance(field, int) or not self._page.acted_lately:
            self._page.refused(faults.upload_refused(none_yet=False))
            return
        self._choosing = asyncio.create_task(self._give(field, several))

    async def _give(self, field: int, several: bool) -> None:
        try:
            chosen = await self._files.choose(several)
        except faults.UploadRefusedError as fault:
            self._page.refused(fault)
            return
        if chosen:
            with suppress(AskRefusedError, LineEndedError):  # its field is gone meanwhile
                await self._line.ask("DOM.setFileInputFiles", {"files": list(chosen), "backendNodeId": field})
