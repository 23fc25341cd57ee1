"""Systems in an installed browser: opened by a catalogue file, tracked in their tab, ended with all of theirs."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from launcher.connectors.plan import InstalledBrowser, WebFiles, WebTarget
from launcher.errors import LauncherError
from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import TicketCache
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.recipes.steps import Place
from launcher.relay.relay import Relay
from launcher.relay.road import Road, leave_road, take_road
from launcher.residue.tree import descendants, process, process_start, processes
from launcher.secret import Secret
from launcher.session.snapshot import LaunchView
from launcher.shell.surfaces.managed.system import ManagedSystem
from tests.contract.drivers.site import NAME, PASSWORD, Site, served
from tests.servers import chromium, people
from tests.servers.apache_gssapi import HOST, READY, Rosters
from tests.servers.attempts import Attempts
from tests.servers.basic_apache import READY as RECORDS_READY
from tests.servers.basic_apache import Records
from tests.servers.kdc import REALM, Kdc
from tests.servers.mellon import Exhibits
from tests.servers.people import ALICE
from tests.servers.simplesaml import SimpleSaml
from tests.servers.squid import NOT_ALLOWED, Squid
from tests.shell.engine_room import engine_room
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, own, settings
from tests.shell.surfaces.site import Answer, Request
from tests.shell.surfaces.site import Site as WebSite
from tests.shell.surfaces.test_endpoint import DESK
from tests.shell.surfaces.test_federations import SYSTEM as SYSTEM_OF_A_PROVIDER
from tests.shell.surfaces.test_federations import _saml as provider_of
from tests.unit.relay.conftest import by, proves

SYSTEM = """
name = "Video store"
kind = "web"
within_s = 30.0

[web]
url = "{own}/logon"
sign_on = "form"
browser = "managed"
credential = "sign-in"

[[step]]
do = "fill"
field = "#name"
value = "{{username}}"

[[step]]
do = "fill"
field = "#password"
value = "{{password}}"

[[step]]
do = "press"
control = "#go"

[[marker]]
means = "ready"
selector = "#main"

[[marker]]
means = "failed"
selector = ".refused"
"""


@pytest.fixture(autouse=True)
def _chromium() -> None:
    if (lacks := chromium.missing()) is not None:
        pytest.skip(f"needs chromium: {lacks}")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the session's own files lie, by as long a name as a station gives it."""
    with tempfile.TemporaryDirectory(prefix="station-launcher-1000-0123456789abcdef-0123456789abcdef-") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


@pytest.fixture
def logon() -> Iterator[tuple[Site, str]]:
    site = Site()
    with served(site) as own_origin:
        yield site, own_origin


def assert_nobody_else_has_its_line(pid: int) -> None:
    """And no secret is where others can read it: in no process's command line or environment."""
    line = {Path(f"/proc/{pid}/fd/{number}").readlink() for number in (3, 4)}
    below = [row.pid for row in descendants(pid)]
    assert below
    for one in below:
        with suppress(FileNotFoundError):  # it has ended meanwhile
            folder = Path(f"/proc/{one}")
            held = {file.readlink() for file in (folder / "fd").iterdir() if file.is_symlink()}
            assert not held & line
            told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            assert PASSWORD.encode() not in told


def browsers_of_ours() -> list[str]:
    return [row.name for row in descendants(os.getpid(), processes()) if "chrom" in row.name and not row.zombie]


def opened(desk: Desk, own_origin: str, password: str = PASSWORD) -> tuple[Sitting, LaunchView]:
    sitting = Sitting(desk, {"video": SYSTEM.format(own=own_origin)}, settings(), own(NAME, password))
    return sitting, sitting.open("video")


def test_a_catalogue_file_opens_a_system_in_it_without_a_prompt_and_nothing_is_left(
    desk: Desk, logon: tuple[Site, str], home: Path
) -> None:
    site, own_origin = logon
    sitting, view = opened(desk, own_origin)
    assert (view.state, view.error) == ("ready", None), view
    assert [(record.outcome, record.prompts) for record in sitting.records] == [("ready", 0)]
    assert site.passwords == [PASSWORD]
    assert {one.phase for one in view.phases} >= {"spawn", "load", "inject", "ready"}
    assert desk.surfaces.widget("video") is not None
    assert desk.surfaces.windows("video") is None
    assert desk.surfaces.address("video") == f"{own_origin}/main"
    system = desk.surfaces._systems["video"]
    assert isinstance(system, ManagedSystem)
    assert_nobody_else_has_its_line(system.pid)
    film = """MediaSource.isTypeSupported('video/mp4; codecs="avc1.42E01E, mp4a.40.2"')"""
    assert desk.run(system.windows.main._world.run(film)) is True  # which the embedded browser's wheels do not play
    sitting.close()
    assert desk.surfaces.widget("video") is None
    assert browsers_of_ours() == []
    assert list(home.iterdir()) == []


