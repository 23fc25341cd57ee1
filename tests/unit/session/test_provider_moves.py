"""Back from a lock that lasted longer than the provider's session: the officer's own session goes on in the new one.

A certified provider and a web system of its own relying party, over real sockets; two sessions, as two processes are.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from launcher.bootstrap.parts import session_parts
from launcher.bootstrap.where import Where
from launcher.recipes.steps import Place
from launcher.residue.patterns import Patterns
from launcher.session import commands as c
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.fresh_proof import FreshProof, hand_over
from launcher.session.provider import SURFACE
from launcher.session.session import Inbox, Message, Session
from launcher.wire import messages as m
from tests.servers.apache_oidc import Warrants
from tests.servers.certificates import Certificates
from tests.servers.oidc import CLIENT_ID, POST_LOGOUT_URI, REDIRECT_URI, SUBMIT, OidcProvider
from tests.servers.people import GRACE, PASSWORD
from tests.servers.visitor import Visitor
from tests.unit.demo.visiting import VisitorDriver, VisitorSurfaces
from tests.unit.session.bench import PaperSurfaces, Running, Watched

OWNER = m.LockedSession(
    number=GRACE.number, name=GRACE.name, since=0.0, grace_left_s=60.0, systems=1, unsaved=0, running=0,
    ends_within_s=5.0,
)  # fmt: skip


class ScriptedDriver(VisitorDriver):
    """A plain browser that does what the one script of this provider does: it answers the question at the log-off."""

    def _browser(self, basic: tuple[str, str] | None = None) -> Visitor:
        return Visitor(self._ca_file, basic=basic, stop_at=(REDIRECT_URI, POST_LOGOUT_URI), cookies=self._cookies)

    async def prove(self, **fields: str) -> None:
        self._typed = fields
        await self.press(SUBMIT, "")

    def _holds(self, place: Place) -> bool:
        if place.selector and "input" in place.selector:  # where the provider asks
            return self._page.url.startswith(place.url or "") and bool(self._page.forms)
        return super()._holds(place)

    async def _go(self, visit: object) -> None:
        await super()._go(visit)
        page = self._page
        if "<script>" in page.text:
            form = next(one for one in page.forms if one.id == "op.logoutForm")
            await super()._go(lambda: self._visitor.submit(page, form, {"logout": "yes"}))


async def _none_below(_: float) -> tuple[str, ...]:
    return ()


@dataclass
class Terminal:
    """A station whose officers log on at the provider, with one system of that provider."""

    where: Where
    provider: OidcProvider
    ca: Path

    @asynccontextmanager
    async def session(
        self, browser: type[VisitorSurfaces] = VisitorSurfaces
    ) -> AsyncIterator[tuple[Running, VisitorSurfaces]]:
        watched, inbox, surfaces = Watched(), asyncio.Queue[Message](), browser(self.ca, ScriptedDriver)
        parts = session_parts(
            self.where, self.where.settings(), surfaces=surfaces, screen=watched, station=watched, residue_check=True
        )
        task = asyncio.create_task(Session(replace(parts, end_below=_none_below)).run(cast(Inbox, inbox)))
        running = Running(inbox, watched, cast(PaperSurfaces, surfaces), task)
        try:
            yield running, surfaces
        finally:
            running.send(m.End(reason="station-stopping", deadline_ms=1000))
            await running.ended()

    async def prove(self, here: Running, surfaces: VisitorSurfaces, shown: m.Show | m.ShowOver) -> None:
        """Prove the officer on the provider's page."""
        here.send(shown, c.StartProvider("federated"))
        await here.until(lambda now: now.sign_in.surface == SURFACE)
        page = await surfaces.next_page()
        await page.asks()
        await page.prove(username=GRACE.number, password=PASSWORD)

    async def locked(self, here: Running) -> m.Locked:
        here.send(c.Lock(), c.LockPainted())
        await here.heard(lambda: here.watched.of(m.Locked))
        return here.watched.of(m.Locked)[-1]

    def sessions(self) -> int:
        return self.provider.sessions(GRACE)


