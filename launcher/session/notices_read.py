"""A notice that the law wants acknowledged, read and pressed by the officer: which, when, and by whom."""

from __future__ import annotations

import time

from launcher.session.ports import Station
from launcher.wire import messages as m
from launcher.wire.records import NoticeRecord


def tell_acknowledged(station: Station, officer: str, system: str, page: str) -> None:
    """Tell the station, which keeps it with the records of this sitting until the hub has it."""
    station.tell(m.Recorded(record=NoticeRecord(at=time.time(), system=system, page=page, officer=officer)))
