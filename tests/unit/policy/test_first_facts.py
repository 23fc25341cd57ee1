"""What the first screen is painted from is what the checked settings say, whatever a machine policy says over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.policy.first_facts import FirstFacts, facts_of, first_facts
from launcher.policy.station_file import load

PLAIN = """
[station]
terminal = " FD-02 "
place = "Front desk"
[sign_in]
methods = ["local"]
[local]
officers_file = "officers.toml"
"""

RICH = """
[station]
terminal = "FD-02"
place = "Front desk"
force = "Force"
helpdesk = "ext. 4100"
theme = "dark"
text_scale = 2
reduced_motion = true
fullscreen = false
[sign_in]
methods = ["federated", "local"]
[local]
label = "Here"
[federated]
authority = "https://id.force.example/oidc"
client_id = "station"
[web]
private_ca_file = "ca.pem"
[credentials]
keep = "off"
[limits]
heartbeat_s = 0.5
"""

POLICY = """
locked = ["station.text_scale", "credentials"]
[station]
theme = "auto"
[local]
label = "By policy"
[web]
private_ca_file = "other.pem"
"""


@pytest.mark.parametrize("policy", ["", POLICY], ids=["alone", "under a policy"])
@pytest.mark.parametrize("text", [PLAIN, RICH], ids=["plain", "rich"])
def test_the_first_facts_are_those_of_the_settings(tmp_path: Path, text: str, policy: str) -> None:
    file, policy_file = tmp_path / "station.toml", tmp_path / "elsewhere" / "policy.toml"
    file.write_text(text)
    policy_file.parent.mkdir()
    if policy:
        policy_file.write_text(policy)
    assert first_facts(file, policy_file) == facts_of(load(file, policy_file))


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "station = 1\nsign_in = []\nweb = ''\nlimits = true",
        "[station]\nterminal = 7\ntheme = 'pink'\ntext_scale = 'large'\n[sign_in]\nmethods = [1, 'x']",
        "[sign_in]\nmethods = 'local'\n[limits]\nheartbeat_s = true",
    ],
)
def test_what_is_faulty_is_the_default(tmp_path: Path, text: str) -> None:
    file = tmp_path / "station.toml"
    file.write_text(text)
    assert first_facts(file, tmp_path / "none") == FirstFacts()
    assert first_facts(tmp_path / "missing", tmp_path / "none") == FirstFacts()


def test_a_faulty_policy_changes_nothing(tmp_path: Path) -> None:
    file, policy = tmp_path / "station.toml", tmp_path / "policy.toml"
    file.write_text(RICH)
    policy.write_text("locked = 7")
    assert first_facts(file, policy) == first_facts(file, tmp_path / "none")
