"""Each web system of the demo lets its officer in, and refuses a wrong password, an old session and a foreign post."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError

import pyotp
import pytest
import trustme
from joserfc import jwt
from joserfc.jwk import RSAKey

from launcher.demo.content import SYSTEMS, DemoSystem
from launcher.demo.estate import VEHICLES_API
from launcher.demo.people import Account
from launcher.demo.systems.endpoint import LOGON
from launcher.demo.web import OwnOriginOnly
from launcher.grants.client_certificate import from_pkcs12
from launcher.secret import Secret
from tests.servers.visitor import Page, Visitor
from tests.unit.demo.conftest import WEB, Served

WRONG = "not-the-password"
by_id = pytest.mark.parametrize("system", WEB, ids=lambda one: one.id)
with_session = pytest.mark.parametrize(
    "system", [one for one in WEB if one.how not in ("basic", "token")], ids=lambda one: one.id
)


def sign_on(served: Served, system: DemoSystem, password: str = "", *, visitor: Visitor | None = None) -> Page:
    """Walk a system's own way in, as an officer would by hand; codes are not asked for here."""
    account = served.account(system)
    password = password or account.password
    if system.how == "basic":
        return served.visitor(basic=(account.user_name, password)).open(served.origin(system) + "/")
    visitor = visitor or served.visitor()
    if system.how == "endpoint":
        said = json.dumps({"name": account.user_name, "password": password}).encode()
        answer = visitor.open(served.origin(system) + LOGON, said)
        return visitor.open(served.origin(system) + "/") if answer.status == 200 else answer
    page = visitor.open(served.origin(system) + "/")
    match system.how:
        case "federated" | "cas":
            return served.at_provider(visitor, page, password)
        case "pages":
            return briefed(visitor, page, account, password)
        case "two pages":
            page = visitor.submit(page, page.form(containing="user"), {"user": account.user_name})
            return visitor.submit(page, page.form(containing="password"), {"password": password})
        case _:
            fields = {"user": account.user_name, "password": password}
            return visitor.submit(page, page.form(containing="password"), fields)


def briefed(visitor: Visitor, page: Page, account: Account, password: str) -> Page:
    """Log on to the briefing board, and choose a duty where nothing else comes before."""
    fields = {"user": account.user_name, "password": password, "place": "north"}
    page = visitor.submit(page, page.form(containing="password"), fields)
    return visitor.submit(page, page.form(containing="duty"), {"duty": "response"}) if "start" in page.ids else page


def enter_code(served: Served, system: DemoSystem, visitor: Visitor, page: Page, code: str) -> Page:
    return visitor.submit(page, page.form(containing="code"), {"code": code})


def fresh_code(served: Served, system: DemoSystem, used: set[str]) -> str:
    """A code that counts now and was not used; the system takes those of the next period too."""
    maker = pyotp.TOTP(served.account(system).otp_seed)
    codes = (maker.at(int(time.time()) + offset) for offset in (0, 30, -30))
    return next(code for code in codes if code not in used)


USED: set[str] = set()


def entered(served: Served, system: DemoSystem) -> tuple[Visitor, Page]:
    """Sign on to a system that keeps sessions, with a code where it wants one."""
    visitor = served.visitor()
    page = sign_on(served, system, visitor=visitor)
    if system.how == "one-time code":
        code = fresh_code(served, system, USED)
        USED.add(code)
        page = enter_code(served, system, visitor, page, code)
    return visitor, page


@with_session
def test_the_right_password_leads_in_and_an_old_session_out(served: Served, system: DemoSystem) -> None:
    visitor, page = entered(served, system)
    assert page.status == 200
    assert {"work", "who"} <= page.ids
    assert "work" in visitor.open(served.origin(system) + "/").ids
    served.sessions(system.id).expire_all()
    served.sessions("provider").expire_all()
    again = visitor.open(served.origin(system) + "/")
    assert "work" not in again.ids
    assert again.forms or system.how == "endpoint"  # which asks nobody
    with_origin = {"Origin": served.origin(system)}
    assert "work" not in visitor.open(served.origin(system) + "/note", {"note": "x"}, headers=with_origin).ids


@pytest.mark.parametrize("system", [one for one in WEB if one.how != "token"], ids=lambda one: one.id)
def test_a_wrong_password_is_refused_and_the_name_does_not_matter(served: Served, system: DemoSystem) -> None:
    page = sign_on(served, system, WRONG)
    assert page.status == 401
    assert "refused" in page.ids or system.how == "endpoint"
    assert "work" not in page.ids
    assert WRONG not in page.text


def test_basic_takes_the_right_password_and_nothing_else(served: Served) -> None:
    system = next(one for one in WEB if one.how == "basic")
    assert "work" in sign_on(served, system).ids
    for header in ("", "Basic", "Basic !!!", "Basic /w==", "Bearer x", "Basic YTpi"):
        page = served.visitor().open(served.origin(system) + "/", headers={"Authorization": header} if header else {})
        assert (page.status, "work" in page.ids) == (401, False)


