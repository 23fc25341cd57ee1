"""A computer that can sign nobody in says so, and is a cover and a screen over a locked session all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from launcher.errors import LauncherError
from launcher.policy.first_facts import FirstFacts
from launcher.session import commands as c
from launcher.session.first import first_snapshot
from launcher.session.only_say import only_say
from launcher.session.session import Inbox, Message
from launcher.session.snapshot import Snapshot
from launcher.wire import messages as m
from launcher.wire.hub.sittings import NoticeLine
from tests.unit.session.bench import WITHIN_S, Watched

COVER = m.Cover(number="4471", name="A. Okafor", silent_ms=6000.0, systems=2, ends_within_s=5.0)
LOCKED = m.LockedSession(
    number="4471", name="A. Okafor", since=0.0, grace_left_s=0.0, systems=1, unsaved=0, running=0, ends_within_s=5.0
)


class NoSettingsError(LauncherError):
    """Stands for a station file that cannot be read."""

    reference = "settings-faulty"
    hint = "Call the helpdesk."


class Saying:
    """The screen under way."""

    def __init__(self) -> None:
        self.inbox: Inbox = asyncio.Queue[Message]()
        self.watched = Watched()

    async def drawn(self, message: Message, holds: Callable[[Snapshot], object]) -> Snapshot:
        """Say something and wait for the picture that comes of it."""
        self.inbox.put_nowait(message)
        async with asyncio.timeout(WITHIN_S):
            while not (self.watched.snapshots and holds(self.watched.now)):
                self.watched.changed.clear()
                await self.watched.changed.wait()
        return self.watched.now


@asynccontextmanager
async def saying() -> AsyncIterator[Saying]:
    here, first = Saying(), first_snapshot(FirstFacts(methods=(("local", "Name and password"),)))
    fault = NoSettingsError("The station file cannot be read.")
    task = asyncio.create_task(only_say(fault, first, here.watched, here.watched, here.inbox))
    yield here
    here.inbox.put_nowait(m.End(reason="station-stopping", deadline_ms=1000))
    async with asyncio.timeout(WITHIN_S):
        await task
    assert here.watched.now.stage == "ending"  # its window goes with it


def said(now: Snapshot) -> str:
    return now.sign_in.error.reference if now.sign_in.error is not None else ""


def test_it_covers_what_does_not_answer_and_is_a_spare_again() -> None:
    async def play() -> None:
        async with saying() as here:
            now = await here.drawn(COVER, lambda now: now.cover is not None)
            assert (now.stage, now.cover and now.cover.number) == ("spare", "4471")
            here.inbox.put_nowait(c.SignInPainted())
            now = await here.drawn(c.AnswerCover(end=False), lambda now: now.cover is not None and now.cover.waiting)
            assert here.watched.of(m.Shown)
            assert [one.end for one in here.watched.of(m.CoverAnswered)] == [False]
            now = await here.drawn(m.Uncover(), lambda now: now.cover is None)
            assert now.stage == "spare"
            now = await here.drawn(m.Show(name="22"), lambda now: now.stage == "signing-in")
            assert (now.sign_in.name, said(now)) == ("22", "settings-faulty")

    asyncio.run(play())


def test_a_cover_whose_session_was_ended_says_what_is_wrong() -> None:
    async def play() -> None:
        async with saying() as here:
            await here.drawn(COVER, lambda now: now.cover is not None)
            await here.drawn(c.AnswerCover(end=True), lambda now: here.watched.of(m.CoverAnswered))
            now = await here.drawn(m.Uncover(sign_in=True), lambda now: now.stage == "signing-in")
            assert (now.cover, said(now)) == (None, "settings-faulty")

    asyncio.run(play())


def test_it_stands_over_a_locked_session_until_that_has_ended() -> None:
    async def play() -> None:
        async with saying() as here:
            now = await here.drawn(m.ShowOver(locked=LOCKED), lambda now: now.over is not None)
            assert (now.stage, said(now)) == ("signing-in", "settings-faulty")
            now = await here.drawn(m.NotOver(why="crashed"), lambda now: now.over is None)
            assert (now.stage, said(now)) == ("signing-in", "settings-faulty")

    asyncio.run(play())


def test_what_the_hub_says_of_the_terminal_stays_on_it_and_whoever_asks_for_help_has_letters() -> None:
    async def play() -> None:
        async with saying() as here:
            notice = NoticeLine(id=1, text="Records is slow", since=1.0)
            here.inbox.put_nowait(m.HubState(enrolled=True, reachable=True))
            await here.drawn(m.HubNotices(notices=(notice,)), lambda now: now.hub_notices)
            now = await here.drawn(m.Show(), lambda now: now.stage == "signing-in")
            assert [one.text for one in now.hub_notices] == ["Records is slow"]
            here.inbox.put_nowait(c.AskForHelp())
            now = await here.drawn(m.LettersHere(letters="BKDMRT", until=9e9), lambda now: now.letters)
            assert now.letters is not None
            assert now.letters.grouped == "BKD MRT"
            assert here.watched.of(m.WantsLetters) == [m.WantsLetters()]
            await here.drawn(c.TellHelpdesk("settings-faulty"), lambda now: now.told)
            (told,) = here.watched.of(m.TellHelpdesk)
            assert (told.reference, told.timeline) == ("settings-faulty", ())
            answer = m.ToldHere(key=told.key, number="T-4821")
            now = await here.drawn(answer, lambda now: now.told[0].number)
            assert (now.told[0].number, said(now)) == ("T-4821", "settings-faulty")
            here.inbox.put_nowait(m.HubState(enrolled=True, reachable=False))
            now = await here.drawn(c.TellHelpdesk("other"), lambda now: len(now.told) == 2)
            assert now.told[1].error is not None

    asyncio.run(play())
