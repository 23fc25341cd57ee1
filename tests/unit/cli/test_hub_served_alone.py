"""One process serves an SQLite store: a second one would not be woken by the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.bootstrap.hub_place import HubPlace
from launcher.hub.errors import HubAlreadyRunsError


def test_one_process_serves_an_sqlite_store_and_the_next_one_once_it_has_ended(tmp_path: Path) -> None:
    first, second = HubPlace(None, tmp_path / "state"), HubPlace(None, tmp_path / "state")
    with first.served_alone():
        with pytest.raises(HubAlreadyRunsError, match="state"), second.served_alone():
            pass
        with HubPlace(None, tmp_path / "other").served_alone():
            pass
    with second.served_alone():
        assert (tmp_path / "state" / "hub.lock").stat().st_mode & 0o777 == 0o600


def test_postgresql_is_for_several(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text('[store]\nurl = "postgresql://hub@127.0.0.1/hub"\n')
    places = [HubPlace(tmp_path / "hub.toml", tmp_path / "state") for _ in range(2)]
    with places[0].served_alone(), places[1].served_alone():
        pass