def test_what_an_endpoint_gives_a_system_in_it_lies_in_no_other_browser(desk: Desk, site: WebSite, home: Path) -> None:
    def work(request: Request) -> str:
        return "<h1 id=main>Cells</h1>" if "desk=the-session-of" in request.headers.get("cookie", "") else "Log on"

    session = (("Set-Cookie", "desk=the-session-of-an-officer; Path=/; HttpOnly"),)
    site.pages |= {"/": work, "/api/session": Answer("in", 200, session)}
    entries = {"desk": DESK.format(site=site).replace("[web]", '[web]\nbrowser = "managed"', 1)}
    sitting = Sitting(desk, entries, settings(), own(NAME, PASSWORD))
    try:
        view = sitting.open("desk")
        assert (view.state, view.error) == ("ready", None), view
        assert desk.run(desk.surfaces.cookies_of((site.origin,))) == ()
        assert b"the-session-of-an-officer" in desk.run(desk.surfaces.derived_secrets())
    finally:
        sitting.close()


def test_a_browser_that_ends_is_said_in_its_tab_and_opened_again(
    desk: Desk, logon: tuple[Site, str], home: Path
) -> None:
    _, own_origin = logon
    sitting, _ = opened(desk, own_origin)
    system = desk.surfaces._systems["video"]
    assert isinstance(system, ManagedSystem)
    os.kill(system.pid, 9)
    desk.until(lambda: desk.surfaces.fault("video") is not None)
    fault = desk.surfaces.fault("video")
    assert fault is not None
    assert fault.reference == "managed-browser-ended"
    sitting.does(lambda: sitting.launches.open_again(sitting.read["video"]))
    assert sitting.until_it_stands("video").state == "ready"
    assert desk.surfaces.fault("video") is None
    sitting.close()
    assert list(home.iterdir()) == []


def test_a_browser_that_is_not_here_is_said(desk: Desk, logon: tuple[Site, str]) -> None:
    _, own_origin = logon
    station = settings(web={"managed_browser": ["no-such-browser"]})
    sitting = Sitting(desk, {"video": SYSTEM.format(own=own_origin)}, station, own(NAME, PASSWORD))
    view = sitting.open("video")
    assert view.error is not None
    assert view.error.reference == "managed-browser-missing"
    sitting.close()


ROSTERS = """
name = "Duty Rosters"
kind = "web"
within_s = 30.0
[web]
url = "{url}"
sign_on = "kerberos"
browser = "managed"
[[marker]]
means = "ready"
selector = "{ready}"
"""
KERBEROS = {"realm": REALM, "hosts": [HOST]}


