"""What a host's questions over SSH are answered."""

from __future__ import annotations

import asyncio

import pytest

from launcher.secret import Secret
from launcher.terminal.line import NewPassword
from launcher.terminal.lines.ssh_proof import Answers, Password

OLD, NEW = Secret("Front-Desk-77"), Secret("Back-Office-78")


async def keep() -> None:
    pass


@pytest.mark.parametrize(
    "again",
    ["Password incorrect. Re-enter password: ", "Sorry, password again:", "Verify your password:", "Repeat password:"],
)
@pytest.mark.parametrize("new", [None, NewPassword(NEW, keep)], ids=["without", "with"])
def test_a_host_that_asks_for_the_same_one_again_has_refused_it_and_wants_no_new_one(
    again: str, new: NewPassword | None
) -> None:
    answers = Answers(Password(OLD, new))
    assert asyncio.run(answers.questions([("Password: ", False)])) == [OLD.reveal()]
    assert asyncio.run(answers.questions([(again, False)])) is None
    assert (answers.must_change, answers.gave_new) == (False, False)


def test_a_new_one_is_given_and_repeated_once() -> None:
    answers = Answers(Password(OLD, NewPassword(NEW, keep)))
    asyncio.run(answers.questions([("Password: ", False)]))
    asked = [("New password: ", False), ("Retype new password: ", False)]
    assert asyncio.run(answers.questions(asked)) == [NEW.reveal(), NEW.reveal()]
    assert asyncio.run(answers.questions([("Retype new password: ", False)])) is None
    assert answers.must_change


@pytest.mark.parametrize("verify", ["Verify your current password:", "Confirm (current) password: "])
def test_the_old_one_is_given_where_a_change_begins_by_confirming_it(verify: str) -> None:
    answers = Answers(Password(OLD, NewPassword(NEW, keep)))
    asyncio.run(answers.questions([("Password: ", False)]))
    assert asyncio.run(answers.questions([(verify, False)])) == [OLD.reveal()]
    assert answers.must_change
