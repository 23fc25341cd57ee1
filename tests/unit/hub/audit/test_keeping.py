"""What is old is retired and its rows stay; what a legal hold covers is kept, and held back only as long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from launcher.hub.audit import holds, retention, rows
from launcher.hub.audit.errors import AuditBrokenError, HoldOfNothingError
from launcher.hub.audit.tables import audit_rows
from launcher.hub.audit.verify import verify
from launcher.hub.errors import NotThereError
from launcher.hub.service import Hub
from launcher.hub.settings import AuditSettings, HubSettings, RoleSettings
from launcher.wire.hub.audit import AddHold
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person

DAY_S = 86_400.0


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(audit=AuditSettings(keep_days=30), roles=RoleSettings(auditor=("auditor",)))


def _sign_ins(hub: Hub, *officers: str, terminal: str = "FD-02") -> None:
    with hub.store.writing() as connection:
        for officer in officers:
            rows.append(connection, hub, "sign-in", actor=officer, actor_name="A name", terminal=terminal)


def _hold(hub: Hub, **what: object) -> int:
    with hub.store.writing() as connection:
        return holds.add(connection, hub, AddHold(reason="an inquiry", **what), "local#auditor").id  # type: ignore[arg-type]


def _kept(hub: Hub) -> list[str]:
    """Who is still named by a sign-in."""
    with hub.store.reading() as connection:
        return [row.actor for row in rows.since(connection, 0, 100) if row.kind == "sign-in" and not row.retired]


def _holds_together(hub: Hub) -> int:
    return verify(hub.store, frozenset({hub.key.public})).retired


def test_what_is_old_goes_and_the_chain_holds(hub: Hub, clock: Clock) -> None:
    _sign_ins(hub, "a", "b")
    clock.pass_s(20 * DAY_S)
    _sign_ins(hub, "c")
    clock.pass_s(11 * DAY_S)
    assert retention.keep(hub) == 2
    assert retention.keep(hub) == 0
    assert _kept(hub) == ["c"]
    assert _holds_together(hub) == 2
    with hub.store.reading() as connection:
        gone = connection.execute(select(audit_rows).where(audit_rows.c.seq == 1)).one()
    assert (gone.actor, gone.actor_name, gone.terminal, gone.salt, gone.details) == ("", "", "", "", "")
    assert len(gone.digest) == 64


def test_a_retired_row_is_still_held_by_the_chain(hub: Hub, clock: Clock) -> None:
    _sign_ins(hub, "a", "b", "c")
    clock.pass_s(31 * DAY_S)
    retention.keep(hub)
    with hub.store.writing() as connection:
        connection.execute(audit_rows.update().where(audit_rows.c.seq == 2).values(actor="somebody else"))
    with pytest.raises(AuditBrokenError) as found:
        _holds_together(hub)
    assert found.value.seq == 2


@pytest.mark.parametrize(
    ("what", "kept"),
    [
        ({"officer": "a"}, ["a", "a"]),
        ({"terminal": "CU-01"}, ["a", "b"]),
        ({"officer": "a", "terminal": "CU-01"}, ["a"]),
        ({"officer": "a", "since": 0.0, "until": 10.0}, []),
    ],
)
def test_what_a_hold_covers_is_kept(hub: Hub, clock: Clock, what: dict[str, object], kept: list[str]) -> None:
    _sign_ins(hub, "a", "b", "c")
    _sign_ins(hub, "a", "b", terminal="CU-01")
    number = _hold(hub, **what)
    clock.pass_s(31 * DAY_S)
    retention.keep(hub)
    assert _kept(hub) == kept
    _holds_together(hub)
    with hub.store.writing() as connection:
        holds.end(connection, hub, number, "local#auditor")
    retention.keep(hub)
    assert _kept(hub) == []
    assert _holds_together(hub) == 5


def test_gaps_left_by_a_hold_are_named_row_by_row(hub: Hub, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MANY_RANGES", 3)
    monkeypatch.setattr(retention, "BATCH", 10)
    _sign_ins(hub, *("a", "b") * 20)
    _hold(hub, officer="a")
    clock.pass_s(31 * DAY_S)
    assert retention.keep(hub) == 20
    assert _kept(hub) == ["a"] * 20
    assert _holds_together(hub) == 20


def test_a_hold_of_nobody_is_refused_and_one_that_is_not_there(hub: Hub) -> None:
    with pytest.raises(HoldOfNothingError):
        _hold(hub)
    with pytest.raises(NotThereError), hub.store.writing() as connection:
        holds.end(connection, hub, 7, "local#auditor")


def test_a_hold_whose_time_ends_before_it_begins_would_hold_nothing_and_is_refused(
    hub: Hub, officer: Callable[..., Asking]
) -> None:
    auditor = officer(person("9001"), "auditor")
    times = {"officer": "9001", "since": 200.0, "until": 100.0, "reason": "an inquiry"}
    refused = auditor.post("/audit/holds", json=times)
    assert (refused.status_code, refused.json()["reference"]) == (422, "hub-request-malformed")
    assert "ends before it begins" in refused.json()["message"]
    assert auditor.get("/audit/holds").json() == []
    assert auditor.post("/audit/holds", json=times | {"until": 200.0}).ok


@pytest.mark.parametrize("typed", ["ldap:dc=station,dc=test#9002", "9002", "U9002", "FORCE\\u9002", "u9002@force.test"])
def test_a_hold_names_an_officer_by_key_number_or_name_and_says_how_many_rows_it_covers(
    hub: Hub, officer: Callable[..., Asking], typed: str
) -> None:
    officer(person("9002").model_copy(update={"user_name": typed if "u9002" in typed else "u9002"}))
    _sign_ins(hub, person("9002").officer, person("9002").officer, person("9003").officer)
    held = officer(person("9001"), "auditor").post("/audit/holds", json={"officer": typed, "reason": "an inquiry"})
    assert (held.json()["officer"], held.json()["covers"]) == (person("9002").officer, 2)


def test_a_hold_at_a_terminal_takes_its_name_in_any_case_and_refuses_one_that_is_none(
    hub: Hub, officer: Callable[..., Asking], enrolled: Callable[..., StationHand]
) -> None:
    enrolled("ÖST-01")
    auditor = officer(person("9001"), "auditor")
    held = auditor.post("/audit/holds", json={"terminal": "öst-01", "reason": "an inquiry"}).json()
    assert (held["terminal"], held["covers"]) == ("ÖST-01", 1)  # that it was enrolled
    _sign_ins(hub, "a", terminal="CU-01")  # of a station that was removed
    held = auditor.post("/audit/holds", json={"terminal": "cu-01", "reason": "an inquiry"}).json()
    assert (held["terminal"], held["covers"]) == ("CU-01", 1)
    refused = auditor.post("/audit/holds", json={"terminal": "FD-99", "reason": "an inquiry"})
    assert (refused.status_code, refused.json()["reference"]) == (404, "audit-terminal-unknown")


def test_a_hold_of_nobody_or_of_several_is_refused_and_their_keys_are_named(
    officer: Callable[..., Asking],
) -> None:
    auditor = officer(person("9001"), "auditor")
    both = [person("9002", issuer=issuer) for issuer in ("https://id.test", "ldap:dc=test")]
    officer(both[0])
    officer(both[1].model_copy(update={"user_name": "u9002@other.test"}))
    for typed, status in (("9003", 404), ("local#9003", 404), ("u9002@third.test", 404), ("9002", 409), ("u9002", 409)):
        refused = auditor.post("/audit/holds", json={"officer": typed, "reason": "an inquiry"})
        assert refused.status_code == status, typed
        assert status == 404 or refused.json()["detail"] == "\n".join(one.officer for one in both)
    assert auditor.get("/audit/holds").json() == []
    assert auditor.post("/audit/holds", json={"officer": both[1].officer, "reason": "an inquiry"}).ok


def test_holds_and_what_is_retired_stand_in_the_audit_for_good(hub: Hub, clock: Clock) -> None:
    _sign_ins(hub, "a")
    number = _hold(hub, officer="a")
    with hub.store.writing() as connection:
        assert holds.end(connection, hub, number, "local#auditor").ended == clock.now
        holds.end(connection, hub, number, "local#auditor")
        assert [one.id for one in holds.all_holds(connection)] == [number]
    clock.pass_s(40 * DAY_S)
    retention.keep(hub)
    clock.pass_s(4000 * DAY_S)
    assert retention.keep(hub) == 0
    with hub.store.reading() as connection:
        kinds = [(row.kind, row.retired) for row in rows.since(connection, 0, 100)]
    assert kinds == [("sign-in", True), ("hold", False), ("hold", False), ("retired", False)]


@pytest.mark.parametrize(
    ("numbers", "ranges"),
    [((), []), ((4,), [(4, 4)]), ((1, 2, 3, 7, 9, 10), [(1, 3), (7, 7), (9, 10)])],
)
def test_ranges(numbers: tuple[int, ...], ranges: list[tuple[int, int]]) -> None:
    assert retention.ranges_of(numbers) == ranges
