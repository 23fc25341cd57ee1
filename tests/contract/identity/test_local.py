"""The method ``local`` keeps the contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from launcher.identity.local import LocalMethod, hash_password
from launcher.policy.settings import LocalSettings
from launcher.secret import Secret
from tests.contract.identity.password_method import PasswordMethodContract
from tests.servers.people import ALICE, BOB, PASSWORD, Person


def officer_table(person: Person, password: str) -> str:
    """One officer as the file has it; JSON strings are TOML strings."""
    values = {
        "id": person.entry_uuid,
        "user_name": person.uid,
        "number": person.number,
        "display_name": person.name,
        "mail": person.mail,
        "groups": sorted(person.all_groups),
        "password": password,
    }
    return "\n".join(["[[officer]]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""])


@pytest.fixture(scope="module")
def officers_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Alice and Bob, hashed once for the whole file."""
    path = tmp_path_factory.mktemp("local") / "officers.toml"
    path.write_text("\n".join(officer_table(person, hash_password(Secret(PASSWORD))) for person in (ALICE, BOB)))
    return path


class TestLocal(PasswordMethodContract):
    @pytest.fixture
    def method(self, officers_file: Path) -> LocalMethod:
        return LocalMethod(LocalSettings(officers_file=officers_file))
