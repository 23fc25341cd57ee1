"""A Django site of the tests: its settings, addresses and accounts lie in its folder, and every logon is counted."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.servers.attempts import Attempts, counted
from tests.servers.certificates import ServerCertificate
from tests.servers.people import PASSWORD
from tests.servers.process import LOOPBACK
from tests.servers.server import Server

_SETTINGS = """\
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER + "/site.sqlite3"}}
DEBUG = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["auth", "contenttypes", "messages", "sessions", "staticfiles"]
INSTALLED_APPS = [f"django.contrib.{app}" for app in INSTALLED_APPS] + APPS
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
# The tables as they are in the end: a site that is new has nothing to migrate.
MIGRATION_MODULES = dict.fromkeys(app.rpartition(".")[2] for app in INSTALLED_APPS)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
ROOT_URLCONF = "site_urls"
SECRET_KEY = "only-for-tests"
STATIC_URL = "static/"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [FOLDER + "/templates"],
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
USE_TZ = True
"""

_COUNTS = """\
from django.conf import settings


def note(outcome, name):
    # Before the answer goes out, so that who has the answer can count it.
    with open(settings.FOLDER + "/attempts", "a") as file:
        file.write(f"{outcome} {name}\\n")
"""

_RUN = """\
import json
import os
import socketserver
import ssl
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
import django

django.setup()
from django.contrib.auth import signals
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from site_counts import note

given = json.load(open(sys.argv[1]))
call_command("migrate", run_syncdb=True, verbosity=0)


def let_in(sender, user, **_):
    note("right", user.username)


def refused(sender, credentials, **_):
    note("wrong", credentials.get("username"))


signals.user_logged_in.connect(let_in)
signals.user_login_failed.connect(refused)
if not User.objects.exists():
    hashed = make_password(given["password"])
    exec(given["accounts"])


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def get_request(self):
        connection, address = super().get_request()
        connection.settimeout(20)
        if context is not None:
            # The greeting is made by the thread that answers: a caller who says nothing holds up nobody else.
            connection = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request, client_address):
        pass  # somebody looked whether the port is open


context = None
if given["certificate"]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*given["certificate"])
server = Server((given["address"], given["port"]), WSGIRequestHandler)
if context is not None:
    server.base_environ["HTTPS"] = "on"
server.set_app(StaticFilesHandler(get_wsgi_application()))
server.serve_forever()
"""


class DjangoSite(Server):
    """One site, by https where it has a certificate. Its addresses are the module ``site_urls``."""

    def __init__(self, folder: Path, host: str, certificate: ServerCertificate | None = None) -> None:
        super().__init__(folder, host, scheme="http" if certificate is None else "https")
        self._certificate = certificate
        self.database = folder / "site.sqlite3"

    def serves(
        self,
        *,
        apps: Sequence[str],
        urls: str,
        accounts: str,
        people: Sequence[tuple[str, ...]],
        settings: str = "",
        files: Mapping[str, str] | None = None,
    ) -> None:
        """Write the site: its ``settings`` come after those of all, ``files`` are templates.

        ``accounts`` is a script that makes them of ``given["people"]``, each with the password ``hashed``.
        """
        own = f"FOLDER = {str(self.folder)!r}\nALLOWED_HOSTS = [{self.host!r}]\nAPPS = {list(apps)!r}\n"
        certificate = self._certificate
        given = {
            "address": LOOPBACK,
            "port": self.port,
            "password": PASSWORD,
            "people": people,
            "accounts": accounts,
            "certificate": [str(certificate.certificate), str(certificate.key)] if certificate is not None else [],
        }
        texts = {
            "site_settings.py": own + _SETTINGS + settings,
            "site_urls.py": urls,
            "site_counts.py": _COUNTS,
            "run.py": _RUN,
            "given.json": json.dumps(given),
            **{f"templates/{name}": text for name, text in (files or {}).items()},
        }
        for name, text in texts.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.runs(
            *(sys.executable, "-W", "ignore", str(self.folder / "run.py"), str(self.folder / "given.json")),
            name="django",
            env={
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONUNBUFFERED": "1",
                # Django where this process has it, which need not be where its interpreter looks by itself.
                "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
            },
        )

    def ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run a statement in its database."""
        with contextlib.closing(sqlite3.connect(self.database)) as database, database:
            return database.execute(statement, values).fetchall()

    def attempts(self, uid: str) -> Attempts:
        """How often the logon form was submitted with this name, and the password was right or wrong."""
        return counted(self.folder / "attempts", uid)
