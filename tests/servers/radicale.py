"""The duty calendars: Radicale, whose own interface is one page that signs on by a fetch and never loads another.

Its form is there before its scripts are: what is filled too early is emptied again. Accounts are its own, every logon
counted.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

from tests.servers.attempts import Attempts, counted
from tests.servers.people import PASSWORD, PEOPLE, Person
from tests.servers.process import LOOPBACK
from tests.servers.server import Server, running

LOGON = "#loginscene"
USERNAME, PASSWORD_FIELD = "#loginscene input[data-name=user]", "#loginscene input[data-name=password]"
SUBMIT = "#loginscene button[type=submit]"
FAILURE, SAYS = "#loginscene .error", "Could not connect to server"
"""After a wrong password. Its server asks the browser for another with the same answer, which refuses that question and
with it the answer; before anything is filled the same place says that the name is empty."""
READY = "#collectionsscene"
SIGNED_ON_AS = "#logoutview [data-name=user]"

_ACCOUNTS = """\
import json
import os

from radicale.auth import BaseAuth


class Auth(BaseAuth):
    def _login(self, login, password):
        with open(os.environ["CALENDAR_PEOPLE"]) as file:
            right = json.load(file).get(login) == password
        # Before the answer goes out, so that who has the answer can count it.
        with open(os.environ["CALENDAR_ATTEMPTS"], "a") as file:
            file.write(f"{'right' if right else 'wrong'} {login}\\n")
        return login if right else ""
"""


def missing() -> str | None:
    """What is not installed, if anything."""
    return None if find_spec("radicale") is not None else "the Python package radicale"


class Radicale(Server):
    """The calendars at ``http://calendar.localhost:<port>/.web/``."""

    def __init__(self, folder: Path, *, people: Sequence[Person] = PEOPLE, password: str = PASSWORD) -> None:
        super().__init__(folder, "calendar.localhost")
        self.url = f"{self.origin}/.web/"
        (folder / "calendar_accounts.py").write_text(_ACCOUNTS)
        accounts = folder / "people.json"
        accounts.write_text(json.dumps({person.uid: password for person in people}))
        accounts.chmod(0o600)
        self._attempts_file = folder / "attempts"
        settings = folder / "config"
        settings.write_text(
            f"[server]\nhosts = {LOOPBACK}:{self.port}\n"
            "[auth]\ntype = calendar_accounts\ndelay = 0\ncache_logins = False\n"
            f"[storage]\nfilesystem_folder = {folder / 'collections'}\n"
        )
        self.runs(
            *(sys.executable, "-m", "radicale", "--config", str(settings)),
            name="radicale",
            env={
                "PYTHONPATH": str(folder),
                "CALENDAR_PEOPLE": str(accounts),
                "CALENDAR_ATTEMPTS": str(self._attempts_file),
                "PATH": os.environ["PATH"],
            },
        )

    def attempts(self, uid: str) -> Attempts:
        """How often a logon was sent with this name."""
        return counted(self._attempts_file, uid)


def running_radicale() -> AbstractContextManager[Radicale]:
    """The started calendars, ended and deleted afterwards."""
    return running("radicale", Radicale)
