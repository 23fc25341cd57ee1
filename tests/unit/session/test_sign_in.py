"""Signing in, from the first key to the launchpad: refusals, cancelling, a new password, another name, left alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.identity.refusals import (
    NewPasswordTooShort,
    PasswordChangeNotPossible,
    PasswordChangeUnknown,
    PasswordNotAccepted,
)
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.parts import Parts
from launcher.session.states import IdlePassed
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, PASSWORD, Bench
from tests.unit.session.paper_directory import PaperDirectory, with_directory


def submit(password: str = PASSWORD, name: str = NAME, method: str = "local") -> c.SubmitPassword:
    return c.SubmitPassword(method, name, Secret(password))


def test_an_officer_signs_in_and_is_recorded_once(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            assert here.now.stage == "spare" if here.watched.snapshots else True
            here.send(m.Show(name="44", focus="secret"))
            shown = await here.until(lambda now: now.stage == "signing-in")
            assert (shown.sign_in.name, shown.sign_in.focus) == ("44", "secret")
            here.send(c.SignInPainted(), c.Typed(NAME), submit())
            now = await here.until(lambda now: now.stage == "signed-in")
            assert now.officer is not None
            assert (now.officer.number, now.officer.name) == ("4471", "A. Okafor")
            assert not now.sign_in.busy
            assert here.watched.of(m.Shown)
            assert [one.number for one in here.watched.of(m.SignedIn)] == ["4471"]
            assert here.watched.of(m.SignedIn)[0].officer == "local#id-4471"
            assert here.watched.sign_in_records() == []
            here.send(c.LaunchpadResponds(), c.LaunchpadResponds(), m.Unresponsive(silent_ms=3000))
            await here.until(lambda now: now.notices)
            (record,) = here.watched.sign_in_records()
            assert (record.method, record.outcome, record.reference) == ("local", "signed-in", None)
            assert {"input", "primary", "entitle", "prefetch", "shell"} <= {one.phase for one in record.phases}
            assert [one.phase for one in record.phases if one.human] == ["input"]
            assert PASSWORD not in here.watched.everything()

    asyncio.run(play())


def test_a_wrong_password_keeps_the_name_and_says_so_once(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(m.Show(), submit("wrong-wrong-wrong"))
            now = await here.until(lambda now: now.sign_in.error is not None)
            card = now.sign_in
            assert card.error is not None
            assert (card.name, card.attempt, card.busy, card.form) == (NAME, 1, False, "password")
            assert card.error.reference == "password-not-accepted"
            here.send(submit("wrong-wrong-again"))
            now = await here.until(lambda now: now.sign_in.attempt == 2)
            assert now.sign_in.name == NAME
            here.send(submit())
            now = await here.until(lambda now: now.stage == "signed-in")
            assert now.sign_in.error is None
            here.send(c.LaunchpadResponds())
            await here.heard(lambda: len(here.watched.sign_in_records()) == 3)
            records = here.watched.sign_in_records()
            assert [one.outcome for one in records] == ["refused", "refused", "signed-in"]
            assert [one.reference for one in records] == ["password-not-accepted", "password-not-accepted", None]
            assert "wrong-wrong" not in here.watched.everything()

    asyncio.run(play())


def test_spaces_round_a_name_are_not_another_name(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(m.Show(), submit("wrong-wrong", name=f" {NAME} "))
            await here.until(lambda now: now.sign_in.attempt == 1)
            here.send(c.Typed(NAME, left_name=True), submit("wrong-wrong", name="   "))
            now = await here.until(lambda now: now.sign_in.attempt == 2)
            assert now.sign_in.error is not None
            assert now.sign_in.error.reference == "name-or-password-missing"
            here.send(submit())
            await here.until(lambda now: now.stage == "signed-in")
            assert here.watched.of(m.ReplaceMe) == []

    asyncio.run(play())


def test_cancelling_goes_back_to_the_card_and_the_next_proof_counts(tmp_path: Path) -> None:
    directory = PaperDirectory()

    async def play() -> None:
        directory.held = asyncio.Event()
        async with Bench(tmp_path / "b", change=with_directory(directory)).session() as here:
            here.send(m.Show(), submit(method="directory"))
            await directory.asked.wait()
            assert here.now.sign_in.busy
            here.send(c.CancelSignIn(), c.CancelSignIn())
            now = await here.until(lambda now: not now.sign_in.busy)
            assert (now.sign_in.attempt, now.sign_in.error, now.sign_in.name) == (1, None, NAME)
            directory.held = None
            here.send(submit(method="directory"), submit(method="directory"))  # the second finds the first under way
            await here.until(lambda now: now.stage == "signed-in")
            here.send(c.CancelSignIn(), c.LaunchpadResponds())
            await here.heard(lambda: len(here.watched.sign_in_records()) == 2)
            assert [one.outcome for one in here.watched.sign_in_records()] == ["cancelled", "signed-in"]
            assert len(directory.proofs) == 2
            assert here.now.stage == "signed-in"

    asyncio.run(play())


def test_what_does_not_fit_is_passed_over(tmp_path: Path) -> None:
    directory = PaperDirectory()

    async def play() -> None:
        directory.held = asyncio.Event()
        async with Bench(tmp_path / "b", change=with_directory(directory)).session() as here:
            here.send(c.LaunchpadResponds(), c.OpenMySystems(), c.CloseSystem("x"), c.LogOff(), c.CancelSignIn())
            here.send(m.Show(), m.Show(), submit(method="directory"))
            await directory.asked.wait()
            here.send(c.LogOff(), c.LogOff(confirmed=True), c.OpenSystem("x"), IdlePassed(), c.StayLoggedOn())
            here.send(m.Unresponsive(silent_ms=1.0))  # nobody sits here yet: it is not said
            directory.held.set()
            now = await here.until(lambda now: now.stage == "signed-in")
            assert now.notices == ()
            assert here.watched.of(m.LoggingOff) == []
            here.send(m.Unresponsive(silent_ms=1.0))
            now = await here.until(lambda now: now.notices)
            assert [notice.what for notice in now.notices] == ["not-answered"]

    asyncio.run(play())


def test_a_fault_of_ours_is_said_and_the_card_takes_the_next_try(tmp_path: Path) -> None:
    directory = PaperDirectory()
    directory.breaks = ZeroDivisionError("a fault that quotes " + PASSWORD)

    async def play() -> None:
        async with Bench(tmp_path / "b", change=with_directory(directory)).session() as here:
            here.send(m.Show(), submit(method="directory"))
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert now.sign_in.error is not None
            assert (now.sign_in.error.reference, now.sign_in.busy) == ("internal-fault", False)
            here.send(submit(method="nobody-knows-it"))
            await here.until(lambda now: now.sign_in.attempt == 2)
            directory.breaks = None
            here.send(submit(method="directory"))
            await here.until(lambda now: now.stage == "signed-in")
            assert PASSWORD not in here.watched.everything()

    asyncio.run(play())


def test_a_launchpad_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    broken = [True, True]  # once ahead of the sign-in, where nobody sees it, and once at it

    def change(parts: Parts) -> Parts:
        def catalogue() -> object:
            if broken.pop() if broken else False:
                raise MemoryError
            return parts.catalogue()

        return replace(parts, catalogue=catalogue)  # type: ignore[arg-type]

    async def play() -> None:
        async with Bench(tmp_path / "b", change=change).session() as here:
            here.send(m.Show(), submit())
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert (now.stage, now.sign_in.busy) == ("signing-in", False)
            assert here.watched.of(m.SignedIn) == []
            here.send(submit())
            await here.until(lambda now: now.stage == "signed-in")

    asyncio.run(play())


def test_a_password_that_must_change_is_changed_where_it_was_asked_for(tmp_path: Path) -> None:
    directory = PaperDirectory()
    directory.must_change = True
    directory.refuses_new = [NewPasswordTooShort.given()]

    async def play() -> None:
        async with Bench(tmp_path / "b", change=with_directory(directory)).session() as here:
            here.send(m.Show(), submit(method="directory"))
            now = await here.until(lambda now: now.sign_in.error is not None)
            assert now.sign_in.error is not None
            assert (now.sign_in.form, now.sign_in.error.reference) == ("change", "password-must-change")
            here.send(c.ChangePassword(NAME, Secret(PASSWORD), Secret("shorty-shorty")))
            now = await here.until(lambda now: now.sign_in.attempt == 2)
            assert now.sign_in.error is not None
            assert (now.sign_in.form, now.sign_in.error.reference) == ("change", "new-password-too-short")
            here.send(c.ChangePassword(NAME, Secret(PASSWORD), Secret("longer-and-longer")))
            await here.until(lambda now: now.stage == "signed-in")
            assert directory.proofs[-1] == (NAME, "longer-and-longer")
            said = here.watched.everything()
            assert not [one for one in (PASSWORD, "shorty-shorty", "longer-and-longer") if one in said]

    asyncio.run(play())


@pytest.mark.parametrize("answer", [PasswordChangeNotPossible.given(), PasswordChangeUnknown.given()])
def test_a_change_that_is_over_leads_back_to_the_log_on(tmp_path: Path, answer: LauncherError) -> None:
    directory = PaperDirectory()
    directory.must_change = True
    directory.refuses_new = [answer]

    async def play() -> None:
        async with Bench(tmp_path / "b", change=with_directory(directory)).session() as here:
            here.send(m.Show(), submit(method="directory"))
            await here.until(lambda now: now.sign_in.form == "change")
            here.send(c.ChangePassword(NAME, Secret(PASSWORD), Secret("longer-and-longer")))
            now = await here.until(lambda now: now.sign_in.attempt == 2)
            assert now.sign_in.error is not None
            assert (now.sign_in.form, now.sign_in.error.reference) == ("password", answer.reference)

    asyncio.run(play())


def test_a_new_password_that_was_taken_is_not_asked_for_again(tmp_path: Path) -> None:
    directory = PaperDirectory()
    directory.must_change = True

    async def play() -> None:
        async with Bench(tmp_path / "b", change=with_directory(directory)).session() as here:
            here.send(m.Show(), submit(method="directory"))
            await here.until(lambda now: now.sign_in.form == "change")
            directory.breaks = PasswordNotAccepted.given()  # e.g. another server, which has not heard of it yet
            here.send(c.ChangePassword(NAME, Secret(PASSWORD), Secret("longer-and-longer")))
            now = await here.until(lambda now: now.sign_in.attempt == 2)
            assert now.sign_in.form == "password"

    asyncio.run(play())


@pytest.mark.parametrize("how", [c.Typed("2210", left_name=True), submit(name="2210")])
def test_another_name_belongs_to_the_next_process(tmp_path: Path, how: c.Command) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(m.Show(), submit("wrong-wrong"))
            await here.until(lambda now: now.sign_in.attempt == 1)
            here.send(how)
            await here.ended()
            assert [(one.why, one.name) for one in here.watched.of(m.ReplaceMe)] == [("name-changed", "2210")]
            assert here.watched.of(m.LoggingOff) == []
            assert here.now.stage == "ending"

    asyncio.run(play())


def test_a_screen_left_with_something_typed_is_replaced(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", limits="spare_idle_s = 0.02").session() as here:
            here.send(m.Show(), c.Typed("44"))
            await here.ended()
            assert [(one.why, one.name) for one in here.watched.of(m.ReplaceMe)] == [("left-typed", "44")]

    asyncio.run(play())


def test_a_screen_that_asked_to_be_replaced_stands_empty_until_the_station_ends_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", limits="spare_idle_s = 0.02").session() as here:
            here.watched.inbox = None  # the station has no screen yet to replace it with
            here.send(m.Show(), c.Typed("44"))
            await here.heard(lambda: here.watched.of(m.ReplaceMe))
            now = await here.until(lambda now: now.sign_in.busy)
            assert (now.stage, now.sign_in.attempt) == ("signing-in", 1)
            here.send(submit(), m.Unresponsive(silent_ms=1.0), m.End(reason="replaced", deadline_ms=5000))
            await here.ended()
            assert here.now.stage == "ending"

    asyncio.run(play())


def test_a_screen_that_is_replaced_unasked_ends_at_once(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(m.Show(), m.End(reason="replaced", deadline_ms=5000))
            await here.ended()
            assert here.now.stage == "ending"

    asyncio.run(play())


def test_a_screen_left_empty_or_refused_and_an_officer_at_work(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "a").session() as here:
            here.send(m.Show(), c.Typed("44"), c.Typed("", empty=True), IdlePassed(), submit(), c.Typed(""))
            await here.until(lambda now: now.stage == "signed-in")
            here.send(IdlePassed(), m.Unresponsive(silent_ms=1.0))
            await here.until(lambda now: now.notices)
            assert here.now.stage == "signed-in"
        async with Bench(tmp_path / "b", limits="spare_idle_s = 0.02").session() as here:
            here.send(m.Show(), submit("wrong-wrong"))
            await here.ended()
            assert [one.why for one in here.watched.of(m.ReplaceMe)] == ["left-typed"]

    asyncio.run(play())


def test_the_station_ends_a_spare_a_sign_in_and_an_officer(tmp_path: Path) -> None:
    async def play() -> None:
        directory = PaperDirectory()
        directory.held = asyncio.Event()
        bench = Bench(tmp_path / "b", change=with_directory(directory))
        end = m.End(reason="reset", deadline_ms=1000)
        async with bench.session() as here:
            here.send(end)
            await here.ended()
        async with bench.session() as here:
            here.send(m.Show(), submit(method="directory"))
            await directory.asked.wait()
            here.send(end)
            await here.ended()
            assert here.watched.of(m.SignedIn) == []
        async with bench.session() as here:
            await here.log_on()
            here.send(end)
            await here.ended()
            assert here.watched.of(m.LoggingOff) == []
            assert [(one.phase, one.ended) for one in here.watched.of(m.LeavingPhase)] == [
                ("stop_apps", False), ("stop_apps", True), ("sign_off", False), ("sign_off", True),
            ]  # fmt: skip

    asyncio.run(play())
