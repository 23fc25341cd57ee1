"""Local officers' passwords are quick to check here: each of these sessions checks one, or several."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launcher.identity import local
from tests.unit.session.bench import officers_file


@pytest.fixture(autouse=True, scope="module")
def quick_hashes() -> Iterator[None]:
    """Hash at the least cost; tests/unit/identity holds what a hash costs on a terminal."""
    prefix = "$argon2id$v=19$m=8,t=1,p=1$"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "_MEMORY_KIB", 8)
        patch.setattr(local, "_PASSES", 1)
        patch.setattr(local, "_NOBODY", local._NOBODY.replace(local._PREFIX, prefix))
        patch.setattr(local, "_PREFIX", prefix)
        officers_file.cache_clear()
        yield
    officers_file.cache_clear()
