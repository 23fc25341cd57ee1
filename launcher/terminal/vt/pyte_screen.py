"""The screen of ``pyte``, with what hosts use every day and it lacks: an alternate screen, rows kept above, all looks.

This is the only module that imports ``pyte``.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import pyte
from pyte import modes
from pyte.charsets import LAT1_MAP
from pyte.screens import Char, Margins, wcwidth

from launcher.terminal.grid import DEFAULT
from launcher.terminal.vt.pyte_looks import OFF, ON, ansi, hidden, look_of, mixed

_ALTERNATE: Final = frozenset({47, 1047, 1049})
_MARKS: Final = 16
"""A character is shown with no more combining marks than these."""
_WIDTHS: Final = frozenset({3, 40})
"""132 columns (DECCOLM): the size is the officer's, not the host's."""
Cell = tuple[str, int, int, int]
"""Text, foreground, background and flags."""
Line = dict[int, Char]


class PyteScreen(pyte.Screen):
    """A screen that a stream of sequences is played to by name; what it cannot take, it leaves out."""

    def __init__(self, rows: int, columns: int, answer: Callable[[str], None], scroll_back_rows: int) -> None:
        self.above: deque[Line] = deque(maxlen=scroll_back_rows)
        self.bells = 0
        self.keypad = False
        self._answer = answer
        self._last = ""
        self._main: tuple[dict[int, Any], Any] | None = None
        self._saved: Any = None
        super().__init__(columns, rows)

    @property
    def alternate(self) -> bool:
        """Say whether the alternate screen is shown, above which no rows are kept."""
        return self._main is not None

    def has_mode(self, private: int) -> bool:
        """Say whether a private mode is set."""
        return private << 5 in self.mode

    def cells(self, line: Line) -> Iterator[Cell]:
        """Return the cells of a row as a grid wants them."""
        for column in range(self.columns):
            char = line[column]
            yield (char.data, *look_of(char.fg, char.bg, char.reverse))

    def text(self, line: Line) -> list[str]:
        """Return the texts of a row's cells, without what is hidden."""
        chars = map(line.__getitem__, range(self.columns))
        return [" " if char.data and hidden(char.fg) else char.data for char in chars]

    def reset(self) -> None:
        """Begin anew, as after power-on; what lies above stays."""
        self._main = None
        self._saved = None
        self.keypad = False
        super().reset()

    def draw(self, data: str) -> None:
        """Write a text at the cursor; at a character without a width the library would leave out the rest."""
        if not data.isascii():
            data = self._few_marks("".join(one for one in data if wcwidth(one) > 0 or unicodedata.combining(one)))
        if data:
            self._last = data[-1]
        super().draw(data)

    def _few_marks(self, data: str) -> str:
        """Leave out marks of a character that has many already: each more would be laid on all of them."""
        marks = len(self.buffer[self.cursor.y][max(0, self.cursor.x - 1)].data) - 1
        kept = []
        for one in data:
            marks = marks + 1 if unicodedata.combining(one) else 0
            if marks <= _MARKS:
                kept.append(one)
        return "".join(kept)

    def land(self) -> None:
        """Be in the last column where the cursor waits to wrap: what moves it or erases begins there."""
        self.cursor.x = min(self.cursor.x, self.columns - 1)

    def repeat(self, count: int = 1) -> None:
        """Write the last character again (REP)."""
        if self._last:
            super().draw(self._last * min(count or 1, self.columns))

    def bell(self, *_: Any) -> None:
        """Count a bell."""
        self.bells += 1

    def index(self) -> None:
        """Go a row down; what scrolls off the top of the main screen is kept."""
        top, bottom = self.margins or Margins(0, self.lines - 1)
        if self.cursor.y == bottom and top == 0 and not self.alternate:
            self.above.append(self.buffer[0])
        if self.cursor.y == bottom:
            super().index()
            self._fill(bottom)
        else:
            self.cursor.y = min(self.cursor.y + 1, self.lines - 1)

    def reverse_index(self) -> None:
        """Go a row up."""
        top = self.margins.top if self.margins else 0
        if self.cursor.y == top:
            super().reverse_index()
            self._fill(top)
        else:
            self.cursor.y = max(self.cursor.y - 1, 0)

    def cursor_up(self, count: int | None = None) -> None:
        """Go rows up, as far as the margin above, if there is one above."""
        top = self.margins.top if self.margins and self.cursor.y >= self.margins.top else 0
        self.cursor.y = max(self.cursor.y - (count or 1), top)

    def cursor_down(self, count: int | None = None) -> None:
        """Go rows down, as far as the margin below, if there is one below."""
        within = self.margins is not None and self.cursor.y <= self.margins.bottom
        bottom = self.margins.bottom if self.margins and within else self.lines - 1
        self.cursor.y = min(self.cursor.y + (count or 1), bottom)

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        """Go to a place, with the origin mode no further than the region."""
        line = line or 1
        if self.margins and modes.DECOM in self.mode:
            line = min(line, self.margins.bottom - self.margins.top + 1)
        super().cursor_position(line, column)

    def scroll_up(self, count: int = 1) -> None:
        """Scroll the region up (SU)."""
        self._scroll(count, up=True)

    def scroll_down(self, count: int = 1) -> None:
        """Scroll the region down (SD)."""
        self._scroll(count, up=False)

    def tab_back(self, count: int = 1) -> None:
        """Go back to earlier tab stops (CBT)."""
        for _ in range(min(count or 1, self.columns)):
            self.cursor.x = max((stop for stop in self.tabstops if stop < self.cursor.x), default=0)

    def tab_on(self, count: int = 1) -> None:
        """Go on to later tab stops (CHT)."""
        for _ in range(min(count or 1, self.columns)):
            self.tab()

    def tab(self) -> None:
        """Go on to the next tab stop; who waits to wrap is in the last column, and waits still."""
        if self.cursor.x < self.columns:
            super().tab()

    def usual_stops(self) -> None:
        """Set a tab stop at every eighth column (DECST8C)."""
        self.tabstops = set(range(8, self.columns, 8))

    def alignment_display(self) -> None:
        """Fill the screen with E, without margins and from home (DECALN)."""
        self.margins = None
        self.cursor.x = self.cursor.y = 0
        self._fill_all(Char("E", f"{DEFAULT} 0", str(DEFAULT)))

    def next_line(self) -> None:
        """Go to the beginning of the next row (NEL)."""
        self.carriage_return()
        self.index()

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        """Erase the screen or a part; 3 is the rows above it (xterm)."""
        if how == 3:
            self.above.clear()
            return
        if how == 2:
            self._fill_all(self._blank())
            return
        with self._erasing():
            super().erase_in_display(how, *args, **kwargs)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase the row or a part."""
        with self._erasing():
            super().erase_in_line(how, private)

    def erase_characters(self, count: int | None = None) -> None:
        """Erase characters from the cursor on (ECH)."""
        with self._erasing():
            super().erase_characters(count)

    def set_mode(self, *numbers: int, **kwargs: Any) -> None:
        """Set modes."""
        if kwargs.get("private"):
            for number in set(numbers) & _ALTERNATE:
                self._show_alternate(save=number == 1049)
            if 1048 in numbers:
                self.save_cursor()
            numbers = tuple(set(numbers) - _ALTERNATE - _WIDTHS)
        super().set_mode(*numbers, **kwargs)

    def reset_mode(self, *numbers: int, **kwargs: Any) -> None:
        """Reset modes."""
        if kwargs.get("private"):
            for number in set(numbers) & _ALTERNATE:
                self._show_main(restore=number == 1049)
            if 1048 in numbers:
                self.restore_cursor()
            numbers = tuple(set(numbers) - _ALTERNATE - _WIDTHS)
        super().reset_mode(*numbers, **kwargs)

    def soft_reset(self) -> None:
        """Reset the modes and looks, and leave the screen (DECSTR)."""
        self.mode = {modes.DECAWM, modes.DECTCEM}
        self.margins = None
        self.keypad = False
        self.cursor.hidden = False
        self.charset, self.g0_charset = 0, LAT1_MAP
        self.select_graphic_rendition(0)

    def save_cursor(self) -> None:
        """Note where the cursor is; there is one place for it, as in a real one."""
        self.savepoints.clear()
        super().save_cursor()

    def restore_cursor(self) -> None:
        """Put the cursor back, as often as is asked."""
        saved = self.savepoints[-1:]
        if saved:
            x, y, attrs = saved[0].cursor.x, saved[0].cursor.y, saved[0].cursor.attrs
            super().restore_cursor()
            self.cursor.x = min(x, self.columns)  # it may have waited to wrap
            again = type(self.cursor)(x, y, attrs)
            self.savepoints.append(saved[0]._replace(cursor=again))
        else:
            super().restore_cursor()

    def select_graphic_rendition(self, *attrs: int, **_: Any) -> None:
        """Take over looks: colours as the grid has them, and flags beside the foreground."""
        fg = self.cursor.attrs.fg
        foreground, flags = (int(part) for part in fg.split()) if fg[0].isdigit() else (DEFAULT, 0)
        background = int(self.cursor.attrs.bg) if self.cursor.attrs.bg.isdigit() else DEFAULT
        codes = iter(attrs or (0,))
        for code in codes:
            if code == 0:
                foreground, background, flags = DEFAULT, DEFAULT, 0
            elif code in ON:
                flags |= int(ON[code])
            elif code in OFF:
                flags &= ~int(OFF[code])
            elif code in (38, 48, 58):
                colour = mixed(codes)
                if colour is not None and code != 58:  # an underline has the letter's own colour here
                    foreground, background = (colour, background) if code == 38 else (foreground, colour)
            elif code == 39 or 30 <= code <= 37 or 90 <= code <= 97:
                foreground = DEFAULT if code == 39 else ansi(code)
            elif code == 49 or 40 <= code <= 47 or 100 <= code <= 107:
                background = DEFAULT if code == 49 else ansi(code - 10)
        self.cursor.attrs = Char(" ", f"{foreground} {flags}", str(background))

    def report_device_attributes(self, mode: int = 0, **kwargs: Any) -> None:
        """Say what kind of terminal this is: a VT220 with colours (DA1)."""
        if not mode and not kwargs:
            self._answer("\x1b[?62;22c")

    def report_device_status(self, mode: int = 0, **kwargs: Any) -> None:
        """Say that all is well, or where the cursor is (DSR, CPR)."""
        row = self.cursor.y - (self.margins.top if modes.DECOM in self.mode and self.margins else 0)
        if not kwargs and mode == 5:
            self._answer("\x1b[0n")
        elif not kwargs and mode == 6:
            self._answer(f"\x1b[{row + 1};{min(self.cursor.x, self.columns - 1) + 1}R")

    def resize_to(self, rows: int, columns: int) -> None:
        """Take another size; rows that no longer fit go up, the emptiness below the cursor first."""
        gone = max(0, self.cursor.y - rows + 1)
        kept = [self.buffer[row] for row in range(self.lines)]
        if not self.alternate:
            self.above.extend(kept[:gone])
        self.buffer.clear()
        self.buffer.update(enumerate(kept[gone : gone + rows]))
        self.lines, self.columns = rows, columns
        self.cursor.y -= gone
        self.cursor.x = min(self.cursor.x, columns - 1)
        self.tabstops |= set(range(8, columns, 8))
        self.margins = None
        self.dirty.update(range(rows))

    def _scroll(self, count: int, *, up: bool) -> None:
        top, bottom = self.margins or Margins(0, self.lines - 1)
        at = self.cursor.y
        self.cursor.y = bottom if up else top
        for _ in range(min(count or 1, self.lines)):
            if up:
                self.index()
            else:
                self.reverse_index()
        self.cursor.y = at

    @contextmanager
    def _erasing(self) -> Iterator[None]:
        """Of the cursor's looks, leave an erased cell the background alone."""
        looks, self.cursor.attrs = self.cursor.attrs, self._blank()
        try:
            yield
        finally:
            self.cursor.attrs = looks

    def _fill(self, row: int) -> None:
        """Give a new row the background that is set, if there is one."""
        blank = self._blank()
        if blank.bg != str(DEFAULT) and blank.bg.isdigit():
            self.buffer[row].update(dict.fromkeys(range(self.columns), blank))

    def _fill_all(self, char: Char) -> None:
        self.dirty.update(range(self.lines))
        for row in range(self.lines):
            self.buffer[row].clear()
            self.buffer[row].update(dict.fromkeys(range(self.columns), char))

    def _blank(self) -> Char:
        return Char(" ", f"{DEFAULT} 0", self.cursor.attrs.bg)

    def _show_alternate(self, *, save: bool) -> None:
        if self._main is not None:
            return
        if save:
            self.save_cursor()
        self._main = (dict(self.buffer), list(self.savepoints))
        self.buffer.clear()
        self.dirty.update(range(self.lines))

    def _show_main(self, *, restore: bool) -> None:
        if self._main is None:
            return
        rows, self.savepoints = self._main
        self._main = None
        self.buffer.clear()
        self.buffer.update({row: line for row, line in rows.items() if row < self.lines})
        self.dirty.update(range(self.lines))
        if restore:
            self.restore_cursor()


def player(screen: PyteScreen) -> Callable[[str], None]:
    """Return what plays a text with its controls and whole sequences to a screen."""
    stream = pyte.Stream(cast("Any", _Tolerant(screen)))
    # Without this it would leave out the line-drawing characters, on which menus and frames stand.
    stream.use_utf8 = False
    return stream.feed


class _Tolerant:
    """A screen that takes no offence at parameters it did not foresee."""

    def __init__(self, screen: PyteScreen) -> None:
        self._screen = screen

    def __getattr__(self, name: str) -> object:
        wanted = getattr(self._screen, name)
        if not callable(wanted):
            return wanted

        def tolerant(*args: object, **kwargs: object) -> None:
            try:
                wanted(*args, **kwargs)
            except (TypeError, ValueError, LookupError, AttributeError, AssertionError, UnboundLocalError):
                return

        return tolerant
