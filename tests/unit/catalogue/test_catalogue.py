"""A folder of entries: what is read, what is left out and said, and who sees what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.catalogue import Catalogue, Spec, load, visible
from launcher.catalogue.check import check_folder, listing
from launcher.catalogue.entry import EntryFile, hue_of


class ThingSpec(Spec):
    """A kind of system for these tests."""

    at: str
    size: int = 1


KINDS: dict[str, type[Spec]] = {"thing": ThingSpec, "other": Spec}
SMALL = 'name = "Custody Record"\nkind = "thing"\n[thing]\nat = "here"\n'


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def load(self) -> Catalogue:
        return load(self.path, KINDS)

    def faults(self) -> list[str]:
        return [str(fault).replace(f"{self.path}/", "") for fault in self.load().faults]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_an_entry_is_read_with_its_defaults(folder: Folder) -> None:
    folder.put("custody-record.toml", SMALL)
    entry = folder.load().entry("custody-record")
    assert entry is not None
    assert (entry.id, entry.name, entry.kind, entry.group) == ("custody-record", "Custody Record", "thing", "")
    assert (entry.hue, entry.on_demand, entry.within_s) == ("slate", False, 30.0)
    assert entry.spec == ThingSpec(at="here")
    assert entry.recipe.steps == ()
    assert entry.sign_on_again


def test_an_entry_may_forbid_to_be_signed_on_again(folder: Folder) -> None:
    folder.put("custody-record.toml", "sign_on_again = false\n" + SMALL)
    entry = folder.load().entry("custody-record")
    assert entry is not None
    assert not entry.sign_on_again


def test_a_marker_of_a_session_that_has_ended_ends_no_step(folder: Folder) -> None:
    folder.put("a.toml", SMALL + '[[step]]\ndo = "expect"\n[[marker]]\nmeans = "signed-off"\ntext = "Expired"\n')
    assert folder.faults() == ["a.toml:5:1: this step waits for a marker, and the entry has none: add one, or 'next'"]


def test_steps_and_markers_are_read_as_they_are_written(folder: Folder) -> None:
    folder.put(
        "custody-record.toml",
        SMALL
        + '[[step]]\ndo = "wait"\nselector = "#logon"\n[[step]]\ndo = "expect"\nnext = { text = "Code" }\n'
        + '[[marker]]\nmeans = "ready"\nselector = "#cells"\ntext = "Cell 1"\n',
    )
    entry = folder.load().entry("custody-record")
    assert entry is not None
    assert [step.do for step in entry.recipe.steps] == ["wait", "expect"]
    assert entry.markers[0].place.selector == "#cells"
    assert entry.markers[0].place.text == "Cell 1"


def test_every_fault_of_every_file_is_said_at_once_and_the_others_stay(folder: Folder) -> None:
    folder.put("good.toml", SMALL)
    folder.put("a-bad.toml", SMALL.replace("name =", "nmae =") + 'siez = 2\n[[step]]\ndo = "wiat"\n')
    folder.put("b-bad.toml", "name = \n")
    folder.put("Bad_Name.toml", SMALL)
    assert folder.faults() == [
        "Bad_Name.toml: the file's name is the entry's id: lower-case-words.toml",
        "a-bad.toml:1:1: unknown key 'nmae', did you mean 'name'?",
        "a-bad.toml:1:1: missing key 'name'",
        "a-bad.toml:5:1: unknown key 'siez', did you mean 'size'?",
        "a-bad.toml:7:1: 'wiat' is not known for 'do', did you mean 'wait'?",
        "b-bad.toml:1:8: not TOML: invalid value",
    ]
    assert [entry.id for entry in folder.load().entries] == ["good"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (SMALL.replace('kind = "thing"', 'kind = "thign"'), "2:1: unknown kind 'thign', did you mean 'thing'?"),
        (SMALL.replace("[thing]", "[thign]"), "2:1: the kind 'thing' needs a table [thing]"),
        (SMALL + "[other]\n", "5:1: a table [other] does not belong to the kind 'thing'"),
        (SMALL.replace('at = "here"', ""), "3:1: missing key 'at'"),
        (SMALL.replace('at = "here"', "at = 5"), "4:1: 'at' should be text in quotes"),
        (
            'open = "sometimes"\n' + SMALL,
            "1:1: 'sometimes' is not known for 'open'; known are with my systems, on demand",
        ),
        ("usual_s = -1\n" + SMALL, "1:1: 'usual_s': input should be greater than or equal to 0"),
        ('hue = "red"\n' + SMALL, "1:1: 'red' is not known for 'hue'; known are slate, sea, moss, clay, plum, steel"),
        (SMALL + '[[marker]]\nmeans = "ready"\n', "5:1: give a selector, a text or a url"),
        (SMALL + '[[marker]]\ntext = "x"\n', "5:1: missing key 'means'"),
        (SMALL + '[[step]]\ndo = "press"\n', "5:1: give either a control or a key"),
        (
            SMALL + '[[step]]\ndo = "expect"\n',
            "5:1: this step waits for a marker, and the entry has none: add one, or 'next'",
        ),
        (SMALL + "[[step]]\ndo = 3\n", "6:1: "),
        ("step = 3\n" + SMALL, "1:1: 'step' should be a list [ … ]"),
        ("thing = 3\n" + SMALL.replace("[thing]\nat", "#"), "1:1: 'thing' should be a table"),
    ],
)
def test_what_is_wrong_is_found_at_its_line(folder: Folder, text: str, fault: str) -> None:
    folder.put("one.toml", text)
    said = folder.faults()
    assert any(line.startswith(f"one.toml:{fault}") for line in said), said
    assert folder.load().entries == ()


def test_a_folder_that_is_not_there_is_a_fault_and_no_exception(tmp_path: Path) -> None:
    catalogue = load(tmp_path / "none", KINDS)
    assert catalogue.entries == ()
    assert str(catalogue.faults[0]).endswith("the folder cannot be read: No such file or directory")


def test_a_folder_with_the_name_of_an_entry_and_other_files_are_no_entries(folder: Folder) -> None:
    (folder.path / "a.toml").mkdir()
    folder.put("README.md", "# Not an entry")
    folder.put(".hidden.toml", "x")
    assert folder.faults() == ["a.toml: the file cannot be read: Is a directory"]


def test_groups_decide_who_sees_what(folder: Folder) -> None:
    folder.put("a-all.toml", SMALL.replace("Custody Record", "A"))
    folder.put("b-some.toml", 'groups = ["Custody-Officers", "cid"]\n' + SMALL.replace("Custody Record", "B"))
    catalogue = folder.load()
    assert [entry.id for entry in visible(catalogue, frozenset())] == ["a-all"]
    assert [entry.id for entry in visible(catalogue, frozenset({"custody-officers"}))] == ["a-all", "b-some"]
    assert [entry.id for entry in visible(catalogue, frozenset({"traffic"}))] == ["a-all"]


def test_entries_are_in_the_order_of_their_names(folder: Folder) -> None:
    for identity, name in (("x", "beta"), ("y", "Alpha"), ("z", "Gamma")):
        folder.put(f"{identity}.toml", SMALL.replace("Custody Record", name))
    assert [entry.name for entry in folder.load().entries] == ["Alpha", "beta", "Gamma"]


def test_a_group_always_has_the_same_hue_and_an_own_hue_wins(folder: Folder) -> None:
    folder.put("a.toml", 'group = "Custody"\n' + SMALL)
    folder.put("b.toml", 'group = "custody "\n' + SMALL)
    folder.put("c.toml", 'group = "Custody"\nhue = "steel"\n' + SMALL)
    hues = [entry.hue for entry in folder.load().entries]
    assert hues == [hue_of("Custody"), hue_of("Custody"), "steel"]


def test_a_judge_may_refuse_an_entry_or_only_warn(folder: Folder) -> None:
    folder.put("a.toml", SMALL)
    folder.put("b.toml", SMALL)
    catalogue = load(folder.path, KINDS, lambda entry: [entry.fault(("thing", "at"), "no", warning=entry.id == "a")])
    assert [entry.id for entry in catalogue.entries] == ["a"]
    assert [str(fault).rsplit("/", 1)[1] for fault in catalogue.faults] == ["b.toml:4:1: no"]
    assert [str(fault).rsplit("/", 1)[1] for fault in catalogue.warnings] == ["a.toml:4:1: warning: no"]


def test_a_check_reports_lines_and_a_sum(folder: Folder) -> None:
    folder.put("a.toml", SMALL)
    report = check_folder(folder.path, KINDS)
    assert report.passes
    assert report.lines() == ["1 entry can be used, 0 faults, 0 warnings."]
    folder.put("b.toml", "name = 1")
    report = check_folder(folder.path, KINDS)
    assert not report.passes
    assert report.lines()[-1] == "1 entry can be used, 2 faults, 0 warnings."


def test_a_listing_has_a_row_for_each_entry(folder: Folder) -> None:
    folder.put("a.toml", 'open = "on demand"\ngroups = ["cid"]\n' + SMALL)
    assert listing(folder.load()) == [("a", "Custody Record", "thing", "", "on demand", "cid")]


@given(st.binary(max_size=200))
def test_no_bytes_get_an_exception(tmp_path_factory: pytest.TempPathFactory, untrusted: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "one.toml").write_bytes(untrusted)
    catalogue = load(folder, KINDS)
    assert catalogue.entries == ()
    assert catalogue.faults


_values = st.recursive(
    st.one_of(st.text(max_size=6), st.integers(-9, 9), st.booleans()),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)


@given(
    st.dictionaries(st.sampled_from([*EntryFile.model_fields, "thing", "x"]), _values, max_size=5),
    st.lists(st.dictionaries(st.sampled_from(["do", "value", "field", "selector", "next", "x"]), _values, max_size=4)),
)
def test_no_wrong_value_gets_an_exception(
    tmp_path_factory: pytest.TempPathFactory, top: dict[str, object], steps: list[dict[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    lines = [f"{key} = {json.dumps(value)}" for key, value in top.items()]
    for step in steps:
        lines += ["[[step]]", *(f"{key} = {json.dumps(value)}" for key, value in step.items())]
    (folder / "one.toml").write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    catalogue = load(folder, KINDS)
    assert catalogue.entries == ()
    assert catalogue.faults
