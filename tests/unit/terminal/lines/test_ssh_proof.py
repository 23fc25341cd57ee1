"""Which questions of a host get a password, which the new one, and which nothing."""

from __future__ import annotations

import asyncio

import pytest

from launcher.secret import Secret
from launcher.terminal.line import NewPassword
from launcher.terminal.lines.ssh_proof import Answers, Password, Ticket

OLD, NEW = "Old-Pw-1", "Next-Pw-2"


async def keep() -> None:
    pass


def answered(*questions: list[str] | str, new: str | None = NEW) -> tuple[Answers, list[list[str] | None]]:
    """The answers to challenges of one or more questions each."""
    made = Answers(Password(Secret(OLD), NewPassword(Secret(new), keep) if new is not None else None))

    async def story() -> list[list[str] | None]:
        return [
            await made.questions([(one, False) for one in ([asked] if isinstance(asked, str) else asked)])
            for asked in questions
        ]

    return made, asyncio.run(story())


@pytest.mark.parametrize(
    ("questions", "answers"),
    [
        (["Password: "], [[OLD]]),
        (["(pc1234@records) Password: ", "Password: "], [[OLD], None]),
        (["Verification code: "], [None]),
        (["Password: ", "Verification code: "], [[OLD], None]),
        (["Password: ", "Enter the current code: "], [[OLD], None]),
        (["Password: ", "New PIN for your token: "], [[OLD], None]),
        (["Password: ", "(current) UNIX password: ", "New password: ", "Retype new password: "],
         [[OLD], [OLD], [NEW], [NEW]]),
        (["Password: ", "It has expired.\nNew password: ", "Too short.\nNew password: "], [[OLD], [NEW], None]),
        (["Password: ", "New password: ", "Password again: ", "Password again: "], [[OLD], [NEW], [NEW], None]),
        (["Password: ", ["Old password: ", "New password: ", "Repeat the password: "]], [[OLD], [OLD, NEW, NEW]]),
        (["Password: ", ["New password: ", "Mobile number: "]], [[OLD], None]),
        ([[]], [[]]),
        (["Password: ", "Retype new password: "], [[OLD], [NEW]]),
    ],
)  # fmt: skip
def test_a_question_is_answered_by_its_words(questions: list[list[str] | str], answers: list[list[str] | None]) -> None:
    assert answered(*questions)[1] == answers


def test_what_a_change_wants_is_known_without_a_new_one_to_give() -> None:
    for question in ("Current password: ", "New password: "):
        made, answers = answered("Password: ", question, new=None)
        assert answers == [[OLD], None]
        assert (made.must_change, made.gave_new) == (True, False)
    made, answers = answered("Verification code: ")
    assert (made.asked, made.must_change) == (False, False)


def test_what_a_host_says_of_a_new_one_is_short_and_plain() -> None:
    made, _ = answered("Password: ", "New password: ", "No\x1b[2J\u202e\x07: " + "x" * 9000 + "\nNew password: ")
    assert made.said.startswith("No[2J: xxx")
    assert len(made.said) == 200


def test_a_shown_answer_and_another_proof_get_nothing() -> None:
    async def story() -> None:
        assert await Answers(Password(Secret(OLD))).questions([("Password: ", True)]) is None
        assert await Answers(Ticket()).questions([("Password: ", False)]) is None

    asyncio.run(story())
