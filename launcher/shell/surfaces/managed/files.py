"""The files of a system in a managed browser: its page asks in the engine's loop, the main thread has them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget

from launcher.shell.bridge import Bridge, Reply
from launcher.shell.surfaces import faults
from launcher.shell.surfaces.choose_files import ask_files
from launcher.shell.surfaces.files import SessionFiles
from launcher.shell.surfaces.managed.download import ManagedDownload
from launcher.shell.surfaces.managed.page_files import Downloads, Files
from launcher.shell.surfaces.managed.windows import ManagedWindows


class Whose(Protocol):
    """The system."""

    windows: ManagedWindows

    @property
    def widget(self) -> QWidget | None:
        """Its face, while it has one."""
        ...

    def in_loop(self, act: Callable[[], None]) -> None:
        """Do something in the engine's loop."""
        ...


class ManagedFiles:
    """One system's. ``folder``: where its browser writes what comes."""

    def __init__(self, surface: str, folder: Path, files: SessionFiles, bridge: Bridge, system: Whose) -> None:
        self._surface, self._folder, self._files, self._bridge, self._system = surface, folder, files, bridge, system
        self._coming: dict[str, ManagedDownload] = {}

    def for_page(self, *, may_save: bool) -> Files:
        """Return what its page may do with files."""
        return Files(Downloads(self._folder, self._begins, self._told) if may_save else None, self._choose)

    # --- in the engine's loop

    async def _choose(self, several: bool) -> tuple[str, ...]:
        def begin(reply: Reply[tuple[str, ...]]) -> None:
            files, face = self._files.to_choose(self._surface), self._system.widget
            if not files or face is None:
                raise faults.upload_refused(none_yet=files is not None)
            reply.give(ask_files(face, files, several=several))

        return await self._bridge.ask(begin)

    def _begins(self, untrusted_ident: str, untrusted_name: str) -> None:
        def offer() -> None:
            page = self._system.windows.main
            stop = partial(self._system.in_loop, partial(page.files.stop, untrusted_ident))
            written = self._folder / Path(untrusted_ident).name
            offered = self._coming[untrusted_ident] = ManagedDownload(untrusted_name, written, stop)
            why = "policy" if self._system.widget is None else self._files.take(self._surface, offered)
            if why:
                self._system.in_loop(partial(page.files.refuse, untrusted_ident, why))

        self._bridge.post(offer)

    def _told(self, untrusted_ident: str, received: int, untrusted_state: str) -> None:
        def tell() -> None:
            if (offered := self._coming.get(untrusted_ident)) is not None:
                offered.tell(received, untrusted_state)
                if untrusted_state != "inProgress":
                    del self._coming[untrusted_ident]

        self._bridge.post(tell)
