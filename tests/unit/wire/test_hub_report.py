"""What one station may report: no more than a terminal can hold, whatever it is made up of."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from launcher.wire.hub.sittings import (
    LONGEST_GROUPS,
    LONGEST_REPORT,
    MOST_OPEN,
    MOST_REPORTED,
    MOST_SITTINGS,
    OpenSystem,
    Person,
    Report,
    Sitting,
)

OPEN = OpenSystem(system="records", name="Records", state="ready", since=1.0)


def _sitting(number: int, *, systems: int = 0, groups: int = 0) -> Sitting:
    held = tuple("g" * 100 for _ in range(groups))
    person = Person(officer=f"ldap#{number}", number=f"{number}", name="", groups=held)
    return Sitting(
        sitting=f"s-{number}", person=person, since=1.0, state="signed-in", state_since=1.0, systems=(OPEN,) * systems
    )


def _report(*sittings: Sitting) -> Report:
    return Report(boot="b", number=1, at=1.0, sittings=sittings)


def test_what_fits_is_taken() -> None:
    assert len(_report(*(_sitting(number) for number in range(MOST_SITTINGS))).sittings) == MOST_SITTINGS
    _report(*(_sitting(number, systems=MOST_OPEN) for number in range(MOST_REPORTED // MOST_OPEN)))
    _report(*(_sitting(number, groups=LONGEST_GROUPS // 100) for number in range(LONGEST_REPORT // LONGEST_GROUPS - 1)))


def test_a_station_has_only_so_many_sittings_and_open_systems() -> None:
    with pytest.raises(ValidationError, match="at most 20"):
        _report(*(_sitting(number) for number in range(MOST_SITTINGS + 1)))
    with pytest.raises(ValidationError, match="at most 1000"):
        _sitting(1, systems=MOST_OPEN + 1)
    with pytest.raises(ValidationError, match="more systems are open"):
        _report(*(_sitting(number, systems=MOST_OPEN) for number in range(MOST_REPORTED // MOST_OPEN + 1)))


def test_a_persons_groups_and_the_whole_report_are_only_so_long() -> None:
    with pytest.raises(ValidationError, match="the groups are too many"):
        Person(officer="ldap#1", number="1", name="", groups=tuple("g" * 101 for _ in range(LONGEST_GROUPS // 100)))
    most = LONGEST_GROUPS // 100
    with pytest.raises(ValidationError, match="longer than one station's"):
        _report(*(_sitting(number, groups=most) for number in range(LONGEST_REPORT // LONGEST_GROUPS + 1)))
