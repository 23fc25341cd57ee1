"""Journeys of what the helpdesk orders at a terminal, with stand-in sessions that work, freeze and lie."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from launcher.residue.tree import process
from launcher.station import (
    Covered,
    MessageRefused,
    OfficerSignedIn,
    ReopenTold,
    ScreenShown,
    SessionEnded,
    SessionLocked,
    StationLimits,
)
from launcher.station.hub.ports import Happening, NoAnswer
from launcher.station.lock_events import EndingSoon, ProgramsHeld, SecondAsked
from launcher.wire.hub.barred import name_digest, officer_digest
from launcher.wire.hub.commands import Answer, CommandState
from launcher.wire.hub.sittings import Began, Elsewhere, Ended, NoticeLine, Sitting
from launcher.wire.records import LaunchRecord
from tests.journeys.lock_bench import locked
from tests.journeys.paper_link import PaperLink
from tests.journeys.station_bench import Hands, Station, station

LIMITS = StationLimits(heartbeat_s=0.2, unresponsive_s=2.0, end_within_s=0.5, cover_s=2.0, sign_off_within_s=1.0)
SUPERVISOR = {"officer": "test#9", "number": "9", "name": "A. Rank", "user_name": "a.rank", "groups": ["inspectors"]}


class Here:
    """A station with a hub, an officer at work, and a warm spare behind them."""

    def __init__(self, at: Station, hub: PaperLink, session: int, hands: Hands, sitting: Sitting, spare: int) -> None:
        self.at = at
        self.hub = hub
        self.session = session
        self.hands = hands
        self.sitting = sitting
        self.spare = spare

    def ended(self) -> Ended:
        """What was reported of the sitting's end."""
        return next(one.what for one in self.hub.happenings if isinstance(one.what, Ended))


@asynccontextmanager
async def at_work(
    folder: Path, *options: str, limits: StationLimits = LIMITS, number: str = "4471"
) -> AsyncIterator[Here]:
    hub = PaperLink()
    async with station(folder, *options, limits=limits, hub=hub) as at:
        shown, hands = await at.shown_session()
        await at.spare()
        await hands.do("sign-in", number=number, user_name="e.adeyemi", groups=["cid"], proved_by="directory")
        await at.next(OfficerSignedIn)
        sitting = await hub.sitting()
        spare = await at.spare()
        yield Here(at, hub, shown.session, hands, sitting, spare.pid)
    assert hub.closed


async def told(hands: Hands, kind: str) -> dict[str, object]:
    """Return the fields of the next message of a kind that a session is told."""
    fields = (await hands.said(kind))[kind]
    assert isinstance(fields, dict)
    return fields


# --- log off


@pytest.mark.parametrize("how", ["just now", "noticed", "covered", "its screen only"])
def test_a_frozen_session_is_covered_at_once_and_what_it_left_is_said(tmp_path: Path, how: str) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("holds", systems=["records", "anpr"], unsaved=2)
            await here.hands.do("signed-on-at", systems=["Custody (host:992, LU 1)"])
            program = int(str((await here.hands.do("start-program"))["program"]))
            if how == "its screen only":
                await here.hands.do("screen-freezes", age_ms=900.0)
            else:
                os.kill(here.hands.pid, signal.SIGSTOP)
            if how == "noticed":
                await here.hub.sitting("frozen")
            elif how == "covered":
                assert (await here.at.next(Covered)).session == here.session
            command = here.hub.order("log-off", here.sitting)
            covered = await here.hub.answered(command, more=True)
            assert covered.covered_ms is not None
            assert await here.at.next(ProgramsHeld) == ProgramsHeld(here.session, 1, held=True)
            ended = await here.at.next(SessionEnded)
            assert (ended.session, ended.reason) == (here.session, "reset")
            last = await here.hub.answered(command)
            assert (last.outcome, last.systems) == ("partly", ("records", "anpr"))
            assert last.left_signed_on == ("Custody (host:992, LU 1)",)
            assert last.covered_ms == covered.covered_ms
            assert process(program) is None
            # The next screen stood there before anything of the session was ended.
            told = [type(one) for one in here.at.events]
            shown = len(told) - 1 - told[::-1].index(ScreenShown)
            assert shown < told.index(SessionEnded)
            assert (here.ended().reason, here.ended().systems) == ("helpdesk", ("records", "anpr"))
            assert here.hub.pictures[-1].sittings == ()

    asyncio.run(journey())


