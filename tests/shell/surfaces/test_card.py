"""A system that lets in who presents the certificate of a card, which is opened by its PIN and locked again."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pytest

from launcher.secret import Secret
from launcher.session.card import CardUnavailableError
from launcher.session.commands import OpenCertificate
from launcher.session.snapshot import LaunchView
from tests.servers.certificates import Certificates
from tests.servers.nginx import READY, running_armoury
from tests.servers.softhsm import LIBRARY, PIN, SoftCard, soft_card
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, settings

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.needs("softhsm", "nginx")]

ENTRY = """
name = "{name}"
kind = "web"
within_s = 20
[web]
url = "{url}"
sign_on = "certificate"
[web.certificate]
source = "card"
[[marker]]
means = "ready"
selector = "{ready}"
"""


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftCard]:
    with soft_card() as made:
        monkeypatch.setenv("SOFTHSM2_CONF", str(made.settings))
        yield made
        # A session's process ends with its library; this one goes on, with tests that know of no card.
        nss = ctypes.CDLL("libnss3.so")
        nss.SECMOD_FindModule.restype = ctypes.c_void_p
        if (module := nss.SECMOD_FindModule(b"station-card")) is not None:
            nss.SECMOD_UnloadUserModule(ctypes.c_void_p(module))


def gives(here: Sitting, system: str, pin: str) -> LaunchView:
    here.does(lambda: here.launches.given(OpenCertificate(system, Secret(pin))))
    return here.until_it_stands(system)


def test_the_pin_is_asked_for_once_and_the_card_locked_at_the_end(
    desk: Desk, certificates: Certificates, card: SoftCard
) -> None:
    with running_armoury(certificates) as one, running_armoury(certificates, authority=one) as two:
        card.hold(one.issue("A. Okafor"))
        entries = {name: ENTRY.format(name=name, url=at.url, ready=READY) for name, at in (("one", one), ("two", two))}
        here = Sitting(desk, entries, settings(certificates={"card_library": str(LIBRARY)}))
        try:
            asked = here.open("one")
            assert (asked.needs, asked.error) == ("card-pin", None)
            here.does(lambda: here.launches.open(here.read["two"]))
            wrong = gives(here, "one", "999999")
            assert wrong.error is not None
            assert (wrong.needs, wrong.error.reference) == ("card-pin", "card-pin-wrong")
            assert one.let_in() == []
            assert gives(here, "one", PIN).state == "ready"
            assert here.until_it_stands("two").state == "ready"
            assert {record.system: record.prompts for record in here.records} == {"one": 2, "two": 0}
            assert set(one.let_in(1)) == set(two.let_in(1)) == {"A. Okafor"}
            desk.run(here.launches.end_card())
            here.does(lambda: here.launches.open_again(here.read["two"]))
            assert here.until_it_stands("two").needs == "card-pin"
        finally:
            here.close()


def test_without_a_card_nothing_is_asked(desk: Desk, card: SoftCard) -> None:
    entries = {"one": ENTRY.format(name="one", url="https://127.0.0.1:9/", ready=READY)}
    here = Sitting(desk, entries, settings(certificates={"card_library": str(card.folder / "none.so")}))
    try:
        failed = here.open("one")
        assert failed.error is not None
        assert (failed.state, failed.error.reference) == ("failed", CardUnavailableError.reference)
    finally:
        here.close()
