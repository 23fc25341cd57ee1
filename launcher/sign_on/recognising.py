"""By what a screen that was met is recognised again: texts at places, a prompt, and how many fields it takes.

A text is chosen where it tells the screen from the others that were met on the way: one that stands on the screen
before, too, would prove nothing. Where a host writes line by line, a text stands in another row the next time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from launcher.recipes.screens import Screen, TextAt
from launcher.sign_on.screen_sight import Sight, is_shown
from launcher.terminal.engine import Family

Place = tuple[int, int, str]
"""Row and column from 1, and the text that begins there; both 0: it stands anywhere."""
MayBeWritten = Callable[[str], bool]

MOST_TEXTS: Final = 6
_BOTTOM_ROWS: Final = 3
_PART: Final = re.compile(r"[^\s\0]+(?: [^\s\0]+)*")
_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z ]*[A-Za-z]")
_PROMPT: Final = re.compile(r"(?:[A-Za-z][A-Za-z ]*)?[:>?$#%]$")


@dataclass(frozen=True, slots=True)
class Recogniser:
    """What a recipe says of one screen; ``absent`` stands nowhere on it."""

    at: tuple[Place, ...] = ()
    absent: tuple[str, ...] = ()
    before_cursor: str = ""
    inputs: int | None = None
    hidden_inputs: int | None = None
    locked: bool = False
    own: bool = False
    """One of the texts, or the prompt, stands on no other screen that was met."""

    @property
    def words_row(self) -> int:
        """The row, from 1, of the longest text of its own; 0: it has none, or stands in any row."""
        return max(self.at, key=lambda place: len(place[2]))[0] if self.own and self.at else 0

    def shown(self, sight: Sight) -> bool:
        """Say whether a screen is recognised by it."""
        at = tuple(TextAt(text=text, row=row or None, column=column or None) for row, column, text in self.at)
        return is_shown(
            Screen(
                name="met", means="ready", at=at, absent=self.absent, before_cursor=self.before_cursor,
                inputs=self.inputs, hidden_inputs=self.hidden_inputs, unlocked=not self.locked,
            ),
            sight,
        )  # fmt: skip

    @property
    def by_nothing(self) -> bool:
        """Whether any screen at all would do."""
        counts = self.inputs is not None or self.hidden_inputs is not None
        return not (self.at or self.absent or self.before_cursor or counts)


def recogniser(
    sight: Sight,
    others: Sequence[Sight],
    family: Family,
    may_be_written: MayBeWritten,
    *,
    by_lines: bool = False,
    refuses: bool = False,
) -> Recogniser:
    """Choose by what a screen is told from the others that were met, as far as it can be.

    ``by_lines``: its host writes line by line, see :func:`writes_by_lines`. ``refuses``: it is a refusal, which may be
    the one text beside, with its number in it.
    """
    found = Recogniser(locked=sight.locked)
    if family == "vt":
        found = replace(found, before_cursor=prompt_of(sight, may_be_written))
        if found.before_cursor and not any(map(found.shown, others)):
            return replace(found, own=True)
    elif not sight.locked:
        hidden = sum(one.hidden for one in sight.inputs)
        found = replace(found, inputs=len(sight.inputs), hidden_inputs=hidden)
    whole, parts = (_anywhere(one) if by_lines else one for one in _places(sight, may_be_written))
    places = whole or parts
    own = [place for place in places if not any(_stands(place, one) for one in others)]
    if refuses and not own:
        own = [place for place in parts if not any(_stands(place, one) for one in others)]
    # A title, what stands below it, and the line that says which keys there are.
    found = replace(found, at=_first_and_last(own or places), own=bool(own))
    while (alike := [one for one in others if found.shown(one)]) and len(found.at) < MOST_TEXTS:
        best = max(places, key=lambda place: sum(not _stands(place, one) for one in alike), default=None)
        if best is None or all(_stands(best, one) for one in alike):
            break
        found = replace(found, at=tuple(sorted((*found.at, best))))
    whole_text = "\n".join(sight.lines())
    for other in alike:
        there, its_parts = _places(other, may_be_written)
        absent = next((text for _, _, text in there or its_parts if text not in whole_text), "")
        if absent and found.shown(other):
            found = replace(found, absent=(*found.absent, absent))
    return found


def writes_by_lines(sights: Sequence[Sight]) -> bool:
    """Say whether a 3270 host writes as on paper: each screen has the same one field, at the bottom, to type into."""
    fields = {(one.inputs[0].start, len(one.inputs)) if one.inputs else (0, 0) for one in sights if not one.locked}
    if len(sights) < 2 or len(fields) != 1:
        return False
    ((start, how_many),) = fields
    return how_many == 1 and start // sights[0].columns >= sights[0].rows - _BOTTOM_ROWS


def prompt_of(sight: Sight, may_be_written: MayBeWritten) -> str:
    """Return the prompt before the cursor, without what may not be written down of it."""
    begin = sight.cursor // sight.columns * sight.columns
    before = "".join(sight.text[begin : sight.cursor]).rstrip().rpartition("  ")[2]
    found = _PROMPT.search(before)
    if found is None:
        return ""
    return found[0] if len(found[0]) == 1 or may_be_written(found[0][:-1]) else found[0][-1]


def texts_on(sight: Sight) -> Iterator[Place]:
    """Give the texts that the host has written outside its input fields."""
    cells = len(sight.text)
    typed = {(one.start + cell) % cells for one in sight.inputs for cell in range(one.length)}
    attributes = {(one.start - 1) % cells for one in sight.fields}
    for row in range(sight.rows):
        begin = row * sight.columns
        line = "".join(
            "\0" if begin + column in typed or begin + column in attributes else (sight.text[begin + column] or "\0")
            for column in range(sight.columns)
        )
        for found in _PART.finditer(line) if len(line) == sight.columns else ():
            yield row + 1, found.start() + 1, found[0]


def _places(sight: Sight, may_be_written: MayBeWritten) -> tuple[list[Place], list[Place]]:
    """Return the texts that may be written down, and the words that may be between the figures of the others."""
    texts = list(texts_on(sight))
    whole = [place for place in texts if may_be_written(place[2])]
    parts = [
        (row, column + words.start(), words[0])
        for row, column, text in texts
        if not may_be_written(text)
        for words in _WORDS.finditer(text)
        if may_be_written(words[0])
    ]
    return whole, parts


def _anywhere(places: Sequence[Place]) -> list[Place]:
    return list(dict.fromkeys((0, 0, text) for _, _, text in places))


def _first_and_last(places: Sequence[Place]) -> tuple[Place, ...]:
    return (*places[:2], *places[2:][-1:])


def _stands(place: Place, sight: Sight) -> bool:
    return Recogniser(at=(place,), locked=True).shown(sight)
