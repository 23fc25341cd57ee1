"""What becomes of the environment that is found: kept, filled, made anew or set aside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from installer.stamp import STAMP_NAME, Stamp, Verdict, digest_of, judge, read_stamp, write_stamp

NOW = Stamp("/srv/launcher/.venv", "/usr/bin/python3.11", "3.11")
DONE = replace(NOW, complete=True, locks={"demo": "d1"})


@pytest.mark.parametrize(
    ("found", "there", "works", "verdict"),
    [
        pytest.param(None, False, False, Verdict.MAKE, id="nothing there"),
        pytest.param(None, True, True, Verdict.ADOPT, id="somebody else's, fitting"),
        pytest.param(None, True, False, Verdict.SET_ASIDE, id="somebody else's, unfit"),
        pytest.param(DONE, True, True, Verdict.READY, id="complete"),
        pytest.param(DONE, True, False, Verdict.MAKE_ANEW, id="interpreter gone"),
        pytest.param(replace(DONE, complete=False), True, True, Verdict.MAKE_ANEW, id="interrupted"),
        pytest.param(replace(DONE, place="/old/.venv"), True, True, Verdict.MAKE_ANEW, id="checkout moved"),
        pytest.param(replace(DONE, python="/opt/python3.11"), True, True, Verdict.MAKE_ANEW, id="other interpreter"),
        pytest.param(replace(DONE, python_version="3.12"), True, True, Verdict.MAKE_ANEW, id="other version"),
        pytest.param(replace(DONE, locks={"demo": "d0"}), True, True, Verdict.FILL, id="lock changed"),
        pytest.param(replace(DONE, locks={}), True, True, Verdict.FILL, id="lock not installed"),
        pytest.param(replace(DONE, adopted=True, place="/old"), True, True, Verdict.SET_ASIDE, id="adopted, moved"),
        pytest.param(replace(DONE, adopted=True), True, True, Verdict.READY, id="adopted, complete"),
    ],
)
def test_the_verdict_on_an_environment(found: Stamp | None, there: bool, works: bool, verdict: Verdict) -> None:
    assert judge(found, NOW, "demo", "d1", there=there, works=works) is verdict


def test_a_stamp_is_read_as_it_was_written(tmp_path: Path) -> None:
    stamp = replace(DONE, adopted=True, screen_loads=True)
    write_stamp(tmp_path / "made", stamp)
    assert read_stamp(tmp_path / "made") == stamp


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 0}', '"word"'])
def test_a_stamp_that_cannot_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / STAMP_NAME).write_text(text, encoding="utf-8")
    assert read_stamp(tmp_path) is None


def test_a_digest_changes_with_any_of_its_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1", encoding="utf-8")
    two.write_text("2", encoding="utf-8")
    before = digest_of([one, two])
    two.write_text("3", encoding="utf-8")
    assert digest_of([one, two]) != before
