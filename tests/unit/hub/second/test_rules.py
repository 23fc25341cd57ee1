"""Whose agreement counts, as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launcher.hub.officers.rows import KnownOfficer
from launcher.hub.second import rules
from launcher.hub.second.rules import Waiting
from launcher.wire.hub.helpdesk import Act
from launcher.wire.hub.officers import SecondVouch

AT = 1_000_000.0


def officer(key: str, number: str = "", user_name: str = "") -> KnownOfficer:
    return KnownOfficer(key, number, f"Officer {number}", user_name, frozenset())


ASKER, CONCERNED, OTHER = officer("i#a", "1001", "ann"), officer("i#c", "4471", "alice"), officer("i#o", "1002", "otto")
OF_NORTHSHIRE = officer("other#7", "4471@northshire.example", "alice@northshire.example")
WAITING = Waiting(
    state="waiting", expires=AT + 60, kept="d" * 64, now="d" * 64, asker=ASKER, concerned=CONCERNED,
    concerned_rank=1, station="st-1", command=7,
)  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "digest", "second", "refused"),
    [
        (WAITING, "d" * 64, OTHER, None),
        (WAITING, "e" * 64, OTHER, "second-request-altered"),
        (replace(WAITING, now="e" * 64), "d" * 64, OTHER, "second-request-altered"),
        (replace(WAITING, now="e" * 64), "e" * 64, OTHER, "second-request-altered"),
        (replace(WAITING, state="approved"), "d" * 64, OTHER, "second-request-over"),
        (replace(WAITING, state="refused"), "d" * 64, OTHER, "second-request-over"),
        (replace(WAITING, expires=AT), "d" * 64, OTHER, "second-request-over"),
        (WAITING, "d" * 64, ASKER, "second-person-barred"),
        (replace(WAITING, asker_may=False), "d" * 64, OTHER, "second-person-barred"),
        (WAITING, "d" * 64, CONCERNED, "second-person-barred"),
        (WAITING, "d" * 64, officer("other#a", "1001"), "second-person-barred"),
        (WAITING, "d" * 64, officer("other#c", "", "ALICE"), "second-person-barred"),
        (WAITING, "d" * 64, OF_NORTHSHIRE, "second-person-barred"),
        (replace(WAITING, forces=("northshire.example",)), "d" * 64, OF_NORTHSHIRE, None),
    ],
)
def test_another_analyst(request_: Waiting, digest: str, second: KnownOfficer, refused: str | None) -> None:
    why = rules.analyst_may(request_, digest, second, AT)

    assert (None if why is None else why.reference) == refused


@pytest.mark.parametrize(
    ("request_", "supervisor", "rank", "refused"),
    [
        (WAITING, OTHER, 2, None),
        (replace(WAITING, concerned_rank=0), OTHER, 1, None),
        (WAITING, OTHER, 1, "second-person-barred"),  # of the same rank
        (replace(WAITING, concerned_rank=3), OTHER, 2, "second-person-barred"),  # their subordinate
        (WAITING, OTHER, 0, "second-person-barred"),
        (replace(WAITING, concerned_rank=0), OTHER, 0, "second-person-barred"),
        (WAITING, ASKER, 3, "second-person-barred"),
        (replace(WAITING, asker_may=False), OTHER, 2, "second-person-barred"),
        (WAITING, CONCERNED, 3, "second-person-barred"),
        (WAITING, officer("other#c", "4471"), 3, "second-person-barred"),
        (replace(WAITING, expires=AT - 1), OTHER, 2, "second-request-over"),
        (replace(WAITING, state="approved"), OTHER, 2, "second-request-over"),
        (replace(WAITING, now="f" * 64), OTHER, 2, "second-request-altered"),
    ],
)
def test_a_supervisor(request_: Waiting, supervisor: KnownOfficer, rank: int, refused: str | None) -> None:
    why = rules.supervisor_may(request_, supervisor, rank, AT)

    assert (None if why is None else why.reference) == refused


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({}, None),
        ({"hub": "another"}, "second-station"),
        ({"station": "st-2"}, "second-station"),
        ({"command": 6}, "second-command"),
        ({"until": AT}, "second-until"),
        ({"until": AT + 200}, "second-until"),
        ({"at": AT + 31}, "second-until"),
        ({"at": AT - 60, "until": AT + 61}, "second-until"),
    ],
)
def test_what_a_station_has_signed(changed: dict[str, object], detail: str | None) -> None:
    said = SecondVouch.model_validate(
        {
            "station": "st-1", "hub": "hub", "request": "rq-1", "command": 7, "person": None, "proved_by": "directory",
            "approve": False, "at": AT, "until": AT + 120,
        } | changed
    )  # fmt: skip

    why = rules.is_ours(WAITING, said, "st-1", "hub", AT)

    assert (None if why is None else why.detail) == detail


def test_the_digest_is_of_everything_that_is_asked() -> None:
    act = Act(key="k", case="c", kind="suspend", officer="i#c", reason="a stolen card")
    others = (
        {"key": "l"}, {"case": "d"}, {"kind": "revoke"}, {"officer": "i#d"}, {"sitting": "s"}, {"system": "records"},
        {"text": "x"}, {"reason": "a stolen cart"},
    )  # fmt: skip

    digests = {rules.act_digest(act)} | {rules.act_digest(act.model_copy(update=one)) for one in others}

    assert len(digests) == 1 + len(others)
