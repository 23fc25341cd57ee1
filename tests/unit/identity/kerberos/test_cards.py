"""A ticket by certificate and PIN, at a real realm: the PIN is tried once, as a PIN and as nothing else."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import TicketCache
from launcher.identity.kerberos import errors as e
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.secret import Secret
from tests.servers import softhsm
from tests.servers.card_authority import CardAuthority
from tests.servers.kdc import REALM, Kdc

PIN = "482913"


@pytest.fixture(autouse=True)
def in_the_realm(card_realm: Kdc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(card_realm.config))
    monkeypatch.setenv("KRB5CCNAME", "FILE:/nowhere/tickets")


@pytest.fixture(scope="module")
def certificate(cards: CardAuthority) -> str:
    """Where the officers' certificates lie, whose names alone differ."""
    return cards.issue("alice", PIN).replace("alice", "{username}")


def tickets(certificate: str, folder: Path) -> Tickets:
    settings = KerberosSettings(realm=REALM, certificate=certificate)
    return Tickets(TicketCache(settings, folder / "run" / "tickets"), None)


def refusal(mine: Tickets, name: str = "alice", pin: str = PIN) -> LauncherError:
    async def story() -> LauncherError:
        mine.give(Credential(name, Secret(pin)))
        return await asked(mine)

    return asyncio.run(story())


async def asked(mine: Tickets) -> LauncherError:
    with pytest.raises(LauncherError) as told:
        await mine.ticket()
    return told.value


def test_an_officer_without_a_password_has_a_ticket_by_their_card(certificate: str, tmp_path: Path) -> None:
    mine = tickets(certificate, tmp_path)

    async def story() -> None:
        assert isinstance(await asked(mine), e.KerberosNoPasswordError)
        mine.give(Credential("alice", Secret(PIN)))
        await mine.ticket()

    asyncio.run(story())
    (file,) = (tmp_path / "run").iterdir()  # and nothing beside it
    assert b"alice" in file.read_bytes()


@pytest.mark.parametrize("pin", ["000000", ""])
def test_a_wrong_pin_is_no_password_and_is_not_kept(
    certificate: str, tmp_path: Path, card_realm: Kdc, pin: str
) -> None:
    before, mine = card_realm.failures("alice"), tickets(certificate, tmp_path)
    assert isinstance(refusal(mine, pin=pin), e.KerberosCardRefusedError)
    assert isinstance(asyncio.run(asked(mine)), e.KerberosNoPasswordError)
    assert card_realm.failures("alice") == before


def test_a_name_is_a_name_and_no_option(cards: CardAuthority, tmp_path: Path) -> None:
    mine = tickets(cards.issue("alice", PIN), tmp_path)
    assert f"-V@{REALM}" in refusal(mine, "-V").detail


def test_a_card_that_is_not_there_costs_no_try_of_the_password(
    certificate: str, tmp_path: Path, card_realm: Kdc
) -> None:
    before = card_realm.failures("bob")
    assert isinstance(refusal(tickets(certificate, tmp_path), "bob"), e.KerberosCardRefusedError)
    assert card_realm.failures("bob") == before


@pytest.mark.needs("softhsm")
def test_a_card_of_its_own_library_and_pin(
    cards: CardAuthority, card_realm: Kdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bob:
        def pkcs12(self, word: str, /) -> bytes:
            return cards.issue_pkcs12("bob", word)

    with softhsm.soft_card() as card:
        monkeypatch.setenv("SOFTHSM2_CONF", str(card.settings))
        card.hold(Bob())
        before = card_realm.failures("bob")
        mine = tickets(f"PKCS11:{softhsm.LIBRARY}", tmp_path)
        assert isinstance(refusal(mine, "bob", "000000"), e.KerberosCardRefusedError)
        mine.give(Credential("bob", Secret(softhsm.PIN)))
        asyncio.run(mine.ticket())
    assert b"bob" in (tmp_path / "run" / "tickets").read_bytes()
    assert card_realm.failures("bob") == before


@pytest.mark.parametrize("name", ["../alice", "", "FORCE\\..", "a,b"])
def test_a_name_that_would_lead_elsewhere_has_no_certificate(certificate: str, tmp_path: Path, name: str) -> None:
    assert isinstance(refusal(tickets(certificate, tmp_path), name), e.KerberosCardRefusedError)


def test_the_pin_is_in_no_argument_and_no_variable(
    certificate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    kinit = tmp_path / "bin" / "kinit"
    kinit.parent.mkdir()
    kinit.write_text(f'#!/bin/sh\n{{ echo "$@"; env; }} > {seen}\nexit 1\n')
    kinit.chmod(0o755)
    monkeypatch.setenv("PATH", f"{kinit.parent}:{os.environ['PATH']}")
    refusal(tickets(certificate, tmp_path))
    text = seen.read_text()
    assert "X509_user_identity=FILE:" in text
    assert PIN not in text
    assert "KRB5CCNAME" not in text


@pytest.mark.parametrize("given", ["FILE:alice.pem", "PKCS11:", "ENV:X", "FILE:/a\nb"])
def test_what_is_no_place_of_a_certificate(given: str) -> None:
    with pytest.raises(ValueError):
        KerberosSettings(realm=REALM, certificate=given)
