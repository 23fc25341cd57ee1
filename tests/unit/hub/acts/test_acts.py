"""Acts: each once, for a sitting that is open, sensitive ones for a verified caller with a second person."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import func, select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.cases import rows as cases
from launcher.hub.commands.tables import commands
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings
from launcher.wire.hub.helpdesk import Act, Acted, OfficerPage, SecondRequest
from launcher.wire.hub.officers import Me
from launcher.wire.hub.sittings import OpenSystem, ShownLetters
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
Prove = Callable[..., Asking]

ANALYST, SECOND = person("1001", name="Jo Field"), person("1002", name="Sam Hill")
ALICE = person("4471", name="Alice Jones")
BOB = person("2210", name="Bob Ng")
LETTERS = "BCDFGH"


@pytest.fixture
def settings() -> HubSettings:
    """Analysts are those of the helpdesk's group, and do not see one system."""
    helpdesk = HelpdeskSettings(command_s=120, restricted_systems=("covert",))
    return HubSettings(roles=RoleSettings(helpdesk=("helpdesk",)), helpdesk=helpdesk)


@pytest.fixture
def analyst(officer: Prove) -> Asking:
    """An analyst of the helpdesk."""
    return officer(ANALYST, "helpdesk")


@pytest.fixture
def case(analyst: Asking) -> str:
    """Their case."""
    return str(analyst.post("/helpdesk/cases", json={"reason": "cannot work", "key": "k"}).json()["case"])


@pytest.fixture
def station(clock: Clock, enrolled: Enrolled) -> StationHand:
    """A terminal at which Alice sits, which can be reached."""
    hand = enrolled("FD-02", "Front desk")
    hand.news()
    letters = (ShownLetters(letters=LETTERS, sitting="a", until=clock.now + 500),)
    open_ones = tuple(OpenSystem(system=one, name=one, state="ready", since=clock.now) for one in ("records", "covert"))
    assert hand.report(sitting(ALICE, "a", systems=open_ones), letters=letters).ok
    return hand


def an_act(case: str, kind: str = "lock", key: str = "key-1", **changed: object) -> Act:
    fields = {"key": key, "case": case, "kind": kind, "officer": ALICE.officer, "sitting": "a", "reason": "asked for"}
    return Act.model_validate(fields | changed)


def post(asking: Asking, act: Act) -> requests.Response:
    return asking.post("/helpdesk/acts", json=act.model_dump(mode="json"))


def acted(answer: requests.Response) -> Acted:
    assert answer.ok, answer.text
    return Acted.model_validate(answer.json())


def ask(asking: Asking, key: str = "key-1", **wait: float) -> Acted:
    return acted(asking.get(f"/helpdesk/acts/{key}", params=wait))


def verify(asking: Asking, case: str) -> None:
    assert asking.post(f"/helpdesk/cases/{case}/letters", json={"letters": LETTERS}).ok


