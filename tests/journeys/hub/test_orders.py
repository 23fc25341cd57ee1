"""Journeys of what else the helpdesk orders at a terminal, and of the second person whom it asks there."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.station import (
    ReopenTold,
    ScreenShown,
    SessionEnded,
    SessionLocked,
    StationLimits,
)
from launcher.station.lock_events import EndingSoon, SecondAsked
from launcher.wire.hub.barred import name_digest, officer_digest
from launcher.wire.hub.commands import Answer, CommandState
from launcher.wire.hub.sittings import Began, Elsewhere, Ended
from tests.journeys.hub.orders_bench import at_work, told

SUPERVISOR = {"officer": "test#9", "number": "9", "name": "A. Rank", "user_name": "a.rank", "groups": ["inspectors"]}


def test_a_suspended_officer_is_ended_at_once_and_not_let_in_again(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path, "ignores-end") as here:
            await here.hands.do("holds", systems=["records"], unsaved=3)
            await here.hands.do("signed-on-at", systems=["Custody"])
            command = here.hub.order("suspend", here.sitting)
            spare = await here.at.hands_on(here.spare)
            barred = await told(spare, "barred")
            while not barred["officers"]:
                barred = await told(spare, "barred")
            assert barred["officers"] == [officer_digest("test#4471")]
            assert barred["names"] == [name_digest("e.adeyemi"), name_digest("4471")]
            assert (await here.hub.answered(command)).outcome == "partly"
            assert not any(isinstance(one, EndingSoon) for one in here.at.events)
            assert here.ended().reason == "suspended"
            await spare.do("sign-in", number="4471")
            while (await here.at.next(SessionEnded)).session == here.session:
                pass
            again = [one.what for one in here.hub.happenings if isinstance(one.what, Ended)][-1]
            assert again.reason == "suspended"
            assert not any(isinstance(one, ReopenTold) for one in here.at.events)

    asyncio.run(journey())


@pytest.mark.parametrize("known_by", ["E.Adeyemi ", "4471"])
def test_the_hubs_list_ends_who_is_on_it_by_their_name_or_number_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, known_by: str
) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            assert here.hub.desk is not None
            theirs = name_digest(known_by, "northshire.example")
            here.hub.desk.barred((), (theirs,), ("northshire.example",))  # of another force: it is somebody else's
            assert "suspended-officer" not in caplog.messages
            here.hub.desk.barred((), (theirs, name_digest(known_by)), ("northshire.example",))
            assert "suspended-officer" in caplog.messages
            ended = await here.at.next(SessionEnded)
            assert (ended.session, here.ended().reason) == (here.session, "suspended")

    asyncio.run(journey())


def test_what_is_brought_elsewhere_is_named_to_the_hub_and_not_opened_here_again(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("holds", systems=["records", "anpr"], unsaved=2)
            command = here.hub.order("bring", here.sitting, by="", by_name="")
            answer = await here.hub.answered(command, more=True)
            assert answer.systems == ("records", "anpr")
            await here.hub.answered(command)
            assert here.ended().reason == "brought"
            assert not any(isinstance(one, EndingSoon) for one in here.at.events)
            hands = await here.at.hands_on(here.spare)
            await hands.do("sign-in", number="4471")
            await here.hub.until(lambda: [o for o in here.hub.happenings if isinstance(o.what, Began)][1:])
            assert not any(isinstance(one, ReopenTold) for one in here.at.events)

    asyncio.run(journey())


def test_an_officer_brings_their_sitting_here_and_its_systems_are_opened(tmp_path: Path) -> None:
    there = Elsewhere(
        sitting="there", officer="test#4471", terminal="FD-01", place="Front", since=1.0, state="locked", systems=2,
        unsaved=0, reachable=True,
    )  # fmt: skip
    others = there.model_copy(update={"sitting": "others", "officer": "test#1"})

    async def journey() -> None:
        async with at_work(tmp_path) as here:
            assert here.hub.desk is not None
            here.hub.desk.elsewhere((there, others))
            sittings = (await told(here.hands, "still-logged-on"))["sittings"]
            assert [one["sitting"] for one in sittings] == ["there"]  # type: ignore[attr-defined]
            for sitting, reference in (("others", "bring-not-there"), ("there", "hub-not-reachable")):
                await here.hands.do("tell", message={"kind": "bring-here", "sitting": sitting})
                brought = await told(here.hands, "brought")
                assert (brought["sitting"], brought["done"]) == (sitting, False)
                assert brought["reference"] == reference
            answer = Answer(outcome="partly", at=1.0, systems=("records", "anpr"), left_signed_on=("Custody",))
            here.hub.brought = CommandState(
                id=9, kind="bring", station="b", terminal="FD-01", by_name="", reason="asked", made=1.0, expires=2.0,
                state="answered", answer=answer,
            )  # fmt: skip
            await here.hands.do("tell", message={"kind": "bring-here", "sitting": "there"})
            brought = await told(here.hands, "brought")
            assert (brought["sitting"], brought["left_signed_on"]) == ("there", ["Custody"])
            assert (await told(here.hands, "reopen"))["systems"] == ["records", "anpr"]
            assert here.hub.brings == [("there", here.sitting.sitting)] * 2
            here.hub.desk.elsewhere(())
            assert (await told(here.hands, "still-logged-on"))["sittings"] == []

    asyncio.run(journey())


def test_orders_that_a_session_carries_out_are_answered_by_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            command = here.hub.order("forget-credential", here.sitting, system="records")
            do = await told(here.hands, "do")
            assert (do["command"], do["what"], do["system"]) == (command, "forget-credential", "records")
            said = {"kind": "done", "command": command, "outcome": "failed", "reference": "x", "words": "y"}
            await here.hands.do("tell", message={**said, "command": command + 1})
            await here.hands.do("tell", message=said)
            answer = await here.hub.answered(command)
            assert (answer.outcome, answer.reference, answer.words) == ("failed", "x", "y")
            await here.hands.do("tell", message=said)  # once more: nobody waits

            command = here.hub.order("close-system", here.sitting, system="records")
            await told(here.hands, "do")
            said = {"kind": "done", "command": command, "outcome": "done"}
            await here.hands.do("tell", message={**said, "words": "Its officer has 10 s.", "more": True})
            assert (await here.hub.answered(command, more=True)).words == "Its officer has 10 s."
            await here.hands.do("tell", message=said)
            assert (await here.hub.answered(command)).outcome == "done"

            command = here.hub.order("message", here.sitting, text="Please log off.")
            message = await told(here.hands, "helpdesk-message")
            assert (message["text"], message["by_name"]) == ("Please log off.", "J. Field")
            await here.hub.answered(command, more=True)
            await here.hands.do("tell", message={"kind": "message-read", "command": command})
            assert (await here.hub.answered(command)).words == "It has been read."

            command = here.hub.order("lock", here.sitting)
            assert (await here.hub.answered(command)).outcome == "done"
            assert (await here.at.next(SessionLocked)).session == here.session
            again = await here.hub.answered(here.hub.order("lock", here.sitting))
            assert (again.outcome, again.words) == ("done", "It was locked already.")

    asyncio.run(journey())


def test_a_session_that_does_not_carry_an_order_out_fails_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.station.hub.in_session.DONE_WITHIN_S", 0.1)

    async def journey() -> None:
        async with at_work(tmp_path) as here:
            answer = await here.hub.answered(here.hub.order("close-system", here.sitting, system="records"))
            assert (answer.outcome, answer.reference) == ("failed", "session-not-answering")

    asyncio.run(journey())


def test_a_supervisor_proves_who_they_are_over_the_officers_screen(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            card = await here.at.hands_on(here.spare)
            command = here.hub.order("ask-supervisor", here.sitting, request="r1", text="Suspend E. Adeyemi")
            asked = await here.at.next(SecondAsked)
            assert asked.over == here.session
            words = await told(card, "ask-second")
            assert (words["request"], words["what"], words["by_name"]) == ("r1", "Suspend E. Adeyemi", "J. Field")
            # A name was typed twice there: the next screen asks the same.
            next_spare = await here.at.spare()
            await card.do("replace", why="name-changed", name="x")
            again = await here.at.hands_on(next_spare.pid)
            assert (await told(again, "ask-second"))["request"] == "r1"
            said = {"kind": "second", "request": "r1", "approve": True, **SUPERVISOR}
            await here.hands.do("tell", message=said)  # the officer's own session says it: for nobody
            await again.do("tell", message={**said, "request": "r2"})
            await again.do("tell", message=said)
            assert (await here.hub.answered(command)).words == "Approved at the terminal."
            ((request, person, approve),) = here.hub.seconds
            assert person is not None
            assert (request, person.officer, person.groups, approve) == ("r1", "test#9", ("inspectors",), True)
            # The officer's session is what it was.
            await here.hands.do("log-off")
            assert (await here.at.next(ScreenShown)).over == 0

    asyncio.run(journey())


def test_a_card_goes_when_the_officers_screen_freezes_and_nobody_is_asked_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.station.hub.second.WAITS_S", 3.0)
    quick = StationLimits(heartbeat_s=0.1, unresponsive_s=1.0, end_within_s=0.2, cover_s=1.0)

    async def journey() -> None:
        async with at_work(tmp_path, limits=quick) as here:
            command = here.hub.order("ask-supervisor", here.sitting, request="r1", text="Suspend")
            card = (await here.at.next(SecondAsked)).session
            os.kill(here.hands.pid, signal.SIGSTOP)
            ended = await here.at.next(SessionEnded)
            assert (ended.session, ended.reason) == (card, "cancelled")
            os.kill(here.hands.pid, signal.SIGCONT)
            # It answers again: whoever is to prove themselves there is asked again, until it is too late.
            assert (await here.at.next(SecondAsked)).over == here.session
            answer = await here.hub.answered(command)
            assert (answer.outcome, answer.reference) == ("failed", "second-not-given")

    asyncio.run(journey())
