"""Loading: the document, or why there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.errors import LauncherError
from launcher.recipes.steps import Place
from launcher.shell.surfaces.faults import DownloadRefusedError, SignOnNotExpectedError
from launcher.sign_on.driver import SystemCertificateRefusedError, SystemUnreachableError, WrongOriginError
from tests.servers.certificates import Certificates
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Answer, Site, running_site, to

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_page_is_there_and_says_where_it_is(desk: Desk, site: Site) -> None:
    site.pages["/logon"] = "<title>Custody   Record</title><h1>Log on</h1>"
    page = desk.open(site["/logon?token=secret"], site.origin)
    desk.run(page.load(site["/logon?token=secret#part"]))
    desk.until(lambda: "Custody" in page.last_seen())
    assert page.last_seen() == f"{site.origin.removeprefix('http://')}/logon, title 'Custody Record'"


def test_the_document_is_enough_a_picture_that_never_comes_is_not_waited_for(desk: Desk, site: Site) -> None:
    import threading

    held = threading.Event()

    def picture(_: object) -> str:
        held.wait(30)
        return ""

    site.pages |= {"/": "<title>Here</title><img src='/slow.png'><p>text</p>", "/slow.png": picture}
    page = desk.open(site["/"], site.origin)
    try:
        desk.run(page.load(site["/"]))
        assert desk.run(page.first_of([Place(text="text")], 5.0)) is not None
    finally:
        held.set()


def test_redirects_between_allowed_origins_are_followed(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    provider = new_site()
    site.pages |= {"/": to(provider["/sso"]), "/in": "<title>In</title>welcome"}
    provider.pages["/sso"] = to(site["/in"])
    page = desk.open(site["/"], site.origin, visits=(provider.origin,))
    desk.run(page.load(site["/"]))
    assert desk.run(page.first_of([Place(text="welcome", url=site["/in"])], 5.0)) is not None


def test_a_redirect_to_another_origin_is_refused(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    elsewhere = new_site()
    elsewhere.pages["/"] = "you should not be here"
    site.pages["/"] = to(elsewhere["/"])
    page = desk.open(site["/"], site.origin)
    with pytest.raises(WrongOriginError) as caught:
        desk.run(page.load(site["/"]))
    assert elsewhere.origin.removeprefix("http://") in caught.value.message
    assert elsewhere.asked == []


def test_an_address_outside_the_bounds_is_not_loaded(desk: Desk, site: Site, new_site: Callable[[], Site]) -> None:
    elsewhere = new_site()
    page = desk.open(site["/"], site.origin)
    for address in (elsewhere["/"], "file:///etc/passwd", f"view-source:{site['/']}", "chrome://version", "data:,x"):
        with pytest.raises(WrongOriginError):
            desk.run(page.load(address))
    assert elsewhere.asked == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_of_the_server_is_said(desk: Desk, site: Site, status: int) -> None:
    site.pages["/"] = Answer("<title>Oops</title>", status)
    page = desk.open(site["/"], site.origin)
    with pytest.raises(SystemUnreachableError) as caught:
        desk.run(page.load(site["/"]))
    assert caught.value.detail == f"HTTP status {status}"


def test_a_page_that_is_not_found_is_a_page(desk: Desk, site: Site) -> None:
    page = desk.open(site["/"], site.origin)
    desk.run(page.load(site["/nowhere"]))


def test_nobody_listens(desk: Desk, site: Site) -> None:
    with running_site() as gone:
        pass
    page = desk.open(gone["/"], gone.origin)
    with pytest.raises(SystemUnreachableError, match="refuses connections"):
        desk.run(page.load(gone["/"]))


def test_a_name_that_is_not_known(desk: Desk) -> None:
    page = desk.open("https://nowhere.invalid/", "https://nowhere.invalid")
    with pytest.raises(SystemUnreachableError, match=r"nowhere\.invalid cannot be reached"):
        desk.run(page.load("https://nowhere.invalid/"))


@pytest.mark.parametrize("which", ["untrusted", "expired", "wrong_host"])
def test_a_wrong_certificate_is_refused(desk: Desk, certificates: Certificates, which: str) -> None:
    served = getattr(certificates, which)
    with running_site("localhost", served.server_context()) as site:
        site.pages["/"] = "secret place"
        page = desk.open(site["/"], site.origin)
        with pytest.raises(SystemCertificateRefusedError):
            desk.run(page.load(site["/"]))
        assert site.asked == []


def test_a_download_saves_nothing_and_is_said(desk: Desk, site: Site) -> None:
    site.pages["/"] = Answer("MZ", headers=(("Content-Type", "application/octet-stream"),))
    page = desk.open(site["/"], site.origin)
    with pytest.raises(DownloadRefusedError):
        desk.run(page.load(site["/"]))


def test_a_challenge_nobody_expected_is_refused_once(desk: Desk, site: Site) -> None:
    site.pages["/"] = Answer("no", 401, (("WWW-Authenticate", 'Basic realm="x"'),))
    page = desk.open(site["/"], site.origin)
    with pytest.raises(SignOnNotExpectedError):
        desk.run(page.load(site["/"]))
    # The engine may have sent empty credentials before the stop reached its network process; never more than once.
    assert {request.basic() for request in site.asked} <= {None, ("", "")}
    assert len(site.paths()) <= 2


def test_a_load_can_be_given_up(desk: Desk, site: Site) -> None:
    import threading

    held = threading.Event()
    site.pages |= {"/never": lambda _: str(held.wait(30)), "/": "<p>here</p>"}
    page = desk.open(site["/"], site.origin)
    waiting = desk.start(page.load(site["/never"]))
    desk.until(lambda: "/never" in site.paths())
    waiting.cancel()
    try:
        desk.run(page.load(site["/"]))
        assert desk.run(page.first_of([Place(text="here")], 5.0)) is not None
    finally:
        held.set()


def test_loading_again_judges_the_new_document(desk: Desk, site: Site) -> None:
    site.pages |= {"/one": "<p>one</p>", "/two": "<p>two</p>"}
    page = desk.open(site["/"], site.origin)
    for name in ("one", "two", "one", "two"):
        desk.run(page.load(site[f"/{name}"]))
        assert desk.run(page.first_of([Place(text=name)], 5.0)) is not None
        assert desk.run(page.first_of([Place(text="two" if name == "one" else "one")], 0.05)) is None


def test_every_fault_is_a_launcher_error_with_a_page(desk: Desk) -> None:
    from launcher.resources import resources
    from launcher.shell.surfaces import faults

    for kind in vars(faults).values():
        if isinstance(kind, type) and issubclass(kind, LauncherError) and kind is not LauncherError:
            assert (resources() / "help" / f"{kind.reference}.md").is_file(), kind.reference
