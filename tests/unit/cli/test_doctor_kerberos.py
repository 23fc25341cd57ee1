"""What doctor says of tickets: the package, a real realm that answers or does not, and what renews them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.bootstrap.doctor import kerberos
from launcher.bootstrap.doctor.finding import Finding
from launcher.policy.kerberos_settings import KerberosSettings
from tests.servers.kdc import REALM, Kdc
from tests.servers.process import ReservedPort

pytestmark = pytest.mark.needs("kdc")  # and with it the package


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5_CONFIG", "/nowhere/krb5.conf")


@pytest.fixture
def nobody() -> Iterator[int]:
    port = ReservedPort()
    yield port.number
    port.release()


def found(config: Path | None, **more: object) -> dict[str, Finding]:
    settings = KerberosSettings.model_validate({"realm": REALM, "config": config, **more})
    return {one.looked_at: one for one in kerberos.kerberos_findings(settings)}


def test_a_station_without_a_realm_is_asked_nothing() -> None:
    assert list(kerberos.kerberos_findings(None)) == []


def test_a_realm_that_answers_is_well_and_has_counted_nothing(shared_realm: Kdc) -> None:
    shared_realm.config.chmod(0o644)
    before = shared_realm.asked(kerberos.NOBODY)
    said = found(shared_realm.config, hosts=["*.localhost"])
    assert list(said) == ["tickets", "krb5.conf", f"realm {REALM}", "renewing tickets"]
    assert all(one.well for one in said.values())
    assert shared_realm.asked(kerberos.NOBODY) > before
    assert os.environ["KRB5_CONFIG"] == str(shared_realm.config)
    assert found(shared_realm.config)["hosts for tickets"].by_hand


def test_a_realm_that_is_away_is_said(shared_realm: Kdc, tmp_path: Path, nobody: int) -> None:
    away = tmp_path / "krb5.conf"
    away.write_text(shared_realm.config.read_text().replace(f":{shared_realm.port}", f":{nobody}"))
    away.chmod(0o644)
    said = found(away)[f"realm {REALM}"]
    assert (said.well, said.found) == (False, "The realm's servers do not answer")
    assert "kerberos.realm" in said.next_step


def test_a_config_that_is_not_there_or_not_for_all_is_said(tmp_path: Path) -> None:
    file = tmp_path / "krb5.conf"
    assert list(found(file)) == ["tickets", "krb5.conf"]
    file.write_text("")
    file.chmod(0o600)
    assert "chmod 644" in kerberos.config(file).next_step


def test_what_is_missing_on_the_computer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert not kerberos.renews().well
    monkeypatch.setattr("launcher.bootstrap.doctor.kerberos.speaks_kerberos", lambda: False)
    (said,) = found(None).values()
    assert "python3-gssapi" in said.next_step