def test_who_works_is_told_what_it_ends_and_then_it_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.station.hub.log_off.NOTHING_LOST_NOTICE_S", 1.2, raising=True)

    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("holds", systems=["records"], unsaved=1)
            command = here.hub.order("log-off", here.sitting, reason="Fire drill")
            deed = await told(here.hands, "deed")
            assert (deed["what"], deed["by_name"], deed["reason"]) == ("log-off", "J. Field", "Fire drill")
            assert (await told(here.hands, "end-soon"))["why"] == "reset"
            first = await here.hub.answered(command, more=True)
            assert (first.covered_ms, "1 unsaved" in first.words) == (None, True)
            assert (await here.at.next(EndingSoon)).unsaved == 1
            last = await here.hub.answered(command)
            assert (last.outcome, last.left_signed_on, last.systems) == ("done", (), ("records",))
            assert not any(isinstance(one, ProgramsHeld) for one in here.at.events)
            # Their systems come back at their next logon here.
            shown = [one for one in here.at.events if isinstance(one, ScreenShown)][-1]
            next_hands = await here.at.hands_on(here.spare)
            await next_hands.do("sign-in", number="4471")
            assert (await here.at.next(ReopenTold)).session == shown.session

    asyncio.run(journey())


def test_who_works_and_would_lose_nothing_waits_for_nothing_but_the_count(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            command = here.hub.order("log-off", here.sitting)
            last = await here.hub.answered(command)
            assert (last.outcome, here.ended().reason) == ("done", "helpdesk")
            assert [one.more for one in here.hub.answers_to(command)] == [True, True, False]

    asyncio.run(journey())


def test_an_officer_who_logs_off_before_they_are_logged_off_is_nobody_elses_doing(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("holds", systems=["records"], unsaved=1)
            command = here.hub.order("log-off", here.sitting)
            await told(here.hands, "end-soon")
            await here.hands.do("log-off")
            assert (await here.hub.answered(command)).outcome == "done"
            assert here.ended().reason == "log-off"

    asyncio.run(journey())


def test_a_locked_session_is_ended_behind_the_screen_over_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("holds", systems=["records"], unsaved=1)
            _, over = await locked(here.at, here.hands)
            await here.hub.sitting("locked")
            command = here.hub.order("log-off", here.sitting)
            assert (await told(over, "not-over"))["why"] == "ended"
            assert (await here.hub.answered(command)).outcome == "done"
            # Nothing of it could be seen.
            assert here.hub.answers_to(command)[0].covered_ms is not None

    asyncio.run(journey())


def test_two_orders_for_one_sitting_are_both_answered_and_one_for_an_ended_one_is_refused(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            os.kill(here.hands.pid, signal.SIGSTOP)
            first, second = here.hub.order("log-off", here.sitting), here.hub.order("suspend", here.sitting)
            message = here.hub.order("close-system", here.sitting, system="records")
            assert (await here.hub.answered(first)).outcome == "done"
            assert (await here.hub.answered(second)).outcome == "done"
            answer = await here.hub.answered(message)
            assert (answer.outcome, answer.reference) == ("failed", "command-sitting-ended")
            late = await here.hub.answered(here.hub.order("lock", here.sitting))
            assert (late.outcome, late.reference) == ("refused", "command-sitting-ended")
            ends = [one for one in here.at.events if isinstance(one, SessionEnded) and one.session == here.session]
            assert len(ends) == 1

    asyncio.run(journey())


def test_an_order_for_another_officers_sitting_is_refused(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            answer = await here.hub.answered(here.hub.order("log-off", here.sitting, officer="test#other"))
            assert (answer.outcome, answer.reference) == ("refused", "command-sitting-ended")
            assert here.hub.pictures[-1].sittings[0].state == "signed-in"

    asyncio.run(journey())


def test_a_session_killed_under_an_order_answers_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            command = here.hub.order("open-system", here.sitting, system="records")
            await told(here.hands, "do")
            os.kill(here.hands.pid, signal.SIGKILL)
            answer = await here.hub.answered(command)
            assert (answer.outcome, answer.reference) == ("failed", "command-sitting-ended")
            assert here.ended().reason == "crashed"

    asyncio.run(journey())


def test_where_no_other_screen_is_ready_it_is_said_and_comes_as_soon_as_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.station.hub.log_off.COVERED_WITHIN_S", 0.0)

    async def journey() -> None:
        async with at_work(tmp_path) as here:
            os.kill(here.hands.pid, signal.SIGSTOP)
            await here.hub.sitting("frozen")
            os.kill(here.spare, signal.SIGKILL)
            while (await here.at.next(SessionEnded)).pid != here.spare:
                pass
            command = here.hub.order("log-off", here.sitting)
            assert "no other screen was ready" in (await here.hub.answered(command, more=True)).words
            last = await here.hub.answered(command)
            assert last.outcome == "done"
            assert last.covered_ms is not None

    asyncio.run(journey())


def test_a_fault_of_the_hubs_side_is_logged_and_costs_nobody_their_screen(tmp_path: Path) -> None:
    class Breaks(PaperLink):
        def happened(self, happening: Happening) -> None:
            raise RuntimeError("the journal is full")

    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS, hub=Breaks()) as at:
            _, hands = await at.shown_session()
            await hands.do("sign-in", number="4471")
            await at.next(OfficerSignedIn)
            await hands.do("tell", message={"kind": "wants-letters"})
            await hands.do("log-off")
            await at.shown_session()
            assert not any(isinstance(one, MessageRefused) for one in at.events)

    asyncio.run(journey())


# --- suspend and bring


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
            assert barred["names"] == [name_digest("e.adeyemi")]
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


def test_the_hubs_list_ends_who_is_on_it_by_their_name_too(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            assert here.hub.desk is not None
            here.hub.desk.barred((), (name_digest("E.Adeyemi "),))
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
                assert (brought["done"], brought["reference"]) == (False, reference)
            answer = Answer(outcome="partly", at=1.0, systems=("records", "anpr"), left_signed_on=("Custody",))
            here.hub.brought = CommandState(
                id=9, kind="bring", station="b", terminal="FD-01", by_name="", reason="asked", made=1.0, expires=2.0,
                state="answered", answer=answer,
            )  # fmt: skip
            await here.hands.do("tell", message={"kind": "bring-here", "sitting": "there"})
            assert (await told(here.hands, "brought"))["left_signed_on"] == ["Custody"]
            assert (await told(here.hands, "reopen"))["systems"] == ["records", "anpr"]
            assert here.hub.brings == [("there", here.sitting.sitting)] * 2
            here.hub.desk.elsewhere(())
            assert (await told(here.hands, "still-logged-on"))["sittings"] == []

    asyncio.run(journey())


# --- what a session does itself


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


# --- a second person


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


# --- what is told


def test_what_happens_at_a_terminal_is_reported(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            (began,) = [one for one in here.hub.happenings if isinstance(one.what, Began)]
            assert (began.sitting, began.officer) == (here.sitting.sitting, "test#4471")
            assert (here.sitting.person.groups, here.sitting.proved_by) == (("cid",), "directory")
            opened = {"system": "records", "name": "Records", "state": "failed", "since": 1.0, "words": "ORA-01017"}
            await here.hands.do("tell", message={"kind": "open-systems", "systems": [opened]})
            await here.hub.until(lambda: here.hub.pictures[-1].sittings[0].systems)
            failed = LaunchRecord(
                at=1.0, system="records", system_kind="web", sign_on="form", outcome="failed", reference="x-refused",
                prompts=0, total_ms=9.0, phases=(),
            )  # fmt: skip
            await here.hands.do("tell", message={"kind": "recorded", "record": failed.model_dump(mode="json")})
            await here.hands.do("tell", message={"kind": "failed-words", "system": "records", "words": "ORA-01017"})
            launch = await here.hub.until(
                lambda: next((one for one in here.hub.happenings if one.what == failed), None)
            )
            assert (launch.words, launch.sitting) == ("ORA-01017", here.sitting.sitting)
            # Without words of the system it is told all the same.
            again = failed.model_copy(update={"at": 2.0})
            await here.hands.do("tell", message={"kind": "recorded", "record": again.model_dump(mode="json")})
            assert (await here.hub.until(lambda: [o for o in here.hub.happenings if o.what == again]))[0].words == ""

    asyncio.run(journey())


def test_letters_verify_who_works_and_nobody_before_a_lock(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("tell", message={"kind": "wants-letters"})
            letters = (await told(here.hands, "letters"))["letters"]
            (shown,) = await here.hub.until(lambda: here.hub.pictures[-1].letters)
            assert (shown.letters, shown.sitting) == (letters, here.sitting.sitting)
            await here.hands.do("pin")
            await here.hands.do("lock")
            assert (await told(here.hands, "letters"))["letters"] == ""
            other = (await told(here.hands, "letters"))["letters"]
            assert other not in (letters, "")
            await here.hub.until(lambda: [one.sitting for one in here.hub.pictures[-1].letters] == [None])
            await here.hands.do("tell", message={"kind": "wants-letters", "on": False})
            await here.hub.until(lambda: not here.hub.pictures[-1].letters)

    asyncio.run(journey())


def test_what_the_hub_says_reaches_every_session_and_what_one_asks_is_answered(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            assert here.hub.desk is not None
            spare = await here.at.hands_on(here.spare)
            assert (await told(spare, "hub-state"))["reachable"] is True
            here.hub.desk.state(enrolled=True, reachable=False)
            here.hub.desk.notices((NoticeLine(id=1, text="Records is slow.", since=1.0),))
            here.hub.desk.roles_changed()
            for hands in (here.hands, spare):
                assert (await told(hands, "hub-state"))["reachable"] is False
                assert len((await told(hands, "hub-notices"))["notices"]) == 1  # type: ignore[arg-type]
            assert await told(here.hands, "roles-changed") == {}
            await here.hands.do("tell", message={"kind": "wants-vouch", "nonce": "bm9uY2U=", "until": 9e9})
            vouched = await told(here.hands, "vouched")
            vouch = vouched["vouched"]["vouch"]  # type: ignore[index]
            assert (vouch["sitting"], vouch["person"]["officer"]) == (here.sitting.sitting, "test#4471")
            assert vouch["until"] == 9e9  # on the hub's clock: the link alone knows that, and bounds it
            await spare.do("tell", message={"kind": "wants-vouch", "nonce": "bm9uY2U=", "until": 9e9})
            assert (await told(spare, "vouched"))["vouched"] is None
            tell = {"kind": "tell-helpdesk", "key": "k1", "reference": "sign-on-refused", "system": "records"}
            await here.hands.do("tell", message=tell)
            assert (await told(here.hands, "told"))["number"] == "T-1"
            assert here.hub.tells[0].sitting == here.sitting.sitting
            await here.hands.do("tell", message={**tell, "reference": "No such"})
            assert (await told(here.hands, "told"))["reference"] == "helpdesk-not-told"
            here.hub.number = NoAnswer("hub-not-reachable")
            await here.hands.do("tell", message=tell)
            assert (await told(here.hands, "told"))["reference"] == "hub-not-reachable"

    asyncio.run(journey())
