"""The hub's file: its page and its example say what is so, and what is wrong in it is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.hub.errors import HubSettingsError
from launcher.hub.serve import must_be_safe
from launcher.hub.settings import HubSettings, ServeSettings, read_settings
from launcher.policy.settings_help import page_with_table, settings_table
from tests.servers.certificates import Certificates

ROOT = Path(__file__).parents[3]


def test_the_help_page_lists_every_key() -> None:
    page = (ROOT / "resources/help/hub-file.md").read_text(encoding="utf-8")
    assert page == page_with_table(page, settings_table(HubSettings))


def test_the_example_is_taken() -> None:
    read = read_settings(ROOT / "resources/hub/hub.toml")
    assert read.roles.supervisors == {"sergeants": 1, "inspectors": 2}
    assert read.serve.host == "0.0.0.0"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[serve]\nport = 70000", ":2:1"),
        ("[serve]\nprot = 8470", "did you mean 'port'"),
        ("[roles]\nit = []\nvouched = ['officer']", ":3:"),
        ("[openid]\nissuer = 'https://id'", "missing key 'audience'"),
        ("[openid]\nissuer = 'http://id'\naudience = ['hub']", ":2:"),
        ("[openid]\nissuer = 'https://id'\naudience = ['hub']\nalgorithms = ['HS256']", ":4:"),
        ("[openid]\nissuer = 'https://id'\naudience = ['hub']\naccepts = []", ":4:"),
        ("[roles.supervisors]\nsergeants = 0", ":2:"),
        ("[forces]\ndomains = ['northshire']", ":2:"),
        ("[helpdesk]\nsensitive = ['supend']", ":2:"),  # it would let that act be done without a second person
        ("[serve\n", ":1:"),
        ("[store]\nurl = 7", ":2:1"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(text)
    with pytest.raises(HubSettingsError) as refused:
        read_settings(file)
    assert says in f"{refused.value.message} {refused.value.detail}"


def test_a_question_ends_its_sentence(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    for text, end in (("[serve]\nprot = 1", "did you mean 'port'?"), ("[serve]\nprot = 1\nx = 1", "(and 1 more).")):
        file.write_text(text)
        with pytest.raises(HubSettingsError) as refused:
            read_settings(file)
        assert refused.value.message.endswith(end)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text("[serve]\ncertificate = 'hub.pem'\nkey = 'hub.key'")
    assert read_settings(file).serve.certificate == tmp_path / "hub.pem"


@pytest.mark.parametrize(
    ("serve", "says"),
    [
        ({"host": "0.0.0.0"}, "plain HTTP"),
        ({"host": "hub.force.example"}, "plain HTTP"),
        ({"host": "0.0.0.0", "behind_proxy": True}, "plain HTTP"),
        ({"certificate": "hub.pem"}, "both"),
        ({"certificate": "no-such.pem", "key": "no-such.key"}, r"\[serve\] certificate = no-such.pem cannot be read"),
    ],
)
def test_what_could_be_read_on_the_way_is_not_served(serve: dict[str, object], says: str) -> None:
    with pytest.raises(HubSettingsError, match=says):
        must_be_safe(ServeSettings.model_validate(serve))


def test_a_proxy_elsewhere_is_refused(certificates: Certificates) -> None:
    server = certificates.server
    with pytest.raises(HubSettingsError, match="behind_proxy"):
        must_be_safe(ServeSettings(host="0.0.0.0", behind_proxy=True, certificate=server.certificate, key=server.key))
    with pytest.raises(HubSettingsError, match=f"key = {certificates.expired.key} cannot be used together"):
        must_be_safe(ServeSettings(certificate=server.certificate, key=certificates.expired.key))
    with pytest.raises(HubSettingsError, match=r"key = no-such\.key cannot be read") as missing:
        must_be_safe(ServeSettings.model_validate({"certificate": server.certificate, "key": "no-such.key"}))
    assert missing.value.detail == "No such file or directory"
    must_be_safe(ServeSettings(host="0.0.0.0", certificate=server.certificate, key=server.key))
    must_be_safe(ServeSettings(host="::1", behind_proxy=True))
