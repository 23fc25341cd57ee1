"""A suspension that is lifted goes on at no terminal that was away meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings
from tests.servers.hub_in_process import Asking
from tests.unit.hub.acts.test_acts import ALICE, ANALYST, an_act, post
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, sitting


@pytest.fixture
def settings() -> HubSettings:
    """One analyst suffices."""
    return HubSettings(roles=RoleSettings(helpdesk=("helpdesk",)), helpdesk=HelpdeskSettings(sensitive=()))


def test_a_terminal_that_comes_back_is_not_told_to_suspend_whom_it_may_let_in_again(
    clock: Clock, enrolled: Callable[..., StationHand], officer: Callable[..., Asking]
) -> None:
    station, analyst = enrolled("FD-02"), officer(ANALYST, "helpdesk")
    station.report(sitting(ALICE, "a"))
    case = str(analyst.post("/helpdesk/cases", json={"reason": "a stolen card", "key": "k"}).json()["case"])
    assert post(analyst, an_act(case, "lock", "key-0")).ok
    assert post(analyst, an_act(case, "suspend", "key-1", sitting=None)).ok
    assert [one.command.kind for one in station.commands()] == ["lock", "suspend"]
    clock.pass_s(2)
    assert post(analyst, an_act(case, "unsuspend", "key-2", sitting=None)).ok
    assert [one.command.kind for one in station.commands()] == ["lock"]
