"""The station file: what is read, what is refused, and where the fault stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.errors import SettingsError
from launcher.policy.federation_settings import ForceSettings
from launcher.policy.provider_settings import FurtherProviderSettings
from launcher.policy.settings import Settings
from launcher.policy.settings_help import page_with_table, settings_table
from launcher.policy.station_file import load, read, schema, setting_keys

RESOURCES = Path(__file__).parents[3] / "resources"

SMALL = """\
[station]
terminal = "FD-02"

[sign_in]
methods = ["directory"]

[directory]
servers = ["ldaps://dc1.force.example", "ldap://dc2.force.example:3389"]
base = "dc=force,dc=example"
"""


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


class Station:
    """A station file and a machine policy in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "station.toml"
        self.policy = folder / "etc" / "policy.toml"
        self.policy.parent.mkdir()

    def load(self, text: str, policy: str | None = None) -> Settings:
        self.file.write_text(text, encoding="utf-8")
        if policy is not None:
            self.policy.write_text(policy, encoding="utf-8")
        return load(self.file, self.policy)

    def faults(self, text: str, policy: str | None = None) -> list[str]:
        with pytest.raises(SettingsError) as refused:
            self.load(text, policy)
        folder = str(self.file.parent) + "/"
        return [line.replace(folder, "") for line in refused.value.detail.splitlines()]


def test_a_small_file_gets_defaults_for_the_rest(station: Station) -> None:
    settings = station.load(SMALL)
    assert settings.station.terminal == "FD-02"
    assert settings.station.theme == "light"
    assert settings.limits.parallel_launches == 10
    assert settings.directory is not None
    assert settings.directory.issuer == "ldap:dc=force,dc=example"
    assert settings.directory.group_base == "dc=force,dc=example"
    assert settings.programs.executables == ()


def test_paths_are_read_from_the_files_own_folder(station: Station) -> None:
    settings = station.load(SMALL + 'ca_file = "pki/ca.pem"\n[web]\nprivate_ca_file = "/etc/force.pem"\n')
    folder = station.file.parent
    assert settings.station.catalogue == folder / "catalogue"
    assert settings.directory is not None
    assert settings.directory.ca_file == folder / "pki" / "ca.pem"
    assert settings.web.private_ca_file == Path("/etc/force.pem")


def test_an_empty_ca_file_is_the_systems_trust(station: Station) -> None:
    settings = station.load(SMALL + 'ca_file = ""\n')
    assert settings.directory is not None
    assert settings.directory.ca_file is None


def test_every_fault_is_listed_with_line_and_near_match(station: Station) -> None:
    text = SMALL.replace(
        'terminal = "FD-02"', 'terminal = "FD-02"\nheldesk = "ext. 4100"\ntheme = "drak"\ntext_scale = "big"'
    ).replace("ldaps://dc1", "http://dc1")
    assert station.faults(text) == [
        "station.toml:3:1: unknown key 'heldesk', did you mean 'helpdesk'?",
        "station.toml:4:1: 'drak' is not known for 'theme', did you mean 'dark'?",
        "station.toml:5:1: 'text_scale': input should be a valid number, unable to parse string as a number",
        "station.toml:11:1: 'http://dc1.force.example' is not an ldap:// or ldaps:// address",
    ]


def test_a_method_without_its_section_is_said_even_beside_other_faults(station: Station) -> None:
    text = SMALL.replace('["directory"]', '["directory", "local"]')
    assert station.faults(text) == ["station.toml:5:1: the method 'local' needs a section [local]"]
    assert station.faults(text + "\n[statoin]\n") == [
        "station.toml:5:1: the method 'local' needs a section [local]",
        "station.toml:11:1: unknown key 'statoin', did you mean 'station'?",
    ]


def test_a_missing_section_and_key_point_at_what_is_there(station: Station) -> None:
    assert station.faults("[sign_in]\nmethods = []\n[station]\n") == [
        "station.toml:2:1: 'methods' may not be empty",
        "station.toml:3:1: missing key 'terminal'",
    ]


