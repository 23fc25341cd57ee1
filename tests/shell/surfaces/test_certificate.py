"""A system that lets in who presents a certificate: from the file of an officer, kept sealed then, to no other host."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.grants.store import MemoryStore
from launcher.secret import Secret
from launcher.session.commands import OpenCertificate
from launcher.session.snapshot import LaunchView
from tests.servers.certificates import Certificates
from tests.servers.nginx import READY, Armoury, running_armoury
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, settings
from tests.shell.surfaces.site import running_site

pytestmark = pytest.mark.usefixtures("qapp")

SEAL = "sea-Of-Slate 9"
ENTRY = """
name = "Armoury"
kind = "web"
within_s = 20
[web]
url = "{url}"
sign_on = "certificate"
visits = {visits}
[[marker]]
means = "ready"
selector = "{ready}"
"""


def entry(url: str, visits: str = "[]") -> str:
    return ENTRY.format(url=url, ready=READY, visits=visits)


def sitting(desk: Desk, armoury: Armoury, folder: Path | None, store: MemoryStore | None = None) -> Sitting:
    station = settings(certificates={"folder": str(folder) if folder else ""})
    return Sitting(desk, {"armoury": entry(armoury.url)}, station, store=store or MemoryStore())


def opens_its_file(here: Sitting, password: str = SEAL) -> LaunchView:
    here.does(lambda: here.launches.given(OpenCertificate("armoury", Secret(password))))
    return here.until_it_stands("armoury")


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_the_file_is_asked_for_once_and_then_kept(desk: Desk, armoury: Armoury, tmp_path: Path, kind: str) -> None:
    mine = armoury.issue("A. Okafor", kind=kind)  # type: ignore[arg-type]
    (tmp_path / "4471.p12").write_bytes(mine.pkcs12(SEAL))
    here, before = sitting(desk, armoury, tmp_path), len(armoury.let_in())
    try:
        asked = here.open("armoury")
        assert (asked.needs, asked.error) == ("certificate", None)
        wrong = opens_its_file(here, "wrong")
        assert wrong.error is not None
        assert (wrong.needs, wrong.error.reference) == ("certificate", "client-certificate-password")
        assert len(armoury.let_in()) == before
        assert opens_its_file(here).state == "ready"
        assert here.records[-1].prompts == 2
        assert set(armoury.let_in(before + 1)[before:]) == {"A. Okafor"}
        keys = [secret.reveal() for secret in (*here.launches.secrets(), *here.grants.secrets())]
        assert any("PRIVATE KEY" in key for key in keys)
        assert SEAL in keys
    finally:
        here.close()
    (tmp_path / "4471.p12").unlink()
    again = sitting(desk, armoury, tmp_path, here.store)
    try:
        assert again.open("armoury").state == "ready"
        assert again.records[-1].prompts == 0
    finally:
        again.close()


def test_without_a_certificate_it_is_said_and_nothing_is_asked(desk: Desk, armoury: Armoury, tmp_path: Path) -> None:
    before = len(armoury.let_in())
    for folder in (None, tmp_path, tmp_path / "away"):
        here = sitting(desk, armoury, folder)
        try:
            failed = here.open("armoury")
            assert failed.error is not None
            assert (failed.state, failed.error.reference) == ("failed", "client-certificate-missing")
        finally:
            here.close()
    assert len(armoury.let_in()) == before


def test_one_whose_time_is_over_is_not_presented(desk: Desk, armoury: Armoury, tmp_path: Path) -> None:
    (tmp_path / "4471.pfx").write_bytes(armoury.issue("A. Okafor", days=-1).pkcs12(SEAL))
    here, before = sitting(desk, armoury, tmp_path), len(armoury.let_in())
    try:
        assert here.open("armoury").needs == "certificate"
        failed = opens_its_file(here)
        assert failed.error is not None
        assert failed.error.reference == "client-certificate-expired"
        assert len(armoury.let_in()) == before
    finally:
        here.close()


def test_one_that_is_refused_is_said_and_a_newer_file_is_asked_for(
    desk: Desk, certificates: Certificates, tmp_path: Path
) -> None:
    # A server of its own: the engine remembers which certificate a host was given.
    with running_armoury(certificates) as armoury:
        (tmp_path / "4471.p12").write_bytes(armoury.issue("A. Okafor", ours=False).pkcs12(SEAL))
        here = sitting(desk, armoury, tmp_path)
        try:
            assert here.open("armoury").needs == "certificate"
            failed = opens_its_file(here)
            assert failed.error is not None
            assert failed.error.reference == "client-certificate-refused"
            assert armoury.let_in() == []
            here.does(lambda: here.launches.open_again(here.read["armoury"]))
            assert here.until_it_stands("armoury").needs == "certificate"
            (tmp_path / "4471.p12").write_bytes(armoury.issue("A. Okafor").pkcs12(SEAL))
            here.does(lambda: here.launches.open_again(here.read["armoury"]))
            assert here.until_it_stands("armoury").needs == "certificate"
            assert opens_its_file(here).state == "ready"
        finally:
            here.close()


def test_another_host_is_given_none(desk: Desk, certificates: Certificates, tmp_path: Path) -> None:
    """The page of a system leads to another host that asks for one too, and frames it: it gets none."""
    with running_armoury(certificates) as other, running_site() as site:
        (tmp_path / "4471.p12").write_bytes(other.issue("A. Okafor").pkcs12(SEAL))
        site.pages["/"] = f"<main id=ready>Desk</main><iframe src='{other.url}'></iframe>"
        station = settings(certificates={"folder": str(tmp_path)})
        here = Sitting(desk, {"armoury": entry(site["/"], f'["{other.origin}"]')}, station)
        try:
            assert here.open("armoury").needs == "certificate"
            assert opens_its_file(here).state == "ready"
            page = here.launches._openings["armoury"].page
            assert page is not None
            desk.run(page.load(other.url))
            assert "400" in page.last_seen()
            assert other.let_in() == []
        finally:
            here.close()