@pytest.fixture
def terminal(
    tmp_path: Path, provider: OidcProvider, warrants: Warrants, certificates: Certificates
) -> Iterator[Terminal]:
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "warrants.toml").write_text(
        f"""\
name = "Warrants"
kind = "web"
groups = []
[web]
url = "{warrants.url}"
sign_on = "federated"
[[marker]]
means = "ready"
text = "Signed on as"
"""
    )
    (tmp_path / "station.toml").write_text(
        f"""\
[station]
terminal = "FD-02"
[sign_in]
methods = ["federated"]
[federated]
authority = "{provider.issuer}"
client_id = "{CLIENT_ID}"
redirect_uri = "{REDIRECT_URI}"
post_logout_redirect_uri = "{POST_LOGOUT_URI}"
scopes = ["openid", "profile", "offline_access"]
ca_file = "{certificates.ca}"
number_claim = "number"
[credentials]
keep = "file"
[limits]
end_within_s = 60
"""
    )
    provider.end_sessions(GRACE)
    yield Terminal(Where(tmp_path / "station.toml", tmp_path / "state"), provider, certificates.ca)
    provider.end_sessions(GRACE)


def test_the_officers_session_goes_on_in_the_one_that_was_proved(terminal: Terminal) -> None:
    async def play() -> None:
        async with terminal.session() as (mine, my_pages), terminal.session() as (over, over_pages):
            await terminal.prove(mine, my_pages, m.Show())
            await mine.until(lambda now: now.stage == "signed-in")
            lock = await terminal.locked(mine)
            terminal.provider.end_sessions(GRACE)
            terminal.provider.revoke_tokens(GRACE)
            await terminal.prove(over, over_pages, m.ShowOver(locked=OWNER))
            await over.heard(lambda: over.watched.of(m.Proved))
            # As the station does: the officer is at work at once, and opens a system while the proof is on its way.
            mine.send(m.Resume(pid=os.getpid()), c.WorkResponds(), c.OpenSystem("warrants"))
            over.send(m.HandProof(address=lock.address, pid=os.getpid()), m.End(reason="claimed", deadline_ms=60000))
            await mine.launch("warrants", "ready")
            await over.ended()
            assert [(one.outcome, one.prompts) for one in mine.watched.launch_records()] == [("ready", 0)]
            assert terminal.sessions() == 1
            assert over.watched.of(m.LeftSignedOn) == []
            _told_of(mine, over, my_pages, over_pages)
            mine.send(c.LogOff(confirmed=True))
            await mine.ended()
            assert terminal.sessions() == 0
            assert mine.watched.of(m.LeftSignedOn) == []

    asyncio.run(play())


def _told_of(mine: Running, over: Running, my_pages: VisitorSurfaces, over_pages: VisitorSurfaces) -> None:
    """Both have told what the provider's cookies are, and neither says one in clear."""
    shared = {one.value or "" for one in my_pages.cookies} & {one.value or "" for one in over_pages.cookies}
    long = [one.encode() for one in shared if len(one) >= 8]
    assert long
    for here in (mine, over):
        told = [Patterns.from_wire(one) for one in here.watched.of(m.Canaries)]
        assert all(any(one.found_in(value) for one in told) for value in long)
        assert not [one for one in shared if len(one) >= 8 and one in here.watched.everything()]


class RefusingSurfaces(VisitorSurfaces):
    """A browser that refuses a cookie."""

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...], only: str = "") -> None:
        await super().take_cookies(cookies[1:], origins, only)


class FaultySurfaces(VisitorSurfaces):
    """A browser that cannot take cookies."""

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...], only: str = "") -> None:
        raise UnicodeEncodeError("latin-1", "", 0, 1, "a cookie")


