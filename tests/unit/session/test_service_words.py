"""A directory's own words are told of a log-on that failed, and nothing of what was typed as the name with them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.identity.directory.faults import DirectoryUnreachable
from launcher.identity.refusals import AccountLocked
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.service_words import service_words
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, PASSWORD, Bench
from tests.unit.session.paper_directory import PaperDirectory, with_directory

DETAIL = "ldaps://dc1.force.test: timed out; ldaps://dc2.force.test: cn=s3cret\\2cword refused"


@pytest.mark.parametrize("typed", ["e.adeyemi", "4471", "alice"])
def test_words_of_the_servers_are_told(typed: str) -> None:
    assert service_words(DirectoryUnreachable("Away.", detail=DETAIL), typed) == DETAIL


@pytest.mark.parametrize("typed", ["S3cret,word", "s3cret", "cn", "x,word!", "пароль", "", "  ", "dc2 me"])
def test_none_that_may_quote_what_was_typed(typed: str) -> None:
    assert service_words(DirectoryUnreachable("Away.", detail=DETAIL), typed) == ""


def test_answers_about_an_account_are_told_without_the_directorys_text() -> None:
    assert service_words(AccountLocked.given("49 data 775 of cn=Alice"), "4471") == ""


def test_they_are_not_longer_than_the_hub_takes() -> None:
    assert len(service_words(DirectoryUnreachable("Away.", detail="dc " * 400), "4471")) == 500


def test_the_session_tells_them_right_after_its_record(tmp_path: Path) -> None:
    directory = PaperDirectory()
    directory.breaks = DirectoryUnreachable("Away.", detail=DETAIL)

    async def play() -> None:
        async with Bench(tmp_path / "b", change=with_directory(directory)).session() as here:
            here.send(m.Show(), c.SubmitPassword("directory", NAME, Secret(PASSWORD)))
            await here.until(lambda now: now.sign_in.error is not None)
            at = next(at for at, said in enumerate(here.watched.told) if isinstance(said, m.Recorded))
            assert here.watched.told[at + 1] == m.FailedWords(system="", words=DETAIL)

    asyncio.run(play())
