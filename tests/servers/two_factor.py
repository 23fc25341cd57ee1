"""The case office: a Django site behind ``django-two-factor-auth``: name and password, then a one-time code.

Its accounts are the officers', each with the device that their seed belongs to. Who is told to change their password is
led to Django's own page for that before anything else; its validators refuse what is too short or too common.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

from tests.servers.django_site import DjangoSite
from tests.servers.people import PEOPLE, Person
from tests.servers.server import running

_APPS = (
    "django.contrib.admin",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "two_factor",
)

_SETTINGS = """\
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "two_factor:login"
LOGIN_REDIRECT_URL = "/cases/"
MIDDLEWARE.insert(-1, "django_otp.middleware.OTPMiddleware")
MIDDLEWARE.append("site_urls.must_change")
SESSION_COOKIE_NAME = "cases_session"
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

_ACCOUNTS = """\
from django_otp.plugins.otp_totp.models import TOTPDevice

for uid, name, key in given["people"]:
    user = User.objects.create(username=uid, first_name=name, password=hashed, is_staff=True)
    TOTPDevice.objects.create(user=user, name="default", key=key, confirmed=True)
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


class TwoFactor(DjangoSite):
    """The site at ``http://cases.localhost:<port>/cases/``."""

    def __init__(self, folder: Path, *, people: Sequence[Person] = PEOPLE) -> None:
        super().__init__(folder, "cases.localhost")
        self.url = f"{self.origin}/cases/"
        self.serves(
            apps=_APPS,
            urls=_URLS,
            accounts=_ACCOUNTS,
            people=[(one.uid, one.name, base64.b32decode(one.totp_seed).hex()) for one in people],
            settings=_SETTINGS,
            files={"two_factor/_base.html": _FRAME},
        )

    def entry(self) -> str:
        """The catalogue file that signs on to it."""
        top = f'name = "Case Office"\nkind = "web"\n[web]\nurl = "{self.url}"\nsign_on = "form"\notp = true\n'
        return top + (CHANGE + PAGES).format(origin=self.origin)

    def expire(self, uid: str) -> None:
        """Tell an officer to change their password: they are led to that once they have signed on."""
        ((now,),) = self.ask("SELECT password FROM auth_user WHERE username = ?", uid)
        with (self.folder / "expired").open("a") as file:
            file.write(f"{uid} {now}\n")


def running_two_factor() -> AbstractContextManager[TwoFactor]:
    """The started site, ended and deleted afterwards."""
    return running("two-factor", TwoFactor)
