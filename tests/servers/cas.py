"""The courts' CAS server: django-cas-server over https with accounts of its own, every logon counted.

Its own page signs a browser on (:attr:`CasServer.logon_url`); a system that sends somebody there before is signed on by
the same form, and afterwards without it, unless it asks for a new logon (``renew``).
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from tests.servers.attempts import Attempts, counted
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.people import PASSWORD, PEOPLE, Person
from tests.servers.process import LOOPBACK, ReservedPort, ServerProcess, accepts, server_folder

USERNAME, PASSWORD_FIELD, SUBMIT = "input#id_username", "input#id_password", "form#login_form button[type=submit]"
FAILURE = "div.alert-danger"
READY = 'form[action="logout"]'
"""On its own page, for who is signed on there only."""
SIGNED_OFF = "You have successfully logged out"

_SETTINGS = """\
ALLOWED_HOSTS = [HOST]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER + "/cas.sqlite3"}}
DEBUG = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "cas_server",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
ROOT_URLCONF = "courts_urls"
SECRET_KEY = "only-for-tests"
SESSION_COOKIE_NAME = "courts_session"
SESSION_COOKIE_SECURE = True
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
CAS_AUTH_CLASS = "courts_accounts.Counted"
CAS_NEW_VERSION_HTML_WARNING = CAS_NEW_VERSION_EMAIL_WARNING = False
# Its looks come from servers on the internet; a test goes to none.
CAS_COMPONENT_URLS = {name: "data:," for name in (
    "bootstrap3_css", "bootstrap3_js", "html5shiv", "respond", "bootstrap4_css", "bootstrap4_js", "jquery",
)}
"""

_URLS = """\
from django.urls import include, path

urlpatterns = [path("cas/", include("cas_server.urls", namespace="cas_server"))]
"""

_ACCOUNTS = """\
import os

from cas_server.auth import DjangoAuthUser


class Counted(DjangoAuthUser):
    def test_password(self, password):
        right = super().test_password(password)
        # Before the answer goes out, so that who has the answer can count it.
        with open(os.environ["COURTS_ATTEMPTS"], "a") as file:
            file.write(f"{'right' if right else 'wrong'} {self.username}\\n")
        return right
"""

_RUN = """\
import json
import os
import socketserver
import ssl
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

os.environ["DJANGO_SETTINGS_MODULE"] = "courts_settings"
import django

django.setup()
from cas_server.models import ServicePattern
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

given = json.load(open(sys.argv[1]))
call_command("migrate", verbosity=0)
if not User.objects.exists():
    hashed = make_password(given["password"])
    User.objects.bulk_create(User(username=uid, first_name=name, password=hashed) for uid, name in given["people"])
    ServicePattern.objects.create(name="systems of the tests", pattern=r"^https://[a-z]+\\.localhost:")


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def get_request(self):
        connection, address = super().get_request()
        connection.settimeout(20)
        # The greeting is made by the thread that answers: a caller who says nothing holds up nobody else.
        return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, client_address):
        pass  # somebody looked whether the port is open


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(given["certificate"], given["key"])
server = Server((given["address"], given["port"]), WSGIRequestHandler)
server.base_environ["HTTPS"] = "on"
server.set_app(StaticFilesHandler(get_wsgi_application()))
server.serve_forever()
"""


def missing() -> str | None:
    """What is not installed, if anything."""
    return None if find_spec("cas_server") else "django-cas-server not installed (extra: test)"


class CasServer:
    """The server at ``https://cas.localhost:<port>/cas/``."""

    def __init__(
        self,
        folder: Path,
        certificate: ServerCertificate,
        *,
        host: str = "cas.localhost",
        people: Sequence[Person] = PEOPLE,
    ) -> None:
        self._attempts_file = folder / "attempts"
        self._port = ReservedPort()
        self.port = self._port.number
        self.origin = f"https://{host}:{self.port}"
        self.base = f"{self.origin}/cas"
        self.logon_url = f"{self.base}/login"
        self.log_off_url = f"{self.base}/logout"
        given = folder / "given.json"
        given.write_text(
            json.dumps(
                {
                    "address": LOOPBACK,
                    "port": self.port,
                    "certificate": str(certificate.certificate),
                    "key": str(certificate.key),
                    "password": PASSWORD,
                    "people": [(person.uid, person.name) for person in people],
                }
            )
        )
        names = f"FOLDER = {str(folder)!r}\nHOST = {host!r}\n"
        (folder / "courts_settings.py").write_text(names + _SETTINGS)
        (folder / "courts_urls.py").write_text(_URLS)
        (folder / "courts_accounts.py").write_text(_ACCOUNTS)
        (folder / "run.py").write_text(_RUN)
        self._process = ServerProcess(
            "cas",
            [sys.executable, "-W", "ignore", str(folder / "run.py"), str(given)],
            folder=folder,
            ready=lambda: accepts(self.port),
            env={
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONUNBUFFERED": "1",
                # Django where this process has it, which need not be where its interpreter looks by itself.
                "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
                "COURTS_ATTEMPTS": str(self._attempts_file),
            },
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        self._process.start()

    def stop(self) -> None:
        self._process.stop()

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
def running_cas(certificates: Certificates, *, host: str = "cas.localhost") -> Iterator[CasServer]:
    """The started server, ended and deleted afterwards."""
    with server_folder("cas") as folder, CasServer(folder, certificates.server, host=host) as server:
        server.start()
        yield server