@pytest.mark.parametrize("browser", [RefusingSurfaces, FaultySurfaces])
def test_a_session_whose_cookies_do_not_hold_is_ended_where_it_was_proved(
    terminal: Terminal, browser: type[VisitorSurfaces]
) -> None:
    async def play() -> None:
        async with terminal.session(browser) as (mine, my_pages), terminal.session() as (over, over_pages):
            await terminal.prove(mine, my_pages, m.Show())
            await mine.until(lambda now: now.stage == "signed-in")
            lock = await terminal.locked(mine)
            terminal.provider.end_sessions(GRACE)
            terminal.provider.revoke_tokens(GRACE)
            await terminal.prove(over, over_pages, m.ShowOver(locked=OWNER))
            await over.heard(lambda: over.watched.of(m.Proved))
            mine.send(m.Resume(pid=os.getpid()), c.WorkResponds())
            over.send(m.HandProof(address=lock.address, pid=os.getpid()), m.End(reason="claimed", deadline_ms=60000))
            await over.ended()
            assert terminal.sessions() == 0
            assert over.watched.of(m.LeftSignedOn) == []

    asyncio.run(play())


def test_a_session_of_their_own_that_lives_is_kept_and_the_new_one_logged_off(terminal: Terminal) -> None:
    async def play() -> None:
        async with terminal.session() as (mine, my_pages), terminal.session() as (over, over_pages):
            await terminal.prove(mine, my_pages, m.Show())
            await mine.until(lambda now: now.stage == "signed-in")
            lock = await terminal.locked(mine)
            await terminal.prove(over, over_pages, m.ShowOver(locked=OWNER))
            await over.heard(lambda: over.watched.of(m.Proved))
            assert terminal.sessions() == 2
            mine.send(m.Resume(pid=os.getpid()), c.WorkResponds(), c.OpenSystem("warrants"))
            over.send(m.HandProof(address=lock.address, pid=os.getpid()), m.End(reason="claimed", deadline_ms=60000))
            await over.ended()
            await mine.launch("warrants", "ready")
            assert terminal.sessions() == 1
            mine.send(c.LogOff(confirmed=True))
            await mine.ended()
            assert terminal.sessions() == 0

    asyncio.run(play())


def test_where_no_cookies_came_the_officer_logs_on_in_the_tab_and_all_works_again(terminal: Terminal) -> None:
    async def play() -> None:
        async with terminal.session() as (mine, pages):
            await terminal.prove(mine, pages, m.Show())
            await mine.until(lambda now: now.stage == "signed-in")
            lock = await terminal.locked(mine)
            terminal.provider.end_sessions(GRACE)
            terminal.provider.revoke_tokens(GRACE)
            mine.send(m.Resume(pid=os.getpid()), c.WorkResponds(), c.OpenSystem("warrants"))
            assert await hand_over(lock.address, os.getpid(), FreshProof(GRACE.number, None)) is not None
            await mine.launch("warrants", "needs")
            page = pages.open["warrants"]
            await page.prove(username=GRACE.number, password=PASSWORD)
            await mine.launch("warrants", "ready")
            mine.send(c.LogOff(confirmed=True))
            await mine.ended()
            assert terminal.sessions() == 0

    asyncio.run(play())


def test_the_helpdesk_ends_it_at_the_provider_and_it_is_not_made_anew_behind_the_officers_back(
    terminal: Terminal,
) -> None:
    async def revoked(mine: Running, command: int) -> tuple[str, str]:
        mine.send(m.DoHere(command=command, what="revoke"))
        await mine.heard(lambda: any(one.command == command for one in mine.watched.of(m.DoneHere)))
        done = mine.watched.of(m.DoneHere)[-1]
        return done.outcome, done.reference

    async def play() -> None:
        async with terminal.session() as (mine, pages):
            await terminal.prove(mine, pages, m.Show())
            await mine.until(lambda now: now.stage == "signed-in")
            assert terminal.sessions() == 1
            assert await revoked(mine, 1) == ("done", "")
            assert terminal.sessions() == 0
            mine.send(c.OpenSystem("warrants"))
            await mine.launch("warrants", "needs")  # the provider asks for the officer, and nobody answers for them
            assert terminal.sessions() == 0
            assert await revoked(mine, 2) == ("refused", "nothing-to-revoke")
            mine.send(c.LogOff(confirmed=True))
            await mine.ended()
            assert mine.watched.of(m.LeftSignedOn) == []

    asyncio.run(play())
