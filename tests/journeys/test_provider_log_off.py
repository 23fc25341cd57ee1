"""The end of a session ends the officer's at a certified OpenID provider, in the session's own browser, out of sight.

An officer logs off, a colleague takes the terminal over, or the station is reset. They log on by name and password; the
provider is signed on to by recipe with the same, as at a terminal.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from launcher.identity.local import hash_password
from launcher.secret import Secret
from launcher.station import ScreenShown, SessionEnded, SignOffUnconfirmed
from launcher.wire.records import LaunchRecord
from tests.bench.estates import Person
from tests.bench.played_station import Officer, PlayedStation, played_station
from tests.bench.two_officers import Terminal
from tests.servers import oidc
from tests.servers.certificates import Certificates
from tests.servers.oidc import CLIENT_ID, POST_LOGOUT_URI, REDIRECT_URI, OidcProvider
from tests.servers.people import ALICE, BOB, PASSWORD
from tests.servers.people import Person as People

pytestmark = [pytest.mark.needs("certificates", "oidc"), pytest.mark.timeout(300)]

BACK = f'post_logout_redirect_uri = "{POST_LOGOUT_URI}"\n'
ASKS = '[federated.logoff]\nsteps = [{ do = "press", control = "#sign-out-yes" }]\n'
SAYS_SO = ASKS + 'markers = [{ means = "ready", selector = "#signed-out" }]\n'


@dataclass(frozen=True, slots=True)
class Files:
    """Where the station's files are."""

    station: Path
    state: Path


def write(folder: Path, provider: OidcProvider, certificates: Certificates, *, back: str, logoff: str) -> Files:
    """Write a station with two officers and one system, which is opened with the provider's session."""
    files = Files(folder / "station.toml", folder / "state")
    files.state.mkdir(mode=0o700)
    (folder / "catalogue").mkdir()
    (folder / "officers.toml").write_text("\n".join(map(_officer, (ALICE, BOB))))
    (folder / "catalogue" / "account.toml").write_text(
        f"""\
name = "My account"
kind = "web"
groups = ["all-staff"]
[web]
url = "{provider.discovery_url}"
sign_on = "federated"
[[marker]]
means = "ready"
text = "end_session_endpoint"
"""
    )
    files.station.write_text(
        f"""\
[station]
terminal = "FD-02"
fullscreen = false

[sign_in]
methods = ["local"]

[local]

[federated]
authority = "{provider.issuer}"
client_id = "{CLIENT_ID}"
redirect_uri = "{REDIRECT_URI}"
{back}scopes = ["openid", "profile", "offline_access"]
ca_file = "{certificates.ca}"
number_claim = "number"

[federated.logon]
steps = [
    {{ do = "fill", field = "{oidc.USERNAME}", value = "{{username}}" }},
    {{ do = "fill", field = "{oidc.PASSWORD_FIELD}", value = "{{password}}" }},
    {{ do = "press", control = "{oidc.SUBMIT}" }},
]
markers = [{{ means = "failed", selector = "{oidc.FAILURE}" }}]

{logoff}
[web]
private_ca_file = "{certificates.ca}"

[credentials]
keep = "file"

[limits]
end_within_s = 60
end_notice_s = 0

[lock]
idle_s = 0
grace_s = 0
"""
    )
    return files


def _officer(person: People) -> str:
    return f"""\
[[officer]]
id = "{person.entry_uuid}"
user_name = "{person.number}"
number = "{person.number}"
display_name = "{person.name}"
mail = "{person.mail}"
groups = ["all-staff"]
password = "{hash_password(Secret(PASSWORD))}"
"""


Then = Callable[[PlayedStation, Officer], Awaitable[None]]


def sitting(files: Files, then: Then) -> None:
    """Let the officer log on and open the system, so that the provider knows them; then go on."""

    async def journey() -> None:
        async with played_station(files.station, files.state) as station:
            officer = await station.shown()
            assert await officer.log_on(ALICE.number, PASSWORD) == {"signed_in": ALICE.number}
            assert await officer.open("account") == "ready"
            await then(station, officer)

    asyncio.run(journey())


@pytest.mark.parametrize(
    ("back", "logoff"), [(BACK, ""), (BACK, ASKS), ("", SAYS_SO)], ids=["comes-back", "is-answered", "says-so"]
)
def test_the_provider_holds_no_session_after_the_log_off(
    tmp_path: Path, fresh_provider: OidcProvider, certificates: Certificates, back: str, logoff: str
) -> None:
    fresh_provider.set_takes_hints(not logoff)

    async def then(station: PlayedStation, officer: Officer) -> None:
        assert fresh_provider.sessions(ALICE) == 1
        await officer.log_off()
        ended = await station.ended(officer.session)
        assert (ended.reason, ended.how, ended.remained) == ("log-off", "by-itself", ())
        assert fresh_provider.sessions(ALICE) == 0
        assert [one for one in station.events if isinstance(one, SignOffUnconfirmed)] == []
        (opened,) = station.records(LaunchRecord)
        assert (opened.outcome, opened.prompts) == ("ready", 0)

    sitting(write(tmp_path, fresh_provider, certificates, back=back, logoff=logoff), then)


def test_who_is_taken_over_from_or_reset_is_signed_off_too_and_nobody_waits_for_it(
    tmp_path: Path, fresh_provider: OidcProvider, certificates: Certificates
) -> None:
    a, b = Person(ALICE.number, PASSWORD), Person(BOB.number, PASSWORD)
    files = write(tmp_path, fresh_provider, certificates, back=BACK, logoff="")

    async def journey() -> None:
        async with played_station(files.station, files.state) as station:
            shown = await station.next(ScreenShown)
            at = Terminal(station, shown.session, await station.officer(shown.session))
            await at.log_on(a)
            assert await at.officer.open("account") == "ready"

            # B takes the terminal over: A's session at the provider ends within A's own.
            await at.lock()
            await at.taken_over(b)
            assert (await at.officer.look())["launches"] == {}
            await _ended(station, shown.session, "handed-over")
            assert fresh_provider.sessions(ALICE) == 0
            assert await at.officer.open("account") == "ready"
            assert fresh_provider.sessions(BOB) == 1

            # B is reset.
            gone = at.session
            station.supervisor.reset()
            await at.sit_down()
            await _ended(station, gone, "reset")
            assert fresh_provider.sessions(BOB) == 0

            # The provider hangs while B takes over again: B is at work, and A's session still waits for it.
            await at.log_on(a)
            assert await at.officer.open("account") == "ready"
            gone = at.session
            await at.lock()
            os.kill(fresh_provider.pid, signal.SIGSTOP)
            try:
                await at.taken_over(b)
                assert (await at.officer.look())["stage"] == "signed-in"
                assert not [one for one in station.events if isinstance(one, SessionEnded) and one.session == gone]
                assert not [one for one in station.events if isinstance(one, SignOffUnconfirmed)]
            finally:
                os.kill(fresh_provider.pid, signal.SIGKILL)
            assert await station.next(SignOffUnconfirmed) == SignOffUnconfirmed(gone, ("Force account",))
            await _ended(station, gone, "handed-over")

    asyncio.run(journey())


async def _ended(station: PlayedStation, session: int, reason: str) -> None:
    """Wait for a session's end: it ended by itself, and nothing remained."""
    ended = await station.ended(session)
    assert (ended.reason, ended.how, ended.remained) == (reason, "by-itself", ())
