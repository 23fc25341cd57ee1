"""What doctor says of the installed browser, where an entry asks for one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from launcher.bootstrap.doctor.managed import driver, managed_findings
from launcher.policy.settings import Settings

ENTRY = """
name = "Video store"
kind = "web"
group = "Records"
hue = "steel"
[web]
url = "https://video.force.example/"
sign_on = "none"
browser = "{browser}"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path


def station(catalogue: Path, *browsers: str) -> Settings:
    return Settings.model_validate(
        {
            "station": {"terminal": "FD-02", "catalogue": str(catalogue)},
            "sign_in": {"methods": ["local"]},
            "local": {},
            "web": {"managed_browser": list(browsers)},
        }
    )


def test_nothing_is_said_where_no_entry_asks_for_one(catalogue: Path) -> None:
    (catalogue / "video.toml").write_text(ENTRY.format(browser="embedded"), encoding="utf-8")
    assert list(managed_findings(station(catalogue, "no-such-browser"))) == []


def test_one_that_is_missing_is_to_be_installed(catalogue: Path) -> None:
    (catalogue / "video.toml").write_text(ENTRY.format(browser="managed"), encoding="utf-8")
    browser, *_ = managed_findings(station(catalogue, "no-such-browser"))
    assert "a system asks for one" in browser.found
    assert "managed_browser" in browser.next_step


def test_the_first_that_is_here_is_named(catalogue: Path) -> None:
    (catalogue / "video.toml").write_text(ENTRY.format(browser="managed"), encoding="utf-8")
    browser, *_ = managed_findings(station(catalogue, "no-such-browser", sys.executable))
    assert (browser.found, browser.well) == (sys.executable, True)


def test_what_drives_it_is_looked_for_too() -> None:
    assert driver(there=True).well
    assert "extra: managed" in driver(there=False).next_step
