"""The proof of nothing left, with stand-in sessions: what ended holds nothing, and what was left is found."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.station import ResidueChecked, SessionEnded
from tests.journeys.lock_bench import locked, signed_in
from tests.journeys.station_bench import station


@pytest.mark.parametrize("end", ["log-off", "kill"])
def test_nothing_of_an_officer_is_left(tmp_path: Path, end: str) -> None:
    async def journey() -> None:
        async with station(tmp_path, "searches") as here:
            first, hands = await here.shown_session()
            await here.spare()
            await here.spare()
            await hands.do("hold-secrets")
            if end == "kill":
                os.kill(hands.pid, signal.SIGKILL)
            else:
                await hands.do("log-off")
            await here.next(SessionEnded)
            checked = await here.next(ResidueChecked)
            assert checked.session == first.session
            assert checked.residue.found == ()
            assert checked.residue.unscanned == ()
            searched = " ".join(checked.residue.scanned)
            assert f"memory of station ({os.getpid()})" in searched
            assert "memory of session" in searched

    asyncio.run(journey())


def test_a_secret_left_in_a_file_is_found_in_whatever_form(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "searches") as here:
            _, hands = await here.shown_session()
            left = here.temp / "left.txt"
            await hands.do("hold-secrets", leave_in=str(left))
            await hands.do("log-off")
            residue = (await here.next(ResidueChecked)).residue
            assert any(str(left) in place for place in residue.found)
            assert not residue.clean

    asyncio.run(journey())


def test_a_folder_that_an_entry_names_for_its_program_is_searched_too(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "searches") as here:
            _, hands = await here.shown_session()
            clean, folder = tmp_path / "clean", tmp_path / "programs" / "case files"
            for one in (clean, folder):
                one.mkdir(parents=True)
                await hands.do("works-in", folder=str(one))
            await hands.do("hold-secrets", leave_in=str(folder / "left.txt"))
            os.kill(hands.pid, signal.SIGKILL)  # it has no last word: the folders were told before
            residue = (await here.next(ResidueChecked)).residue
            assert {f"files under {clean}", f"files under {folder}"} <= set(residue.scanned)
            assert any(str(folder / "left.txt") in place for place in residue.found)
            assert not any(str(clean) in place for place in residue.found)

    asyncio.run(journey())


def test_a_survivor_that_ends_before_it_answers_holds_nothing(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "searches") as here:
            _, hands = await here.shown_session()
            await here.spare()
            spare = await here.spare()
            await hands.do("hold-secrets")
            await hands.do("log-off")
            await here.next(SessionEnded)
            os.kill(spare.pid, signal.SIGKILL)
            residue = (await here.next(ResidueChecked)).residue
            assert residue.clean
            assert any(f"({spare.pid})" in place or f"session {spare.session}:" in place for place in residue.scanned)

    asyncio.run(journey())


def test_what_proved_an_officer_is_looked_for_everywhere_but_in_the_session_they_come_back_to(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "searches") as here:
            session, hands = await signed_in(here)
            # Chosen by the session, and never seen by this process: that is the station.
            kept = Path(str((await hands.do("environment"))["environment"]["HOME"])) / "kept"  # type: ignore[index]
            left = here.temp / "left.txt"
            await hands.do("hold-secrets", keep_in=str(kept))
            for leave_in in (None, str(left)):
                over, proves = await locked(here, hands)
                await proves.do("hold-secrets", as_in=str(kept), leave_in=leave_in)
                proves.order("prove", number="4471")
                await hands.said("proof")
                checked = await here.next(ResidueChecked)
                assert checked.session == over.session
                assert [one.partition(" in file ")[2] for one in checked.residue.found] == [leave_in] * bool(leave_in)
                assert checked.residue.unscanned == ()
                searched = " ".join(checked.residue.scanned)
                assert f"left out, the same officer goes on there: {kept.parent.parent}" in searched
                assert f"({hands.pid})" not in searched
                assert "memory of session" in searched
            # Once that session ends too, nothing is left out.
            await hands.do("log-off")
            checked = await here.next(ResidueChecked)
            assert checked.session == session
            assert "left out" not in " ".join(checked.residue.scanned)

    asyncio.run(journey())
