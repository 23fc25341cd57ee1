"""Where the seconds went: the waterfall of one opening, and the page of all of this shift's."""

from launcher.shell.timings.bars import Bar, Row, row_of, rows_of
from launcher.shell.timings.page import TimingsPage
from launcher.shell.timings.waterfall import paint_bars, paint_usual

__all__ = ["Bar", "Row", "TimingsPage", "paint_bars", "paint_usual", "row_of", "rows_of"]