@by_id
@pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example", "http://{host}", "https://{host}.evil"])
def test_a_post_from_another_origin_or_from_none_is_refused(
    served: Served, system: DemoSystem, origin: str | None
) -> None:
    own = served.origin(system)
    headers = {} if origin is None else {"Origin": origin.format(host=own.removeprefix("https://"))}
    visitor = served.visitor()
    if system.how == "form":
        visitor, _ = entered(served, system)
    for path in ("/note", "/logon", "/"):
        page = visitor.open(own + path, {"note": "x"}, headers=headers)
        assert page.status == 403, path


def test_the_provider_takes_no_foreign_post_but_at_its_token_endpoint(served: Served) -> None:
    issuer = served.addresses.issuer
    fields = {"username": served.officer.user_name, "password": served.officer.password, "key": "x"}
    assert served.visitor().open(issuer + "/logon", fields).status == 403
    assert (
        served.visitor().open(issuer + "/logon", fields, headers={"Origin": "https://elsewhere.example"}).status == 403
    )
    assert served.visitor().open(issuer + "/token", {"grant_type": "x"}).status == 401
    assert OwnOriginOnly.__doc__


def test_a_ticket_is_for_one_system_and_one_time(served: Served) -> None:
    system = next(one for one in WEB if one.how == "cas")
    service, server = served.origin(system) + "/callback", served.addresses.issuer + "/cas"
    visitor = served.visitor(stop_at=(service,))
    page = visitor.open(f"{server}/login?service={service}")
    led_back = served.at_provider(visitor, page)
    ticket = led_back.url.partition("ticket=")[2]
    assert ticket.startswith("ST-")

    def says(service: str) -> str:
        return served.visitor().open(f"{server}/serviceValidate?service={service}&ticket={ticket}").text

    assert "authenticationFailure" in says("https://elsewhere.example/callback")
    assert "authenticationFailure" in says(service)  # shown to another, it is void
    assert served.visitor().open(f"{server}/login?service=https://elsewhere.example/").status == 400
    assert served.visitor().open(f"{service}?ticket={ticket}").status == 401


@pytest.mark.parametrize("said", [b"", b"[]", b"{", b"\xff", b'{"name": "x"}'])
def test_an_endpoint_lets_nobody_in_that_it_does_not_understand(served: Served, said: bytes) -> None:
    system = next(one for one in WEB if one.how == "endpoint")
    visitor = served.visitor()
    assert visitor.open(served.origin(system) + LOGON, said).status in (400, 401)
    assert "work" not in visitor.open(served.origin(system) + "/").ids


def test_a_password_that_has_expired_is_changed_and_a_notice_read_before_anybody_is_in(served: Served) -> None:
    system = next(one for one in WEB if one.how == "pages")
    account = served.officers[1].accounts[system.id]
    visitor = served.visitor()
    page = briefed(visitor, visitor.open(served.origin(system) + "/"), account, account.password)
    assert "fresh" in page.ids
    form = page.form(containing="fresh")
    origin = {"Origin": served.origin(system)}
    skipped = visitor.open(served.origin(system) + "/duty", {**form.fields, "duty": "response"}, headers=origin)
    assert (skipped.status, "work" in visitor.open(served.origin(system) + "/").ids) == (401, False)
    new = "a-new-one-of-hers"
    for old, fresh, again in (
        (WRONG, new, new),
        (account.password, "short", "short"),
        (account.password, new, "another-one-of-hers"),
        (account.password, account.password, account.password),
    ):
        page = visitor.submit(page, page.form(containing="fresh"), {"old": old, "fresh": fresh, "again": again})
        assert "not-taken" in page.ids
    filled = {"old": account.password, "fresh": new, "again": new}
    page = visitor.submit(page, page.form(containing="fresh"), filled)
    assert "changed" in page.ids
    page = visitor.submit(page, page.form(containing="key"), {})
    assert "read" in page.ids
    skipped = visitor.open(
        served.origin(system) + "/duty", {**page.form(containing="key").fields, "duty": "response"}, headers=origin
    )
    assert skipped.status == 401
    page = visitor.submit(page, page.form(containing="key"), {})
    page = visitor.submit(page, page.form(containing="duty"), {"duty": "custody"})
    assert "work" in page.ids
    other = served.visitor()
    again_in = briefed(other, other.open(served.origin(system) + "/"), account, new)
    assert "work" in again_in.ids  # neither is met a second time
    assert (
        "refused" in briefed(other, served.visitor().open(served.origin(system) + "/"), account, account.password).ids
    )


