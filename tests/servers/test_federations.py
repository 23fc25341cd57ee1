"""The SAML provider, the CAS server and their systems: one logon for all, a wrong one, and what is asked besides."""

from __future__ import annotations

from tests.servers import cas, mellon, simplesaml
from tests.servers.apache_cas import Courts
from tests.servers.attempts import Attempts
from tests.servers.cas import CasServer
from tests.servers.certificates import Certificates
from tests.servers.mellon import Exhibits
from tests.servers.people import ALICE, BOB, PASSWORD, WRONG_PASSWORD, Person
from tests.servers.simplesaml import SimpleSaml
from tests.servers.visitor import Page, Visitor

_SIGNED_ON = 'Signed on as <b id="user">{}</b>'


class TestSaml:
    def test_one_logon_opens_both_doors(
        self, saml_provider: SimpleSaml, exhibits: Exhibits, certificates: Certificates
    ) -> None:
        before = saml_provider.attempts(ALICE.uid)
        visitor = Visitor(certificates.ca)
        page = _log_on(visitor, visitor.open(saml_provider.logon_url), ALICE, WRONG_PASSWORD)
        assert simplesaml.FAILURE.removeprefix("img.") in page.text
        page = _log_on(visitor, page, ALICE)
        assert simplesaml.READY.removeprefix("#") in page.ids

        for door in (exhibits.by_redirect, exhibits.by_post):
            assert _SIGNED_ON.format(ALICE.uid) in _led_on(visitor, visitor.open(door)).text
        assert saml_provider.attempts(ALICE.uid) == Attempts(before.right + 1, before.wrong + 1)

        assert simplesaml.SIGNED_OFF in visitor.open(saml_provider.log_off_url).text
        assert "password" in visitor.open(saml_provider.logon_url).ids

    def test_a_system_may_have_a_consent_asked(
        self, saml_provider: SimpleSaml, exhibits: Exhibits, certificates: Certificates
    ) -> None:
        visitor = Visitor(certificates.ca)
        _log_on(visitor, visitor.open(saml_provider.logon_url), BOB)
        page = visitor.open(exhibits.asking)
        assert simplesaml.CONSENT.removeprefix("#") in page.ids
        page = _led_on(visitor, visitor.submit(page, page.form(containing="yes"), {}))
        assert mellon.READY.removeprefix("main#") in page.ids

    def test_an_answer_that_is_posted_to_another_door_is_refused(
        self, saml_provider: SimpleSaml, exhibits: Exhibits, certificates: Certificates
    ) -> None:
        visitor = Visitor(certificates.ca)
        _log_on(visitor, visitor.open(saml_provider.logon_url), BOB)
        page = visitor.open(exhibits.by_redirect)
        answer = page.form(containing="SAMLResponse")
        refused = visitor.open(exhibits.answer_at("property"), dict(answer.fields), headers={"Origin": "null"})
        assert refused.status >= 400
        assert _SIGNED_ON.format(BOB.uid) not in refused.text


class TestCas:
    def test_one_logon_opens_the_list_and_not_what_is_sealed(
        self, cas_server: CasServer, courts: Courts, certificates: Certificates
    ) -> None:
        before = cas_server.attempts(ALICE.uid)
        visitor = Visitor(certificates.ca)
        page = _log_on(visitor, visitor.open(cas_server.logon_url), ALICE, WRONG_PASSWORD)
        assert "alert-danger" in page.text
        page = _log_on(visitor, page, ALICE)
        assert 'action="logout"' in page.text

        assert _SIGNED_ON.format(ALICE.uid) in visitor.open(courts.url).text
        asked = visitor.open(courts.sealed)
        assert _SIGNED_ON.format(ALICE.uid) in _log_on(visitor, asked, ALICE).text
        assert cas_server.attempts(ALICE.uid) == Attempts(before.right + 2, before.wrong + 1)

        assert cas.SIGNED_OFF in visitor.open(cas_server.log_off_url).text


def _log_on(visitor: Visitor, page: Page, person: Person, password: str = PASSWORD) -> Page:
    fields = {"username": person.uid, "password": password}
    return visitor.submit(page, page.form(containing="password"), fields)


def _led_on(visitor: Visitor, page: Page) -> Page:
    """Post what a browser's script would post."""
    for _ in range(3):
        posting = next((form for form in page.forms if {"SAMLRequest", "SAMLResponse"} & form.fields.keys()), None)
        if posting is None:
            break
        page = visitor.submit(page, posting, {})
    return page