FEDERATED = """\
[station]
terminal = "FD-02"
[sign_in]
methods = ["federated"]
[federated]
client_id = "station"
"""


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("", "5:1: give exactly one of authority and tenant"),
        (
            'authority = "https://id.force.example/oidc"\ntenant = "force"',
            "5:1: give exactly one of authority and tenant",
        ),
        ('authority = "http://id.force.example/oidc"', "7:1: the authority is an https:// address"),
        (
            'authority = "https://id.force.example"',
            "7:1: the authority has a path and no slash at its end, e.g. https://id.force.example/oidc",
        ),
        (
            'authority = "https://id.force.example/oidc/"',
            "7:1: the authority has a path and no slash at its end, e.g. https://id.force.example/oidc",
        ),
        ('authority = "https://id:port/x"', "7:1: the authority is an https:// address"),
        ('tenant = "f"\nalgorithms = ["none"]', "8:1: none is not an algorithm that may sign an ID token"),
        ('tenant = "f"\nalgorithms = ["HS256"]', "8:1: HS256 is not an algorithm that may sign an ID token"),
        (
            'tenant = "f"\nlogin_origins = ["http://a"]',
            "8:1: 'http://a' is not an origin such as https://id.force.example",
        ),
        (
            'tenant = "f"\nredirect_uri = "http://localhost"',
            "8:1: the redirect address is https:// and has neither query nor fragment",
        ),
        (
            'tenant = "f"\npost_logout_redirect_uri = "https://localhost/a?b=c"',
            "8:1: the redirect address is https:// and has neither query nor fragment",
        ),
        ('tenant = "f"\n[federated.logoff]\nsteps = []', "8:1: give steps or markers"),
        (
            'tenant = "f"\n[[federated.logoff.steps]]\ndo = "fill"\nfield = "#name"\nvalue = "{password}"',
            "9:1: 'fill' is not known for 'do'; known are wait, press, expect",
        ),
    ],
)
def test_providers_that_are_refused(station: Station, lines: str, fault: str) -> None:
    assert station.faults(FEDERATED + lines + "\n") == [f"station.toml:{fault}"]


def test_the_providers_own_origin_is_where_its_logon_is_filled(station: Station) -> None:
    settings = station.load(
        FEDERATED
        + """\
authority = "https://id.force.example:8443/oidc"
scopes = ["profile"]
[[federated.logon.steps]]
do = "fill"
field = "#name"
value = "{username}"
"""
    )
    assert settings.federated is not None
    assert settings.federated.login_origins == ("https://id.force.example:8443",)
    assert settings.federated.scopes == ("openid", "profile")
    assert settings.federated.logon is not None
    assert len(settings.federated.logon.steps) == 1
    assert (settings.federated.logoff, settings.federated.post_logout_redirect_uri) == (None, "")


def test_a_page_that_asks_at_the_log_off_is_answered_by_steps_or_known_by_markers(station: Station) -> None:
    settings = station.load(
        FEDERATED
        + """\
tenant = "force"
post_logout_redirect_uri = "https://localhost/station-launcher/logged-off"
[federated.logoff]
steps = [{ do = "press", control = "#yes" }]
markers = [{ means = "ready", text = "You are logged off" }]
"""
    )
    assert settings.federated is not None
    assert settings.federated.post_logout_redirect_uri == "https://localhost/station-launcher/logged-off"
    assert settings.federated.logoff is not None
    assert [step.do for step in settings.federated.logoff.steps] == ["press"]
    assert settings.federated.logoff.markers[0].means == "ready"


def test_faults_inside_a_recipe_are_found_at_their_line(station: Station) -> None:
    text = FEDERATED + (
        'tenant = "f"\n[[federated.logon.steps]]\ndo = "fill"\nfeild = "#name"\nvalue = "{passwrd}"\n'
        '[[federated.logon.steps]]\ndo = "pres"\n[[federated.logon.steps]]\nkey = "Enter"\n'
    )
    assert station.faults(text) == [
        "station.toml:10:1: unknown key 'feild', did you mean 'field'?",
        "station.toml:11:1: {passwrd} is not a value; known are username, password, otp",
        "station.toml:13:1: 'pres' is not known for 'do', did you mean 'press'?",
        "station.toml:14:1: missing key 'do'",
    ]


@pytest.mark.parametrize(
    ("find", "fault"),
    [
        ('find = "upn"', "10:1: find = upn needs upn_suffix"),
        ('find = "template"\ndn_template = "uid=x"', "10:1: find = template needs a dn_template with {name}"),
        ('user_filter = "(uid=*)"', "10:1: find = filter needs a user_filter with {name}"),
    ],
)
def test_each_way_to_find_an_officer_has_its_key(station: Station, find: str, fault: str) -> None:
    assert station.faults(SMALL + find + "\n") == [f"station.toml:{fault}"]


def test_the_machine_policy_wins_and_says_what_it_overruled(station: Station) -> None:
    station.file.write_text(SMALL + '[web]\nhosts = ["*.elsewhere.example"]\n', encoding="utf-8")
    station.policy.write_text('[web]\nhosts = ["*.force.example"]\n[limits]\nspare_idle_s = 8\n', encoding="utf-8")
    reading = read(station.file, station.policy)
    assert reading.settings.web.hosts == ("*.force.example",)
    assert reading.settings.limits.spare_idle_s == 8
    assert reading.overruled == ("web.hosts",)


