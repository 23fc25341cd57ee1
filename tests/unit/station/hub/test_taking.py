"""Which command a station takes."""

from __future__ import annotations

import pytest

from launcher.signing import SigningKey
from launcher.station.hub.taking import Known, answer_of, why_not
from launcher.wire.hub.commands import Command, SignedCommand
from launcher.wire.hub.stations import Enrolled

HUB, OTHER = SigningKey.made(), SigningKey.made()
NOW = 1_000_000.0
KNOWN = Known(Enrolled(station="st-1", hub="hub", hub_key=HUB.public, terminal="FD-02", place=""), last=7, now=NOW)


def signed(key: SigningKey = HUB, **changed: object) -> SignedCommand:
    fields = {
        "id": 8, "hub": "hub", "station": "st-1", "kind": "lock", "sitting": "s-1", "officer": "i#1", "reason": "asked",
        "made": NOW - 1, "expires": NOW + 60,
    }  # fmt: skip
    command = Command.model_validate(fields | changed)
    return SignedCommand(command=command, signature=key.sign("command", command))


def test_the_hubs_next_command_is_taken() -> None:
    assert why_not(signed(), KNOWN) is None


@pytest.mark.parametrize(
    ("untrusted", "reference", "outcome"),
    [
        (signed(OTHER), "command-forged", "refused"),
        (signed(station="st-2"), "command-not-ours", "refused"),
        (signed(hub="other"), "command-not-ours", "refused"),
        (signed(id=7), "command-seen-before", "refused"),
        (signed(id=1), "command-seen-before", "refused"),
        (signed(expires=NOW), "command-expired", "expired"),
    ],
)
def test_another_is_not(untrusted: SignedCommand, reference: str, outcome: str) -> None:
    why = why_not(untrusted, KNOWN)
    assert why is not None
    answer = answer_of(why, NOW)
    assert (answer.reference, answer.outcome) == (reference, outcome)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "log-off"}, {"sitting": "s-2"}, {"officer": "i#2"}, {"expires": NOW + 3600}, {"id": 9}, {"text": "x"},
        {"system": "records"}, {"reason": "other"}, {"station": "st-2"}, {"by": "i#9"}, {"by_name": "J"}, {"made": 1.0},
        {"request": "r"}, {"hub": "h2"},
    ],
    ids=str,
)  # fmt: skip
def test_a_command_that_was_altered_is_forged(changed: dict[str, object]) -> None:
    good = signed()
    altered = SignedCommand(command=good.command.model_copy(update=changed), signature=good.signature)
    why = why_not(altered, KNOWN)
    assert why is not None
    assert why.reference == "command-forged"


def test_a_signature_of_the_hubs_for_something_else_is_none_of_a_command() -> None:
    command = signed().command
    why = why_not(SignedCommand(command=command, signature=HUB.sign("vouch", command)), KNOWN)
    assert why is not None
    assert why.reference == "command-forged"