def refusal(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["reference"]


def n_commands(hub: Hub) -> int:
    with hub.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(commands)).scalar_one()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("log-off", {}), ("lock", {}), ("close-system", {"system": "records"}), ("open-system", {"system": "records"}),
        ("message", {"text": "Please call 4000."}),
    ],
)  # fmt: skip
def test_the_terminal_is_told_exactly_what_was_asked_and_its_answer_comes_back(
    hub: Hub, station: StationHand, analyst: Asking, case: str, kind: str, more: dict[str, object]
) -> None:
    told = acted(post(analyst, an_act(case, kind, **more)))
    assert (told.state, [one.state for one in told.commands]) == ("sent", ["waiting"])
    (signed,) = station.commands()
    command = signed.command
    assert (command.kind, command.sitting, command.officer) == (kind, "a", ALICE.officer)
    assert (command.by, command.by_name, command.reason) == (ANALYST.officer, "Jo Field", "asked for")
    assert (command.system, command.text) == (more.get("system"), more.get("text", ""))
    station.take(command.id)
    assert ask(analyst).commands[0].state == "acknowledged"
    station.answer(command.id, covered_ms=70.0)
    told = ask(analyst, wait_s=20)
    assert told.state == "answered"
    assert told.commands[0].answer is not None
    with hub.store.reading() as connection:
        row = connection.execute(select(audit_rows).where(audit_rows.c.kind == "act")).one()
        assert (row.actor, row.subject, row.reason) == (ANALYST.officer, ALICE.officer, "asked for")
        assert (row.station, row.terminal) == (station.id, "FD-02")


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("lock", {"sitting": None}), ("log-off", {"sitting": None}), ("message", {}), ("message", {"text": "  "}),
        ("lock", {"text": "a text"}), ("lock", {"system": "records"}), ("close-system", {}),
        ("suspend", {}), ("unsuspend", {}), ("forget-credential", {"sitting": None, "system": "records"}),
    ],
)  # fmt: skip
def test_an_act_that_lacks_something_or_has_too_much_is_refused(
    hub: Hub, station: StationHand, analyst: Asking, case: str, kind: str, more: dict[str, object]
) -> None:
    assert refusal(post(analyst, an_act(case, kind, **more))) == (422, "hub-request-malformed")
    assert n_commands(hub) == 0


def test_the_same_key_is_the_same_act_and_never_another(
    hub: Hub, station: StationHand, analyst: Asking, case: str, officer: Prove
) -> None:
    first = acted(post(analyst, an_act(case)))
    with ThreadPoolExecutor(4) as at_once:
        again = [acted(one) for one in at_once.map(lambda _: post(analyst, an_act(case)), range(4))]
    assert {one.commands[0].id for one in again} == {first.commands[0].id}
    assert n_commands(hub) == 1
    assert refusal(post(analyst, an_act(case, "log-off"))) == (409, "hub-not-now")
    assert refusal(post(analyst, an_act(case, reason="another"))) == (409, "hub-not-now")
    other = officer(SECOND, "helpdesk")
    assert refusal(post(other, an_act(case))) == (409, "hub-not-now")
    assert refusal(other.get("/helpdesk/acts/key-1")) == (404, "hub-not-there")
    assert n_commands(hub) == 1


def test_only_an_open_sitting_of_that_officer_is_touched(
    hub: Hub, enrolled: Enrolled, station: StationHand, analyst: Asking, case: str
) -> None:
    enrolled().report(sitting(BOB, "b"))
    assert refusal(post(analyst, an_act(case, sitting="b"))) == (409, "sitting-over")
    assert refusal(post(analyst, an_act(case, sitting="gone"))) == (409, "sitting-over")
    station.report()
    assert refusal(post(analyst, an_act(case))) == (409, "sitting-over")
    assert n_commands(hub) == 0


def test_an_act_belongs_to_a_case_of_ones_own(station: StationHand, officer: Prove, case: str) -> None:
    assert refusal(post(officer(SECOND, "helpdesk"), an_act(case))) == (409, "helpdesk-case-over")
    assert refusal(post(officer(SECOND, "nothing"), an_act(case))) == (403, "hub-not-allowed")


def test_a_terminal_that_is_away_is_said_so_at_once_and_is_told_when_it_is_back(
    clock: Clock, station: StationHand, analyst: Asking, case: str
) -> None:
    clock.pass_s(95)
    told = acted(post(analyst, an_act(case)))
    assert [one.state for one in told.commands] == ["away"]
    assert [(one.terminal, one.place) for one in told.unreachable] == [("FD-02", "Front desk")]
    assert ask(analyst, wait_s=20).state == "sent"  # nothing to wait for
    station.news()
    assert ask(analyst).unreachable == ()
    assert [one.command.kind for one in station.commands()] == ["lock"]
    clock.pass_s(121)
    told = ask(analyst)
    assert (told.state, told.commands[0].state) == ("answered", "expired")
    assert station.commands() == ()


