"""Each server starts, answers a right and a wrong logon as documented, and stops leaving no process."""

from __future__ import annotations

import base64
import json
import signal
import socket
import ssl
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import oidc, slapd
from tests.servers.apache_oidc import running_warrants
from tests.servers.attempts import Attempts
from tests.servers.basic_apache import running_records
from tests.servers.certificates import Certificates
from tests.servers.django_admin import running_django_admin
from tests.servers.dokuwiki import running_dokuwiki
from tests.servers.fault_proxy import Cut, Delay, FaultProxy, PassThrough, Refuse, WithholdResponses
from tests.servers.ldap_client import bind
from tests.servers.oidc import IdTokenFault, OidcProvider
from tests.servers.people import ALICE, BOB, CAROL, DAVE, ERIN, FRANK, GRACE, PASSWORD, WRONG_PASSWORD, Person
from tests.servers.process import (
    ServerProcess,
    ServerStartError,
    accepts,
    accepts_unix,
    session_members,
    wait_for_exit,
)
from tests.servers.slapd import Slapd, user_dn
from tests.servers.visitor import Page, Visitor
from tests.servers.xvfb import Screen

INVALID_CREDENTIALS, CONFIDENTIALITY_REQUIRED = 49, 13


class TestProcess:
    def test_a_program_that_ends_at_once_is_reported_with_its_log(self, tmp_path: Path) -> None:
        server = ServerProcess(
            "broken", ["sh", "-c", "echo no such luck; exit 3"], folder=tmp_path, ready=lambda: False
        )
        with pytest.raises(ServerStartError, match=r"(?s)status 3.*no such luck"):
            server.start()

    def test_a_program_that_is_never_ready_is_ended(self, tmp_path: Path) -> None:
        pids: list[int] = []

        def never() -> bool:
            pids.append(server.pid)
            return False

        server = ServerProcess("mute", ["sleep", "60"], folder=tmp_path, ready=never)
        with pytest.raises(ServerStartError, match="not ready"):
            server.start(deadline_s=0.05)
        assert not session_members(pids[0])


class TestCertificates:
    @pytest.mark.parametrize(
        ("name", "complaint"),
        [("untrusted", "unable to get local issuer|self-signed"), ("expired", "expired"), ("wrong_host", "mismatch")],
    )
    def test_each_bad_certificate_is_bad_in_its_own_way(
        self, certificates: Certificates, name: str, complaint: str
    ) -> None:
        with pytest.raises(ssl.SSLCertVerificationError, match=complaint):
            _handshake(certificates, name)

    def test_the_good_one_is_good(self, certificates: Certificates) -> None:
        _handshake(certificates, "server")


