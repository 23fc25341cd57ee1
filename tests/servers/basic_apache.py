"""The records archive: Apache with basic authentication against a file of bcrypt hashes, counting each attempt."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers.apache import Apache, modules_missing
from tests.servers.attempts import Attempts
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.people import PASSWORD, PEOPLE, Person
from tests.servers.process import clean_environment, programs_missing
from tests.servers.server import running

REALM = "Records archive"
READY = "main#ready"
REMOTE_USER = "#user"

_PACKAGES = "apache2 apache2-utils"
_CHEAP_BCRYPT = "4"


def missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing(_PACKAGES, "htpasswd") or modules_missing(_PACKAGES, "auth_basic", "authn_file")


class Records(Apache):
    """The archive at ``https://records.localhost:<port>/``."""

    def __init__(
        self,
        folder: Path,
        certificate: ServerCertificate,
        *,
        host: str = "records.localhost",
        people: Sequence[Person] = PEOPLE,
    ) -> None:
        super().__init__(folder, host, certificate)
        self.url = f"{self.origin}/"
        passwords = folder / "passwords"
        passwords.touch()
        for person in people:
            _add_password(passwords, person.uid, PASSWORD)
        passwords.chmod(0o644)
        self.write_page(
            "index.shtml",
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Records archive</title>'
            '<main id="ready"><h1>Records archive</h1>'
            '<p>Signed on as <b id="user"><!--#echo var="REMOTE_USER" --></b></p></main></html>\n',
        )
        self.configure(
            f"""\
LogLevel warn log_debug:info
<Location />
  # Written while a request is decided, not (as an access log is) after its answer has gone out.
  LogMessage "asked for a name" hook=check_access "expr=-z %{{HTTP:Authorization}} && %{{IS_SUBREQ}} == 'false'"
  LogMessage "let in: %{{REMOTE_USER}}" hook=fixups "expr=%{{IS_SUBREQ}} == 'false'"
  AuthType Basic
  AuthName "{REALM}"
  AuthBasicProvider file
  AuthUserFile {passwords}
  Require valid-user
</Location>
""",
            modules=["auth_basic", "authn_file", "log_debug"],
        )

    def attempts(self, uid: str) -> Attempts:
        """How many requests came with this name: those let in and those whose password was wrong."""
        log = self.log_text()
        name = re.escape(uid)
        return Attempts(
            right=len(re.findall(rf"let in: {name}$", log, re.MULTILINE)),
            wrong=len(re.findall(rf"user {name}(?:: authentication failure for| not found:)", log)),
        )

    def challenges(self) -> int:
        """How many requests came with no name at all and were asked for one."""
        return self.log_text().count("asked for a name")


def running_records(
    certificates: Certificates, *, certificate: ServerCertificate | None = None, host: str = "records.localhost"
) -> AbstractContextManager[Records]:
    """The started archive, ended and deleted afterwards."""
    return running("records", lambda folder: Records(folder, certificate or certificates.server, host=host))


def _add_password(file: Path, name: str, password: str) -> None:
    subprocess.run(
        ["htpasswd", "-i", "-B", "-C", _CHEAP_BCRYPT, str(file), name],
        input=password,
        text=True,
        check=True,
        capture_output=True,
        timeout=20,
        env=clean_environment(file.parent),
    )
