"""What of the words between station and hub outlives the process."""

from __future__ import annotations

import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.station.hub import journal as module
from launcher.station.hub.journal import Journal
from launcher.wire.hub.commands import Answer, Command
from launcher.wire.hub.sittings import Began, Ended, Happened, Person
from launcher.wire.records import SwitchRecord


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hub" / "journal.db"


@pytest.fixture
def journal(file: Path) -> Iterator[Journal]:
    opened = Journal(file, "st-1")
    yield opened
    opened.close()


def command(number: int) -> Command:
    return Command(
        id=number, hub="hub", station="st-1", kind="lock", sitting="s-1", officer="i#1", reason="asked", made=1.0,
        expires=2.0,
    )  # fmt: skip


def answer(outcome: str = "done", **more: object) -> Answer:
    return Answer.model_validate({"outcome": outcome, "at": 1.0, **more})


def switch(at: float = 1.0) -> Happened:
    return Happened(seq=1, what=SwitchRecord(at=at, reason="reset", total_ms=1.0, phases=()))


def began(sitting: str) -> Happened:
    person = Person(officer="i#1", number="1", name="A")
    return Happened(seq=1, sitting=sitting, officer="i#1", what=Began(at=1.0, person=person))


def ended(sitting: str) -> Happened:
    return Happened(seq=1, sitting=sitting, officer="i#1", what=Ended(at=2.0, reason="log-off"))


def test_it_is_the_stations_alone(journal: Journal, file: Path) -> None:
    journal.keep_link("a-link")
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()} == {0o600}


def test_a_link_is_kept_over_a_restart(journal: Journal, file: Path) -> None:
    assert journal.link() == ""
    journal.keep_link("a-link")
    again = Journal(file, "st-1")
    assert again.link() == "a-link"
    again.close()


def test_another_enrolment_begins_anew(journal: Journal, file: Path) -> None:
    journal.keep_link("a-link")
    journal.take(command(5))
    journal.happened([switch(), began("s-1")])
    journal.keep_told("barred", "{}")
    other = Journal(file, "st-2")
    assert (other.link(), other.last, other.told("barred")) == ("", 0, "")
    assert other.unreceived() == ()
    assert other.open_sittings() == ()
    other.close()


def test_a_command_is_taken_begun_and_answered(journal: Journal) -> None:
    journal.take(command(5))
    assert journal.last == 5
    assert [one.id for one in journal.taken_only()] == [5]
    journal.begin(5)
    assert journal.taken_only() == ()
    assert journal.left_over() == ((5, True),)
    journal.answer(5, answer())
    assert journal.left_over() == ()
    assert journal.undelivered() == ((5, answer()),)
    journal.delivered(5, answer())
    assert journal.undelivered() == ()
    assert journal.knows(5) == answer()


def test_an_answer_that_another_follows_leaves_the_command_open(journal: Journal) -> None:
    journal.take(command(5))
    journal.begin(5)
    covered = answer(more=True, covered_ms=12.0)
    journal.answer(5, covered)
    assert journal.left_over() == ((5, True),)
    last = answer("partly")
    journal.answer(5, last)  # before the first was delivered
    journal.delivered(5, covered)
    assert journal.undelivered() == ((5, last),)


def test_nothing_follows_a_last_answer(journal: Journal) -> None:
    journal.take(command(5))
    journal.begin(5)
    journal.answer(5, answer())
    journal.answer(5, answer("failed"))
    assert journal.undelivered() == ((5, answer()),)


def test_a_command_that_the_hub_took_back_is_over(journal: Journal) -> None:
    journal.take(command(5))
    journal.forget(5)
    assert (journal.taken_only(), journal.left_over(), journal.undelivered()) == ((), (), ())
    assert journal.last == 5


def test_old_answers_go_and_the_last_id_stays(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT_ANSWERS", 2)
    for number in range(1, 6):
        journal.take(command(number))
        journal.begin(number)
        journal.answer(number, answer())
        journal.delivered(number, answer())
    assert [number for number in range(1, 6) if journal.knows(number)] == [4, 5]
    assert journal.last == 5


def test_what_happened_is_numbered_without_gaps_until_the_hub_has_it(journal: Journal, file: Path) -> None:
    journal.happened([switch(1.0), switch(2.0)])
    journal.received(1)
    journal.close()
    again = Journal(file, "st-1")
    again.happened([switch(3.0)])
    assert [(one.seq, one.what.at) for one in again.unreceived()] == [(2, 2.0), (3, 3.0)]
    again.received(3)
    again.happened([switch(4.0)])
    assert [one.seq for one in again.unreceived()] == [4]
    again.close()


def test_a_hub_that_has_counted_further_than_a_lost_journal_is_counted_on_from(journal: Journal) -> None:
    journal.happened([switch(1.0), switch(2.0)])
    journal.received(500)
    assert [(one.seq, one.what.at) for one in journal.unreceived()] == [(501, 1.0), (502, 2.0)]
    journal.happened([switch(3.0)])
    assert [one.seq for one in journal.unreceived()] == [501, 502, 503]


def test_the_oldest_go_where_the_hub_is_away_for_long(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_HAPPENED", 3)
    assert journal.happened([switch(float(at)) for at in range(3)]) == 0
    assert journal.happened([switch(3.0), switch(4.0)]) == 2
    assert [one.what.at for one in journal.unreceived()] == [2.0, 3.0, 4.0]


def test_a_batch_is_of_a_bounded_size(journal: Journal) -> None:
    journal.happened([switch()] * 7)
    assert [one.seq for one in journal.unreceived(5)] == [1, 2, 3, 4, 5]


def test_a_sitting_is_open_from_its_beginning_to_its_end(journal: Journal) -> None:
    journal.happened([began("s-1"), began("s-2"), ended("s-1")])
    assert journal.open_sittings() == (("s-2", "i#1"),)
    journal.received(3)
    assert journal.open_sittings() == (("s-2", "i#1"),)


def test_what_another_version_has_written_otherwise_is_let_go_and_the_rest_is_read(
    journal: Journal, file: Path
) -> None:
    for number in (5, 6, 7):
        journal.take(command(number))
    for number in (6, 7):
        journal.begin(number)
        journal.answer(number, answer())
    journal.happened([switch(1.0), switch(2.0)])
    journal.close()
    other = sqlite3.connect(file)
    other.execute("UPDATE commands SET said = '{}' WHERE id = 5")
    other.execute("""UPDATE commands SET answer = '{"outcome": "dreamt"}' WHERE id = 6""")
    other.execute("UPDATE happened SET body = '{}' WHERE seq = 1")
    other.commit()
    other.close()
    again = Journal(file, "st-1")
    assert again.left_over() == ((5, False),)  # answered by its number, whatever it was
    assert again.taken_only() == ()
    assert again.undelivered() == ((7, answer()),)
    assert again.knows(6) is None
    assert again.left_over() == ((6, True),)
    assert [one.what.at for one in again.unreceived()] == [2.0]
    again.happened([switch(3.0)])
    again.received(500)
    assert [(one.seq, one.what.at) for one in again.unreceived()] == [(501, 2.0), (502, 3.0)]
    again.close()


def test_a_link_is_no_journal(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    (folder / "journal.db").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        Journal(folder / "journal.db", "st-1")


def test_what_is_kept_is_on_the_disk_of_a_second_reader(journal: Journal, file: Path) -> None:
    began_at = time.time()
    journal.happened([switch(began_at)])
    second = Journal(file, "st-1")
    assert second.unreceived()[0].what.at == began_at
    second.close()
