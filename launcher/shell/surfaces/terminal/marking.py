"""Marking with the mouse (a drag, two clicks for a word, three for a line), and with keys from the cursor on."""

from __future__ import annotations

from typing import Final

from launcher.shell.surfaces.terminal.selection import Place, Selection, Shape, copied, word_around
from launcher.shell.surfaces.terminal.shown import Shown, cells_of
from launcher.terminal.grid import RowPicture

_STEPS: Final = {"mark-left": (0, -1), "mark-right": (0, 1), "mark-up": (-1, 0), "mark-down": (1, 0)}


class Marking:
    """What is marked in one terminal, and how a drag that is going on changes it."""

    def __init__(self, shown: Shown) -> None:
        self.selection: Selection | None = None
        self.shape: Shape = "block"
        self._shown = shown
        self._fixed: Selection | None = None
        """The word or line that a drag began with: it stays marked."""
        self._stepped_from: Place | None = None
        """Where the cursor was when marking by keys began."""
        self._texts: tuple[str | None, ...] = ()
        self._seen: dict[int, RowPicture] = {}
        """The rows as they were when they were marked: what has scrolled off may be another row by now."""

    @property
    def any(self) -> bool:
        """Whether a cell is marked."""
        return self.selection is not None and not self.selection.empty

    def clear(self) -> bool:
        """Mark nothing; say whether anything was marked."""
        had, self.selection, self._fixed = self.any, None, None
        self._seen.clear()
        return had

    def begin(self, place: Place) -> None:
        """Begin anew at the edge of a cell."""
        self.clear()
        self._stepped_from = None
        self.selection = Selection(place, place, self.shape)

    def extend(self, place: Place) -> None:
        """Go on to the edge of a cell; without a beginning, from there."""
        if self.selection is None:
            self.begin(place)
            return
        fixed = self._fixed
        if fixed is None:
            self.selection = Selection(self.selection.anchor, place, self.selection.shape)
        elif place < fixed.anchor:
            self.selection = Selection(fixed.head, place, fixed.shape)
        else:
            self.selection = Selection(fixed.anchor, max(place, fixed.head), fixed.shape)
        self.keep()

    def mark_word(self, place: Place) -> None:
        """Mark the word that a cell is in."""
        start, stop = word_around(self._shown.cells(place.row), place.column)
        self._fix(Selection(Place(place.row, start), Place(place.row, stop), self.shape))

    def mark_line(self, place: Place) -> None:
        """Mark the row of a cell; of a VT, the whole line that it is part of."""
        first = last = place.row
        if self.shape == "lines":
            while first > 0 and self._goes_on(first - 1):
                first -= 1
            while last + 1 < self._shown.last and self._goes_on(last):
                last += 1
        self._fix(Selection(Place(first, 0), Place(last, self._shown.columns), self.shape))

    def step(self, act: str) -> bool:
        """Mark a cell more, or less, by a key; say whether the key is one that marks.

        It begins at the cursor, anew once the cursor has moved, and stays in what is in view.
        """
        if act not in _STEPS:
            return False
        shown, (down, right) = self._shown, _STEPS[act]
        cursor = Place(shown.scroll_back + shown.cursor.row, shown.cursor.column)
        if self.selection is None or self._stepped_from != cursor:
            self.begin(Place(min(cursor.row, shown.first + shown.rows - 1), cursor.column))
            self._stepped_from = cursor
        head = self.selection.head if self.selection is not None else cursor
        row = max(shown.first, min(head.row + down, shown.first + shown.rows - 1))
        self.extend(Place(row, max(0, min(head.column + right, shown.columns))))
        return True

    def mark_all(self) -> None:
        """Mark the screen."""
        first = self._shown.scroll_back
        last = max(first, self._shown.last - 1)
        self._fix(Selection(Place(first, 0), Place(last, self._shown.columns), self.shape))

    def keep(self) -> None:
        """Remember what is marked as it is now, to copy that, and to see whether the host writes over it."""
        self._texts = self._marked_texts()
        for row in self.selection.rows if self.selection is not None else ():
            picture = self._shown.row(row)
            if picture is not None:
                self._seen.setdefault(row, picture)

    def missing(self) -> tuple[int, int] | None:
        """Return from where to where rows of what is marked were never here, to be asked for."""
        lacking = [row for row in self.selection.rows if row not in self._seen] if self.selection is not None else []
        return (lacking[0], lacking[-1] + 1) if lacking else None

    def text(self) -> str:
        """Return the marked text, as it was when it was marked."""
        if self.selection is None:
            return ""
        seen = self._seen

        def cells(row: int) -> list[str]:
            return cells_of(seen[row]) if row in seen else []

        return copied(self.selection, cells, lambda row: row in seen and seen[row].wrapped)

    def written_over(self) -> bool:
        """Mark nothing any more where the host has changed what was marked; say whether it has."""
        now = self._marked_texts()
        # What has scrolled off the screen stays as it was, and may not be here to be compared.
        if all(new is None or new == old for new, old in zip(now, self._texts, strict=False)):
            return False
        self.clear()
        return True

    def _fix(self, selection: Selection) -> None:
        self._seen.clear()
        self.selection = self._fixed = selection
        self.keep()

    def _marked_texts(self) -> tuple[str | None, ...]:
        selection, shown = self.selection, self._shown
        if selection is None:
            return ()
        texts: list[str | None] = []
        for row in selection.rows:
            cells = shown.cells(row)
            start, stop = selection.part(row, len(cells))
            texts.append("".join(cells[start:stop]) if row >= shown.scroll_back else None)
        return tuple(texts)

    def _goes_on(self, row: int) -> bool:
        picture = self._shown.row(row)
        return picture is not None and picture.wrapped
