"""What the hub says to an officer at work, and what is told of their session: with real programs and a real store."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.grants.credential import Credential
from launcher.grants.store import MemoryStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.wire import messages as m
from launcher.wire.hub.barred import name_digest, officer_digest
from launcher.wire.hub.sittings import NoticeLine, OpenSystem
from launcher.wire.records import LaunchRecord
from tests.unit.session.bench import NAME, PASSWORD, Bench, Running, program
from tests.unit.session.hub.test_elsewhere import OFFICER, READY, THERE
from tests.unit.session.lock_bench import PIN, LockBench

REFUSES = program(
    "-c", "print('REFUSED: no such account', flush=True); input()", markers=("ready = READY", "failed = REFUSED")
)
ON_DEMAND = program("-c", "print('READY', flush=True); input()", more='open = "on demand"\n')


def here_now(**more: object) -> m.HubState:
    return m.HubState.model_validate({"enrolled": True, "reachable": True, **more})


async def answer(here: Running, what: str, command: int, system: str = "") -> m.DoneHere:
    here.send(m.DoHere.model_validate({"command": command, "what": what, "system": system}))

    def last() -> list[m.DoneHere]:
        return [one for one in here.watched.of(m.DoneHere) if one.command == command and not one.more]

    await here.heard(last)
    return last()[0]


def test_what_is_open_is_told_with_states_and_a_failed_ones_own_words(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path, {"one": READY, "two": REFUSES}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"), c.OpenSystem("two"))
            await here.launch("two", "failed")
            await here.launch("one", "ready")
            await here.heard(lambda: {s.system: s.state for s in told(here)} == {"one": "ready", "two": "failed"})
            one, two = told(here)
            assert one.took_ms is not None
            assert not one.words
            assert one.reference is None
            assert two.words == "The system did not accept the logon."
            assert two.reference == "sign-on-refused"
            signed_in = here.watched.of(m.SignedIn)[0]
            assert signed_in.groups == ("all-staff",)
            assert signed_in.proved_by == "local"
            at = [index for index, said in enumerate(here.watched.told) if isinstance(said, m.FailedWords)]
            before = [said.record for said in here.watched.told[: at[0]] if isinstance(said, m.Recorded)]
            assert len(at) == 1
            assert isinstance(before[-1], LaunchRecord)
            assert before[-1].system == "two"
            here.send(c.CloseSystem("two"))
            await here.heard(lambda: [s.system for s in told(here)] == ["one"])
            pictures = here.watched.of(m.OpenSystems)
            assert all(one != two for one, two in itertools.pairwise(pictures)), "said once each"

    asyncio.run(run())


def told(here: Running) -> list[OpenSystem]:
    pictures = here.watched.of(m.OpenSystems)
    return list(pictures[-1].systems) if pictures else []


def test_the_helpdesk_closes_opens_again_and_forgets_also_behind_a_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.session.hub.doing.WARNED_S", 0.0)

    async def run() -> None:
        entries = {"one": READY, "two": ON_DEMAND, "asks": program("-c", ASKS, give="stdin")}
        async with Bench(tmp_path, entries).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"))
            await here.launch("one", "ready")
            assert (await answer(here, "open-system", 1, "one")).outcome == "done"
            await here.launch("one", "ready")
            here.send(m.Lock(why="idle"))
            await here.until(lambda now: now.stage == "locked")
            assert (await answer(here, "close-system", 2, "one")).outcome == "done"
            assert here.now.tabs == ()
            again = await answer(here, "close-system", 3, "one")
            assert (again.outcome, again.reference) == ("refused", "system-not-open")
            refused = await answer(here, "open-system", 4, "two")
            assert (refused.outcome, refused.reference) == ("refused", "system-on-demand")
            unknown = await answer(here, "open-system", 5, "nowhere")
            assert (unknown.outcome, unknown.reference) == ("refused", "system-not-theirs")
            assert (await answer(here, "revoke", 6)).reference == "nothing-to-revoke"
            here.send(m.DoHere(command=2, what="close-system", system="one"))  # said again
            assert (await answer(here, "open-system", 7, "one")).outcome == "done"
            assert [one.command for one in here.watched.of(m.DoneHere) if not one.more] == [1, 2, 3, 4, 5, 6, 7]

    asyncio.run(run())


ASKS = "n = input(); p = input(); print('READY', n, flush=True); input()"


def test_a_forgotten_password_is_asked_for_again_at_the_next_opening_and_the_next_log_on(tmp_path: Path) -> None:
    async def run() -> None:
        bench = Bench(tmp_path, {"asks": program("-c", ASKS, give="stdin")})
        async with bench.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("asks"))
            await here.launch("asks", "needs")
            here.send(c.GiveCredential("asks", "okafor", Secret("only-known-there")))
            await here.launch("asks", "ready")
            assert (await answer(here, "forget-credential", 1, "asks")).outcome == "done"
            here.send(c.RetrySystem("asks"))
            await here.launch("asks", "queued", "opening", "needs")
            assert (await here.launch("asks", "needs", "ready")).state == "needs"
            assert "only-known-there" not in here.watched.everything()
        async with bench.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("asks"))
            assert (await here.launch("asks", "needs", "ready")).state == "needs"

    asyncio.run(run())


CERTIFIED = """
name = "Armoury"
kind = "web"
[web]
url = "https://armoury.example/"
sign_on = "certificate"
[[marker]]
means = "ready"
selector = "#ready"
"""


def test_a_certificate_that_is_kept_is_forgotten_like_a_password(tmp_path: Path) -> None:
    async def run() -> None:
        store, alice = MemoryStore(), OfficerId("local", "id-4471")
        for name in ("certificate:officer", "certificate:other"):
            await store.put(alice, name, Credential("Okafor", Secret("a certificate and its key")))
        bench = Bench(tmp_path, {"armoury": CERTIFIED}, change=lambda parts: replace(parts, store=lambda: store))
        async with bench.session() as here:
            await here.log_on()
            assert (await answer(here, "forget-credential", 1, "armoury")).outcome == "done"
        assert await store.systems(alice) == {"certificate:other"}

    asyncio.run(run())


def test_a_store_that_does_not_forget_is_said(tmp_path: Path) -> None:
    async def run() -> None:
        bench = Bench(tmp_path, {"asks": program("-c", ASKS, give="stdin")})
        async with bench.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("asks"))
            await here.launch("asks", "needs")
            here.send(c.GiveCredential("asks", "okafor", Secret("only-known-there")))
            await here.launch("asks", "ready")
            (kept,) = (bench.where.state / "credentials").rglob("*.*")
            kept.unlink()
            kept.mkdir()
            failed = await answer(here, "forget-credential", 1, "asks")
            assert (failed.outcome, failed.reference) == ("failed", "credential-store-unavailable")

    asyncio.run(run())


def test_messages_stay_until_read_and_deeds_are_said_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path, {"one": READY}).session() as here:
            await here.log_on()
            message = m.MessageHere(command=3, text="Please call back", by_name="J. Field", at=time.time())
            here.send(message, message)
            await here.until(lambda now: now.messages)
            here.send(m.Lock(why="asked"))
            await here.until(lambda now: now.stage == "locked")
            deed = m.DeedHere(command=4, what="lock", by_name="J. Field", reason="left alone", at=time.time())
            here.send(deed, deed)
            await here.until(lambda now: now.deeds)
            assert [one.what for one in here.now.notices].count("deed") == 1
            assert [one.text for one in here.now.messages] == ["Please call back"]
            here.send(c.AcknowledgeMessage(3), c.AcknowledgeMessage(3))
            await here.until(lambda now: not now.messages)
            assert [one.command for one in here.watched.of(m.MessageRead)] == [3]

    asyncio.run(run())


def test_the_helpdesk_is_told_a_reference_and_a_timeline_and_a_number_comes_back(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path, {"one": READY, "two": REFUSES}).session() as here:
            await here.log_on()
            here.send(c.TellHelpdesk("sign-on-refused", "two"))
            await here.until(lambda now: now.told)
            assert here.now.told[0].error is not None, "no hub was heard of"
            here.send(here_now(), c.LaunchpadResponds(), c.OpenSystem("one"), c.OpenSystem("two"))
            await here.launch("one", "ready")
            await here.launch("two", "failed")
            here.send(c.TellHelpdesk("sign-on-refused", "two"), c.TellHelpdesk("sign-on-refused", "two"))
            await here.heard(lambda: here.watched.of(m.TellHelpdesk))
            asked = here.watched.of(m.TellHelpdesk)[0]
            kinds = [(one.kind, getattr(one, "system", "")) for one in asked.timeline]
            assert kinds == [("sign-in", ""), ("launch", "two")]
            assert "no such account" not in asked.model_dump_json()
            here.send(m.ToldHere(key="of nobody", number="T-1"), m.ToldHere(key=asked.key, number="T-4821"))
            await here.until(lambda now: now.told[0].number == "T-4821")
            here.send(c.TellHelpdesk("sign-on-refused", "two"), here_now(reachable=False))
            await here.until(lambda now: now.hub is not None and not now.hub.reachable)
            assert len(here.watched.of(m.TellHelpdesk)) == 1
            here.send(here_now(), c.RetrySystem("two"))
            await here.until(lambda now: not now.told)
            await here.launch("two", "failed")
            here.send(c.TellHelpdesk("sign-on-refused", "two"))
            await here.heard(lambda: len(here.watched.of(m.TellHelpdesk)) == 2)

    asyncio.run(run())


def test_letters_are_asked_for_while_help_is_looked_at_and_notices_come_to_every_screen(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path).session() as here:
            here.send(m.Show(), here_now(), m.LettersHere(letters="BKDMRT", until=time.time() + 600))
            here.send(m.HubNotices(notices=(NoticeLine(id=1, text="Records is slow", systems=("one",), since=1.0),)))
            await here.until(lambda now: now.hub_notices)
            assert here.now.letters is None, "nobody has asked for them"
            here.send(c.AskForHelp(), c.AskForHelp(), m.LettersHere(letters="BKDMRT", until=time.time() + 600))
            await here.until(lambda now: now.letters)
            assert here.now.letters is not None
            assert here.now.letters.grouped == "BKD MRT"
            here.send(here_now(reachable=False))
            await here.until(lambda now: now.letters is None)
            here.send(here_now())
            await here.until(lambda now: now.letters)
            here.send(m.LettersHere(letters="", until=0.0))
            await here.until(lambda now: now.letters is None)
            here.send(m.LettersHere(letters="BKDMRT", until=time.time() + 600))
            await here.until(lambda now: now.letters)
            here.send(c.AskForHelp(on=False))
            await here.until(lambda now: now.letters is None)
            assert [one.on for one in here.watched.of(m.WantsLetters)] == [True, False]
            await here.log_on()
            assert here.now.hub_notices[0].systems == ("one",)

    asyncio.run(run())


def test_a_suspended_officer_is_let_in_by_no_proof_and_no_pin(tmp_path: Path) -> None:
    async def run() -> None:
        bench = LockBench(tmp_path / "b")
        async with bench.session() as here:
            barred = m.BarredHere(officers=(), names=(name_digest(" 4471"),))
            here.send(m.Show(), barred, c.SubmitPassword("local", NAME, Secret(PASSWORD)))
            await here.until(lambda now: now.sign_in.error is not None)
            assert here.now.sign_in.error is not None
            assert here.now.sign_in.error.reference == "officer-suspended"
            assert here.now.stage == "signing-in"
            assert not here.watched.of(m.SignedIn)
            assert here.watched.sign_in_records()[-1].reference == "officer-suspended"
        async with bench.session() as here:
            await here.log_on()
            officer = here.watched.of(m.SignedIn)[0].officer
            here.send(c.SetPin(Secret(PIN)))
            await here.until(lambda now: now.pin_set)
            here.send(c.Lock())
            await here.until(lambda now: now.stage == "locked")
            here.send(m.BarredHere(officers=(officer_digest(officer),)), c.GivePin(Secret(PIN)))
            here.send(m.MessageHere(command=1, text="x", by_name="y", at=1.0))
            await here.until(lambda now: now.messages)
            assert here.now.stage == "locked"

    asyncio.run(run())


def test_over_a_locked_session_a_suspended_officer_takes_nothing_over(tmp_path: Path) -> None:
    locked = m.LockedSession(
        number="2210", name="B. Marsh", since=0.0, grace_left_s=0.0, systems=1, unsaved=0, running=0, ends_within_s=5.0
    )

    async def run() -> None:
        async with Bench(tmp_path).session() as here:
            here.send(m.BarredHere(officers=(officer_digest(OFFICER),)), m.ShowOver(locked=locked, taking_over=True))
            here.send(c.SubmitPassword("local", NAME, Secret(PASSWORD)))
            await here.until(lambda now: now.sign_in.error is not None)
            assert here.now.sign_in.error is not None
            assert here.now.sign_in.error.reference == "officer-suspended"
            assert not here.watched.of(m.Proved)

    asyncio.run(run())


ASK = m.AskSecondHere(
    command=9, request="r-1", what="suspend", officer_name="A. Okafor", by_name="J. Field", reason="lost card",
    until=time.time() + 120,
)  # fmt: skip


def test_a_supervisor_is_proved_on_a_spare_that_logs_nobody_on(tmp_path: Path) -> None:
    async def run() -> None:
        bench = Bench(tmp_path)
        async with bench.session() as here:
            here.send(ASK)
            await here.until(lambda now: now.stage == "signing-in" and now.second is not None)
            here.send(c.SubmitPassword("local", "2210", Secret("wrong")))
            await here.until(lambda now: now.sign_in.error is not None)
            here.send(c.SubmitPassword("local", "2210", Secret(PASSWORD)))
            await here.ended()
            second = here.watched.of(m.SecondHere)
            assert len(second) == 1
            assert second[0].approve
            assert second[0].number == "2210"
            assert second[0].groups == ("all-staff",)
            assert second[0].user_name == "2210"
            assert not here.watched.of(m.SignedIn)
            assert not here.watched.of(m.LoggingOff)
        for last in (c.RefuseSecond(), m.AskSecondHere(command=9, request=None)):
            async with bench.session() as here:
                here.send(ASK)
                await here.until(lambda now: now.second is not None)
                here.send(last)
                await here.ended()
                assert [one.approve for one in here.watched.of(m.SecondHere)] == (
                    [False] if isinstance(last, c.RefuseSecond) else []
                )

    asyncio.run(run())


def test_what_is_for_an_officer_is_heard_by_nobody_before_there_is_one(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path).session() as here:
            here.send(m.MessageHere(command=1, text="x", by_name="y", at=1.0), m.StillLoggedOn(sittings=(THERE,)))
            here.send(m.DoHere(command=2, what="close-system", system="one"), m.Show(), here_now())
            await here.until(lambda now: now.hub is not None)
            assert here.now.messages == ()
            assert here.now.elsewhere == ()

    asyncio.run(run())
