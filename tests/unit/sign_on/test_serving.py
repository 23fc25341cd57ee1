"""When a busy host asks to be tried again."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from launcher.sign_on.serving import again_in_words, wait_asked_s


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("604800", 604800),
        ("604801", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 400, None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", None),
        ("Wed, 99 Oct 2099 07:28:00 GMT", None),
    ],
)
def test_a_wait_is_a_number_of_seconds_that_can_be_believed(said: str, wait_s: float | None) -> None:
    assert wait_asked_s(said) == wait_s


def test_a_wait_may_be_a_date() -> None:
    wait_s = wait_asked_s(formatdate(time.time() + 3600, usegmt=True))
    assert wait_s is not None
    assert again_in_words(wait_s) == " It asks to be tried again in 60 minutes."


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [
        (None, ""),
        (0, " It asks to be tried again in 1 second."),
        (119, " It asks to be tried again in 119 seconds."),
        (121, " It asks to be tried again in 3 minutes."),
    ],
)
def test_a_wait_is_said_in_seconds_or_minutes(wait_s: float | None, words: str) -> None:
    assert again_in_words(wait_s) == words
