"""A web system whose logon has pages: notices are the officer's to press, an expired password is changed in place."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import pytest

from launcher.grants.store import Kept
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.wire.records import NoticeRecord
from tests.contract.drivers.paper import PaperDriver
from tests.contract.drivers.site import NAME, PASSWORD
from tests.unit.session import terminal_bench as t
from tests.unit.session.page_bench import OWN, SYSTEM, killed_at, opened, pressed, station, tab_of
from tests.unit.sign_on.paged_site import NEW, NEWER, PagedSite


def made_at(tab: PaperDriver) -> str:
    """The address that the system's page had first."""
    return urljoin(tab.url, "/")


GIVEN_ONCE = [("password", PASSWORD)]


def test_a_notice_before_the_logon_is_pressed_by_the_officer_recorded_and_the_recipe_goes_on(tmp_path: Path) -> None:
    site = PagedSite("notice")

    async def story() -> None:
        async with made.session() as here:
            assert await opened(here) == "notice"
            assert here.now.launches[0].says == ""  # the system says nothing of it: it shows it
            assert (site.acknowledged, site.given) == (0, [])
            await pressed(here, "#accept")
            await here.launch(SYSTEM, "ready")
            (record,) = here.watched.launch_records()
            assert (record.outcome, record.prompts) == ("ready", 1)
            assert [one.phase for one in record.phases if one.human] == ["person"]
            assert record.phases[-1].phase == "ready"  # and what came after it is the system's time again
            assert site.given == GIVEN_ONCE
            (notice,) = [one for one in here.watched.records() if isinstance(one, NoticeRecord)]
            assert (notice.system, notice.page, notice.officer) == (SYSTEM, "law", "local#id-4471")
            assert PASSWORD not in here.watched.everything()

    with station(tmp_path, site) as made:
        asyncio.run(story())


def test_what_follows_a_notice_may_be_an_expired_password(tmp_path: Path) -> None:
    site = PagedSite("notice", expired=True)

    async def story() -> None:
        async with made.session() as here:
            assert await opened(here) == "notice"
            await pressed(here, "#accept")
            await here.until(lambda now: now.launches[0].needs == "new-password")
            here.send(c.GiveNewPassword(SYSTEM, Secret(NEW)))
            await here.until(lambda now: now.launches[0].needs == "notice")  # the system's address leads there
            await pressed(here, "#accept")
            await here.launch(SYSTEM, "ready")
            (record,) = here.watched.launch_records()
            assert (record.outcome, record.prompts) == ("ready", 3)
            read = [one.page for one in here.watched.records() if isinstance(one, NoticeRecord)]
            assert read == ["law", "law"]

    with station(tmp_path, site) as made:
        asyncio.run(story())
        assert t.kept(made, SYSTEM) == Kept(replace(OWN, password=Secret(NEW)))


def test_a_notice_that_went_away_by_itself_is_recorded_for_nobody(tmp_path: Path) -> None:
    site = PagedSite("notice")

    async def story() -> None:
        async with made.session() as here:
            assert await opened(here) == "notice"
            await tab_of(here).press("#accept", "")  # not by the officer
            await here.launch(SYSTEM, "ready")
            assert [one for one in here.watched.records() if isinstance(one, NoticeRecord)] == []

    with station(tmp_path, site) as made:
        asyncio.run(story())


def test_a_refusal_is_said_in_the_systems_words_and_the_password_asked_for_anew(tmp_path: Path) -> None:
    site = PagedSite()
    site.password = "another"

    async def story() -> None:
        async with made.session() as here:
            await opened(here)
            refused = await here.launch(SYSTEM, "failed")
            assert refused.error is not None
            assert (refused.error.reference, refused.error.what) == ("sign-on-refused", "Not accepted.")
            here.send(c.RetrySystem(SYSTEM))
            await here.until(lambda now: now.launches[0].needs == "credential")
            assert site.given == GIVEN_ONCE
            here.send(c.GiveCredential(SYSTEM, NAME, Secret("another")))
            await here.launch(SYSTEM, "ready")

    with station(tmp_path, site) as made:
        asyncio.run(story())


