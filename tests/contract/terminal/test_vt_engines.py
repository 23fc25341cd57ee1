"""Both VT engines against the contract, and the choice between them."""

from __future__ import annotations

import pytest

from launcher.terminal.engine import VtEngine
from launcher.terminal.errors import EngineMissingError
from launcher.terminal.vt.choice import ENGINES, vt_choice, vt_engine
from tests.contract.terminal.vt_engine import VtEngineContract


class TestGhosttyEngine(VtEngineContract):
    def make(self, rows: int = 4, columns: int = 10, scroll_back_rows: int = 100) -> VtEngine:
        ghostty = pytest.importorskip("launcher.terminal.vt.ghostty", reason="needs ghostty: not installed")
        return ghostty.GhosttyEngine(rows, columns, scroll_back_rows=scroll_back_rows)


class TestPyteEngine(VtEngineContract):
    cannot = frozenset({"wrapped-rows", "reflow"})

    def make(self, rows: int = 4, columns: int = 10, scroll_back_rows: int = 100) -> VtEngine:
        pyte = pytest.importorskip("launcher.terminal.vt.pyte_engine", reason="needs pyte: not installed")
        return pyte.PyteEngine(rows, columns, scroll_back_rows=scroll_back_rows)


def test_the_first_engine_that_can_be_loaded_is_taken_and_the_fallback_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    gone = {"ghostty": "launcher.terminal.vt.not_there:Engine", "pyte": ENGINES["pyte"]}
    choice = vt_choice(gone)
    assert (choice.name, choice.fallback) == ("pyte", True)
    assert choice.said == (
        "Terminals over SSH and telnet use pyte, which is slower and knows less: ghostty cannot be loaded (the package "
        "launcher.terminal.vt.not_there is not installed)."
    )
    for _ in range(2):
        engine = vt_engine(24, 80, engines=gone)
        assert (engine.grid.rows, engine.grid.columns) == (24, 80)
    assert [record.getMessage() for record in caplog.records] == [choice.said], "it is said once, and not each time"


@pytest.mark.parametrize(("system", "well"), [("Linux", False), ("Windows", True)])
def test_a_fallback_is_the_best_there_is_where_the_wanted_one_is_not_made(
    system: str, well: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    assert vt_choice({"ghostty": "launcher.terminal.vt.not_there:Engine", "pyte": ENGINES["pyte"]}).best_here == well
    assert not vt_choice({"ghostty": "launcher.terminal.vt.not_there:Engine"}).best_here


def test_without_an_engine_it_is_said() -> None:
    with pytest.raises(EngineMissingError) as caught:
        vt_engine(24, 80, engines={"ghostty": "launcher.terminal.vt.not_there:Engine"})
    assert "ghostty cannot be loaded" in caught.value.detail
