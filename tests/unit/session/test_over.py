"""A spare over a locked session: what a proof comes to there."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.catalogue.catalogue import Catalogue
from launcher.residue.patterns import Patterns
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session import states as s
from launcher.session.fresh_proof import ProofListener
from launcher.session.parts import Parts
from launcher.session.snapshot import OverView
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, PASSWORD, WITHIN_S, Bench, Running
from tests.unit.session.locked_one import OTHER, OWNER, show_over, submit
from tests.unit.session.paper_directory import PaperDirectory, with_directory


def over(here: Running) -> OverView:
    assert here.now.over is not None
    return here.now.over


def test_the_owner_is_asked_for_by_the_name_they_log_on_with(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(m.ShowOver(locked=OWNER.model_copy(update={"user_name": "okafor"})))
            now = await here.until(lambda now: now.stage == "signing-in")
            assert (over(here).number, over(here).logs_on_as, now.sign_in.name) == (NAME, "okafor", "okafor")
            ends_at = over(here).ends_at
            assert ends_at is not None
            assert ends_at - over(here).grace_until == pytest.approx(780.0, abs=1.0)
            here.send(c.TakeOver())
            await here.until(lambda now: now.sign_in.name == "")
            here.send(c.LeaveLocked())
            await here.until(lambda now: now.sign_in.name == "okafor")

    asyncio.run(play())


def test_the_lock_face_is_asked_for_back_on_the_way_it_was_left(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(m.ShowOver(locked=OWNER.model_copy(update={"face": True})))
            await here.until(lambda now: now.over is not None and now.over.face)
            here.send(c.WantFace())
            await here.heard(lambda: here.watched.of(m.FaceWanted))
            assert here.now.stage == "signing-in"  # until the station ends it: the face is in front by then

    asyncio.run(play())


async def proved(here: Running, name: str, *, times: int = 1) -> m.Proved:
    here.send(submit(name))
    await here.heard(lambda: len(here.watched.of(m.Proved)) == times)
    return here.watched.of(m.Proved)[-1]


def test_the_screen_asks_for_the_owner_and_says_counts_only(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over())
            now = await here.until(lambda now: now.stage == "signing-in")
            assert (now.sign_in.name, now.sign_in.focus, now.sign_in.busy) == (NAME, "secret", False)
            assert (over(here).number, over(here).name, over(here).systems) == (NAME, "A. Okafor", 3)
            assert (over(here).unsaved, over(here).running, over(here).taking_over) == (1, 2, False)
            here.send(c.SignInPainted())
            await here.heard(lambda: here.watched.of(m.Shown))
            here.send(c.TakeOver())
            now = await here.until(lambda now: now.over is not None and now.over.taking_over)
            assert (now.sign_in.name, now.sign_in.focus) == ("", "name")
            here.send(show_over(unsaved=4))  # the counts have changed; what was chosen here stays
            await here.until(lambda now: now.over is not None and now.over.unsaved == 4)
            assert over(here).taking_over
            assert here.now.sign_in.name == ""
            here.send(c.LeaveLocked())
            now = await here.until(lambda now: now.over is not None and not now.over.taking_over)
            assert (now.sign_in.name, now.sign_in.focus) == (NAME, "secret")

    asyncio.run(play())


def test_a_screen_that_takes_over_the_place_of_one_goes_on_where_that_was(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over(name="22", taking_over=True))
            now = await here.until(lambda now: now.stage == "signing-in")
            assert (now.sign_in.name, now.sign_in.focus, over(here).taking_over) == ("22", "secret", True)
            here.send(submit(OTHER, "wrong-wrong-wrong"))
            await here.until(lambda now: now.sign_in.attempt == 1)
            here.send(c.Typed("3300", left_name=True))
            await here.ended()
            (replaced,) = here.watched.of(m.ReplaceMe)
            assert (replaced.why, replaced.name, replaced.taking_over) == ("name-changed", "3300", True)

    asyncio.run(play())


def test_the_owner_is_proved_and_the_proof_goes_to_their_own_session(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", residue_check=True).session() as here:
            here.send(show_over())
            told = await proved(here, NAME)
            assert (told.officer, told.number, told.take_over) == ("local#id-4471", NAME, False)
            await here.heard(lambda: here.watched.of(m.Canaries))
            assert Patterns.from_wire(here.watched.of(m.Canaries)[-1]).found_in(PASSWORD.encode())
            listener = ProofListener()
            here.send(m.HandProof(address=listener.address, pid=os.getpid()))
            fresh = await listener.take(os.getpid(), WITHIN_S)
            assert fresh is not None
            assert (fresh.user_name, fresh.password) == (NAME, Secret(PASSWORD))
            here.send(c.CancelSignIn(), c.LeaveLocked(), c.TakeOver(), submit(OTHER), s.IdlePassed(), m.Enter())
            here.send(m.End(reason="claimed", deadline_ms=1000))
            await here.ended()
            stages = [now.stage for now in here.watched.snapshots]
            assert "signed-in" not in stages
            waiting = [now.sign_in.busy for now in here.watched.snapshots if now.stage == "signing-in"]
            assert waiting[-1]  # the screen stays as it is until its end
            assert here.watched.of(m.SignedIn) == []
            assert here.watched.of(m.ReplaceMe) == []
            assert PASSWORD not in here.watched.everything()

    asyncio.run(play())


def test_the_proof_is_on_its_way_before_its_process_ends(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over())
            await proved(here, NAME)
            listener = ProofListener()
            # The officer is at work again before this process has come to hand its proof over.
            here.send(m.HandProof(address=listener.address, pid=os.getpid()), m.End(reason="claimed", deadline_ms=1000))
            await here.ended()
            fresh = await listener.take(os.getpid(), WITHIN_S)
            assert fresh is not None
            assert fresh.password == Secret(PASSWORD)

    asyncio.run(play())


@pytest.mark.parametrize(("wait_s", "said"), [(40.0, "40 seconds"), (200.0, "3 min")])
def test_within_the_grace_another_officer_is_told_how_long(tmp_path: Path, wait_s: float, said: str) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over())
            await proved(here, OTHER)
            here.send(m.NotYours(wait_s=wait_s))
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert now.sign_in.error is not None
            assert (now.sign_in.error.reference, now.sign_in.busy) == ("terminal-kept", False)
            assert said in now.sign_in.error.what
            assert (over(here).proved, over(here).taking_over, now.sign_in.name) == (None, True, OTHER)
            assert [one.outcome for one in here.watched.sign_in_records()] == ["refused"]
            here.send(m.Enter())  # nothing waits for an answer any more
            assert (await proved(here, OTHER, times=2)).take_over  # they have read by now what it ends
            assert here.watched.of(m.SignedIn) == []

    asyncio.run(play())


@pytest.mark.parametrize("message", [show_over(name=OTHER, taking_over=True), m.Show(name=OTHER, focus="secret")])
def test_the_name_that_was_typed_stands_there_before_the_card_does(
    tmp_path: Path, message: m.Show | m.ShowOver
) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(message)
            await here.until(lambda now: now.stage == "signing-in" and now.sign_in.name == OTHER)
            shown = [one for one in here.watched.snapshots if one.stage == "signing-in"]
            assert {(one.sign_in.name, one.sign_in.focus) for one in shown} == {(OTHER, "secret")}

    asyncio.run(play())


def test_the_same_number_by_another_method_is_told_how_to_come_back(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over())
            await proved(here, NAME)
            here.send(m.NotYours(wait_s=40.0, same_number=True))
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert now.sign_in.error is not None
            assert (now.sign_in.error.reference, now.sign_in.busy) == ("unlock-other-way", False)
            assert now.sign_in.error.what == f"You are {NAME}, logged on another way."
            assert (over(here).proved, over(here).taking_over) == (None, False)
            assert here.watched.of(m.SignedIn) == []
            assert not (await proved(here, NAME, times=2)).take_over
            here.send(m.NotYours(wait_s=0, same_number=True))
            await here.until(lambda now: now.over is not None and now.over.proved is not None)
            here.send(show_over(unsaved=2))
            await here.until(lambda now: now.over is not None and now.over.unsaved == 2)
            assert over(here).another_way
            here.send(c.TakeOver())
            await here.heard(lambda: len(here.watched.of(m.Proved)) == 3)
            assert here.watched.of(m.Proved)[-1].take_over

    asyncio.run(play())


def test_after_the_grace_another_officer_is_asked_and_takes_over(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over())
            assert not (await proved(here, OTHER)).take_over
            here.send(m.NotYours(wait_s=0))
            now = await here.until(lambda now: now.over is not None and now.over.proved is not None)
            assert over(here).proved is not None
            assert (over(here).proved.number, now.sign_in.busy) == (OTHER, False)  # type: ignore[union-attr]
            assert here.watched.of(m.SignedIn) == []
            here.send(c.TakeOver())
            await here.heard(lambda: len(here.watched.of(m.Proved)) == 2)
            assert here.watched.of(m.Proved)[-1].take_over
            assert here.now.sign_in.busy
            here.send(m.Enter())
            now = await here.until(lambda now: now.stage == "signed-in")
            assert now.over is None
            assert [one.number for one in here.watched.of(m.SignedIn)] == [OTHER]
            here.send(c.LaunchpadResponds())
            await here.heard(lambda: here.watched.sign_in_records())
            assert here.watched.sign_in_records()[-1].outcome == "signed-in"

    asyncio.run(play())


def test_who_says_first_that_they_take_over_is_not_asked_again(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over(), c.TakeOver())
            assert (await proved(here, OTHER)).take_over
            here.send(m.Enter())
            await here.until(lambda now: now.stage == "signed-in")

    asyncio.run(play())


@pytest.mark.parametrize(
    ("left", "why"),
    [(c.LeaveLocked(), "cancelled"), (c.CancelSignIn(), "cancelled"), (s.IdlePassed(), "left-typed")],
)
def test_a_proof_that_comes_to_nothing_ends_with_its_process(
    tmp_path: Path, left: c.LeaveLocked | c.CancelSignIn | s.IdlePassed, why: str
) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over())
            await proved(here, OTHER)
            here.send(m.NotYours(wait_s=0))
            await here.until(lambda now: now.over is not None and now.over.proved is not None)
            here.send(left)
            await here.ended()
            (replaced,) = here.watched.of(m.ReplaceMe)
            assert (replaced.why, replaced.name, replaced.taking_over) == (why, "", False)
            assert here.watched.of(m.SignedIn) == []

    asyncio.run(play())


def test_a_locked_session_that_has_ended_leaves_a_plain_screen_that_says_so(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over(), m.NotOver(why="locked-too-long"))
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert now.over is None
            assert now.sign_in.error is not None
            assert now.sign_in.error.reference == "session-ended-meanwhile"
            assert "too long" in now.sign_in.error.what
            assert "again" not in now.sign_in.error.next_step  # nothing is opened again for who was suspended
            # The next one is not told who it was; what is being typed stays.
            assert (now.sign_in.name, now.sign_in.focus, now.sign_in.attempt) == ("", "name", 0)
            here.send(submit(OTHER))
            await here.until(lambda now: now.stage == "signed-in")
            assert here.watched.of(m.Proved) == []  # there is nobody to ask for

    asyncio.run(play())


def test_of_one_that_stopped_by_a_fault_there_is_something_to_tell_the_helpdesk(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over(), m.NotOver(why="crashed"))
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert now.sign_in.error is not None
            assert now.sign_in.error.reference == "session-ended-by-fault"

    asyncio.run(play())


@pytest.mark.parametrize("asked", ["", "asked", "handed"])
def test_a_locked_session_that_ends_under_a_proof_lets_it_enter(tmp_path: Path, asked: str) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over())
            await proved(here, NAME)
            if asked == "asked":
                here.send(m.NotYours(wait_s=0))
            elif asked == "handed":
                here.send(m.HandProof(address="station-launcher-" + "0" * 32, pid=os.getpid()))
            here.send(m.NotOver(why="crashed"))
            now = await here.until(lambda now: now.stage == "signed-in")
            assert now.over is None

    asyncio.run(play())


def test_a_proof_under_way_is_not_disturbed_by_the_end_of_the_locked_session(tmp_path: Path) -> None:
    directory = PaperDirectory()

    async def play() -> None:
        directory.held = asyncio.Event()
        async with Bench(tmp_path / "b", change=with_directory(directory)).session() as here:
            here.send(show_over(), c.SubmitPassword("directory", NAME, Secret(PASSWORD)))
            await directory.asked.wait()
            here.send(m.NotOver())
            now = await here.until(lambda now: now.over is None)
            assert (now.sign_in.busy, now.sign_in.error) == (True, None)
            directory.held.set()
            await here.until(lambda now: now.stage == "signed-in")

    asyncio.run(play())


def test_what_cannot_be_entered_after_the_answer_is_said_on_a_plain_screen(tmp_path: Path) -> None:
    breaks: list[bool] = []

    def change(parts: Parts) -> Parts:
        def catalogue() -> Catalogue:
            if breaks:
                raise MemoryError
            return parts.catalogue()

        return replace(parts, catalogue=catalogue)

    async def play() -> None:
        async with Bench(tmp_path / "b", change=change).session() as here:
            here.send(show_over(), c.TakeOver())
            await proved(here, OTHER)
            breaks.append(True)
            here.send(m.Enter())
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert (now.stage, now.over, now.sign_in.busy) == ("signing-in", None, False)
            breaks.clear()
            here.send(submit(OTHER))
            await here.until(lambda now: now.stage == "signed-in")

    asyncio.run(play())


def test_a_wrong_password_over_a_locked_session_is_an_answer_as_ever(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(show_over(), submit(NAME, "wrong-wrong-wrong"))
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert now.over is not None
            assert here.watched.of(m.Proved) == []
            here.send(submit(NAME))
            await here.heard(lambda: here.watched.of(m.Proved))

    asyncio.run(play())
