"""The case office: a Django site behind ``django-two-factor-auth``: name and password, then a one-time code.

Its accounts are the officers', each with the device that their seed belongs to. Who is told to change their password is
led to Django's own page for that before anything else; its validators refuse what is too short or too common.
"""

from __future__ import annotations

import base64
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

_SETTINGS = """\
ALLOWED_HOSTS = [HOST]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER + "/cases.sqlite3"}}
DEBUG = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "two_factor",
]
LOGIN_URL = "two_factor:login"
LOGIN_REDIRECT_URL = "/cases/"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cases_urls.must_change",
]
# The tables as they are in the end: a site that is new has nothing to migrate.
MIGRATION_MODULES = dict.fromkeys(["admin", "auth", "contenttypes", "otp_static", "otp_totp", "sessions", "two_factor"])
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
ROOT_URLCONF = "cases_urls"
SECRET_KEY = "only-for-tests"
SESSION_COOKIE_NAME = "cases_session"
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

_URLS = """\
from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django_otp.decorators import otp_required
from two_factor.urls import urlpatterns as two_factor

EXPIRED = Path(settings.FOLDER, "expired")


@otp_required
def cases(request):
    return HttpResponse(f"<!doctype html><title>Cases</title><h1 id=cases>Cases of {request.user.username}</h1>")


def must_change(get_response):
    def respond(request):
        # Whoever has still the password that they had when they were told to.
        expired = EXPIRED.read_text().splitlines() if EXPIRED.exists() else []
        if request.user.is_verified() and f"{request.user.username} {request.user.password}" in expired:
            if not request.path.startswith("/admin/password_change/"):
                return HttpResponseRedirect("/admin/password_change/")
        return get_response(request)

    return respond


urlpatterns = [path("cases/", cases), path("admin/", admin.site.urls), path("", include(two_factor))]
"""

# The application's own frame asks a host of the internet for its looks.
_FRAME = """\
<!doctype html><title>Case office</title>
{% block extra_media %}{% endblock %}{% block content_wrapper %}{% block content %}{% endblock %}{% endblock %}
"""

_RUN = """\
import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "cases_settings"
import django

django.setup()
from django.contrib.auth import signals
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command
from django_otp.plugins.otp_totp.models import TOTPDevice

call_command("migrate", run_syncdb=True, verbosity=0)
given = json.load(open(sys.argv[1]))


def note(outcome, name):
    with open(given["attempts"], "a") as file:
        file.write(f"{outcome} {name}\\n")


def let_in(sender, user, **_):
    note("right", user.username)


def refused(sender, credentials, **_):
    note("wrong", credentials.get("username"))


signals.user_logged_in.connect(let_in)
signals.user_login_failed.connect(refused)
hashed = make_password(given["password"])
for uid, name, key in given["people"]:
    user = User.objects.create(username=uid, first_name=name, password=hashed, is_staff=True)
    TOTPDevice.objects.create(user=user, name="default", key=key, confirmed=True)
call_command("runserver", given["address"], use_reloader=False, skip_checks=True)
"""

PAGES = """
[[page]]
name = "logon"
selector = "#id_auth-username"
fill = [
  {{ field = "#id_auth-username", value = "{{username}}" }},
  {{ field = "#id_auth-password", value = "{{password}}" }},
]
press = "button.btn-primary"
next = ["code", "refused", "cases"]

[[page]]
name = "code"
selector = "#id_token-otp_token"
fill = [{{ field = "#id_token-otp_token", value = "{{otp}}" }}]
press = "button.btn-primary"
next = ["cases", "expired", "wrong-code"]

[[page]]
name = "refused"
means = "failed"
selector = ".errorlist"
absent = "#id_token-otp_token"
says_at = ".errorlist"

[[page]]
name = "wrong-code"
means = "failed"
selector = ".errorlist"
says_at = ".errorlist"

[[page]]
name = "expired"
means = "change-password"
url = "{origin}/admin/password_change/"
selector = "#id_new_password1"

[[page]]
name = "cases"
means = "ready"
selector = "#cases"
"""

CHANGE = """
[web.change_password]
shortest = 8
[[web.change_password.page]]
name = "change"
selector = "#id_new_password1"
fill = [
  {{ field = "#id_old_password", value = "{{password}}" }},
  {{ field = "#id_new_password1", value = "{{new_password}}" }},
  {{ field = "#id_new_password2", value = "{{new_password}}" }},
]
press = "input[type=submit]"
next = ["changed", "not-taken"]
[[web.change_password.page]]
name = "changed"
means = "changed"
url = "{origin}/admin/password_change/done/"
text = "Your password was changed."
[[web.change_password.page]]
name = "not-taken"
means = "failed"
selector = ".errorlist"
says_at = ".errorlist"
"""


def missing() -> str | None:
    """What is not installed, if anything."""
    return None if find_spec("two_factor") else "django-two-factor-auth not installed (extra: test)"


class TwoFactor:
    """The site at ``http://cases.localhost:<port>/cases/``."""

    def __init__(self, folder: Path, *, people: Sequence[Person] = PEOPLE) -> None:
        self._folder = folder
        self._attempts_file = folder / "attempts"
        self._port = ReservedPort()
        self.port = self._port.number
        self.origin = f"http://cases.localhost:{self.port}"
        self.url = f"{self.origin}/cases/"
        given = {
            "attempts": str(self._attempts_file),
            "address": f"{LOOPBACK}:{self.port}",
            "password": PASSWORD,
            "people": [(one.uid, one.name, base64.b32decode(one.totp_seed).hex()) for one in people],
        }
        (folder / "given.json").write_text(json.dumps(given))
        names = f"FOLDER = {str(folder)!r}\nHOST = 'cases.localhost'\n"
        (folder / "cases_settings.py").write_text(names + _SETTINGS)
        (folder / "cases_urls.py").write_text(_URLS)
        (folder / "run.py").write_text(_RUN)
        frame = folder / "templates" / "two_factor" / "_base.html"
        frame.parent.mkdir(parents=True)
        frame.write_text(_FRAME)
        self._process = ServerProcess(
            "two-factor",
            [sys.executable, "-W", "ignore", str(folder / "run.py"), str(folder / "given.json")],
            folder=folder,
            ready=lambda: accepts(self.port),
            env={
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONUNBUFFERED": "1",
                "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
            },
        )

    def entry(self) -> str:
        """The catalogue file that signs on to it."""
        top = f'name = "Case Office"\nkind = "web"\n[web]\nurl = "{self.url}"\nsign_on = "form"\notp = true\n'
        return top + (CHANGE + PAGES).format(origin=self.origin)

    def start(self) -> None:
        self._process.start()

    def expire(self, uid: str) -> None:
        """Tell an officer to change their password: they are led to that once they have signed on."""
        with contextlib.closing(sqlite3.connect(self._folder / "cases.sqlite3")) as database:
            (now,) = database.execute("SELECT password FROM auth_user WHERE username = ?", (uid,)).fetchone()
        with (self._folder / "expired").open("a") as file:
            file.write(f"{uid} {now}\n")

    def attempts(self, uid: str) -> Attempts:
        """How often a name and password were right and wrong."""
        return counted(self._attempts_file, uid)

    def log_text(self) -> str:
        return self._process.log_text()

    def close(self) -> None:
        self._process.stop()
        self._port.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def running_two_factor() -> Iterator[TwoFactor]:
    """The started site, ended and deleted afterwards."""
    with server_folder("two-factor") as folder, TwoFactor(folder) as site:
        site.start()
        yield site