@pytest.mark.needs("browser-trust")
def test_a_server_that_keeps_no_session_is_signed_on_to_by_the_browsers_own_kerberos(
    desk: Desk,
    rosters: Rosters,
    shared_realm: Kdc,
    trusted_ca: Path,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    cache = TicketCache(KerberosSettings.model_validate(KERBEROS), tmp_path / "tickets")
    alice = own(ALICE.uid, people.PASSWORD)
    entry = ROSTERS.format(url=f"{rosters.url}bare/", ready=READY)
    station = settings(kerberos=KERBEROS, web={"private_ca_file": trusted_ca})
    sitting = Sitting(desk, {"rosters": entry}, station, alice, tickets=Tickets(cache, alice))
    view = sitting.open("rosters")
    assert view.state == "ready", view
    assert [(record.sign_on, record.outcome, record.prompts) for record in sitting.records] == [
        ("kerberos", "ready", 0)
    ]
    assert rosters.let_in(ALICE.uid) >= 1
    sitting.close()
    assert list(home.iterdir()) == []


@pytest.mark.needs("browser-trust")
def test_a_federated_system_takes_the_providers_session_from_the_sessions_own_browser(
    desk: Desk, saml_provider: SimpleSaml, exhibits: Exhibits, home: Path
) -> None:
    before = saml_provider.attempts(ALICE.uid)
    entry = SYSTEM_OF_A_PROVIDER.format(name="exhibits", url=exhibits.by_redirect, provider="exhibits")
    entry = entry.replace('kind = "web"', 'kind = "web"\nwithin_s = 30.0').replace(
        "[[marker]]", 'browser = "managed"\n[[marker]]'
    )
    station = settings(provider=[provider_of(saml_provider)])
    sitting = Sitting(desk, {"exhibits": entry}, station, own(ALICE.uid, people.PASSWORD))
    view = sitting.open("exhibits")
    assert view.state == "ready", view
    assert [(record.outcome, record.prompts) for record in sitting.records] == [("ready", 0)]
    assert saml_provider.attempts(ALICE.uid) == Attempts(before.right + 1, before.wrong)
    handed = {cookie.value.reveal().encode() for cookie in desk.run(desk.surfaces.cookies_of((saml_provider.origin,)))}
    sitting.close()
    assert handed
    assert handed <= set(desk.run(desk.surfaces.derived_secrets()))
    assert list(home.iterdir()) == []


@pytest.fixture
def proxied_desk(proxy: Squid) -> Iterator[Desk]:
    """Surfaces of a session that has a road."""
    road = Road()
    relay = Relay(road, by(proxy.url), proves(people.PASSWORD))
    relay.start()
    take_road(road)
    try:
        with engine_room() as room:
            desk = Desk(room)
            yield desk
            desk.run(desk.surfaces.release())
    finally:
        relay.close()
        leave_road()


@pytest.mark.needs("browser-trust")
def test_it_goes_by_the_sessions_relay_and_by_nothing_else(
    proxied_desk: Desk, proxy: Squid, behind_proxy: Records, home: Path
) -> None:
    away = f"https://{NOT_ALLOWED}"
    target = WebTarget(
        behind_proxy.url, (behind_proxy.origin,), visits=(away,), managed=InstalledBrowser(("chromium",))
    )
    page = proxied_desk.run(proxied_desk.surfaces.open_web("records", target, shown=True))
    page.answer_basic(ALICE.uid, Secret(people.PASSWORD))
    proxied_desk.run(page.load(behind_proxy.url))
    assert proxied_desk.run(page.first_of([Place(selector=RECORDS_READY)], 10.0)) is not None
    with pytest.raises(LauncherError) as caught:
        proxied_desk.run(page.load(f"{away}/"))
    assert caught.value.reference == "proxy-refused"


def test_of_a_session_that_is_killed_no_browser_goes_on(home: Path) -> None:
    program = """
import asyncio, sys
from launcher.shell.surfaces.managed.browser import ManagedBrowser, Start

async def live():
    browser = await ManagedBrowser.start(Start(("chromium",)))
    print(browser.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(live())
"""
    environment = {**os.environ, "TMPDIR": str(home)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE) as session:
        assert session.stdout is not None
        pid = int(session.stdout.readline())
        below = {row.pid: row.start for row in descendants(pid)} | {pid: process_start(pid)}
        session.kill()
    until_ended(below)  # its line has ended: it needs nobody to end it
    assert [folder.name[:2] for folder in home.iterdir()] == ["b-"]  # in the session's home, which the station wipes


def until_ended(processes: Mapping[int, int | None]) -> None:
    while any(process_start(pid) == start and not is_zombie(pid) for pid, start in processes.items()):
        select.select([], [], [], 0.01)


def is_zombie(pid: int) -> bool:
    row = process(pid)
    return row is None or row.zombie


def test_a_file_that_a_page_gives_is_the_sessions_and_ends_with_it(
    desk: Desk, logon: tuple[Site, str], home: Path
) -> None:
    site, own_origin = logon
    site.pages["/gives"] = """<a id="get" download="Report.txt" href="data:text/plain,words">get</a>"""
    target = WebTarget(own_origin, (own_origin,), files=WebFiles(most_mb=1), managed=InstalledBrowser(("chromium",)))
    page = desk.run(desk.surfaces.open_web("video", target, shown=True))
    desk.run(page.load(f"{own_origin}/gives"))
    desk.run(page.press("#get", ""))
    desk.until(lambda: [one.state for one in desk.surfaces.files.views()] == ["here"])
    (file,) = desk.surfaces.files.views()
    path = desk.surfaces.files.path(file.key)
    assert path is not None
    assert (file.name, path.read_text(encoding="utf-8")) == ("Report.txt", "words")
    desk.run(desk.surfaces.close("video"))
    desk.run(desk.surfaces.release())
    assert list(home.iterdir()) == []
