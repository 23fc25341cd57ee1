"""A hub to which analysts are proved by tickets of a real realm; Carol sits at FD-02."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from launcher.hub.settings import HubSettings
from launcher.wire.hub.sittings import ShownLetters
from tests.servers.kdc import Kdc
from tests.unit.hub.command_line.analysts import CAROL, HOST, LETTERS, SYSTEMS
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting


@pytest.fixture(scope="package")
def keytab(shared_realm: Kdc) -> Path:
    return shared_realm.keytab(f"HTTP/{HOST}")


@pytest.fixture(scope="package")
def tickets(shared_realm: Kdc) -> dict[str, Path]:
    return {who: shared_realm.ticket(who) for who in ("alice", "bob")}


@pytest.fixture
def settings(keytab: Path) -> HubSettings:
    groups = {"alice": ["Helpdesk"], "bob": ["Helpdesk", "Sergeants"]}
    roles = {"helpdesk": ["helpdesk"], "supervisors": {"sergeants": 1}}
    return HubSettings.model_validate({"kerberos": {"keytab": keytab, "groups": groups}, "roles": roles})


@pytest.fixture
def station(clock: Clock, enrolled: Callable[..., StationHand], hub: object) -> StationHand:
    """FD-02, where Carol sits; the analysts are known from another terminal."""
    for number, name in (("1001", "alice"), ("1002", "bob")):
        who = person(number, name=f"Analyst {number}").model_copy(update={"user_name": name})
        assert enrolled(f"HD-{number}").report(sitting(who, f"hd-{number}")).ok
    hand = enrolled("FD-02", "Front desk")
    letters = (ShownLetters(letters=LETTERS, sitting="c", until=clock.now + 500),)
    there = sitting(CAROL, "c", since=clock.now, systems=SYSTEMS, unsaved=2)
    assert hand.report(there, letters=letters).ok
    return hand