def test_a_locked_key_has_its_default_where_the_policy_gives_none(station: Station) -> None:
    station.file.write_text(
        SMALL + '[programs]\nexecutables = ["/bin/sh"]\n[credentials]\nkeep = "file"\n[limits]\nspare_idle_s = 24\n',
        encoding="utf-8",
    )
    station.policy.write_text('locked = ["programs", "credentials.keep", "limits.spare_idle_s"]\n', encoding="utf-8")
    reading = read(station.file, station.policy)
    assert reading.settings.programs.executables == ()
    assert reading.settings.credentials.keep == "os"
    assert reading.settings.limits.spare_idle_s == 30
    assert reading.overruled == ("programs", "credentials.keep", "limits.spare_idle_s")


def test_a_locked_section_holds_exactly_what_the_policy_says(station: Station) -> None:
    settings = station.load(
        SMALL + 'ca_file = "x.pem"\n',
        'locked = ["directory"]\n[directory]\nservers = ["ldaps://dc9.force.example"]\nbase = "dc=force"\n',
    )
    assert settings.directory is not None
    assert settings.directory.servers == ("ldaps://dc9.force.example",)
    assert settings.directory.ca_file is None


def test_a_fault_in_the_policy_is_found_in_the_policy(station: Station) -> None:
    assert station.faults(SMALL, 'locked = ["web.host"]\n[limits]\nheartbeat_s = "often"\n') == [
        "etc/policy.toml:1:1: unknown key 'web.host', did you mean 'web.hosts'?",
        "etc/policy.toml:3:1: 'heartbeat_s': input should be a valid number, unable to parse string as a number",
    ]


def test_a_missing_file_and_text_that_is_not_toml(station: Station) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(station.file, station.policy)
    assert station.faults("[station]\nterminal = \n") == ["station.toml:2:12: not TOML: invalid value"]
    station.file.write_bytes(b"[station]\nplace = '\xff'\n")
    with pytest.raises(SettingsError) as refused:
        load(station.file, station.policy)
    assert refused.value.detail.endswith("station.toml:2:10: this is not UTF-8 text")


def test_a_byte_order_mark_is_no_fault(station: Station) -> None:
    assert station.load("\ufeff" + SMALL).station.terminal == "FD-02"


def test_an_unreadable_value_is_never_repeated(station: Station) -> None:
    said = station.faults(SMALL + 'password = "hunter2"\nconnect_s = "hunter2"\n')
    assert not any("hunter2" in line for line in said)


@given(st.text(max_size=200))
def test_no_text_gets_another_error_than_ours(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("any") / "station.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SettingsError):
        load(file, file.with_name("none.toml"))


_scalars = st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.floats(allow_nan=False))
_values = st.recursive(_scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=5)


@given(
    st.sampled_from([*Settings.model_fields, "other"]),
    st.dictionaries(st.sampled_from([key[-1] for key in setting_keys()]), _values, max_size=5),
)
def test_no_wrong_value_gets_another_error_than_ours(
    tmp_path_factory: pytest.TempPathFactory, section: str, values: dict[str, object]
) -> None:
    file = tmp_path_factory.mktemp("any") / "station.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    file.write_bytes("\n".join([f"[{section}]", *lines]).encode("utf-8", "surrogatepass"))
    with pytest.raises(SettingsError):
        load(file, file.with_name("none.toml"))


def test_the_committed_schema_is_the_generated_one() -> None:
    committed = (RESOURCES / "schemas" / "station.schema.json").read_text(encoding="utf-8")
    assert committed == schema(), "write it anew: launcher.policy.station_file.write_schema"


def test_every_setting_is_on_the_help_page() -> None:
    page = (RESOURCES / "help" / "station-file.md").read_text(encoding="utf-8")
    assert page == page_with_table(page, settings_table()), "write it anew: launcher.policy.settings_help.write_page"
    lists = {"force": ForceSettings, "provider": FurtherProviderSettings}
    assert {key[0] for key in setting_keys() if len(key) == 1} == set(lists)
    listed = [(f"## [[{name}]]", key) for name, model in lists.items() for key in model.model_fields]
    single = [(f"## [{'.'.join(key[:-1])}]", key[-1]) for key in setting_keys() if len(key) > 1]
    for heading, key in (*single, *listed):
        assert heading in page
        within = (heading, key) in listed and key in {"logon", "logoff"}  # tables, with headings of their own
        assert (f"{heading[:3]}{heading[4:-2]}.{key}]" if within else f"| `{key}` |") in page


def test_every_setting_is_described() -> None:
    for line in settings_table().splitlines():
        if line.startswith("| `"):
            assert not line.endswith("|  |"), line
