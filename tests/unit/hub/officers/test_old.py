"""What was granted and agreed to goes in its time, unless a hold covers it; the audit keeps its own."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from launcher.hub.audit import holds, old_sittings
from launcher.hub.officers import granted
from launcher.hub.officers.asking import AskingOfficer
from launcher.hub.officers.tables import role_grants
from launcher.hub.second import rows as second
from launcher.hub.second.tables import second_requests
from launcher.hub.service import Hub
from launcher.hub.settings import AuditSettings, HubSettings
from launcher.wire.hub.audit import AddHold
from launcher.wire.hub.helpdesk import Act
from launcher.wire.hub.officers import GrantRole
from tests.unit.hub.conftest import Clock

DAY_S = 86_400.0
SERGEANT = AskingOfficer("i#s", "2001", "Sam", "sam", frozenset({"officer"}), 1, "openid", "")


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(audit=AuditSettings(sitting_days=30))


def left(hub: Hub) -> tuple[int, ...]:
    with hub.store.reading() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (role_grants, second_requests)
        )


def test_grants_and_requests_go_in_their_time(hub: Hub, clock: Clock) -> None:
    with hub.store.writing() as connection:
        for number in range(3):
            officer = f"i#{number}"
            asked = GrantRole(officer=officer, role="it", hours=1, reason="busy", key=f"k{number}")
            granted.grant(connection, hub, asked, "", SERGEANT)
            act = Act(key=f"a{number}", case="c", kind="suspend", officer=officer, reason="a lost card")
            second.ask(connection, hub, act, SERGEANT)
        hold = holds.add(connection, hub, AddHold(officer="i#1", reason="an inquiry"), "local#auditor")
    clock.pass_s(29 * DAY_S)
    assert old_sittings.keep(hub) == 0

    clock.pass_s(2 * DAY_S)
    old_sittings.keep(hub)

    assert left(hub) == (2, 1)  # what is held, and of what is counted the newest
    with hub.store.writing() as connection:
        holds.end(connection, hub, hold.id, "local#auditor")
    old_sittings.keep(hub)
    assert left(hub) == (1, 0)