def test_whoever_watches_hears_of_each_step(hub: Hub, station: StationHand, analyst: Asking, case: str) -> None:
    told = acted(post(analyst, an_act(case, "log-off")))
    (signed,) = station.commands()
    steps: list[Acted] = []
    with ThreadPoolExecutor(1) as watching:
        for step in (
            lambda: station.take(signed.command.id),
            lambda: station.answer(signed.command.id, more=True, covered_ms=60.0),
            lambda: station.answer(signed.command.id, left_signed_on=("host, line 3",)),
        ):
            watched = watching.submit(ask, analyst, wait_s=20, seen=told.version)
            step()
            told = watched.result()
            steps.append(told)
    answers = [one.commands[0].answer for one in steps]
    assert steps[0].commands[0].state == "acknowledged"
    assert answers[1] is not None
    assert (answers[1].more, answers[1].covered_ms) == (True, 60.0)
    assert answers[2] is not None
    assert answers[2].left_signed_on == ("host, line 3",)


@pytest.mark.parametrize("kind", ["close-system", "open-system", "forget-credential"])
def test_a_system_that_does_not_show_is_refused_like_one_that_nobody_knows(
    hub: Hub, station: StationHand, analyst: Asking, case: str, kind: str
) -> None:
    verify(analyst, case)
    ids = ("covert", "COVERT", "nosuch", "RECORDS")
    refused = [post(analyst, an_act(case, kind, key=f"key-{system}", system=system)) for system in ids]
    assert refusal(refused[0]) == (404, "hub-not-there")
    assert [one.json() for one in refused] == [refused[0].json()] * 4
    assert n_commands(hub) == 0


def test_a_sensitive_act_wants_a_verified_caller_and_a_second_person(
    hub: Hub, clock: Clock, station: StationHand, analyst: Asking, officer: Prove, case: str
) -> None:
    act = an_act(case, "forget-credential", system="records")
    assert refusal(post(analyst, act)) == (409, "caller-not-verified")
    verify(analyst, case)
    told = acted(post(analyst, act))
    assert (told.state, told.commands) == ("waits-for-second", ())
    assert n_commands(hub) == 0
    assert acted(post(analyst, act)).request == told.request
    second = officer(SECOND, "helpdesk")
    (request,) = (SecondRequest.model_validate(one) for one in second.get("/helpdesk/requests").json())
    assert request.request == told.request
    answer = {"digest": request.digest, "approve": True}
    assert analyst.post(f"/helpdesk/requests/{request.request}", json=answer).status_code >= 400
    assert n_commands(hub) == 0
    with ThreadPoolExecutor(1) as watching:
        watched = watching.submit(ask, analyst, wait_s=20, seen=told.version)
        assert second.post(f"/helpdesk/requests/{request.request}", json=answer).ok
        assert watched.result().state == "sent"
    assert [one.command.kind for one in station.commands()] == ["forget-credential"]
    clock.pass_s(300)
    assert station.commands() == ()


def test_a_caller_is_verified_for_a_while_and_for_their_own_case(
    clock: Clock, station: StationHand, analyst: Asking, officer: Prove, case: str
) -> None:
    verify(analyst, case)
    other = str(analyst.post("/helpdesk/cases", json={"reason": "another", "key": "k2"}).json()["case"])
    assert refusal(post(analyst, an_act(other, "revoke"))) == (409, "caller-not-verified")
    assert acted(post(analyst, an_act(case, "revoke", key="key-2"))).state == "waits-for-second"
    clock.pass_s(901)
    later = officer(ANALYST, "helpdesk")
    assert refusal(post(later, an_act(case, "revoke", key="key-3"))) == (409, "caller-not-verified")
    assert ask(later, "key-2").state == "expired"


