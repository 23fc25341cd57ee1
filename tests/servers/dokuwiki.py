"""The station wiki: Debian's DokuWiki on PHP's own web server, whose pages only signed-on officers see.

Opened without a session, the start page is the logon form. A wrong password is said above the form; name and
password stay filled in.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers.attempts import Attempts, counted
from tests.servers.people import PASSWORD, PEOPLE, Person
from tests.servers.process import LOOPBACK, clean_environment, files_missing, programs_missing
from tests.servers.server import Server, running

LOGIN_FORM = "form#dw__login"
USERNAME = 'form#dw__login input[name="u"]'
PASSWORD_FIELD = 'form#dw__login input[name="p"]'
SUBMIT = 'form#dw__login button[type="submit"]'
FAILURE = "div.error"
"""“Sorry, username or password was wrong.”"""
READY = "#dokuwiki__usertools li.user"
"""On every page, for a signed-on officer only; says “Logged in as: …”."""
SIGN_OUT = "#dokuwiki__usertools li.logout a"
"""Its address holds a token: it must be clicked, not opened by name."""

TITLE = "Station wiki"
_INSTALLED = Path("/usr/share/dokuwiki")
_SETTINGS = Path("/etc/dokuwiki")
_DATA_FOLDERS = (
    *("pages", "attic", "meta", "index", "cache", "locks", "tmp", "log"),
    *("media", "media_attic", "media_meta"),
)

_PREPENDED = """<?php
if (!defined('DOKU_CONF')) define('DOKU_CONF', '{settings}/');
if (($_POST['do'] ?? '') === 'login') {{
    // Before the answer goes out, so that who has the answer can count it.
    header_register_callback(function () {{
        $outcome = http_response_code() === 302 ? 'right' : 'wrong';
        file_put_contents('{attempts}', $outcome . ' ' . ($_POST['u'] ?? '') . "\\n", FILE_APPEND);
    }});
}}
"""


def missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing("php-cli dokuwiki", "php") or files_missing(
        "dokuwiki", str(_INSTALLED / "doku.php"), str(_SETTINGS / "dokuwiki.php")
    )


class DokuWiki(Server):
    """The wiki at ``http://wiki.localhost:<port>/doku.php``."""

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "wiki.localhost",
        people: Sequence[Person] = PEOPLE,
        password: str = PASSWORD,
    ) -> None:
        super().__init__(folder, host)
        self.url = f"{self.origin}/doku.php"
        settings, data = folder / "settings", folder / "data"
        settings.mkdir()
        for part in _DATA_FOLDERS:
            (data / part).mkdir(parents=True)
        _write_settings(settings, data, people, password)
        (data / "pages" / "start.txt").write_text("====== Briefing ======\nOfficers on duty only.\n")
        # Debian's package asks for its settings directory through this constant; its own files stay as they are.
        prepended = folder / "settings-are-here.php"
        self._attempts_file = folder / "attempts"
        prepended.write_text(_PREPENDED.format(settings=settings, attempts=self._attempts_file))
        self.runs(
            *("php", "-d", f"auto_prepend_file={prepended}", "-d", f"session.save_path={folder}"),
            *("-S", f"{LOOPBACK}:{self.port}", "-t", str(_INSTALLED)),
        )

    def attempts(self, uid: str) -> Attempts:
        """How often the logon form was submitted with this name: the right ones are redirected to the page."""
        return counted(self._attempts_file, uid)


def running_dokuwiki(*, host: str = "wiki.localhost", password: str = PASSWORD) -> AbstractContextManager[DokuWiki]:
    """The started wiki, ended and deleted afterwards; ``password`` is everybody's."""
    return running("dokuwiki", lambda folder: DokuWiki(folder, host=host, password=password))


def _write_settings(settings: Path, data: Path, people: Sequence[Person], password: str) -> None:
    for name in ("plugins.php", "plugins.required.php"):
        if (_SETTINGS / name).exists():
            shutil.copy(_SETTINGS / name, settings)
    (settings / "local.php").write_text(f"""<?php
$conf['title'] = '{TITLE}';
$conf['lang'] = 'en';
$conf['license'] = '0';
$conf['useacl'] = 1;
$conf['authtype'] = 'authplain';
$conf['superuser'] = '@admin';
$conf['disableactions'] = 'register,resendpwd';
$conf['savedir'] = '{data}';
$conf['updatecheck'] = 0;
""")
    # Nobody may read anything (0), officers may upload (8, the highest short of deleting).
    (settings / "acl.auth.php").write_text("*\t@ALL\t0\n*\t@user\t8\n")
    hashed = _bcrypt(password, settings)
    (settings / "users.auth.php").write_text(
        "".join(f"{person.uid}:{hashed}:{person.name}:{person.mail}:user\n" for person in people)
    )


def _bcrypt(password: str, folder: Path) -> str:
    code = 'echo password_hash(stream_get_contents(STDIN), PASSWORD_BCRYPT, ["cost" => 4]);'
    done = subprocess.run(
        ["php", "-r", code],
        input=password,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
        env=clean_environment(folder),
    )
    return done.stdout