def test_a_certificate_of_the_officers_authority_lets_in_and_nothing_else_does(served: Served, tmp_path: Path) -> None:
    system = next(one for one in SYSTEMS if one.how == "certificate")
    password = Secret("for-this-file")
    held = from_pkcs12(served.estate.certificate_of(served.officer, password), password)
    pem = tmp_path / "held.pem"
    pem.write_text(held.certificate + held.key.reveal())
    assert held.name == served.officer.user_name
    page = served.visitor(certificate=pem).open(served.origin(system) + "/")
    assert {"work", "who"} <= page.ids
    stranger = trustme.CA(organization_name="Somebody else").issue_cert("x@force.example")
    stranger.private_key_and_cert_chain_pem.write_to_path(tmp_path / "stranger.pem")
    for certificate in (None, tmp_path / "stranger.pem"):
        with pytest.raises((URLError, OSError)):
            served.visitor(certificate=certificate).open(served.origin(system) + "/")


def test_a_two_page_log_on_tells_nobody_whether_a_name_exists(served: Served) -> None:
    system = next(one for one in WEB if one.how == "two pages")
    visitor = served.visitor()
    page = visitor.open(served.origin(system) + "/")
    page = visitor.submit(page, page.form(containing="user"), {"user": "nobody-at-all"})
    assert page.status == 200
    page = visitor.submit(page, page.form(containing="password"), {"password": WRONG})
    assert (page.status, "refused" in page.ids) == (401, True)
    # Tried again from the refusal, with the key it holds; and with a key that was used.
    page = visitor.submit(page, page.form(containing="password"), {"password": WRONG})
    assert page.status == 401
    origin = {"Origin": served.origin(system)}
    used = visitor.open(served.origin(system) + "/password", {"key": "made-up", "password": WRONG}, headers=origin)
    assert used.status == 401
    # The key of a name alone is no key to the page of codes.
    page = visitor.open(served.origin(system) + "/logon")
    page = visitor.submit(page, page.form(containing="user"), {"user": served.account(system).user_name})
    key = page.form(containing="key").fields["key"]
    assert visitor.open(served.origin(system) + "/code", {"key": key, "code": "1"}, headers=origin).status == 401


def test_a_code_is_taken_once(served: Served) -> None:
    system = next(one for one in WEB if one.how == "one-time code")
    code = fresh_code(served, system, USED)
    USED.add(code)
    visitor = served.visitor()
    page = sign_on(served, system, visitor=visitor)
    assert "work" not in page.ids
    assert "work" not in visitor.open(served.origin(system) + "/").ids  # a password alone is not enough
    refused = enter_code(served, system, visitor, page, "000000" if code != "000000" else "111111")
    assert (refused.status, "refused" in refused.ids) == (401, True)
    assert "work" in enter_code(served, system, visitor, refused, code).ids
    other = served.visitor()
    page = sign_on(served, system, visitor=other)
    again = enter_code(served, system, other, page, code)
    assert (again.status, "work" in again.ids) == (401, False)


# --- the page that is fed by an API


Make = Callable[[dict[str, object]], str]


@pytest.fixture
def token(served: Served) -> Make:
    """Make an access token as the provider makes them, with some claims otherwise."""

    def make(otherwise: dict[str, object]) -> str:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": served.addresses.issuer,
            "sub": served.officer.subject,
            "aud": VEHICLES_API,
            "iat": now,
            "exp": now + 60,
        }
        claims |= otherwise
        left = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "demo", "typ": "at+jwt"}, left, served.estate.provider.key)

    return make


def records(served: Served, value: str) -> int:
    headers = {"Authorization": value} if value else {}
    return served.visitor().open(served.origin("vehicle-records") + "/api/records", headers=headers).status


def test_the_api_gives_its_records_to_its_own_tokens(served: Served, token: Make) -> None:
    page = served.visitor().open(
        served.origin("vehicle-records") + "/api/records", headers={"Authorization": f"Bearer {token({})}"}
    )
    assert page.status == 200
    assert "AB12 CDE" in page.text
    assert "AB12 CDE" not in served.visitor().open(served.origin("vehicle-records") + "/").text


@pytest.mark.parametrize(
    "otherwise",
    [
        {"aud": "https://other.force.example"},
        {"aud": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iss": "https://other.example/force"},
    ],
    ids=lambda one: next(iter(one)) + str(next(iter(one.values()))),
)
def test_the_api_refuses_a_token_that_is_not_for_it(served: Served, token: Make, otherwise: dict[str, object]) -> None:
    assert records(served, f"Bearer {token(otherwise)}") == 401


def test_the_api_refuses_no_token_and_a_token_of_another_key(served: Served, token: Make) -> None:
    now = int(time.time())
    claims = {"iss": served.addresses.issuer, "aud": VEHICLES_API, "exp": now + 60}
    forged = jwt.encode({"alg": "RS256", "kid": "demo"}, claims, RSAKey.generate_key(2048))
    good = token({})
    for value in ("", "Bearer", "Bearer x", f"Basic {good}", f"Bearer {forged}", f"Bearer {good[:-4]}AAAA"):
        assert records(served, value) == 401, value
