"""What of the helpdesk's work is over is forgotten, and nothing that still holds."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from launcher.hub import limits
from launcher.hub.cases import rows as cases
from launcher.hub.cases.tables import cases as all_cases
from launcher.hub.cases.tables import looked_at
from launcher.hub.helpdesk import keeping
from launcher.hub.limits import limits as all_limits
from launcher.hub.service import Hub
from launcher.hub.sittings.tables import brought, shown_letters
from launcher.wire.hub.helpdesk import OpenCase
from tests.unit.hub.conftest import Clock

TABLES = (all_cases, looked_at, all_limits, shown_letters, brought)


def left(hub: Hub) -> list[int]:
    with hub.store.reading() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]


def work(hub: Hub, key: str) -> None:
    now = hub.clock()
    limits.count(hub, f"officer {key}", "find", 9)
    with hub.store.writing() as connection:
        case = cases.open_case(connection, "officer", OpenCase(reason="cannot log on", key=key), now).case
        assert cases.note_look(connection, case, "page x", now)
        connection.execute(insert(shown_letters).values(station="s", letters=f"BCDFG{key}", until=now + 600))
        press = {"station": "s", "key": key, "from_sitting": "a", "to_sitting": "b", "at": now}
        connection.execute(insert(brought).values(press))


def test_what_is_over_is_forgotten(hub: Hub, clock: Clock) -> None:
    work(hub, "B")
    keeping.keep(hub)
    assert left(hub) == [1, 1, 1, 1, 1]
    clock.pass_s(86_401)
    work(hub, "C")
    keeping.keep(hub)
    assert left(hub) == [1, 1, 1, 1, 1]
