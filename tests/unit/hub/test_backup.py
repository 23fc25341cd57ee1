"""What a hub knows goes into a file and back, from and into either kind of store; what was altered is refused whole."""

from __future__ import annotations

import gzip
import itertools
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from launcher.hub import backup, versions
from launcher.hub.all_tables import ALL
from launcher.hub.audit.tables import audit_rows
from launcher.hub.audit.verify import verify
from launcher.hub.commands import rows as commands
from launcher.hub.database import Database
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings
from launcher.hub.stations.tables import stations
from launcher.wire.hub.stations import Known
from tests.examples import tried
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty store of each kind, to restore into."""
    if request.param == "sqlite":
        store = Database(f"sqlite:///{tmp_path / 'restored.db'}")
        yield store
        store.close()
    else:
        server = request.getfixturevalue("postgresql")
        name = f"hub_restored_{next(_numbers)}"
        store = Database(server.create(name))
        yield store
        store.close()
        server.drop(name)


def _known(hub: Hub, enrolled: Enrolled) -> StationHand:
    """Let the hub know something of each kind."""
    hand = enrolled("FD-02", place="Wache Süd ⛵")
    assert hand.report(sitting(person("4471", "custody"), since=hub.clock())).ok
    with hub.store.writing() as connection:
        commands.add(connection, hub, hand.id, "lock", sitting="sit-1", officer="ldap#4471", reason="asked for")
    return hand


def _content(store: Database) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in ALL.sorted_tables
            if table.name not in backup.LEFT_OUT
        }


def test_what_is_restored_is_what_was_there(hub: Hub, enrolled: Enrolled, empty: Database, tmp_path: Path) -> None:
    _known(hub, enrolled)
    before = _content(hub.store)
    file = tmp_path / "hub.backup"
    made = backup.write(hub, file)
    assert made.many == sum(map(len, before.values()))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert backup.restore(Hub(HubSettings(), empty, hub.key, hub.clock), file) == made
    after = _content(empty)
    changed = {"stations", "versions", "audit_rows", "audit_head"}  # counted on; one row says that it was restored
    assert {name: after[name] for name in after if name not in changed} == {
        name: before[name] for name in before if name not in changed
    }
    assert versions.is_current(empty)
    assert verify(empty, frozenset({hub.key.public})).rows == len(before["audit_rows"]) + 1
    with empty.reading() as connection:
        last = connection.execute(select(audit_rows.c.kind).order_by(audit_rows.c.seq.desc()).limit(1))
        assert last.scalar_one() == "restored"


def test_stations_go_on_with_a_restored_hub(
    hub: Hub, enrolled: Enrolled, hub_server: object, empty: Database, tmp_path: Path
) -> None:
    hand = _known(hub, enrolled)
    file = tmp_path / "hub.backup"
    backup.write(hub, file)
    # After the backup: another link, and a command that no backup knows.
    assert hand.prove().ok
    with hub.store.writing() as connection:
        unknown = commands.add(connection, hub, hand.id, "lock", sitting="sit-1", officer="ldap#4471", reason="later")
    restored = Hub(HubSettings(), empty, hub.key, hub.clock)
    backup.restore(restored, file)
    with hub_server.serves(restored):  # type: ignore[attr-defined]
        assert hand.ask.get("/stations/news").status_code == 401  # tokens are not restored
        answer = hand.prove()
        assert answer.ok, answer.text
        assert Known.model_validate(answer.json()).news.elsewhere > backup.AHEAD - 1
        with empty.writing() as connection:
            made = commands.add(connection, restored, hand.id, "lock", sitting="s", officer="ldap#1", reason="now")
        assert made.id > unknown.id + 1000
        assert [one.command.id for one in hand.commands()] == [unknown.id - 1, made.id]


def test_a_store_with_anything_in_it_is_left_alone(hub: Hub, enrolled: Enrolled, tmp_path: Path) -> None:
    _known(hub, enrolled)
    file = tmp_path / "hub.backup"
    backup.write(hub, file)
    before = _content(hub.store)
    with pytest.raises(backup.StoreNotEmptyError):
        backup.restore(hub, file)
    assert _content(hub.store) == before


def test_nothing_is_written_over(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "hub.backup"
    file.write_text("mine")
    with pytest.raises(backup.BackupNotWrittenError):
        backup.write(hub, file)
    with pytest.raises(backup.BackupNotWrittenError):
        backup.write(hub, tmp_path / "no such folder" / "hub.backup")
    assert file.read_text() == "mine"
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".unfinished"] == []


def test_what_somebody_elses_backup_has_begun_stays(hub: Hub, tmp_path: Path) -> None:
    theirs = tmp_path / "hub.backup.unfinished"
    theirs.write_text("theirs")
    backup.write(hub, tmp_path / "hub.backup")
    assert theirs.read_text() == "theirs"
    assert stat.S_IMODE((tmp_path / "hub.backup").stat().st_mode) == 0o600


@pytest.fixture(scope="module")
def some_backup(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> bytes:
    """A backup of a few rows."""
    from tests.unit.hub.conftest import _KEY, Clock

    folder = tmp_path_factory.mktemp("backup")
    store = Database(f"sqlite:///{folder / 'hub.db'}")
    versions.make_ready(store)
    hub = Hub(HubSettings(), store, _KEY, Clock())
    with store.writing() as connection:
        connection.execute(
            stations.insert().values(
                station="st-1", public_key="key", terminal="FD-02", place="Front", enrolled=1.5, heard=0.1 + 0.2
            )
        )
    backup.write(hub, folder / "hub.backup")
    store.close()
    return (folder / "hub.backup").read_bytes()


@given(data=st.data())
@tried(60)
def test_a_file_that_was_cut_or_altered_is_refused(
    some_backup: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / "altered.backup"
    lines = gzip.decompress(some_backup).splitlines(keepends=True)
    match data.draw(st.sampled_from(["cut", "byte", "line", "swap", "twice", "value"])):
        case "cut":
            file.write_bytes(some_backup[: data.draw(st.integers(0, len(some_backup) - 9))])
        case "byte":
            at = data.draw(st.integers(10, len(some_backup) - 9))
            file.write_bytes(
                some_backup[:at] + bytes([some_backup[at] ^ 1 << data.draw(st.integers(0, 7))]) + some_backup[at + 1 :]
            )
        case "line":
            del lines[data.draw(st.integers(0, len(lines) - 1))]
            file.write_bytes(gzip.compress(b"".join(lines)))
        case "swap":
            at = data.draw(st.integers(0, len(lines) - 2))
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
            file.write_bytes(gzip.compress(b"".join(lines)))
        case "twice":
            at = data.draw(st.integers(0, len(lines) - 1))
            file.write_bytes(gzip.compress(b"".join([*lines[:at], lines[at], *lines[at:]])))
        case _:
            text = b"".join(lines).replace(b"FD-02", b"FD-03")
            file.write_bytes(gzip.compress(text))
    with pytest.raises(backup.BackupFaultyError):
        backup.check(file)


_NEWER = json.dumps({"what": backup.WHAT, "format": 2}).encode()


@pytest.mark.parametrize("content", [b"", b"hello", *map(gzip.compress, (b"", b"[]\n", b"{}\n", b"\xff\n", _NEWER))])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "hub.backup"
    file.write_bytes(content)
    with pytest.raises(backup.BackupFaultyError):
        backup.check(file)


def test_the_good_file_is_good(some_backup: bytes, tmp_path: Path) -> None:
    file = tmp_path / "hub.backup"
    file.write_bytes(some_backup)
    assert backup.check(file).rows["stations"] == 1
