"""The six letters on screens: whose they are, until when, and that they are worth nothing once they were used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from launcher.hub.sittings.tables import shown_letters, sittings

if TYPE_CHECKING:
    from launcher.wire.hub.sittings import Report

LONGEST_S: Final = 600.0
"""No screen's letters hold longer, whatever its station says."""


def show(connection: Connection, station: str, said: Report, open_here: frozenset[str], now: float) -> None:
    """Note the letters that stand on the station's screens now: those alone hold. Spent ones stay spent."""
    shown = {
        one.letters: (one.sitting, now + min(one.until - said.at, LONGEST_S))  # the clocks may differ
        for one in said.letters
        if one.sitting is None or one.sitting in open_here
    }
    here = shown_letters.c.station == station
    known = {row.letters: row for row in connection.execute(select(shown_letters).where(here))}
    passed = [letters for letters, row in known.items() if letters not in shown and _done_with(row, now)]
    if passed:
        connection.execute(delete(shown_letters).where(here, shown_letters.c.letters.in_(passed)))
    for letters, (sitting, until) in shown.items():
        if letters not in known:
            made = {"station": station, "letters": letters, "sitting": sitting, "until": until}
            connection.execute(insert(shown_letters).values(made))
        elif known[letters].sitting != sitting:
            # The same letters for somebody else would verify whoever read them before.
            of_it = and_(here, shown_letters.c.letters == letters)
            connection.execute(update(shown_letters).where(of_it).values(spent=now))


def holders(connection: Connection, letters: str, now: float) -> list[Row[tuple[object, ...]]]:
    """Return the screens on which these letters stand and hold: more than one is nobody's."""
    asked = (
        select(shown_letters, sittings.c.officer)
        .join(sittings, sittings.c.sitting == shown_letters.c.sitting, isouter=True)
        .where(
            shown_letters.c.letters == letters,
            shown_letters.c.spent.is_(None),
            shown_letters.c.until > now,
            or_(shown_letters.c.sitting.is_(None), sittings.c.ended.is_(None)),
        )
        .with_for_update(of=shown_letters)
    )
    return list(connection.execute(asked))


def spend(connection: Connection, station: str, letters: str, now: float) -> None:
    """Make them worthless."""
    of_it = and_(shown_letters.c.station == station, shown_letters.c.letters == letters)
    connection.execute(update(shown_letters).where(of_it).values(spent=now))


def sweep(connection: Connection, now: float) -> None:
    """Remove those whose time is long over."""
    connection.execute(delete(shown_letters).where(shown_letters.c.until < now - LONGEST_S))


def _done_with(row: Row[tuple[object, ...]], now: float) -> bool:
    """Say whether letters that are not shown any more may be forgotten: spent ones not while they might come again."""
    return bool(row.spent is None or row.until < now)
