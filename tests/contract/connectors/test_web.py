"""Web systems keep the contract of connectors, and their own rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.connectors.plan import (
    CertificateName,
    CredentialName,
    TicketName,
    TokenName,
    WebCertificate,
    WebFiles,
    WebTarget,
)
from launcher.connectors.web import WebConnector
from tests.contract.connectors.contract import ConnectorContract, settings_with

WEB = '[web]\nurl = "{url}"\nsign_on = "{method}"\n'
FILLS = """\
[[step]]
do = "fill"
field = "#name"
value = "{username}"
[[marker]]
means = "ready"
selector = "#main"
"""
READY_AT_MAIN = '[[marker]]\nmeans = "ready"\nselector = "#main"\n'
ENDPOINT = """\
[web.endpoint]
url = "https://custody.force.example/api/logon"
fields = { user = "{username}", pass = "{password}" }
method = "POST"
"""
COURTS = {
    "name": "courts",
    "label": "Courts account",
    "url": "https://cas.courts.example/login",
    "logon": {
        "steps": [{"do": "fill", "field": "#u", "value": "{username}"}],
        "markers": [{"means": "ready", "selector": "#in"}],
    },
}
CA = Path("/etc/force/ca.pem")
FILES = WebFiles(200)


def web(method: str = "none", url: str = "https://custody.force.example/") -> str:
    return WEB.format(url=url, method=method)


class TestWebConnector(ConnectorContract):
    connector = WebConnector()
    examples = (
        "armoury",
        "body-camera",
        "case-office",
        "court-listings",
        "custody-record",
        "duty-planner",
        "duty-rosters",
        "fleet-bookings",
        "missing-persons",
        "station-orders",
        "vehicle-archive",
        "warrants-register",
    )
    allowing = settings_with(
        web={"hosts": ["*.force.example"]},
        kerberos={"realm": "FORCE.EXAMPLE", "hosts": ["*.force.example"]},
        provider=[COURTS],
        federated={"authority": "https://id.force.example/oidc", "client_id": "x"},
    )
    forbidding = settings_with(web={"hosts": ["*.elsewhere.example"]})
    bad_table = web(url="http://custody.force.example/")

    def sound_table(self) -> str:
        return web()

    @pytest.mark.parametrize(
        "url",
        [
            "https://custody.force.example/a?b=c#d",
            "https://custody.force.example:8443",
            "http://localhost:8000/",
            "http://custody.localhost:8000/",
            "http://127.0.0.1/",
            "http://127.8.9.10:1/",
            "http://[::1]:8000/",
        ],
    )
    def test_addresses_that_may_be_named(self, url: str) -> None:
        assert self.said(web(url=url)) == []

    @pytest.mark.parametrize(
        "url",
        [
            "http://custody.force.example/",
            "http://localhost.force.example/",
            "http://127.0.0.1.force.example/",
            "http://0.0.0.0/",
            "ftp://custody.force.example/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "custody.force.example",
            "//custody.force.example/",
            "https://",
            "https://alice:secret@custody.force.example/",
            "https://custody.force.example@elsewhere.example/",
            "https://custody.force.example\\\\@elsewhere.example/",
            "https://custody force.example/",
            "https://custody.force.example:port/",
            "https://[::1",
        ],
    )
    def test_addresses_that_may_not_be_named(self, url: str) -> None:
        said = self.said(web(url=url))
        assert said
        assert said[0].startswith("one.toml:4:1: ")
        assert "secret" not in said[0]

    @pytest.mark.parametrize(
        ("more", "fault"),
        [
            ('origins = ["https://a.force.example/x"]', "write 'https://a.force.example'"),
            ('origins = ["https://A.force.example"]', "write 'https://a.force.example'"),
            ('origins = ["https://a.force.example:443"]', "write 'https://a.force.example'"),
            ('visits = ["http://a.force.example"]', "is not https"),
            ('visits = ["*"]', "is not an https:// address"),
            ('credential = "store"', "credential is for sign_on = form or basic"),
            ("otp = true", "otp is for sign_on = form"),
            ('token_scopes = ["x"]', "token_scopes is for sign_on = token"),
        ],
    )
    def test_further_keys_that_are_refused(self, more: str, fault: str) -> None:
        said = self.said(web() + more + "\n")
        assert len(said) == 1
        assert said[0].startswith("one.toml:6:1: ")
        assert fault in said[0]

    @pytest.mark.parametrize(
        ("table", "rest", "fault"),
        [
            (web("form"), "", "5:1: sign_on = form needs a step that fills a field"),
            (web("none"), FILLS, "9:1: sign_on = none fills no name, password or code; use sign_on = form"),
            (web("federated"), FILLS, "9:1: sign_on = federated fills no name, password or code; use sign_on = form"),
            (web("form"), FILLS.replace("username", "otp"), "9:1: {otp} needs otp = true"),
            (web("form") + "otp = true\n", FILLS, "6:1: otp = true needs a step that fills {otp}"),
            (
                web("form"),
                FILLS + '[[marker]]\nmeans = "failed"\ntext = "code"\nrefused = "code"\n',
                '16:1: refused = "code" needs otp = true, and a recipe that fills {otp}',
            ),
            (
                web("form"),
                FILLS.replace("username", "subject.name"),
                "9:1: {subject.name} is not known while signing on",
            ),
            (
                web("form"),
                FILLS.replace('field = "#name"\n', ""),
                "6:1: a fill on a page needs the selector of its field",
            ),
            (
                web("form"),
                FILLS.replace("username", "password") * 2,
                "13:1: this fills the same password again on the same page: a refused password is never tried twice",
            ),
            (
                web("form"),
                FILLS.replace('selector = "#main"', 'url = "main"'),
                "12:1: 'main' is not an https:// address",
            ),
            (web("token"), "", "5:1: sign_on = token needs token_scopes"),
            (
                web("ntlm"),
                "",
                "5:1: 'ntlm' is not known for 'sign_on'; known are federated, form, basic, ",
            ),
        ],
    )
    def test_steps_and_methods_that_do_not_fit(self, table: str, rest: str, fault: str) -> None:
        said = self.said(table, rest)
        assert any(line.startswith(f"one.toml:{fault}") for line in said), said

    def test_a_form_has_the_officers_credential_and_fills_on_its_own_origin(self) -> None:
        plan = self.connector.plan(self.entry(web("form", "https://Custody.force.example:443/x"), FILLS), self.allowing)
        assert plan.grants == (CredentialName("one", "store", otp=False),)
        assert plan.target == WebTarget(
            "https://Custody.force.example:443/x",
            ("https://custody.force.example",),
            visits=(),
            token_origin="",
            files=FILES,
        )

    def test_its_pages_have_what_both_the_entry_and_the_policy_give(self) -> None:
        entry = self.entry(web() + 'permissions = ["camera", "location"]\n', READY_AT_MAIN)
        usual = self.connector.plan(entry, self.allowing).target
        assert isinstance(usual, WebTarget)
        assert (usual.permissions, usual.files) == ((), FILES)
        policy = {"permissions": ["location", "clipboard"], "downloads_mb": 5, "save_to": ["/srv/kept"]}
        target = self.connector.plan(entry, settings_with(web=policy)).target
        assert isinstance(target, WebTarget)
        assert (target.permissions, target.files) == (("location",), WebFiles(5, (Path("/srv/kept"),)))

    def test_basic_may_use_the_sign_in_itself(self) -> None:
        plan = self.connector.plan(self.entry(web("basic") + 'credential = "sign-in"\n'), self.allowing)
        assert plan.grants == (CredentialName("one", "sign-in"),)

    def test_a_token_is_named_by_its_scopes_and_carried_to_one_origin(self) -> None:
        table = web("token") + 'token_scopes = ["a", "b"]\ntoken_origin = "https://api.force.example"\n'
        plan = self.connector.plan(self.entry(table), self.allowing)
        assert plan.grants == (TokenName(("a", "b")),)
        assert isinstance(plan.target, WebTarget)
        assert plan.target.token_origin == "https://api.force.example"

    def test_a_page_of_another_provider_may_visit_that_one_and_not_the_force_account(self) -> None:
        federated = {"authority": "https://id.force.example/oidc", "client_id": "x"}
        under = settings_with(federated=federated, provider=[COURTS])
        plan = self.connector.plan(self.entry(web("federated") + 'provider = "courts"\n'), under)
        assert plan.through == "courts"
        assert plan.provider == plan.visits == ("https://cas.courts.example",)
        assert plan.grants == ()

    def test_a_provider_that_the_force_account_leads_on_to_may_go_there(self) -> None:
        led_on = COURTS | {"logon": {"markers": [{"means": "ready", "selector": "#in"}]}}
        federated = {"authority": "https://id.force.example/oidc", "client_id": "x"}
        under = settings_with(federated=federated, provider=[led_on])
        plan = self.connector.plan(self.entry(web("federated") + 'provider = "courts"\n'), under)
        assert plan.visits == ("https://cas.courts.example", "https://id.force.example")

    def test_a_page_of_the_force_account_may_lead_an_officer_of_another_force_to_theirs(self) -> None:
        theirs = {"name": "n", "label": "N", "domains": ["n.example"], "authority": "https://id.n.example/o"}
        federated = {"authority": "https://id.force.example/oidc", "client_id": "x"}
        under = settings_with(federated=federated, force=[theirs | {"client_id": "x"}])
        plan = self.connector.plan(self.entry(web("federated")), under)
        assert plan.provider == ("https://id.force.example", "https://id.n.example")

    def test_a_provider_that_is_not_named_and_one_for_another_way_are_refused(self) -> None:
        table = web("federated") + 'provider = "court"\n'
        assert any(
            "unknown provider 'court', did you mean 'courts'?" in one for one in self.said(table, None, self.allowing)
        )
        assert any("provider is for sign_on = federated" in one for one in self.said(web() + 'provider = "courts"\n'))

    def test_what_the_policy_gives_no_page_is_warned_of(self) -> None:
        table = web("federated") + 'permissions = ["camera", "location"]\n'
        account = {"authority": "https://id.force.example/oidc", "client_id": "x"}
        given = settings_with(federated=account, web={"permissions": ["location"]})
        said = [one for one in self.said(table, None, given) if "the policy gives no page camera:" in one]
        assert len(said) == 1
        assert "warning" in said[0]

    @pytest.mark.parametrize("sign_on", ["federated", "token"])
    def test_a_station_without_a_force_account_is_warned(self, sign_on: str) -> None:
        table = web(sign_on)
        if sign_on == "token":
            table += 'token_scopes = ["a"]\ntoken_origin = "https://api.force.example"\n'
        said = [one for one in self.said(table, None, settings_with()) if "no [federated]" in one]
        assert len(said) == 1
        assert "warning" in said[0]
        with_one = settings_with(federated={"authority": "https://id.force.example/oidc", "client_id": "x"})
        assert not any("no [federated]" in one for one in self.said(table, None, with_one))

    def test_a_federated_page_may_visit_the_provider_and_is_filled_nowhere_else(self) -> None:
        federated = {"authority": "https://id.elsewhere.example/oidc", "client_id": "x"}
        under = settings_with(federated=federated, web={"hosts": ["*.force.example"]})
        plan = self.connector.plan(self.entry(web("federated")), under)
        assert plan.visits == ("https://id.elsewhere.example",)
        assert plan.grants == ()
        plan = self.connector.plan(self.entry(web("none")), under)
        assert plan.visits == ()

    def test_a_page_beside_its_logon_is_visited_and_not_filled(self) -> None:
        table = web("form") + 'origins = ["https://logon.force.example"]\n'
        plan = self.connector.plan(self.entry(table, FILLS), self.allowing)
        assert isinstance(plan.target, WebTarget)
        assert plan.target.origins == ("https://logon.force.example",)
        assert plan.visits == ("https://custody.force.example",)

    @pytest.mark.parametrize(
        ("more", "fault"),
        [
            ("", "5:1: sign_on = endpoint needs a table [web.endpoint]"),
            (
                ENDPOINT.replace("custody.", "elsewhere."),
                "7:1: the endpoint must lie on one of the entry's own origins",
            ),
            (ENDPOINT.replace("https:", "http:"), "is not https"),
            (ENDPOINT.replace("{password}", "{password}{subject.name}"), "8:1: {subject.name} is not a value"),
            (ENDPOINT.replace("{password}", "x"), "8:1: nothing takes {password}"),
            (ENDPOINT + 'body = { a = ["{password}"] }\n', "7:1: an endpoint needs either fields (a form) or body"),
            (ENDPOINT.replace("fields", "field"), "8:1: unknown key 'field', did you mean 'fields'?"),
            (ENDPOINT.replace("{password}", "{password}{otp}"), "otp = true and {otp} in [web.endpoint] belong"),
            (ENDPOINT + "failed_status = [401, 200]\n", "200 cannot be accepted and refused at once"),
            (ENDPOINT.replace("POST", "GET"), "'GET' is not known for 'method'"),
        ],
    )
    def test_an_endpoint_that_is_refused(self, more: str, fault: str) -> None:
        said = self.said(web("endpoint") + more)
        assert len(said) == 1, said
        assert fault in said[0]

    def test_an_endpoint_that_tells_no_refusal_is_warned_of(self) -> None:
        told = ENDPOINT + 'ready_text = "welcome"\n'
        (warning,) = self.said(web("endpoint") + told, READY_AT_MAIN)
        assert warning.startswith("one.toml:10:1: warning: an answer without ready_text is no refusal")
        assert self.said(web("endpoint") + told + 'failed_text = "wrong"\n', READY_AT_MAIN) == []

    def test_a_wait_between_what_is_filled_and_the_press_that_sends_it_is_refused(self) -> None:
        wait, press = '[[step]]\ndo = "wait"\nselector = "#next"\n', '[[step]]\ndo = "press"\ncontrol = "#go"\n'
        filled = FILLS.partition("[[marker]]")[0]
        (fault,) = self.said(web("form"), filled + wait + press + READY_AT_MAIN)
        assert "a wait stands between what is filled and the press that sends it" in fault
        for sound in (wait + filled + press, filled + press + wait + press, filled + press + wait + filled + press):
            said = self.said(web("form"), sound + READY_AT_MAIN)
            assert not any("a wait stands" in one for one in said), said

    def test_an_endpoint_is_for_its_method_only(self) -> None:
        assert self.said(web("none") + ENDPOINT) == ["one.toml:6:1: endpoint is for sign_on = endpoint"]

    def test_an_endpoint_has_the_officers_credential_and_its_own_table(self) -> None:
        under = settings_with(web={"hosts": ["*.force.example"], "private_ca_file": str(CA)})
        plan = self.connector.plan(self.entry(web("endpoint") + ENDPOINT, READY_AT_MAIN), under)
        assert plan.grants == (CredentialName("one", "store"),)
        assert isinstance(plan.target, WebTarget)
        assert plan.target.endpoint is not None
        assert plan.target.endpoint.fields == (("user", "{username}"), ("pass", "{password}"))
        assert plan.target.endpoint.ca_file == CA
        said = self.said(web("endpoint") + ENDPOINT, FILLS)
        assert any("sign_on = endpoint fills no name" in line for line in said), said

    def test_a_certificate_is_the_officers_own_and_shared_by_name(self) -> None:
        under = settings_with(certificates={"folder": str(CA.parent)})
        plan = self.connector.plan(self.entry(web("certificate")), under)
        assert plan.grants == (CertificateName("officer"),)
        assert isinstance(plan.target, WebTarget)
        assert plan.target.certificate == WebCertificate("officer", "", CA.parent)
        table = web("certificate") + '[web.certificate]\nname = "armoury"\nissuer = "Force CA"\n'
        plan = self.connector.plan(self.entry(table), under)
        assert plan.grants == (CertificateName("armoury"),)
        assert isinstance(plan.target, WebTarget)
        assert plan.target.certificate == WebCertificate("armoury", "Force CA", CA.parent)
        table = web("certificate") + '[web.certificate]\nsource = "card"\n'
        assert self.said(table, under=under) == [
            "one.toml:7:1: the policy lets no card be read: it names no card_library"
        ]
        reads = settings_with(certificates={"card_library": "/usr/lib/cards.so"})
        plan = self.connector.plan(self.entry(table), reads)
        assert isinstance(plan.target, WebTarget)
        assert plan.target.certificate == WebCertificate("card", card_library=Path("/usr/lib/cards.so"))
        assert self.said(table + 'name = "x"\n') == ["one.toml:8:1: name is for source = file"]
        table = web("none") + '[web.certificate]\nname = "a b"\n'
        assert self.said(table)[0].startswith("one.toml:7:1: 'name'")
        assert self.said(table.replace("a b", "ab")) == ["one.toml:6:1: certificate is for sign_on = certificate"]
        said = self.said(web("certificate"), FILLS)
        assert any("sign_on = certificate fills no name" in line for line in said), said

    def test_a_ticket_is_for_hosts_that_the_policy_names(self) -> None:
        under = settings_with(
            kerberos={"realm": "FORCE.EXAMPLE", "hosts": ["*.force.example"]}, web={"private_ca_file": str(CA)}
        )
        plan = self.connector.plan(self.entry(web("kerberos")), under)
        assert plan.grants == (TicketName(),)
        assert isinstance(plan.target, WebTarget)
        assert plan.target.ca_file == CA
        assert self.said(web("kerberos"), under=settings_with()) == [
            "one.toml:5:1: sign_on = kerberos needs a section [kerberos] in the station file"
        ]
        elsewhere = 'origins = ["https://custody.force.example", "https://elsewhere.example"]\n'
        assert self.said(web("kerberos") + elsewhere, under=under) == [
            "one.toml:5:1: the policy lets no ticket be shown to 'elsewhere.example' ([kerberos] hosts)"
        ]
        said = self.said(web("kerberos"), FILLS)
        assert any("sign_on = kerberos fills no name" in line for line in said), said

    @pytest.mark.parametrize("key", ["origins", "visits"])
    def test_every_host_an_entry_names_is_held_against_the_policy(self, key: str) -> None:
        said = self.said(web("form") + f'{key} = ["https://elsewhere.example"]\n', FILLS, self.allowing)
        assert said == ["one.toml:6:1: the policy does not let an entry name the host 'elsewhere.example'"]

    def test_an_empty_list_of_hosts_allows_any(self) -> None:
        assert self.said(web(url="https://any.example/"), under=settings_with()) == []

    def test_the_address_for_a_person_is_the_host(self) -> None:
        assert self.connector.address(self.entry(web(url="https://Custody.force.example:8443/x"))) == (
            "custody.force.example:8443"
        )
