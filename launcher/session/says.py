"""What a session says to its officer in the strip: good news and facts, never errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import count

from launcher.session.snapshot import NoticeKind, NoticeView, Snapshot

KEPT_NOTICES = 50


class SaysFacts(ABC):
    """A session, as far as it says something; the last facts are kept."""

    def __init__(self) -> None:
        self._notice_ids = count(1)

    @property
    @abstractmethod
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""

    @abstractmethod
    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""

    def ready(self, system: str, took_ms: float) -> None:
        """Say that a system is ready."""
        self.notice("ready", system=system, took_ms=took_ms)

    def left_out(self, count: int) -> None:
        """Say that entries of the catalogue are left out because they are faulty."""
        self.notice("left-out", text=str(count))

    def signed_off(self, system: str) -> None:
        """Say that a system had signed the officer off, and that they are signed on again."""
        self.notice("signed-off", system=system)

    def reopened(self, count: int, not_opened: tuple[str, ...]) -> None:
        """Say how many systems are opened again, which were open in the officer's last session, and which are not."""
        if count:
            self.notice("reopened", text=str(count))
        if not_opened:
            self.notice("not-reopened", text=" ".join(not_opened))

    def not_kept(self, system: str, why: str) -> None:
        """Say that an officer's own password for a system is not kept."""
        self.notice("not-kept", system=system, text=why)

    def notice(self, what: NoticeKind, *, system: str = "", took_ms: float = 0.0, text: str = "") -> None:
        """Say a fact in the strip; the last ones are kept."""
        notice = NoticeView(next(self._notice_ids), what, system, took_ms, text)
        self.draw(notices=(*self.snapshot.notices[-KEPT_NOTICES:], notice))
