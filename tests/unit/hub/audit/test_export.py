"""The audit as a SIEM reads it: one line a row, whatever stands in it."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest

from launcher.hub.audit.export import Format, line_of
from launcher.wire.hub.audit import AuditKind, AuditRow

_NASTY = AuditRow(
    seq=7, at=1_700_000_000.25, kind="refused", happened=1_700_000_000.0, actor="ldap:dc=x|y#4\\4",
    actor_name="A=B|C\\D\nE\u2028F", terminal="FD-02", reference="hub-not-allowed", reason="a=b\r\nc",
    details='{"a":"b=c\\n"}', digest="d" * 64, hash="e" * 64,
)  # fmt: skip


def _fields(extension: str) -> dict[str, str]:
    """Read a CEF extension as its receivers do: a key, an equals sign, and all up to the next key."""
    found = re.split(r"(?:^| )(\w+)=", extension)
    pairs = zip(found[1::2], found[2::2], strict=True)
    return {key: re.sub(r"\\(.)", r"\1", value) for key, value in pairs}


@pytest.mark.parametrize("form", ["jsonl", "cef", "syslog"])
def test_a_row_is_one_line(form: Format) -> None:
    assert len(line_of(_NASTY, form, "hub").splitlines()) == 1


def test_json_lines_hold_all_of_it() -> None:
    said = json.loads(line_of(_NASTY, "jsonl", "hub"))
    assert said["details"] == {"a": "b=c\n"}  # an object: nobody reads JSON out of JSON
    assert AuditRow.model_validate(said | {"details": json.dumps(said["details"], separators=(",", ":"))}) == _NASTY
    assert json.loads(line_of(_NASTY.model_copy(update={"details": ""}), "jsonl", "hub"))["details"] == {}


@pytest.mark.parametrize("kind", get_args(AuditKind))
def test_each_kind_has_words_in_cef(kind: AuditKind) -> None:
    name = line_of(_NASTY.model_copy(update={"kind": kind}), "cef", "hub").split("|")[5]
    assert " " in name or name == kind.capitalize()


def test_cef_escapes_what_would_end_a_field() -> None:
    said = line_of(_NASTY, "cef", "hub")
    head, extension = said.rsplit("|6|", 1)
    assert head.startswith("CEF:0|Station Launcher|hub|")
    assert head.endswith("|refused|Refused")
    fields = _fields(extension)
    assert fields["suid"] == "ldap:dc=x|y#4\\4"
    assert fields["suser"] == "A=B|C\\D EF"
    assert fields["reason"] == "a=b c"
    assert fields["externalId"] == "7"
    assert fields["rt"] == "1700000000250"
    assert fields["cs2"] == '{"a":"b=c\\n"}'


def test_syslog_has_the_head_of_rfc_5424() -> None:
    said = line_of(_NASTY, "syslog", "the hub")
    assert said.startswith("<108>1 2023-11-14T22:13:20.250Z the-hub station-launcher-hub - refused - CEF:0|")
    ordinary = _NASTY.model_copy(update={"kind": "sign-in"})
    assert line_of(ordinary, "syslog", "hub").startswith("<110>1 ")
