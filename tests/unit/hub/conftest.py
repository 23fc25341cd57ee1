"""A hub for each test, on SQLite and on PostgreSQL, behind a real server on a real socket."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from launcher.hub import all_tables, versions
from launcher.hub.database import Database
from launcher.hub.officers import rows as officers
from launcher.hub.officers.sessions import ProvedBy, Session, begin
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, RoleSettings
from launcher.hub.stations import reach
from launcher.signing import SigningKey
from launcher.wire.hub.sittings import Person
from tests.servers.hub_in_process import Asking, HubServer
from tests.servers.postgresql import PostgreSql
from tests.unit.hub.hands import StationHand, enrol, person

_KEY = SigningKey.made()


ROLES = RoleSettings(
    helpdesk=("Helpdesk",), it=("IT",), auditor=("Auditor",), administrator=("Administrator",),
    supervisors={"Sergeants": 1, "Inspectors": 2},
)  # fmt: skip


class Clock:
    """The hub's clock, which stands until a test moves it on."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        return self.now

    def pass_s(self, seconds: float) -> None:
        """Move it on."""
        self.now += seconds


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("hub") / "empty.db"
    store = Database(f"sqlite:///{file}")
    versions.make_ready(store)
    with store.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    store.close()
    return file


@pytest.fixture(scope="session")
def shared_sqlite(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated SQLite file, emptied after each test."""
    file = tmp_path_factory.mktemp("hub") / "hub.db"
    shutil.copy(empty_sqlite, file)
    store = Database(f"sqlite:///{file}")
    event.listen(store.engine, "connect", _wait_for_no_disk)
    yield store
    store.close()


@pytest.fixture(scope="session")
def shared_postgresql(postgresql: PostgreSql) -> Iterator[Database]:
    """A migrated PostgreSQL database, emptied after each test."""
    store = Database(postgresql.create("hub_tests"))
    versions.make_ready(store)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def store(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The hub's store, empty: one test on each kind. A store of the test's own would translate each statement anew."""
    store: Database = request.getfixturevalue(f"shared_{request.param}")
    yield store
    _empty(store)


@pytest.fixture
def clock() -> Clock:
    """The hub's clock."""
    return Clock()


@pytest.fixture
def settings() -> HubSettings:
    """The hub's file: a module or class with another one has a fixture of this name.

    A role's group is called as the role; supervisors are "sergeants" (1) and "inspectors" (2).
    """
    return HubSettings(roles=ROLES)


@pytest.fixture(scope="session")
def hub_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubServer]:
    """The server that all tests' hubs stand behind."""
    nowhere = Database(f"sqlite:///{tmp_path_factory.mktemp('hub') / 'nobodys.db'}")
    server = HubServer(Hub(HubSettings(), nowhere, _KEY))
    yield server
    server.stop()
    nowhere.close()


@pytest.fixture
def hub(store: Database, settings: HubSettings, clock: Clock, hub_server: HubServer) -> Iterator[Hub]:
    """A hub that is served; ``client`` asks it."""
    made = Hub(settings, store, _KEY, clock)
    with store.writing() as connection:
        reach.beat(connection, made)
    with hub_server.serves(made) as served:
        yield served


@pytest.fixture
def client(hub: Hub, hub_server: HubServer) -> Iterator[Asking]:
    """Asks the hub, as nobody: ``client.get("/stations/news")`` is GET /v1/stations/news."""
    with Asking(hub_server.origin) as asking:
        yield asking


@pytest.fixture
def enrolled(hub: Hub, hub_server: HubServer) -> Iterator[Callable[..., StationHand]]:
    """Enrol a station and prove it: ``enrolled("FD-02", place="Front desk")``."""
    made: list[StationHand] = []
    numbers = itertools.count(1)

    def make(terminal: str = "", place: str = "Front desk") -> StationHand:
        hand = enrol(hub, hub_server.origin, terminal or f"FD-{next(numbers):02}", place)
        made.append(hand)
        return hand

    yield make
    for hand in made:
        hand.ask.close()


@pytest.fixture
def officer(hub: Hub, hub_server: HubServer) -> Iterator[Callable[..., Asking]]:
    """Prove an officer: ``officer(person("4471"), "helpdesk", "sergeants")`` asks as one of these groups.

    ``proved_by="vouched"``: on a station's word; ``sitting``: where they sit.
    """
    made: list[Asking] = []

    def prove(who: Person | None = None, *groups: str, proved_by: ProvedBy = "openid", sitting: str = "") -> Asking:
        somebody = who or person()
        by_word = groups if proved_by == "vouched" else ()
        session = Session(
            somebody.officer, somebody.number, somebody.name, somebody.user_name, proved_by,
            proved=() if by_word else groups, told=by_word, sitting=sitting,
        )  # fmt: skip
        with hub.store.writing() as connection:
            officers.note(connection, somebody, "openid", hub.clock())
            token = begin(connection, hub, session)
        made.append(Asking(hub_server.origin, token))
        return made[-1]

    yield prove
    for asking in made:
        asking.close()


def _wait_for_no_disk(connection: sqlite3.Connection, _: object) -> None:
    """As the shared PostgreSQL does: no test of these cuts off the power."""
    connection.execute("PRAGMA synchronous=OFF")


def _empty(store: Database) -> None:
    with store.writing() as connection:
        if store.several:
            # What the end of a test's socket still writes is waited for, and not met in the midst of it.
            connection.exec_driver_sql("LOCK TABLE stations IN ACCESS EXCLUSIVE MODE")
        tables = reversed(all_tables.ALL.sorted_tables)
        for table in tables:
            connection.execute(table.delete())
