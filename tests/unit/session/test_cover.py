"""A spare over a session that does not answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

from launcher.session import commands as c
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, Bench
from tests.unit.session.locked_one import show_over, submit

COVER = m.Cover(number=NAME, name="A. Okafor", silent_ms=5000.0, systems=3, ends_within_s=5.0)


def test_a_spare_covers_what_does_not_answer_until_it_does(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(COVER)
            now = await here.until(lambda now: now.cover is not None)
            assert now.cover is not None
            assert (now.stage, now.cover.name, now.cover.waiting) == ("spare", "A. Okafor", False)
            here.send(c.SignInPainted(), c.AnswerCover(end=False))
            now = await here.until(lambda now: now.cover is not None and now.cover.waiting)
            here.send(COVER.model_copy(update={"silent_ms": 9000.0}))
            here.send(c.Typed("44"), submit(NAME), m.Uncover())
            now = await here.until(lambda now: now.cover is None)
            assert now.stage == "spare"
            assert [one.end for one in here.watched.of(m.CoverAnswered)] == [False]
            here.send(show_over())  # and is the next sign-in screen after all
            await here.until(lambda now: now.stage == "signing-in")

    asyncio.run(play())


def test_what_was_ended_behind_the_cover_leaves_a_sign_in_screen(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            here.send(COVER, c.AnswerCover(end=True), c.AnswerCover(end=True))
            await here.heard(lambda: here.watched.of(m.CoverAnswered))
            assert here.watched.of(m.CoverAnswered)[0].end
            here.send(m.Uncover(sign_in=True))
            now = await here.until(lambda now: now.stage == "signing-in")
            assert (now.cover, now.over, now.sign_in.name) == (None, None, "")
            here.send(submit(NAME))
            await here.until(lambda now: now.stage == "signed-in")

    asyncio.run(play())
