"""Signing on by a request out of the browser: sent once, on the road that the entry names, judged by its words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.connectors.plan import WebEndpoint
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store
from launcher.grants.store import Kept
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.endpoint import EndpointAnswerError, EndpointUnansweredError, sign_on_at
from launcher.sign_on.driver import SystemCertificateRefusedError, SystemUnreachableError
from launcher.sign_on.outcome import SignOnOutcome, ValueMissingError
from launcher.sign_on.run import Values
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.fault_proxy import FaultProxy
from tests.shell.surfaces.site import Answer, Request, Site, running_site, to
from tests.unit.session import terminal_bench as t

NAME, PASSWORD = "alice", 'pä"ss & {otp} word'
VALUES = Values(NAME, Secret(PASSWORD))
GIVES = (("Set-Cookie", "session=abc; Path=/; HttpOnly"), ("Set-Cookie", "theme=dark, blue"))


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def endpoint(site: Site, **more: object) -> WebEndpoint:
    usual = WebEndpoint(
        url=site["/api/logon"],
        method="POST",
        fields=(("user", "FORCE\\{username}"), ("pass", "{password}"), ("keep", "no")),
        body="",
        cookies=(),
        ready_status=(200, 302),
        ready_text="",
        failed_status=(401,),
        failed_text="",
        says="Wrong name or password.",
    )
    return replace(usual, **more)  # type: ignore[arg-type]


def sign_on(
    at: WebEndpoint, values: Values = VALUES, *origins: str, within_s: float = 20.0
) -> tuple[BrowserCookie, ...] | SignOnOutcome:
    return asyncio.run(sign_on_at(at, origins or (at.url.rpartition("/api")[0],), values, within_s))


def names(given: tuple[BrowserCookie, ...] | SignOnOutcome) -> set[str]:
    assert isinstance(given, tuple)
    return {one.name for one in given}


def test_a_form_is_posted_and_its_cookies_are_given(site: Site) -> None:
    site.pages["/api/logon"] = Answer("in", 200, GIVES)
    given = sign_on(endpoint(site))
    assert names(given) == {"session", "theme"}
    (asked,) = site.asked
    assert asked.form == {"user": f"FORCE\\{NAME}", "pass": PASSWORD, "keep": "no"}
    assert asked.headers["origin"] == site.origin
    assert "cookie" not in asked.headers
    assert PASSWORD not in repr(given)


def test_json_is_sent_with_the_values_in_their_places(site: Site) -> None:
    site.pages["/api/logon"] = Answer('{"ok": true}', 200, GIVES)
    body = json.dumps({"who": {"name": "{username}", "tags": ["{password}", 1, None, True]}, "plain": "x"})
    at = endpoint(site, fields=(), body=body, cookies=("session",), ready_text='"ok": true')
    assert names(sign_on(at)) == {"session"}
    assert json.loads(site.asked[0].body) == {
        "who": {"name": NAME, "tags": [PASSWORD, 1, None, True]}, "plain": "x",
    }  # fmt: skip


def test_a_one_time_code_is_made_when_it_is_sent_and_what_is_missing_sends_nothing(site: Site) -> None:
    site.pages["/api/logon"] = Answer("in", 200, GIVES)
    at = endpoint(site, fields=(("pass", "{password}"), ("code", "{otp}")))
    with pytest.raises(ValueMissingError):
        sign_on(at)
    assert site.asked == []

    async def code() -> Secret:
        return Secret("123456")

    sign_on(at, replace(VALUES, code=code))
    assert site.asked[0].form["code"] == "123456"


def test_a_redirect_gives_its_cookies_and_is_not_followed(site: Site) -> None:
    site.pages["/api/logon"] = Answer("", 302, (("Location", site["/home"]), *GIVES))
    assert names(sign_on(endpoint(site))) == {"session", "theme"}
    assert site.paths() == ["/api/logon"]


def test_where_it_leads_elsewhere_nothing_is_sent_there(site: Site) -> None:
    with running_site() as other:
        site.pages["/api/logon"] = to(other["/api/logon"], 307)
        with pytest.raises(EndpointAnswerError, match="HTTP status 307"):
            sign_on(endpoint(site))
        assert other.asked == []


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        (Answer("no", 401, GIVES), {}),
        (Answer('{"ok": false}', 200, GIVES), {"failed_text": '"ok": false'}),
        (Answer("locked out", 503), {"failed_text": "locked out"}),
    ],
)
def test_a_refusal_speaks_against_the_password(site: Site, answer: Answer, more: dict[str, object]) -> None:
    site.pages["/api/logon"] = answer
    outcome = sign_on(endpoint(site, **more))
    assert isinstance(outcome, SignOnOutcome)
    assert (outcome.outcome, outcome.tried, outcome.says) == ("failed", True, "Wrong name or password.")
    assert outcome.credential_refused
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("answer", "more", "said"),
    [
        (Answer("in", 200), {}, "gave no cookie for"),
        (Answer("in", 200, GIVES), {"cookies": ("session", "other")}, "gave no cookie other"),
        (Answer("in", 200, (("Set-Cookie", "s=1; Domain=elsewhere.example"),)), {}, "gave no cookie"),
        (Answer("in", 200, GIVES), {"ready_text": "Welcome"}, "did not answer what proves"),
        (Answer("what?", 404, GIVES), {}, "HTTP status 404"),
        (Answer("x" * (3 << 20), 200, GIVES), {}, "sent more than"),
    ],
)
def test_any_other_answer_speaks_against_nobody(site: Site, answer: Answer, more: dict[str, object], said: str) -> None:
    site.pages["/api/logon"] = answer
    with pytest.raises(EndpointAnswerError, match=said) as told:
        sign_on(endpoint(site, **more))
    assert PASSWORD not in f"{told.value} {told.value.detail}"
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("status", "after", "said"),
    [
        (503, "", "cannot serve now.$"),
        (503, "40", "again in 40 seconds"),
        (429, "600", "again in 10 minutes"),
        (503, "Thu, 01 Jan 2026 00:00:00 GMT", "cannot serve now.$"),
        (503, "-1", "cannot serve now.$"),
        (503, "9" * 400, "cannot serve now.$"),
        (502, "soon\x7f", "cannot serve now.$"),
    ],
)
def test_a_busy_host_is_asked_once_and_its_word_is_passed_on(site: Site, status: int, after: str, said: str) -> None:
    site.pages["/api/logon"] = Answer("", status, (("Retry-After", after),) if after else ())
    with pytest.raises(EndpointUnansweredError, match=said):
        sign_on(endpoint(site))
    assert len(site.asked) == 1


def test_a_host_that_says_nothing_is_given_up(site: Site, silent: FaultProxy) -> None:
    at = endpoint(site, url=f"http://127.0.0.1:{silent.port}/api/logon")
    with pytest.raises(EndpointUnansweredError, match="in time"):
        sign_on(at, within_s=0.1)
    with pytest.raises(SystemUnreachableError, match="does not answer") as told:
        sign_on(endpoint(site, url="http://127.0.0.1:9/api/logon"))
    assert not isinstance(told.value, EndpointUnansweredError)  # nothing was sent


OWN = Credential(NAME, Secret("old-password"))
ENTRY = """
name = "Desk"
kind = "web"
within_s = 5
[web]
url = "{site.origin}/"
sign_on = "endpoint"
[web.endpoint]
url = "{site.origin}/api/logon"
body = {{ user = "{{username}}", password = "{{password}}" }}
ready_text = "Welcome"
[[marker]]
means = "ready"
selector = "#main"
"""


def hangs_up(request: Request) -> Answer:
    raise ConnectionAbortedError


@pytest.mark.parametrize("answer", [Answer("Wrong name or password", 200), Answer("", 503), hangs_up])
def test_a_pending_password_that_was_sent_and_not_understood_is_not_sent_again(
    tmp_path: Path, site: Site, answer: Answer | Callable[[Request], Answer]
) -> None:
    site.pages["/api/logon"] = answer
    made = t.bench(tmp_path, {"desk": ENTRY.format(site=site)}, {"desk": OWN})

    async def story() -> None:
        await credential_store("file", made.where.state).propose(t.OFFICER, "desk", OWN, Secret("new-password"))
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("desk"))
            await here.launch("desk", "failed")

    t.play(story)
    assert t.kept(made, "desk") == Kept(OWN, pending=Secret("new-password"), pending_refused=True)
    assert [json.loads(one.body)["password"] for one in site.asked if one.body] == ["new-password"]


@pytest.mark.parametrize("wrong", ["untrusted", "wrong_host"])
def test_a_bad_certificate_gets_no_password(certificates: Certificates, wrong: str) -> None:
    made: ServerCertificate = getattr(certificates, wrong)
    with running_site("localhost", made.server_context()) as site:
        site.pages["/api/logon"] = Answer("in", 200, GIVES)
        with pytest.raises(SystemCertificateRefusedError):
            sign_on(endpoint(site, ca_file=certificates.ca))
        assert site.asked == []


def test_the_force_s_own_authority_is_trusted(certificates: Certificates, tmp_path: Path) -> None:
    context = certificates.server.server_context()
    with running_site("desk.localhost", context) as other, pytest.raises(SystemCertificateRefusedError):
        sign_on(endpoint(other, ca_file=certificates.ca))  # it is made for other names
    with running_site("custody.localhost", context) as site:
        site.pages["/api/logon"] = Answer("in", 200, GIVES)
        assert names(sign_on(endpoint(site, ca_file=certificates.ca))) == {"session", "theme"}
        with pytest.raises(LauncherError, match="CA file"):
            sign_on(endpoint(site, ca_file=tmp_path / "none.pem"))


def test_plain_http_leaves_this_computer_nowhere() -> None:
    at = endpoint(Site("http://desk.force.example"))
    with pytest.raises(SystemUnreachableError):
        sign_on(at)


def test_a_request_holds_no_cookie_of_one_before(site: Site) -> None:
    def logon(request: Request) -> Answer:
        return Answer("in", 200, GIVES)

    site.pages["/api/logon"] = logon
    for _ in range(2):
        sign_on(endpoint(site))
    assert all("cookie" not in asked.headers for asked in site.asked)
