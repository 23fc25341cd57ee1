"""An import in a session reads no source: PySide6's own way of importing does not stay."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from PySide6.support import feature  # type: ignore[import-not-found]


def test_what_is_imported_behind_the_screen_is_not_searched_for_the_name_of_its_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "found_by_nobody.py").write_text("")
    (tmp_path / "who_imports_it.py").write_text("import found_by_nobody\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("launcher.shell.application")
    importlib.import_module("who_imports_it")
    assert "found_by_nobody" not in feature.pyside_feature_dict
