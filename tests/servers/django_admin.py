"""The custody admin: Django's own admin site with a database of its own, the officers as staff.

Opened without a session it redirects to its logon page, whose form holds a token against cross-site posts.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from tests.servers.attempts import Attempts, counted
from tests.servers.people import PASSWORD, PEOPLE, Person
from tests.servers.process import LOOPBACK, ReservedPort, ServerProcess, accepts, server_folder

LOGIN_FORM = "form#login-form"
USERNAME, PASSWORD_FIELD = "input#id_username", "input#id_password"
SUBMIT = 'form#login-form input[type="submit"]'
FAILURE = "p.errornote"
READY = "#user-tools"
"""On every page for signed-on staff; holds “View site / Change password / Log out”."""
SIGN_OUT = "form#logout-form button"

_SETTINGS = """\
ALLOWED_HOSTS = [HOST]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER + "/custody.sqlite3"}}
DEBUG = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
ROOT_URLCONF = "custody_urls"
SECRET_KEY = "only-for-tests"
SESSION_COOKIE_NAME = "custody_session"
STATIC_URL = "static/"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
USE_TZ = True
"""

_URLS = """\
from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
"""

_RUN = """\
import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "custody_settings"
import django

django.setup()
from django.contrib.auth import signals
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command

call_command("migrate", verbosity=0)
given = json.load(open(sys.argv[1]))


def note(outcome, name):
    # Before the answer goes out, so that who has the answer can count it.
    with open(given["attempts"], "a") as file:
        file.write(f"{outcome} {name}\\n")


def let_in(sender, user, **_):
    note("right", user.username)


def refused(sender, credentials, **_):
    note("wrong", credentials.get("username"))


signals.user_logged_in.connect(let_in)
signals.user_login_failed.connect(refused)
if not User.objects.exists():
    hashed = make_password(given["password"])
    User.objects.bulk_create(
        User(username=uid, first_name=name, password=hashed, is_staff=True, is_superuser=True)
        for uid, name in given["people"]
    )
call_command("runserver", given["address"], use_reloader=False, skip_checks=True)
"""


def missing() -> str | None:
    """What is not installed, if anything."""
    return None if find_spec("django") else "django not installed (extra: test)"


class DjangoAdmin:
    """The site at ``http://admin.localhost:<port>/admin/``."""

    def __init__(self, folder: Path, *, host: str = "admin.localhost", people: Sequence[Person] = PEOPLE) -> None:
        self._folder = folder
        self._attempts_file = folder / "attempts"
        self._port = ReservedPort()
        self.port = self._port.number
        self.origin = f"http://{host}:{self.port}"
        self.url = f"{self.origin}/admin/"
        given = folder / "given.json"
        given.write_text(
            json.dumps(
                {
                    "attempts": str(self._attempts_file),
                    "address": f"{LOOPBACK}:{self.port}",
                    "password": PASSWORD,
                    "people": [(person.uid, person.name) for person in people],
                }
            )
        )
        names = f"FOLDER = {str(folder)!r}\nHOST = {host!r}\n"
        (folder / "custody_settings.py").write_text(names + _SETTINGS)
        (folder / "custody_urls.py").write_text(_URLS)
        (folder / "run.py").write_text(_RUN)
        self._process = ServerProcess(
            "django-admin",
            [sys.executable, "-W", "ignore", str(folder / "run.py"), str(given)],
            folder=folder,
            ready=lambda: accepts(self.port),
            env={
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONUNBUFFERED": "1",
                # Django where this process has it, which need not be where its interpreter looks by itself.
                "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
            },
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        self._process.start()

    def stop(self) -> None:
        self._process.stop()

    def expire_sessions(self) -> None:
        """Forget every session, as time would; the next page is the logon form again."""
        with contextlib.closing(sqlite3.connect(self._folder / "custody.sqlite3")) as database:
            database.execute("DELETE FROM django_session")
            database.commit()

    def close(self) -> None:
        self.stop()
        self._port.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def log_text(self) -> str:
        return self._process.log_text()

    def attempts(self, uid: str) -> Attempts:
        """How often the logon form was submitted with this name."""
        return counted(self._attempts_file, uid)


@contextlib.contextmanager
def running_django_admin(*, host: str = "admin.localhost") -> Iterator[DjangoAdmin]:
    """The started site, ended and deleted afterwards."""
    with server_folder("django") as folder, DjangoAdmin(folder, host=host) as site:
        site.start()
        yield site