def test_an_expired_password_is_changed_in_its_place_and_the_next_session_signs_on_with_it(tmp_path: Path) -> None:
    site = PagedSite(expired=True)

    async def story() -> None:
        async with made.session() as here:
            assert await opened(here) == "new-password"
            assert here.now.launches[0].rules is not None
            for wrong, said in (("short", "8 characters or more"), (PASSWORD, "the one you have"), (NEWER, "…")):
                here.send(c.GiveNewPassword(SYSTEM, Secret(wrong)))
                now = await here.until(
                    lambda now, said=said: (e := now.launches[0].error) is not None and said in e.what
                )
                assert now.launches[0].needs == "new-password"
            assert now.launches[0].error is not None
            assert now.launches[0].error.what == "Records did not take this password: … was used before."
            here.send(c.GiveNewPassword(SYSTEM, Secret(NEW)))
            await here.launch(SYSTEM, "ready")
            assert NEW not in here.watched.everything()

    with station(tmp_path, site) as made:
        asyncio.run(story())
        assert t.kept(made, SYSTEM) == Kept(replace(OWN, password=Secret(NEW)))
        assert site.given[-2:] == [("new", NEW), ("password", NEW)]


def test_one_that_was_changed_by_hand_is_asked_for_the_next_time(tmp_path: Path) -> None:
    site = PagedSite(expired=True)

    async def story() -> None:
        async with made.session() as here:
            assert await opened(here) == "new-password"
            tab = tab_of(here)
            tab.typed_hidden = True
            await tab.fill("#old", Secret(PASSWORD))
            await tab.fill("#new", Secret(NEW))
            await tab.press("#go", "")
            await asyncio.sleep(0)
            site.first = "ready"
            await tab.load(made_at(tab))
            await here.launch(SYSTEM, "ready")
            site.first = "logon"
            here.send(c.RetrySystem(SYSTEM))
            await here.until(lambda now: now.launches[0].needs == "credential")

    with station(tmp_path, site) as made:
        asyncio.run(story())
        assert site.given.count(("password", PASSWORD)) == 1


def test_where_the_entry_says_nothing_of_it_the_officer_changes_it_by_hand(tmp_path: Path) -> None:
    async def story() -> None:
        async with made.session() as here:
            assert await opened(here) == "change-password"

    with station(tmp_path, PagedSite(expired=True), change=False) as made:
        asyncio.run(story())


BOTH = Kept(OWN, pending=Secret(NEW))


@pytest.mark.parametrize(
    ("step", "kept"),
    [
        ("before propose", Kept(OWN)),
        ("after propose", BOTH),
        ("after fill", BOTH),
        ("before press", BOTH),
        ("before settle", BOTH),
        ("after settle", Kept(replace(OWN, password=Secret(NEW)))),
    ],
)
def test_whatever_ends_the_session_between_the_steps_no_password_is_lost(tmp_path: Path, step: str, kept: Kept) -> None:
    with station(tmp_path, PagedSite(expired=True)) as made:
        killed_at(made, step)
        assert t.kept(made, SYSTEM) == kept


@pytest.mark.parametrize("taken", [True, False], ids=["the-system-had-taken-it", "it-had-not"])
def test_where_nobody_knows_the_new_one_is_tried_first_and_then_the_one_before(tmp_path: Path, taken: bool) -> None:
    site = PagedSite(expired=True)

    async def story() -> None:
        async with made.session() as here:
            await opened(here)
            if not taken:
                await here.launch(SYSTEM, "failed")
                here.send(c.RetrySystem(SYSTEM))
            await here.launch(SYSTEM, "ready")

    with station(tmp_path, site) as made:
        killed_at(made, "before settle" if taken else "before press")
        site.expired, site.password = False, NEW if taken else PASSWORD
        asyncio.run(story())
        assert site.given == [("password", NEW), *([] if taken else [("password", PASSWORD)])]
        assert t.kept(made, SYSTEM) == Kept(replace(OWN, password=Secret(NEW)) if taken else OWN)
