"""The custody admin: Django's own admin site with a database of its own, the officers as staff.

Opened without a session it redirects to its logon page, whose form holds a token against cross-site posts.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

from tests.servers.django_site import DjangoSite
from tests.servers.people import PEOPLE, Person
from tests.servers.server import running

LOGIN_FORM = "form#login-form"
USERNAME, PASSWORD_FIELD = "input#id_username", "input#id_password"
SUBMIT = 'form#login-form input[type="submit"]'
FAILURE = "p.errornote"
READY = "#user-tools"
"""On every page for signed-on staff; holds “View site / Change password / Log out”."""
SIGN_OUT = "form#logout-form button"

_URLS = """\
from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
"""

_ACCOUNTS = """\
User.objects.bulk_create(
    User(username=uid, first_name=name, password=hashed, is_staff=True, is_superuser=True)
    for uid, name in given["people"]
)
"""


def missing() -> str | None:
    """What is not installed, if anything."""
    return None if find_spec("django") else "django not installed (extra: test)"


class DjangoAdmin(DjangoSite):
    """The site at ``http://admin.localhost:<port>/admin/``."""

    def __init__(self, folder: Path, *, host: str = "admin.localhost", people: Sequence[Person] = PEOPLE) -> None:
        super().__init__(folder, host)
        self.url = f"{self.origin}/admin/"
        self.serves(
            apps=["django.contrib.admin"],
            urls=_URLS,
            accounts=_ACCOUNTS,
            people=[(person.uid, person.name) for person in people],
            settings='SESSION_COOKIE_NAME = "custody_session"\n',
        )

    def expire_sessions(self) -> None:
        """Forget every session, as time would; the next page is the logon form again."""
        self.ask("DELETE FROM django_session")


def running_django_admin(*, host: str = "admin.localhost") -> AbstractContextManager[DjangoAdmin]:
    """The started site, ended and deleted afterwards."""
    return running("django", lambda folder: DjangoAdmin(folder, host=host))
