"""Taking what an officer tells, and what the helpdesk has still to look at."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.cases import rows as cases
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import NotThereError
from launcher.hub.happenings.fit import fit
from launcher.hub.helpdesk import visible
from launcher.hub.officers import counting
from launcher.hub.officers.seats import seat
from launcher.hub.sittings.clocks import clock_of
from launcher.hub.sittings.tables import system_names
from launcher.hub.told.tables import told
from launcher.wire.hub.helpdesk import ToldView

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from launcher.hub.officers.asking import AskingOfficer
    from launcher.hub.requests import AskingStation
    from launcher.hub.service import Hub
    from launcher.wire.hub.sittings import Told

FIRST: Final = 1000
"""The first number is one more: all have four digits at least."""
LOOKED_AT_S: Final = 86_400.0
"""What nobody has closed is shown so long."""
MANY: Final = 100
LONGEST_TIMELINE: Final = 30_000
"""In characters; a longer one is kept without its phases."""
_TOLD: Final = select(told, system_names.c.name.label("system_name")).outerjoin(
    system_names, system_names.c.system == told.c.system
)
LOOKED_UP_A_MINUTE: Final = 20
"""An analyst looks up no more numbers, by whatever way: they count up, and each may be somebody's."""
_NUMBER: Final = re.compile(r"T-(\d{1,15})", re.IGNORECASE)


def take(connection: Connection, hub: Hub, station: AskingStation, said: Told) -> str:
    """Keep what was told and return the number to quote; the same key again has the same number."""
    before = _with_key(connection, station.id, said.key)
    if before is not None:
        return number_of(before)
    sitting = said.sitting and seat(connection, said.sitting)
    sitter = sitting if sitting and sitting.station == station.id else None
    officer, name = (sitter.officer, sitter.name) if sitter else ("", "")
    row: dict[str, object] = {
        "station": station.id, "key": said.key, "terminal": station.terminal, "place": station.place, "at": hub.clock(),
        "sitting": sitter.sitting if sitter else "", "officer": officer, "name": name, "reference": said.reference,
        "system": said.system or "", "timeline": _timeline(said, hub.clock()),
    }  # fmt: skip
    is_new = insert_unless_there(connection, told, row)
    made = _with_key(connection, station.id, said.key) or 0
    if not is_new:  # the same was told to another process at the same moment
        return number_of(made)
    audit.append(
        connection, hub, "told", actor=officer or f"station:{station.id}", actor_name=name, station=station.id,
        terminal=station.terminal, reference=said.reference,
        details={"number": number_of(made), "system": said.system},
    )  # fmt: skip
    return number_of(made)


def count_look(hub: Hub, by: AskingOfficer, untrusted_query: str) -> None:
    """Count that somebody looks for what may be such a number, there or not. Raises :class:`TooOftenError`."""
    if _made(untrusted_query) is not None:
        counting.count(hub, by, "told", LOOKED_UP_A_MINUTE)


def look_up(
    connection: Connection, hub: Hub, untrusted_number: str, by: AskingOfficer, case: Row[tuple[object, ...]]
) -> ToldView | None:
    """Return what was told with a number, also what is closed or old; None: nothing was, that shows.

    It is written down either way, once in some minutes of a case; the caller commits that.
    """
    row = _numbered(connection, hub, untrusted_number)
    shown = set() if row is None else _shown(connection, hub, (row,))
    number = untrusted_number.strip().upper() if row is None else number_of(row.id)
    if cases.note_look(connection, case.case, f"told {number}", hub.clock()):
        at = row if row is not None and _is_placed(row, shown) else None
        audit.append(
            connection, hub, "look-up", actor=by.officer, actor_name=by.name,
            subject=row.officer if row is not None and row.officer in shown else "",
            station=at.station if at else "", terminal=at.terminal if at else "", reason=case.reason,
            details={"case": case.case, "told": number},
        )  # fmt: skip
    return None if row is None else _view(row, shown, hub.settings.helpdesk.restricted_systems, named=True)


