"""The method ``directory`` keeps the contract, by each way of finding an officer and of encrypting the line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launcher.identity.directory import DirectoryMethod
from launcher.policy.settings import DirectorySettings
from launcher.secret import Secret
from tests.contract.identity.password_method import PasswordMethodContract
from tests.servers.certificates import Certificates
from tests.servers.people import ALICE, BOB
from tests.servers.slapd import GROUPS_DN, LOOKUP_DN, LOOKUP_PASSWORD, PEOPLE_DN, Slapd


class _Directory(PasswordMethodContract):
    @pytest.fixture
    def server(self, directory: Slapd) -> Iterator[Slapd]:
        # The contract sends wrong passwords; the server is shared.
        yield directory
        for person in (ALICE, BOB):
            directory.unlock(person.uid)


class TestLdapsWithSearchAccount(_Directory):
    @pytest.fixture
    def method(self, server: Slapd, certificates: Certificates) -> DirectoryMethod:
        settings = DirectorySettings(
            servers=(server.ldaps_url,),
            ca_file=certificates.ca,
            base=PEOPLE_DN,
            group_base=GROUPS_DN,
            search_as=LOOKUP_DN,
        )
        return DirectoryMethod(settings, search_password=Secret(LOOKUP_PASSWORD))


class TestStartTlsWithTemplate(_Directory):
    @pytest.fixture
    def method(self, server: Slapd, certificates: Certificates) -> DirectoryMethod:
        settings = DirectorySettings(
            servers=(server.ldap_url,),
            ca_file=certificates.ca,
            base=PEOPLE_DN,
            group_base=GROUPS_DN,
            find="template",
            dn_template=f"uid={{name}},{PEOPLE_DN}",
            groups="member",
        )
        return DirectoryMethod(settings)
