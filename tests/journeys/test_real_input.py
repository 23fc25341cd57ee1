"""An officer signs in against a real directory, and every system opens, signed on, from files alone.

The servers are OpenLDAP, a certified OpenID provider, Apache with mod_auth_openidc, DokuWiki, Django's admin site,
Apache with basic authentication and nginx with client certificates; the station is the command a terminal runs, its
sessions are the real ones.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.demo.report import Run
from tests.bench.played_station import played_station
from tests.journeys.played import station_command
from tests.journeys.real_estate import ROOT, SYSTEMS, Estate, running_estate
from tests.servers.attempts import Attempts
from tests.servers.people import ALICE, BOB, PASSWORD, WRONG_PASSWORD
from tests.servers.slapd import user_dn

pytestmark = [
    pytest.mark.needs(
        *("certificates", "slapd", "oidc", "apache-oidc", "apache-basic", "dokuwiki", "django", "nginx"),
        "browser-engine",
    ),
    pytest.mark.timeout(300),
]

ONCE = Attempts(right=1, wrong=0)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Every server; a test counts what it has caused itself."""
    with running_estate(tmp_path_factory.mktemp("estate")) as running:
        yield running


@pytest.fixture
def fresh_estate(tmp_path: Path) -> Iterator[Estate]:
    """Every server, started for this test: its search would find what another test has typed."""
    with running_estate(tmp_path) as running:
        yield running


def test_one_sign_in_opens_every_system_and_leaves_nothing(fresh_estate: Estate) -> None:
    estate = fresh_estate
    estate.keep("station-wiki", ALICE.uid, PASSWORD)
    estate.keep("briefing-board", BOB.uid, PASSWORD)
    estate.keep_certificate()
    seen = _sitting(estate)

    assert seen.sign_in is not None
    assert (seen.sign_in.method, seen.sign_in.outcome) == ("directory", "signed-in")
    assert seen.officer == ALICE.number
    opened = {record.system: (record.outcome, record.reference) for record in seen.launches.values()}
    assert opened == dict.fromkeys(SYSTEMS, ("ready", None))
    assert {record.system: record.prompts for record in seen.launches.values()} == dict.fromkeys(SYSTEMS, 0)
    assert seen.faults(SYSTEMS) == []
    assert seen.residue is not None
    assert seen.residue["scanned"]
    assert (seen.residue["found"], seen.residue["unscanned"]) == ([], [])

    # Each server was asked once: nothing was tried again, and no officer's failures were counted up.
    assert estate.directory.bind_count(user_dn(ALICE.uid)) == 1
    assert estate.directory.failures(ALICE.uid) == ()
    assert estate.provider.attempts(ALICE.uid) == ONCE
    assert estate.wiki.attempts(ALICE.uid) == ONCE
    assert estate.wiki.attempts(BOB.uid) == ONCE
    assert set(estate.store.let_in(1)) == {ALICE.name}
    assert estate.admin.attempts(ALICE.uid) == ONCE
    assert estate.records.attempts(ALICE.uid) == ONCE


def test_a_wrong_password_is_tried_once_and_keeps_the_name(estate: Estate) -> None:
    async def journey() -> None:
        async with played_station(estate.station, estate.state) as station:
            officer = await station.shown()
            said = await officer.log_on(ALICE.uid, WRONG_PASSWORD)
            assert said == {
                "refused": "password-not-accepted",
                "shown": True,
                "name": ALICE.uid,
                "password_characters": 0,
            }
            assert estate.directory.bind_count(user_dn(ALICE.uid)) == 1
            assert len(estate.directory.failures(ALICE.uid)) == 1
            assert estate.provider.attempts(ALICE.uid) == Attempts(right=0, wrong=0)

            # The name stands there still: only the password is typed again.
            assert await officer.log_on("", PASSWORD) == {"signed_in": ALICE.number}
            assert estate.directory.bind_count(user_dn(ALICE.uid)) == 2
            await officer.log_off()

    asyncio.run(journey())


class TestTry:
    """``station-launcher system try``, as IT runs it while writing an entry."""

    def test_a_system_that_becomes_ready(self, estate: Estate) -> None:
        before = estate.wiki.attempts(ALICE.uid)
        estate.keep("station-wiki", ALICE.uid, PASSWORD)
        status, said = _try(estate, "station-wiki")
        assert status == 0, said + estate.wiki.log_text()
        assert "ready after" in said
        assert "{password}" in said
        assert PASSWORD not in said
        assert estate.wiki.attempts(ALICE.uid) == replace(before, right=before.right + 1)

    def test_a_wrong_password_kept_here_is_tried_once_and_never_again(self, estate: Estate) -> None:
        before = estate.wiki.attempts(ALICE.uid)
        estate.keep("station-wiki", ALICE.uid, WRONG_PASSWORD)
        status, said = _try(estate, "station-wiki")
        assert status == 1, said
        assert "sign-on-refused" in said
        assert WRONG_PASSWORD not in said
        assert estate.wiki.attempts(ALICE.uid) == replace(before, wrong=before.wrong + 1)

        status, said = _try(estate, "station-wiki")
        assert status == 1, said
        assert "credential" in said
        assert estate.wiki.attempts(ALICE.uid) == replace(before, wrong=before.wrong + 1)


def _sitting(estate: Estate) -> Run:
    """Run the station's own command; an officer's hands log on, open everything and log off."""
    # The checkout holds the passwords of these people, as does what a test run writes there.
    options = ["--leave-out", str(estate.servers), "--leave-out", str(ROOT)]
    options += ["--station", str(estate.station), "--state", str(estate.state)]
    seen = Run()

    async def sitting() -> int | None:
        async with station_command(options) as station:
            officer = await station.players.first()
            await officer.do("log-on", user_name=ALICE.uid, secret=PASSWORD)
            await officer.do("open-my-systems")
            await officer.go("log-off")
            await station.next("ResidueChecked")
            for event in station.events:
                seen.take(event)
        return station.process.returncode

    assert asyncio.run(sitting()) == 0
    return seen


def _try(estate: Estate, system: str) -> tuple[int, str]:
    given, giving = os.pipe()
    os.write(giving, f"{PASSWORD}\n".encode())
    os.close(giving)
    argv = [sys.executable, "-m", "launcher", "system", "try", system, "--user", ALICE.uid]
    argv += ["--password-fd", str(given), "--station", str(estate.station), "--state", str(estate.state)]
    try:
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, pass_fds=(given,), check=False)
    finally:
        os.close(given)
    return done.returncode, done.stdout + done.stderr
