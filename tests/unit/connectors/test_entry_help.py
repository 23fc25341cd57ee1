"""The help page of entries lists every key; the README of the examples every example."""

from __future__ import annotations

from pathlib import Path

from launcher.catalogue import load
from launcher.catalogue.entry import EntryFile, Spec
from launcher.connectors.base import address_of, judge_of, kinds_of, plan_of
from launcher.connectors.entry_help import entry_tables
from launcher.connectors.program import ProgramConnector
from launcher.connectors.terminal import TerminalConnector
from launcher.connectors.web import WebConnector
from launcher.policy.settings import Settings
from launcher.policy.settings_help import page_with_table

RESOURCES = Path(__file__).parents[3] / "resources"
CONNECTORS = (WebConnector(), ProgramConnector(), TerminalConnector())
UNDER = Settings.model_validate(
    {
        "station": {"terminal": "FD-02"},
        "sign_in": {"methods": ["local"]},
        "local": {},
        "kerberos": {"realm": "FORCE.EXAMPLE", "hosts": ["*.force.example"]},
        "provider": [
            {
                "name": "courts",
                "label": "Courts account",
                "url": "https://cas.courts.example/login",
                "logon": {"markers": [{"means": "ready", "selector": "#in"}]},
            }
        ],
        "federated": {"authority": "https://id.force.example/oidc", "client_id": "x"},
        "programs": {"executables": [f"/opt/force/bin/{name}" for name in ("viewer", "records", "exhibits")]},
        "terminals": {
            "telnet_hosts": ["property.force.example"],
            "known_hosts": Path(__file__).parents[2] / "contract" / "connectors" / "known_hosts",
        },
    }
)


def test_every_key_of_an_entry_is_on_the_help_page() -> None:
    page = (RESOURCES / "help" / "catalogue-entry.md").read_text(encoding="utf-8")
    assert page == page_with_table(page, entry_tables(CONNECTORS)), "write it anew: settings_help.write_page"
    models: list[type[Spec]] = [EntryFile, *(connector.spec for connector in CONNECTORS)]
    for model in models:
        for name, field in model.model_fields.items():
            assert f"| `{name}` |" in page
            assert field.description


def test_the_examples_are_sound_and_each_is_listed() -> None:
    folder = RESOURCES / "example-catalogue"
    catalogue = load(folder, kinds_of(CONNECTORS), judge_of(CONNECTORS, UNDER))
    assert (catalogue.faults, catalogue.warnings) == ((), ())
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert {entry.id for entry in catalogue.entries} == {file.stem for file in folder.glob("*.toml")}
    for entry in catalogue.entries:
        assert f"`{entry.id}.toml`" in readme
        assert plan_of(CONNECTORS, entry, UNDER).system == entry.id
        assert address_of(CONNECTORS, entry)


def test_the_examples_show_every_way_of_signing_on() -> None:
    catalogue = load(RESOURCES / "example-catalogue", kinds_of(CONNECTORS))
    ways = {plan_of(CONNECTORS, entry, UNDER).sign_on for entry in catalogue.entries}
    web = {"federated", "form", "basic", "certificate", "endpoint", "kerberos", "token", "none"}
    assert ways == {*web, "program", "password"}


def test_a_way_of_signing_on_is_explained_where_the_table_of_ways_points_to() -> None:
    entries = (RESOURCES / "help" / "catalogue-entry.md").read_text(encoding="utf-8").partition("# All keys")[0]
    table = (RESOURCES / "help" / "web-systems.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[2:5]] for line in table.splitlines() if line.startswith("| ")]
    pointed = {way.strip("`"): more for way, _, more in rows if more.endswith(".md")}
    assert {way for way, more in pointed.items() if more == "catalogue-entry.md"} == {
        "basic",
        "token",
        "certificate",
        "endpoint",
    }
    for way, more in pointed.items():
        if more == "catalogue-entry.md":
            assert f'**{way.capitalize()}.** `sign_on = "{way}"` is for ' in entries
