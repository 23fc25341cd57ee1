"""The store's form: the steps make what the tables say, an old or newer store is not served."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from launcher.hub import migrations, versions
from launcher.hub.all_tables import ALL
from launcher.hub.database import Database
from launcher.hub.errors import StoreAwayError
from launcher.hub.stations.tables import versions as lists


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A store in which nothing is."""
    if request.param == "sqlite":
        store = Database(f"sqlite:///{tmp_path / 'hub.db'}")
        yield store
        store.close()
    else:
        server = request.getfixturevalue("postgresql")
        store = Database(server.create("hub_empty"))
        yield store
        store.close()
        server.drop("hub_empty")


def test_the_steps_make_what_the_tables_say(empty: Database) -> None:
    versions.make_ready(empty)
    assert versions.is_current(empty)
    with empty.reading() as connection:
        seen = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(seen, ALL) == []


def test_an_empty_store_is_named_without_what_its_address_holds_besides(empty: Database) -> None:
    """A password may stand before the host, and after the question mark, too."""
    named = Database(empty.url.update_query_dict({"password": "s3cret"} if empty.several else {}).render_as_string())
    with pytest.raises(versions.StoreOldError) as refused:
        versions.must_be_current(named)
    named.close()
    assert str(empty.url.database) in refused.value.message
    assert "s3cret" not in refused.value.message


def test_the_newest_step_is_the_last() -> None:
    heads = ScriptDirectory(str(Path(migrations.__file__).parent)).get_heads()
    assert heads == [migrations.NEWEST]


def test_a_store_that_has_the_newest_form_is_served_without_the_steps(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'hub.db'}"
    versions.make_ready(made := Database(store))
    made.close()
    asked = f"""
import sys
from launcher.hub import migrations, versions
from launcher.hub.database import Database
versions.make_ready(store := Database({store!r}))
assert versions.is_current(store)
print(*sorted({{"alembic", "psycopg"}} & sys.modules.keys()), "were loaded")
"""
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert done.stdout == "were loaded\n"


def test_an_empty_store_is_made_by_one_of_several_at_once(empty: Database) -> None:
    had: list[versions.Form] = []
    several = [threading.Thread(target=lambda: had.append(versions.upgrade(empty))) for _ in range(3)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(one.value for one in had) == ["current", "current", "empty"]


def test_a_store_that_no_step_has_made_is_old_and_left_alone(empty: Database) -> None:
    lists.create(empty.engine)
    with pytest.raises(versions.StoreOldError):
        versions.make_ready(empty)
    assert inspect(empty.engine).get_table_names() == ["versions"]


def test_a_newer_store_is_not_touched(empty: Database) -> None:
    versions.make_ready(empty)
    with empty.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (versions.make_ready, versions.upgrade):
        with pytest.raises(versions.StoreNewerError):
            refused(empty)


def test_a_step_that_fails_leaves_the_store_as_it_was(empty: Database) -> None:
    with empty.writing() as connection:
        connection.execute(text("CREATE VIEW tokens AS SELECT 1 AS one"))  # in the way of a table
    with pytest.raises((DBAPIError, StoreAwayError)):
        versions.upgrade(empty)
    assert inspect(empty.engine).get_table_names() == []


def test_a_store_that_is_away_says_so(tmp_path: Path) -> None:
    store = Database(f"sqlite:///{tmp_path / 'no such folder' / 'hub.db'}")
    with pytest.raises(StoreAwayError):
        versions.form(store)
    store.close()


def test_what_was_written_before_is_there_after_an_upgrade(empty: Database) -> None:
    versions.make_ready(empty)
    with empty.writing() as connection:
        connection.execute(lists.insert().values(what="notices", version=7))
    assert versions.upgrade(empty) is versions.Form.CURRENT
    with empty.reading() as connection:
        assert connection.execute(select(lists.c.version)).scalar_one() == 7
