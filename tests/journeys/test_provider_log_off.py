"""Logging off ends the officer's session at a certified OpenID provider, in the session's own browser, out of sight.

The officer logs on by name and password; the provider is signed on to by recipe with the same, as at a terminal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from launcher.identity.local import hash_password
from launcher.secret import Secret
from launcher.station import SessionEnded, SignOffUnconfirmed
from launcher.wire.records import LaunchRecord
from tests.bench.played_station import Officer, PlayedStation, played_station
from tests.servers import oidc
from tests.servers.certificates import Certificates
from tests.servers.oidc import CLIENT_ID, POST_LOGOUT_URI, REDIRECT_URI, OidcProvider
from tests.servers.people import ALICE, PASSWORD

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
    """Write a station with one officer and one system, which is opened with the provider's session."""
    files = Files(folder / "station.toml", folder / "state")
    files.state.mkdir(mode=0o700)
    (folder / "catalogue").mkdir()
    (folder / "officers.toml").write_text(
        f"""\
[[officer]]
id = "{ALICE.entry_uuid}"
user_name = "{ALICE.uid}"
number = "{ALICE.number}"
display_name = "{ALICE.name}"
mail = "{ALICE.mail}"
groups = ["all-staff"]
password = "{hash_password(Secret(PASSWORD))}"
"""
    )
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
"""
    )
    return files


Then = Callable[[PlayedStation, Officer], Awaitable[None]]


def sitting(files: Files, then: Then) -> None:
    """Let the officer log on and open the system, so that the provider knows them; then go on."""

    async def journey() -> None:
        async with played_station(files.station, files.state) as station:
            officer = await station.shown(warm=False)
            assert await officer.log_on(ALICE.uid, PASSWORD) == {"signed_in": ALICE.number}
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
        ended = await station.next(SessionEnded)
        assert (ended.reason, ended.how, ended.remained) == ("log-off", "by-itself", ())
        assert fresh_provider.sessions(ALICE) == 0
        assert [one for one in station.events if isinstance(one, SignOffUnconfirmed)] == []
        (opened,) = station.records(LaunchRecord)
        assert (opened.outcome, opened.prompts) == ("ready", 0)

    sitting(write(tmp_path, fresh_provider, certificates, back=back, logoff=logoff), then)


def test_a_provider_that_is_away_at_the_log_off_is_named(
    tmp_path: Path, fresh_provider: OidcProvider, certificates: Certificates
) -> None:
    async def then(station: PlayedStation, officer: Officer) -> None:
        fresh_provider.stop()
        await officer.log_off()
        ended = await station.next(SessionEnded)
        assert (ended.reason, ended.how, ended.remained) == ("log-off", "by-itself", ())
        said = [one for one in station.events if isinstance(one, SignOffUnconfirmed)]
        assert [(one.session, one.systems) for one in said] == [(ended.session, ("Force account",))]

    sitting(write(tmp_path, fresh_provider, certificates, back=BACK, logoff=""), then)
