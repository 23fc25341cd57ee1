"""What texts of the hub's records may be: what they look like, and a reason says something."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from launcher.wire.hub.helpdesk import OpenCase
from launcher.wire.hub.sittings import NoticeLine, Person


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("two lines\n\tand a tab", "two lines\n\tand a tab"),
        ("ring\a\x1b[2J\0\x7f\x9b31m", "ring[2J31m"),
        ("from \u202ekseD pleH\u202c \u2066x\u2069\u2028y", "from kseD pleH xy"),
        ("José, Müller, نام‌ها", "José, Müller, نام‌ها"),
    ],
)
def test_a_text_is_what_it_looks_like(said: str, kept: str) -> None:
    assert NoticeLine(id=1, text=said, since=0).text == kept
    assert Person(officer="i#1", number=said, name=said).name == kept


@pytest.mark.parametrize("reason", ["   ", "\0\0\0", "\n\u202e a \t"])
def test_blanks_are_no_reason(reason: str) -> None:
    with pytest.raises(ValidationError):
        OpenCase(reason=reason, key="k")
