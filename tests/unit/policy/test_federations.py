"""Further providers and other forces in the station file: what is read, what is refused, and where the fault stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from launcher.errors import SettingsError
from launcher.policy.first_facts import Force, facts_of, first_facts
from launcher.policy.settings import Settings
from launcher.policy.station_file import load

SMALL = """\
[station]
terminal = "FD-02"
[sign_in]
methods = ["local"]
[local]
"""
COURTS = """\
[[provider]]
name = "courts"
label = "Courts account"
url = "https://cas.courts.example/login"
[provider.logon]
steps = [{ do = "fill", field = "#u", value = "{username}" }]
markers = [{ means = "ready", selector = "#in" }]
"""
TICKETS = """\
[kerberos]
realm = "FORCE.EXAMPLE"
hosts = ["*.force.example"]
[[provider]]
name = "fs"
label = "Exhibits account"
url = "https://fs.force.example/adfs/ls/idpinitiatedsignon"
sign_on = "kerberos"
"""
NORTHSHIRE = """\
[[force]]
name = "northshire"
label = "Northshire Police"
domains = ["Northshire.example", "nsp.example"]
authority = "https://id.northshire.example/oidc"
client_id = "station"
ca_file = "northshire.pem"
"""


HELP = Path(__file__).parents[3] / "resources" / "help" / "federations.md"


def read(folder: Path, text: str) -> Settings:
    file = folder / "station.toml"
    file.write_text(SMALL + text, encoding="utf-8")
    return load(file, folder / "none.toml")


def faults(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as refused:
        read(folder, text)
    return refused.value.detail


def test_the_examples_of_the_help_page_are_sound(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", HELP.read_text(encoding="utf-8"), re.DOTALL)
    settings = read(tmp_path, "".join(block for block in blocks if block.startswith(("[[", "[kerberos]"))))
    assert [one.name for one in settings.provider] == ["courts", "exhibits"]
    assert [one.name for one in settings.force] == ["northshire"]


def test_a_provider_is_filled_on_its_own_origins_only(tmp_path: Path) -> None:
    (courts,) = read(tmp_path, COURTS).provider
    assert courts.origins == ("https://cas.courts.example",)
    assert not courts.led_on
    assert courts.log_off == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("https://cas.courts.example/login", "http://cas.courts.example/login"), "is not https"),
        (("https://cas.courts.example/login", "cas.courts.example"), "is not an https:// address"),
        (("https://cas.courts.example/login", "https://a:b@cas.courts.example/"), "no name or password"),
        (("[provider.logon]", 'origins = ["https://cas.courts.example/"]\n[provider.logon]'), "is not an origin"),
        (("[provider.logon]", 'origins = ["https://other.example"]\n[provider.logon]'), "lies on none of the origins"),
        (("[provider.logon]", 'log_off = "https://cas.courts.example/out"\n[provider.logon]'), "it needs a marker"),
        (("[provider.logon]", 'log_off = "https://other.example/out"\n[provider.logon]'), "lies on none"),
        (('means = "ready"', 'means = "failed"'), "a marker with means = ready is needed"),
        (('name = "courts"', 'name = "The Courts"'), "name"),
        (("[provider.logon]", "within = 3\n[provider.logon]"), "did you mean 'within_s'?"),
        (("[[provider]]", COURTS + "[[provider]]"), "two providers are called 'courts'"),
    ],
)
def test_what_of_a_provider_is_refused(tmp_path: Path, changed: tuple[str, str], said: str) -> None:
    assert said in faults(tmp_path, COURTS.replace(*changed, 1))


def test_a_provider_by_ticket_needs_no_recipe_and_is_led_on_to_by_nobody(tmp_path: Path) -> None:
    (tickets,) = read(tmp_path, TICKETS).provider
    assert (tickets.sign_on, tickets.logon, tickets.led_on) == ("kerberos", None, False)
    assert tickets.origins == ("https://fs.force.example",)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('sign_on = "kerberos"\n', ""), "that needs a table [provider.logon]"),
        (('sign_on = "kerberos"', 'sign_on = "ticket"'), "known are page, kerberos"),
        (("*.force.example", "*.court.example"), "no ticket may be shown to 'fs.force.example'"),
        ((TICKETS[: TICKETS.index("[[")], ""), "needs a section [kerberos]"),
        (
            ('sign_on = "kerberos"', 'sign_on = "kerberos"\n[provider.logon]\nmarkers = [{means="ready", text="in"}]'),
            "a ticket is shown to no page",
        ),
    ],
)
def test_what_of_a_provider_by_ticket_is_refused(tmp_path: Path, changed: tuple[str, str], said: str) -> None:
    said_of = faults(tmp_path, TICKETS.replace(*changed, 1))
    assert said in said_of
    assert "station.toml:" in said_of


def test_a_force_is_known_by_its_domains_and_its_files_lie_beside_the_station_file(tmp_path: Path) -> None:
    settings = read(tmp_path, NORTHSHIRE)
    (force,) = settings.force
    assert force.domains == ("northshire.example", "nsp.example")
    assert force.ca_file == tmp_path / "northshire.pem"
    assert force.login_origins == ("https://id.northshire.example",)
    assert force.method == "force:northshire"


def test_the_first_screen_knows_the_forces_before_anything_is_checked(tmp_path: Path) -> None:
    text = NORTHSHIRE + "listed = false\n"
    settings = read(tmp_path, text)
    known = (Force("force:northshire", "Northshire Police", ("northshire.example", "nsp.example"), listed=False),)
    assert first_facts(tmp_path / "station.toml", tmp_path / "none.toml").forces == known
    assert facts_of(settings).forces == known


@pytest.mark.parametrize(
    "force", ["force = 7", "force = [7]", "[[force]]", '[[force]]\nname = "a"\nlabel = "b"\ndomains = [7]']
)
def test_a_faulty_force_keeps_no_screen_from_being_painted(tmp_path: Path, force: str) -> None:
    file = tmp_path / "station.toml"
    file.write_text(f"{force}\n" if force.startswith("force") else SMALL + force, encoding="utf-8")
    assert first_facts(file, tmp_path / "none.toml").forces == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('["Northshire.example", "nsp.example"]', "[]"), "domains"),
        (('"nsp.example"', '"@nsp.example"'), "is not a domain"),
        (('"nsp.example"', '"nsp"'), "is not a domain"),
        (('"nsp.example"', '"northshire.example"'), "two forces have the domain"),
        (('label = "Northshire Police"', ""), "label"),
        (("[[force]]", NORTHSHIRE + "[[force]]"), "two forces are called 'northshire'"),
        (('client_id = "station"', ""), "client_id"),
    ],
)
def test_what_of_a_force_is_refused(tmp_path: Path, changed: tuple[str, str], said: str) -> None:
    assert said in faults(tmp_path, NORTHSHIRE.replace(*changed, 1))


def test_more_forces_than_find_room_are_known_by_name_alone(tmp_path: Path) -> None:
    def force(number: int, more: str = "") -> str:
        text = NORTHSHIRE.replace("northshire", f"force-{number}").replace('"Northshire.example", ', "")
        return text.replace("nsp", f"f{number}") + more + "\n"

    assert "at most 4" in faults(tmp_path, "".join(force(number) for number in range(5)))
    listed = "".join(force(number, "" if number < 4 else "listed = false") for number in range(5))
    assert len(read(tmp_path, listed).force) == 5
