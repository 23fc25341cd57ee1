"""An analyst without a ticket signs in at the provider's own page, with the code that the command line prints."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.cli import main
from launcher.hub.settings import HubSettings
from tests.servers.certificates import Certificates
from tests.servers.hub_in_process import HubServer
from tests.servers.oidc import CLIENT_ID, OidcProvider, running_oidc_provider
from tests.servers.people import ALICE, PASSWORD
from tests.servers.visitor import Visitor

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
HUB = "https://warrants.station.test"
"""The resource of the test provider that stands for the hub here."""


@pytest.fixture(scope="module")
def provider(certificates: Certificates) -> Iterator[OidcProvider]:
    with running_oidc_provider(certificates) as server:
        yield server


@pytest.fixture
def settings(provider: OidcProvider, certificates: Certificates) -> HubSettings:
    openid = {"issuer": provider.issuer, "audience": [HUB], "ca_file": certificates.ca}
    return HubSettings.model_validate({"openid": openid})


class Heard:
    """Standard error of the command: whoever sits before it reads the address and the code, and goes there."""

    def __init__(self, ca: Path) -> None:
        self.said = ""
        self.done: list[str] = []
        self._ca = ca
        self._threads: list[threading.Thread] = []

    def write(self, text: str) -> int:
        self.said += text
        if "with the code " in text:
            words = text.split()
            self._threads.append(threading.Thread(target=self._sign_in, args=(words[3], words[-1])))
            self._threads[-1].start()
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def end(self) -> None:
        for thread in self._threads:
            thread.join()

    def _sign_in(self, address: str, code: str) -> None:
        visitor = Visitor(self._ca)
        page = visitor.open(address)
        page = visitor.submit(page, page.form(containing="user_code"), {"user_code": code})
        for _ in range(4):
            if "done" in page.ids:
                break
            if any("password" in form.fields for form in page.forms):
                answers = {"username": ALICE.uid, "password": PASSWORD}
                page = visitor.submit(page, page.form(containing="password"), answers)
            else:
                page = visitor.submit(page, page.forms[0], {})
        self.done.append(page.text)


def run(hub_server: HubServer, provider: OidcProvider, ca: Path, *more: str) -> int:
    road = ("--hub", hub_server.origin, "--authority", provider.issuer, "--client-id", CLIENT_ID, "--ca", str(ca))
    return main(["helpdesk", "me", *road, "--scope", f"{HUB}/read", *more])


def test_the_code_proves_who_typed_it(
    hub: object,
    hub_server: HubServer,
    provider: OidcProvider,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard = Heard(certificates.ca)
    monkeypatch.setattr(sys, "stderr", heard)
    status = run(hub_server, provider, certificates.ca)
    heard.end()
    assert status == 0, heard.said
    assert "You are signed in." in heard.done[0]
    assert f"{provider.issuer}#{ALICE.sub}" in capsys.readouterr().out
    assert "eyJ" not in heard.said  # no token stands anywhere


def test_a_token_that_the_hub_refuses_is_to_be_got_anew_and_nobody_to_log_off(
    hub: object, hub_server: HubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"abc.def.ghi.of.nobody")
    os.close(writing)
    assert main(["helpdesk", "me", "--hub", hub_server.origin, "--token-fd", str(reading)]) == 1
    said = capsys.readouterr().err
    assert "Reference: officer-token-refused" in said
    assert "Get a new access token for the hub." in said
    assert "og off" not in said


def test_a_provider_that_is_none_is_refused(
    hub: object, hub_server: HubServer, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    road = ("--hub", hub_server.origin, "--client-id", "x", "--ca", str(certificates.ca))
    assert main(["helpdesk", "me", *road, "--authority", "http://id.force.example/oidc"]) == 1
    assert "helpdesk-nobody-proved" in capsys.readouterr().err