def test_a_refused_act_is_not_carried_out(
    hub: Hub, station: StationHand, analyst: Asking, officer: Prove, case: str
) -> None:
    verify(analyst, case)
    told = acted(post(analyst, an_act(case, "revoke")))
    second = officer(SECOND, "helpdesk")
    (request,) = (SecondRequest.model_validate(one) for one in second.get("/helpdesk/requests").json())
    refused = {"digest": request.digest, "approve": False, "reason": "the caller sounds odd"}
    assert second.post(f"/helpdesk/requests/{told.request}", json=refused).ok
    after = ask(analyst, wait_s=20)
    assert (after.state, after.words) == ("refused", "the caller sounds odd")
    assert n_commands(hub) == 0


def test_what_is_agreed_to_when_the_officer_has_gone_is_waited_for_no_more(
    hub: Hub, station: StationHand, analyst: Asking, officer: Prove, case: str
) -> None:
    verify(analyst, case)
    told = acted(post(analyst, an_act(case, "forget-credential", system="records")))
    second = officer(SECOND, "helpdesk")
    (request,) = (SecondRequest.model_validate(one) for one in second.get("/helpdesk/requests").json())
    assert station.report().ok  # the officer logs off
    agreed = second.post(f"/helpdesk/requests/{told.request}", json={"digest": request.digest, "approve": True})
    assert refusal(agreed) == (409, "sitting-over")
    after = ask(analyst, wait_s=20, seen=told.version)
    assert (after.state, after.commands) == ("refused", ())
    assert "not logged on there" in after.words
    with hub.store.reading() as connection:
        asked = select(audit_rows.c.actor, audit_rows.c.reference).where(audit_rows.c.kind == "second")
        assert [tuple(row) for row in connection.execute(asked)] == [(SECOND.officer, "sitting-over")]


def test_suspending_ends_every_sitting_and_lists_who_could_not_be_told(
    clock: Clock, enrolled: Enrolled, station: StationHand, analyst: Asking, officer: Prove, case: str
) -> None:
    away = enrolled("CU-02", "Custody")
    away.report(sitting(ALICE, "b"))
    by_another_issuer = person("4471", name="Alice Jones", issuer="https://provider")
    third = enrolled("CU-03", "Custody")
    third.report(sitting(by_another_issuer, "c"), sitting(BOB, "d"))
    clock.pass_s(100)
    station.news()
    third.news()
    enrolled("XX-01")  # it is away, and she never sat there
    verify(analyst, case)
    told = acted(post(analyst, an_act(case, "suspend", sitting=None)))
    second = officer(SECOND, "helpdesk")
    (request,) = (SecondRequest.model_validate(one) for one in second.get("/helpdesk/requests").json())
    agreed = {"digest": request.digest, "approve": True}
    assert second.post(f"/helpdesk/requests/{told.request}", json=agreed).ok
    told = ask(analyst)
    assert {(one.terminal, one.state) for one in told.commands} == {
        ("FD-02", "waiting"), ("CU-02", "away"), ("CU-03", "waiting"),
    }  # fmt: skip
    assert ([one.terminal for one in told.unreachable], told.others_away) == (["CU-02"], 1)
    clock.pass_s(6)
    later = ask(analyst, wait_s=20, seen=told.version)
    assert [one.terminal for one in later.unreachable] == ["CU-02", "CU-03", "FD-02"], "not kept"
    assert [one.command.sitting for one in third.commands()] == ["c"]
    assert station.news().barred == 1
    verified_no_more = an_act(case, "unsuspend", sitting=None, key="key-2")
    assert acted(post(analyst, verified_no_more)).state == "waits-for-second"


def test_revoking_where_nobody_sits_says_what_can_be_done(
    hub: Hub, station: StationHand, analyst: Asking, officer: Prove, case: str
) -> None:
    verify(analyst, case)
    station.report()
    told = acted(post(analyst, an_act(case, "revoke", sitting=None)))
    second = officer(SECOND, "helpdesk")
    (request,) = (SecondRequest.model_validate(one) for one in second.get("/helpdesk/requests").json())
    agreed = {"digest": request.digest, "approve": True}
    assert second.post(f"/helpdesk/requests/{told.request}", json=agreed).ok
    after = ask(analyst, wait_s=20)
    assert (after.state, after.commands) == ("refused", ()), "nothing was done"
    assert "provider" in after.words


