"""The demo's journey of a reset, as the command that the README names plays it: a hub, two stations, three officers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.process import clean_environment

ROOT = Path(__file__).parent.parent.parent
STEPS = 24


@pytest.mark.needs("browser-engine")
@pytest.mark.timeout(700)
def test_the_helpdesk_sets_a_frozen_session_right(tmp_path: Path) -> None:
    report = tmp_path / "reset.json"
    argv = [sys.executable, "-m", "launcher", "demo", "--journey", "reset", "--headless", "--json", str(report)]
    env = clean_environment(tmp_path) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(argv, cwd=tmp_path, env=env, check=False, capture_output=True, text=True)
    said = f"{done.stdout}\n{done.stderr}"
    assert done.returncode == 0, said
    data = json.loads(report.read_text())
    assert set(data) == {"steps", "reset_ms", "bring_ms", "bring_code_ms", "left_signed_on"}
    assert len(data["steps"]) == STEPS
    for step in data["steps"]:
        assert set(step) == {"step", "ok", "ms"}
        assert step["ok"] is True
        assert step["step"] in done.stdout
    assert 0 < data["reset_ms"] <= sum(one["ms"] for one in data["steps"])
    assert 0 < data["bring_ms"] <= data["bring_code_ms"] <= sum(one["ms"] for one in data["steps"])
    # The frozen session could sign off nowhere: its host and its line are named.
    assert [one for one in data["left_signed_on"] if "Duty Log" in one]
    assert {f"{round(data['reset_ms'] + less)} ms" for less in (-0.1, 0.1)} & set(re.findall(r"\d+ ms", done.stdout))
    assert list(tmp_path.iterdir()) == [report], "the demo leaves nothing behind"
