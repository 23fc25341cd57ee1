"""What doctor finds of officers' certificates and of the library that reads their cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.bootstrap.doctor.certificates import certificate_findings
from launcher.bootstrap.doctor.finding import Finding
from launcher.policy.certificate_settings import CertificateSettings
from tests.servers.softhsm import LIBRARY


def found(**keys: object) -> Finding:
    (one,) = certificate_findings(CertificateSettings.model_validate(keys))
    return one


def test_nothing_named_is_nothing_looked_at() -> None:
    assert list(certificate_findings(CertificateSettings())) == []


def test_the_folder_is_there_and_readable(tmp_path: Path) -> None:
    assert not found(folder=tmp_path / "none").well
    for name in ("4471.p12", "2210.pfx", "README"):
        (tmp_path / name).touch(mode=0o644)
    assert found(folder=tmp_path).found == f"2 files in {tmp_path}"
    assert found(folder=tmp_path).well
    (tmp_path / "4471.p12").chmod(0o600)
    assert found(folder=tmp_path).found.startswith("1 of 2 files")
    assert not found(folder=tmp_path).well


@pytest.mark.needs("softhsm")
def test_the_library_of_the_cards_can_be_used(tmp_path: Path) -> None:
    assert found(card_library=LIBRARY).well
    assert not found(card_library=tmp_path / "none.so").well
    other = found(card_library="libc.so.6")
    assert "no PKCS#11 library" in other.found
