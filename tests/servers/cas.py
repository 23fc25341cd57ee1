"""The courts' CAS server: django-cas-server over https with accounts of its own, every logon counted.

Its own page signs a browser on (:attr:`CasServer.logon_url`); a system that sends somebody there before is signed on by
the same form, and afterwards without it, unless it asks for a new logon (``renew``).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.django_site import DjangoSite
from tests.servers.people import PEOPLE, Person
from tests.servers.server import running

USERNAME, PASSWORD_FIELD, SUBMIT = "input#id_username", "input#id_password", "form#login_form button[type=submit]"
FAILURE = "div.alert-danger"
READY = 'form[action="logout"]'
"""On its own page, for who is signed on there only."""
SIGNED_OFF = "You have successfully logged out"

_SETTINGS = """\
SESSION_COOKIE_SECURE = True
CAS_AUTH_CLASS = "site_urls.Counted"
CAS_NEW_VERSION_HTML_WARNING = CAS_NEW_VERSION_EMAIL_WARNING = False
# Its looks come from servers on the internet; a test goes to none.
CAS_COMPONENT_URLS = {name: "data:," for name in (
    "bootstrap3_css", "bootstrap3_js", "html5shiv", "respond", "bootstrap4_css", "bootstrap4_js", "jquery",
)}
"""

_URLS = """\
from cas_server.auth import DjangoAuthUser
from django.urls import include, path
from site_counts import note


class Counted(DjangoAuthUser):
    def test_password(self, password):
        right = super().test_password(password)
        note("right" if right else "wrong", self.username)
        return right


urlpatterns = [path("cas/", include("cas_server.urls", namespace="cas_server"))]
"""

_ACCOUNTS = """\
from cas_server.models import ServicePattern

User.objects.bulk_create(User(username=uid, first_name=name, password=hashed) for uid, name in given["people"])
ServicePattern.objects.create(name="systems of the tests", pattern=r"^https://[a-z]+\\.localhost:")
"""


def missing() -> str | None:
    """What is not installed, if anything."""
    return None if find_spec("cas_server") else "django-cas-server not installed (extra: test)"


class CasServer(DjangoSite):
    """The server at ``https://cas.localhost:<port>/cas/``."""

    def __init__(
        self,
        folder: Path,
        certificate: ServerCertificate,
        *,
        host: str = "cas.localhost",
        people: Sequence[Person] = PEOPLE,
    ) -> None:
        super().__init__(folder, host, certificate)
        self.base = f"{self.origin}/cas"
        self.logon_url = f"{self.base}/login"
        self.log_off_url = f"{self.base}/logout"
        self.serves(
            apps=["cas_server"],
            urls=_URLS,
            accounts=_ACCOUNTS,
            people=[(person.uid, person.name) for person in people],
            settings=_SETTINGS,
        )


def running_cas(certificates: Certificates, *, host: str = "cas.localhost") -> AbstractContextManager[CasServer]:
    """The started server, ended and deleted afterwards."""
    return running("cas", lambda folder: CasServer(folder, certificates.server, host=host))