def test_the_officer_sees_who_did_what(station: StationHand, analyst: Asking, officer: Prove, case: str) -> None:
    acted(post(analyst, an_act(case, "message", text="Please call 4000.")))
    acted(post(analyst, an_act(case, "close-system", key="key-2", system="records")))
    (first, closes) = station.commands()
    for one in (first, closes):
        station.take(one.command.id)
    station.answer(first.command.id)
    station.answer(closes.command.id, more=True, words="Its officer has 10 s.")  # nothing is closed yet
    deeds = Me.model_validate(officer(ALICE, "nothing").get("/officers/me").json()).deeds
    assert [(one.kind, one.by_name, one.reason, one.terminal, one.system, one.outcome) for one in deeds] == [
        ("close-system", "Jo Field", "asked for", "FD-02", "records", ""),
        ("message", "Jo Field", "asked for", "FD-02", "", "done"),
    ]


def test_whoever_is_suspended_has_no_screen_so_somebody_else_calls_for_them(
    enrolled: Enrolled, station: StationHand, analyst: Asking, case: str
) -> None:
    enrolled().report(sitting(BOB, "b"))
    bobs = {"officer": BOB.officer, "sitting": None}
    refused = post(analyst, an_act(case, "suspend", **bobs))
    assert refusal(refused) == (409, "caller-not-verified")
    assert "their sergeant may call" in refused.json()["hint"]
    verify(analyst, case)  # Alice, who is Bob's sergeant
    assert acted(post(analyst, an_act(case, "suspend", **bobs))).state == "waits-for-second"
    assert acted(post(analyst, an_act(case, "unsuspend", key="key-2", **bobs))).state == "waits-for-second"
    assert refusal(post(analyst, an_act(case, "revoke", key="key-3", **bobs))) == (409, "caller-not-verified")


def test_a_suspension_that_no_terminal_is_told_of_and_its_end_are_told_of(
    hub: Hub, clock: Clock, station: StationHand, analyst: Asking, officer: Prove, case: str
) -> None:
    verify(analyst, case)
    second = officer(SECOND, "helpdesk")
    assert station.report().ok  # she has logged off

    def agreed(kind: str) -> Acted:
        told = acted(post(analyst, an_act(case, kind, key=f"key-{kind}", sitting=None)))
        (request,) = (SecondRequest.model_validate(one) for one in second.get("/helpdesk/requests").json())
        answer = {"digest": request.digest, "approve": True}
        assert second.post(f"/helpdesk/requests/{told.request}", json=answer).ok
        clock.pass_s(10)
        return ask(analyst, told.key)

    assert (agreed("suspend").commands, agreed("unsuspend").commands) == ((), ())
    deeds = Me.model_validate(officer(ALICE, "nothing").get("/officers/me").json()).deeds
    asked = {"case": case, "officer": ALICE.officer}
    page = OfficerPage.model_validate(analyst.get("/helpdesk/officers", params=asked).json())
    assert {(one.by_name, one.reason, one.terminal, one.outcome) for one in deeds} == {
        ("Jo Field", "asked for", "", "done")
    }
    assert [one.kind for one in deeds] == ["unsuspend", "suspend"]
    assert page.suspensions == deeds
    assert len({one.id for one in deeds}) == 2


def test_nobody_is_the_caller_of_their_own_act(
    hub: Hub, clock: Clock, enrolled: Enrolled, station: StationHand, analyst: Asking, case: str
) -> None:
    own = person("1001", issuer="https://provider")
    enrolled().report(sitting(own, "own"))
    with hub.store.writing() as connection:
        cases.verify(connection, case, own.officer, clock.now + 60)
    assert refusal(post(analyst, an_act(case, "suspend", sitting=None))) == (409, "caller-not-verified")
    verify(analyst, case)
    assert acted(post(analyst, an_act(case, "suspend", sitting=None))).state == "waits-for-second"