def _handshake(certificates: Certificates, name: str) -> None:
    """A TLS handshake in memory, for ``localhost``."""
    client_in, client_out, server_in, server_out = (ssl.MemoryBIO() for _ in range(4))
    trusting = ssl.create_default_context(cafile=str(certificates.ca))
    client = trusting.wrap_bio(client_in, client_out, server_hostname="localhost")
    server = getattr(certificates, name).server_context().wrap_bio(server_in, server_out, server_side=True)
    waiting = [client, server]
    while waiting:
        for side in tuple(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                pass
            server_in.write(client_out.read())
            client_in.write(server_out.read())


class TestSlapd:
    @pytest.mark.parametrize(
        ("person", "status", "words"),
        [
            (ALICE, 0, f"dn:{user_dn('alice')}"),
            (CAROL, INVALID_CREDENTIALS, "Account locked"),
            (DAVE, 0, "Password must be changed"),
            (ERIN, INVALID_CREDENTIALS, "Password expired"),
            (FRANK, 0, "grace"),
            (GRACE, 0, "Password expires in"),
        ],
        ids=lambda value: value.state if isinstance(value, Person) else "",
    )
    def test_each_state_has_its_own_answer(self, directory: Slapd, person: Person, status: int, words: str) -> None:
        answer = bind(directory.ldaps_url, user_dn(person.uid), PASSWORD, directory.ca)
        assert answer.status == status
        assert words.lower() in answer.text.lower()

    def test_a_wrong_password_is_counted_once(self, fresh_directory: Slapd) -> None:
        answer = bind(fresh_directory.ldaps_url, user_dn("bob"), WRONG_PASSWORD, fresh_directory.ca)
        assert answer.status == INVALID_CREDENTIALS
        assert len(fresh_directory.failures("bob")) == 1
        assert fresh_directory.bind_count(user_dn("bob")) == 1

    def test_in_clear_refused_with_starttls_accepted(self, directory: Slapd) -> None:
        name, ca = user_dn("alice"), directory.ca
        assert bind(directory.ldap_url, name, PASSWORD, ca).status == CONFIDENTIALITY_REQUIRED
        assert bind(directory.ldap_url, name, PASSWORD, ca, starttls=True).status == 0

    def test_groups_are_nested(self, directory: Slapd) -> None:
        assert set(directory.attribute("alice", "memberOf")) == {slapd.group_dn(name) for name in ALICE.groups}
        assert {"front-office", "all-staff"} <= ALICE.all_groups
        assert directory.attribute("bob", "employeeNumber") == (BOB.number,)

    def test_states_can_be_given_and_taken_back(self, fresh_directory: Slapd) -> None:
        def answer() -> str:
            return bind(fresh_directory.ldaps_url, user_dn("alice"), PASSWORD, fresh_directory.ca).text

        fresh_directory.lock("alice")
        assert "Account locked" in answer()
        fresh_directory.unlock("alice")
        fresh_directory.must_change("alice")
        assert "Password must be changed" in answer()
        fresh_directory.set_password("alice")
        fresh_directory.age_password("alice", slapd.MAX_AGE_DAYS + 1)
        assert "Password expired" in answer()
        fresh_directory.set_password("alice")
        assert answer().strip() == f"dn:{user_dn('alice')}"

    def test_stops_leaving_nothing_and_starts_again(self, fresh_directory: Slapd) -> None:
        pid = fresh_directory.pid
        fresh_directory.stop()
        assert not session_members(pid)
        assert not accepts(fresh_directory.ldaps_port)
        fresh_directory.start()
        assert bind(fresh_directory.ldaps_url, user_dn("alice"), PASSWORD, fresh_directory.ca).status == 0

    def test_two_hold_the_same_officers(self, directory_pair: tuple[Slapd, Slapd]) -> None:
        first, second = directory_pair
        assert first.ldaps_port != second.ldaps_port
        assert first.attribute("alice", "entryUUID") == second.attribute("alice", "entryUUID") == (ALICE.entry_uuid,)


class TestFaultProxy:
    @pytest.fixture
    def proxy(self, fresh_directory: Slapd) -> Iterator[FaultProxy]:
        with FaultProxy(fresh_directory.ldaps_port) as proxy:
            yield proxy

    def test_passes_delays_and_refuses(self, fresh_directory: Slapd, proxy: FaultProxy) -> None:
        def status(timeout_s: int = 5) -> int:
            url = f"ldaps://localhost:{proxy.port}"
            return bind(url, user_dn("alice"), PASSWORD, fresh_directory.ca, timeout_s=timeout_s).status

        assert status() == 0
        proxy.set(Delay(response_ms=50))
        assert status() == 0
        proxy.set(Refuse())
        assert not accepts(proxy.port)
        proxy.set(PassThrough())
        assert status() == 0
        proxy.set(Cut(response_bytes=10))
        assert status() not in (0, INVALID_CREDENTIALS)
        assert proxy.connections == 4

    def test_withheld_responses_mean_the_server_did_act(self, fresh_directory: Slapd, proxy: FaultProxy) -> None:
        proxy.set(WithholdResponses())
        url = f"ldaps://localhost:{proxy.port}"
        answer = bind(url, user_dn("alice"), WRONG_PASSWORD, fresh_directory.ca, timeout_s=3)
        assert answer.status == -1
        assert len(fresh_directory.failures("alice")) == 1

    def test_a_silent_server_accepts(self, silent: FaultProxy) -> None:
        with socket.create_connection(("127.0.0.1", silent.port), timeout=0.05) as client:
            client.sendall(b"anybody?")
            with pytest.raises(TimeoutError):
                client.recv(1)

    def test_it_can_put_tls_before_a_plain_server(self, certificates: Certificates, fresh_directory: Slapd) -> None:
        with FaultProxy(fresh_directory.ldap_port, tls=certificates.server) as proxy:
            answer = bind(f"ldaps://localhost:{proxy.port}", user_dn("alice"), PASSWORD, certificates.ca)
        assert answer.status == CONFIDENTIALITY_REQUIRED


def _authorize(provider: OidcProvider) -> str:
    query = {
        "client_id": oidc.CLIENT_ID,
        "redirect_uri": oidc.REDIRECT_URI,
        "response_type": "code",
        "scope": "openid profile https://warrants.station.test/read",
        "state": "here",
        "nonce": "once",
        # RFC 7636 appendix B.
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    return f"{provider.issuer}/auth?{urllib.parse.urlencode(query)}"


def _redeem(visitor: Visitor, provider: OidcProvider, callback: Page) -> dict[str, str]:
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(callback.url).query))["code"]
    form = {
        "grant_type": "authorization_code",
        "client_id": oidc.CLIENT_ID,
        "redirect_uri": oidc.REDIRECT_URI,
        "code": code,
        "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    }
    tokens: dict[str, str] = json.loads(visitor.open(f"{provider.issuer}/token", form).text)
    return tokens


def _claims(token: str) -> dict[str, object]:
    body = token.split(".")[1]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


class TestOidcProvider:
    @pytest.fixture
    def visitor(self, certificates: Certificates) -> Visitor:
        return Visitor(certificates.ca, stop_at=(oidc.REDIRECT_URI,))

    def test_a_wrong_password_then_the_right_one_gives_tokens(
        self, fresh_provider: OidcProvider, visitor: Visitor
    ) -> None:
        page = visitor.open(_authorize(fresh_provider))
        page = visitor.submit(page, page.form(containing="password"), {"username": "alice", "password": WRONG_PASSWORD})
        assert "failure" in page.ids
        assert page.form(containing="password").fields == {"username": "alice", "password": ""}

        callback = visitor.submit(page, page.form(containing="password"), {"password": PASSWORD})
        assert callback.url.startswith(oidc.REDIRECT_URI)
        assert fresh_provider.attempts("alice") == Attempts(right=1, wrong=1)

        tokens = _redeem(visitor, fresh_provider, callback)
        identity, access = _claims(tokens["id_token"]), _claims(tokens["access_token"])
        assert (identity["iss"], identity["aud"]) == (fresh_provider.issuer, oidc.CLIENT_ID)
        assert (identity["sub"], identity["name"]) == (ALICE.sub, ALICE.name)
        assert access["aud"] == "https://warrants.station.test"
        assert "refresh_token" in tokens
        assert "keys" in json.loads(visitor.open(fresh_provider.jwks_url).text)

        # The provider remembers; until its session is ended from the other side.
        assert visitor.open(_authorize(fresh_provider)).url.startswith(oidc.REDIRECT_URI)
        assert fresh_provider.sessions(ALICE) == 1
        fresh_provider.end_sessions(ALICE)
        assert visitor.open(_authorize(fresh_provider)).form(containing="password")

        pid = fresh_provider.pid
        fresh_provider.stop()
        assert not session_members(pid)

    def test_id_tokens_can_be_made_wrong(self, fresh_provider: OidcProvider, visitor: Visitor) -> None:
        fresh_provider.set_id_token_fault(IdTokenFault(claims={"aud": "somebody-else"}, signature="none"))
        page = visitor.open(_authorize(fresh_provider))
        callback = visitor.submit(
            page, page.form(containing="password"), {"username": ALICE.number, "password": PASSWORD}
        )
        token = _redeem(visitor, fresh_provider, callback)["id_token"]
        assert _claims(token)["aud"] == "somebody-else"
        assert token.endswith(".")

    def test_a_form_posted_from_elsewhere_gets_nothing(
        self, provider: OidcProvider, certificates: Certificates
    ) -> None:
        # Elsewhere does not hold the interaction's cookie.
        before = provider.attempts("alice")
        page = Visitor(certificates.ca).open(_authorize(provider))
        elsewhere = Visitor(certificates.ca).submit(
            page, page.form(containing="password"), {"username": "alice", "password": PASSWORD}
        )
        assert elsewhere.status == 400
        assert "refused" in elsewhere.ids
        assert provider.attempts("alice") == before


class TestWebSystems:
    @pytest.mark.needs("apache-oidc")
    def test_warrants_open_through_the_provider_and_sign_off_there(
        self, fresh_provider: OidcProvider, certificates: Certificates
    ) -> None:
        with running_warrants(fresh_provider, certificates) as warrants:
            visitor = Visitor(certificates.ca)
            page = visitor.open(warrants.url)
            assert page.url.startswith(fresh_provider.issuer)
            page = visitor.submit(page, page.form(containing="password"), {"username": "alice", "password": PASSWORD})
            assert (page.url, page.status) == (warrants.url, 200)
            assert "ready" in page.ids
            assert f">{ALICE.mail}<" in page.text

            page = visitor.open(warrants.sign_out_url)
            page = visitor.submit(page, page.form(containing="xsrf"), {"logout": "yes"})
            assert "signed-out" in page.ids
            assert fresh_provider.sessions(ALICE) == 0
            assert visitor.open(warrants.url).form(containing="password")
            pid = warrants.pid
        assert not session_members(pid)

    @pytest.mark.needs("apache-basic")
    def test_records_ask_for_basic_authentication(self, certificates: Certificates) -> None:
        with running_records(certificates) as records:
            assert Visitor(certificates.ca).open(records.url).status == 401
            assert Visitor(certificates.ca, basic=("alice", WRONG_PASSWORD)).open(records.url).status == 401
            page = Visitor(certificates.ca, basic=("alice", PASSWORD)).open(records.url)
            assert page.status == 200
            assert {"ready", "user"} <= page.ids
            assert records.attempts("alice") == Attempts(right=1, wrong=1)
            assert records.challenges() == 1
            pid = records.pid
        assert not session_members(pid)

    @pytest.mark.needs("dokuwiki")
    def test_the_wiki_shows_its_pages_only_after_its_form(self) -> None:
        with running_dokuwiki() as wiki:
            visitor = Visitor()
            page = visitor.open(wiki.url)
            assert "Officers on duty" not in page.text
            page = visitor.submit(page, page.form(containing="p"), {"u": "alice", "p": WRONG_PASSWORD})
            assert 'class="error"' in page.text
            page = visitor.submit(page, page.form(containing="p"), {"p": PASSWORD})
            assert "Officers on duty" in page.text
            assert 'class="user"' in page.text
            assert wiki.attempts("alice") == Attempts(right=1, wrong=1)
            pid = wiki.pid
        assert not session_members(pid)

    @pytest.mark.needs("django")
    def test_the_admin_site_refuses_wrong_passwords_old_sessions_and_posts_from_elsewhere(self) -> None:
        with running_django_admin() as site:
            visitor = Visitor()
            page = visitor.open(site.url)
            page = visitor.submit(
                page, page.form(containing="password"), {"username": "alice", "password": WRONG_PASSWORD}
            )
            assert "errornote" in page.text
            page = visitor.submit(page, page.form(containing="password"), {"password": PASSWORD})
            assert page.url == site.url
            assert "user-tools" in page.ids
            assert site.attempts("alice") == Attempts(right=1, wrong=1)

            site.expire_sessions()
            assert "login-form" in {form.id for form in visitor.open(site.url).forms}
            forged = {"username": "alice", "password": PASSWORD}
            assert Visitor().open(f"{site.origin}/admin/login/", forged).status == 403
            pid = site.pid
        assert not session_members(pid)


class TestScreen:
    def test_it_is_there_for_who_holds_the_cookie(self, screen: Screen) -> None:
        assert accepts_unix(Path(f"/tmp/.X11-unix/X{screen.display.removeprefix(':')}"))
        assert screen.authority.stat().st_mode & 0o077 == 0


def test_a_killed_run_takes_its_servers_with_it(tmp_path: Path) -> None:
    """A process that starts a server and dies without a word leaves none."""
    script = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from pathlib import Path
from tests.servers.process import ServerProcess
server = ServerProcess("left", ["sleep", "60"], folder=Path({str(tmp_path)!r}), ready=lambda: True)
server.start()
print(server.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20)
    assert done.returncode == -signal.SIGKILL
    assert wait_for_exit(int(done.stdout), 30_000)
