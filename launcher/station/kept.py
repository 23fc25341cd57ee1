"""What a station keeps of its sessions' times: their records, and its own of the switch between two officers.

The spool and what it writes with are loaded when the first of them is due: the first sign-in screen leaves nobody
behind and is recorded nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from launcher.station import events

if TYPE_CHECKING:
    from launcher.station.switches import Switches
    from launcher.timings import Spool
    from launcher.wire.records import LaunchRecord, NoticeRecord, SignInRecord, SwitchRecord


class Kept:
    """The spool at ``path``, and the switches under way; ``tell`` hears of each record that went there.

    ``readers``: the group of the sessions that read the spool from accounts of their own.
    """

    def __init__(self, path: Path, tell: Callable[[events.StationEvent], None], *, readers: int | None = None) -> None:
        self.path = path
        self._readers = readers
        self._tell = tell
        self._spool: Spool | None = None
        self._switches: Switches | None = None

    @property
    def spool(self) -> Spool:
        """The spool, opened when it is first asked for."""
        if self._spool is None:
            from launcher.timings import Spool

            self._spool = Spool(self.path, readers=self._readers)
        return self._spool

    def load(self) -> None:
        """Load what is needed later, so that no switch waits for it."""
        import launcher.station.switches
        import launcher.timings.spool  # noqa: F401 - loading is the purpose

        if self._readers is not None:
            self.spool.open()

    def record(self, record: SignInRecord | LaunchRecord | SwitchRecord | NoticeRecord) -> None:
        """Keep a record."""
        self.spool.record(record)
        self._tell(events.RecordKept(record))

    def leaves(self, session: int, reason: str) -> None:
        """A shown session leaves: the next officer waits from now on."""
        if self._switches is None:
            from launcher.station.switches import Switches

            self._switches = Switches()
        self._switches.begin(session, reason)

    def leaving(self, session: int, phase: Literal["stop_apps", "sign_off"], *, ended: bool) -> None:
        """Take what a session says of its own end."""
        if self._switches is not None:
            self._switches.leaving(session, phase, ended=ended)

    def ends(self, session: int) -> None:
        """The session's process ends now."""
        if self._switches is not None:
            self._switches.ends(session)

    def cleaned(self, session: int) -> None:
        """Nothing of the session is left."""
        if self._switches is not None:
            self._switches.cleaned(session)
        self.record_complete()

    def painted(self) -> float | None:
        """A sign-in screen is on the display: return how long the last one to leave had it waited for, in ms."""
        return self._switches.painted() if self._switches is not None else None

    def record_complete(self) -> None:
        """Keep the records of the switches that are over, once each."""
        for record in self._switches.take_complete() if self._switches is not None else ():
            self.record(record)

    def close(self) -> None:
        """Write what is queued."""
        if self._spool is not None:
            self._spool.close()
