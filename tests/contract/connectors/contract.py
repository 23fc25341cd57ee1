"""What every kind of system keeps; a test class of each connector inherits it.

A subclass names its connector, its worked examples in ``resources/example-catalogue``, the settings under which they
may be opened, and texts that are refused.
"""

from __future__ import annotations

import pickle
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launcher.catalogue import Entry, load
from launcher.catalogue.entry import read_entry
from launcher.connectors.base import Connector, connector_of, judge_of, kinds_of
from launcher.connectors.plan import GrantName, LaunchPlan
from launcher.errors import CatalogueError
from launcher.policy.settings import Settings
from launcher.policy.toml_text import Fault, TomlText, parse_toml
from launcher.secret import Secret

EXAMPLES = Path(__file__).parents[3] / "resources" / "example-catalogue"

TOP = 'name = "One"\nkind = "{kind}"\n'
READY = '[[marker]]\nmeans = "ready"\ntext = "READY"\n'


def settings_with(**sections: object) -> Settings:
    """Return settings of a small station with the given sections."""
    return Settings.model_validate(
        {"station": {"terminal": "FD-02", "place": "Front desk"}, "sign_in": {"methods": ["local"]}, "local": {}}
        | sections
    )


class ConnectorContract(ABC):
    """Specs, refusals and plans of one kind."""

    connector: Connector
    examples: tuple[str, ...]
    allowing: Settings
    forbidding: Settings
    bad_table: str  # a table of the kind, with a fault at line 4
    ready = READY  # what of an entry proves that the system is ready

    @abstractmethod
    def sound_table(self) -> str:
        """Return a sound table of the kind, with its header, for an entry of a few lines."""

    # --- what a subclass's own tests use

    def read(self, table: str, rest: str | None = None) -> Entry | list[Fault]:
        """Read an entry of this kind; what is not given is what proves that it is ready."""
        text = TOP.format(kind=self.connector.kind) + table.rstrip() + "\n" + (self.ready if rest is None else rest)
        source = parse_toml(Path("one.toml"), text)
        assert isinstance(source, TomlText), source
        return read_entry(source, kinds_of([self.connector]))

    def entry(self, table: str, rest: str | None = None) -> Entry:
        """Read a well-formed entry of this kind."""
        entry = self.read(table, rest)
        assert isinstance(entry, Entry), entry
        return entry

    def said(self, table: str, rest: str | None = None, under: Settings | None = None) -> list[str]:
        """Return every fault and warning of an entry."""
        entry = self.read(table, rest)
        faults = entry if isinstance(entry, list) else self.connector.judge(entry, under)
        return [str(fault) for fault in faults]

    # --- the contract

    def test_the_folder_of_the_kind_has_its_name(self) -> None:
        assert type(self.connector).__module__.split(".")[-2] == self.connector.kind

    def test_every_key_of_its_table_is_described(self) -> None:
        for name, field in self.connector.spec.model_fields.items():
            assert field.description, name

    def test_its_worked_examples_become_plans(self) -> None:
        catalogue = load(EXAMPLES, kinds_of([self.connector]))
        mine = {entry.id: entry for entry in catalogue.entries}
        assert set(mine) == set(self.examples)
        for entry in mine.values():
            assert self.connector.judge(entry, self.allowing) == []
            plan = self.connector.plan(entry, self.allowing)
            self.is_sound(plan, entry)
            assert self.connector.plan(entry, self.allowing) == plan
            assert self.connector.address(entry)

    def is_sound(self, plan: LaunchPlan, entry: Entry) -> None:
        """A plan repeats its entry, names its grants and holds no secret: a Secret cannot be pickled, a plan can."""
        assert (plan.system, plan.name, plan.kind) == (entry.id, entry.name, self.connector.kind)
        assert (plan.markers, plan.within_s, plan.usual_ms) == (entry.markers, entry.within_s, entry.usual_s * 1000)
        for grant in plan.grants:
            assert isinstance(grant, GrantName)
        with pytest.raises(TypeError):
            pickle.dumps(Secret("x"))
        assert pickle.loads(pickle.dumps(plan)) == plan  # noqa: S301 - our own bytes

    def test_what_the_policy_forbids_is_refused_with_file_and_line(self) -> None:
        entry = self.entry(self.sound_table())
        assert [fault for fault in self.connector.judge(entry, None) if not fault.warning] == []
        with pytest.raises(CatalogueError) as refused:
            self.connector.plan(entry, self.forbidding)
        assert refused.value.detail.startswith("one.toml:4:1: the policy does not")
        assert refused.value.reference == "catalogue-entry-faulty"

    def test_a_bad_table_is_refused_with_file_and_line(self) -> None:
        faults = self.read(self.bad_table)
        assert isinstance(faults, list)
        assert str(faults[0]).startswith("one.toml:4:1: ")

    def test_an_unknown_key_suggests_the_near_one(self) -> None:
        key = next(iter(self.connector.spec.model_fields))
        table = self.sound_table() + f"\n{key}z = 1\n"
        assert any(f"unknown key '{key}z', did you mean '{key}'?" in said for said in self.said(table))

    def test_without_a_marker_for_ready_there_is_a_warning_and_still_a_plan(self) -> None:
        entry = self.entry(self.sound_table(), "")
        faults = self.connector.judge(entry, self.allowing)
        assert [fault.warning for fault in faults] == [True]
        assert "unknown" in faults[0].message
        assert self.connector.plan(entry, self.allowing).markers == ()

    def test_screens_belong_to_terminals_only(self) -> None:
        said = self.said(
            self.sound_table(), '[[screen]]\nname = "menu"\ntext = ["MENU"]\nmeans = "ready"\n' + self.ready
        )
        refused = [one for one in said if "screens are for the kind terminal" in one]
        assert len(refused) == (self.connector.kind != "terminal")

    def test_an_entry_of_another_kind_is_refused_by_name(self) -> None:
        entry = self.entry(self.sound_table())
        with pytest.raises(CatalogueError) as refused:
            connector_of([], entry)
        assert "unknown kind" in refused.value.detail

    @settings(suppress_health_check=[HealthCheck.differing_executors], max_examples=50)
    @given(st.data())
    def test_no_value_of_any_key_gets_another_error_than_ours(self, data: st.DataObject) -> None:
        texts = st.one_of(
            st.text(max_size=12),
            st.sampled_from(["https://", "https://[", "http://x:99999", "{", "{username}", "/\0", "//", "C:\\x", "*"]),
        )
        values = st.one_of(
            texts, st.lists(texts, max_size=3), st.booleans(), st.integers(), st.dictionaries(texts, texts)
        )
        untrusted = data.draw(
            st.fixed_dictionaries({}, optional=dict.fromkeys(self.connector.spec.model_fields, values))
        )
        top: dict[str, object] = {"name": "One", "kind": self.connector.kind, self.connector.kind: untrusted}
        entry = read_entry(TomlText(Path("one.toml"), top, ""), kinds_of([self.connector]))
        if isinstance(entry, list):
            assert entry
            return
        judge_of([self.connector], self.allowing)(entry)
        with suppress(CatalogueError):
            self.connector.plan(entry, self.allowing)