def by_number(connection: Connection, hub: Hub, untrusted_query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which officer has told something and at which station, by its number; none where that does not show."""
    row = _numbered(connection, hub, untrusted_query)
    if row is None or not _is_placed(row, _shown(connection, hub, (row,))):
        return (), ()
    return ((row.officer,) if row.officer else ()), (row.station,)


def close(connection: Connection, hub: Hub, untrusted_number: str, by: AskingOfficer) -> None:
    """Note that it was looked at. Raises :class:`NotThereError`."""
    row = _numbered(connection, hub, untrusted_number)
    if row is None:
        raise not_told()
    if row.closed is not None:
        return
    is_open = (told.c.id == row.id) & told.c.closed.is_(None)
    if connection.execute(update(told).where(is_open).values(closed=hub.clock(), closed_by=by.officer)).rowcount == 0:
        return  # closed by another at the same moment
    audit.append(
        connection, hub, "told", actor=by.officer, actor_name=by.name, subject=row.officer, station=row.station,
        terminal=row.terminal, reference=row.reference, details={"number": number_of(row.id), "closed": True},
    )  # fmt: skip


def open_ones(connection: Connection, hub: Hub, *, named: bool) -> tuple[ToldView, ...]:
    """Return what nobody has closed, the newest first, without restricted systems; not ``named``: and without names.

    What a restricted officer has told names neither them nor their terminal: its timeline says that somebody sat there.
    """
    restricted = hub.settings.helpdesk
    rows = connection.execute(
        _TOLD.where(
            told.c.closed.is_(None),
            told.c.at > hub.clock() - LOOKED_AT_S,
            told.c.system.not_in(restricted.restricted_systems),
        )
        .order_by(told.c.at.desc(), told.c.id.desc())
        .limit(MANY)
    ).all()
    shown = _shown(connection, hub, rows)
    return tuple(_view(row, shown, restricted.restricted_systems, named=named) for row in rows)


def not_told() -> NotThereError:
    """Return what to say of a number that leads nowhere, or to nothing that shows."""
    return NotThereError("Nothing was told with this number.")


def number_of(made: int) -> str:
    """Return the number that an officer quotes."""
    return f"T-{FIRST + made}"


def _timeline(said: Told, now: float) -> str:
    """Return the timeline as it is kept: the helpdesk reads a hundred of them at once."""
    clock = clock_of(said.at, now)
    records = [fit(one.model_copy(update={"at": clock.on_hubs(one.at)}), now) for one in said.timeline]
    kept = json.dumps([one.model_dump(mode="json") for one in records])
    if len(kept) <= LONGEST_TIMELINE:
        return kept
    return json.dumps([one.model_copy(update={"phases": ()}).model_dump(mode="json") for one in records])


def _made(untrusted_number: str) -> int | None:
    """Return which row a number is of; None: it can be none's."""
    found = _NUMBER.fullmatch(untrusted_number.strip())
    made = int(found.group(1)) - FIRST if found else 0
    return made if made > 0 else None


def _numbered(connection: Connection, hub: Hub, untrusted_number: str) -> Row[tuple[object, ...]] | None:
    made = _made(untrusted_number)
    row = None if made is None else connection.execute(_TOLD.where(told.c.id == made)).one_or_none()
    return None if row is None or visible.is_restricted_system(hub, row.system) else row


def _shown(connection: Connection, hub: Hub, rows: Iterable[Row[tuple[object, ...]]]) -> Collection[str]:
    """Return those who have told these and show."""
    officers = {str(row.officer) for row in rows if row.officer}
    return {one.officer for one in visible.seen(connection, hub, officers)}


def _is_placed(row: Row[tuple[object, ...]], shown: Collection[str]) -> bool:
    """Say whether its terminal shows: nobody was logged on there, or somebody who shows."""
    return not row.officer or row.officer in shown


def _with_key(connection: Connection, station: str, key: str) -> int | None:
    found = connection.execute(select(told.c.id).where(told.c.station == station, told.c.key == key))
    return found.scalar_one_or_none()


def _view(
    row: Row[tuple[object, ...]], shown: Collection[str], restricted_systems: Collection[str], *, named: bool
) -> ToldView:
    records = [one for one in json.loads(row.timeline) if one.get("system") not in restricted_systems]
    terminal, place = (row.terminal, row.place) if _is_placed(row, shown) else ("", "")
    timeline = [{"terminal": terminal, "record": one} for one in records]
    named = named and row.officer in shown
    return ToldView.model_validate(
        {
            "number": number_of(row.id), "at": row.at, "terminal": terminal, "place": place,
            "officer": row.officer if named else None, "name": row.name if named else "",
            "reference": row.reference, "system": row.system_name or row.system, "timeline": timeline,
            "closed": row.closed is not None,
        }
    )  # fmt: skip
