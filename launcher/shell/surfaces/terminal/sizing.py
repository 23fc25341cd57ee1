"""How large the cells of a terminal are in their room: all of a 3270's screen, a VT's as large as the text is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize

from launcher.shell.look import Type, look
from launcher.shell.surfaces.terminal.cells import SMALLEST_PX, Cells, cells_for, fitting

ZOOM_STEP: Final = 1.1
LEAST_VT: Final = (24, 80)
"""Rows and columns that programs are made for: a VT has no less."""


def zoomed(cells: Cells, steps: int) -> Cells:
    """Return cells made larger or smaller by so many steps of a person's."""
    return cells_for(max(SMALLEST_PX, round(cells.font_px * ZOOM_STEP**steps))) if steps else cells


def cells_of_3270(rows: int, columns: int, room: QSize) -> Cells:
    """Return the cells with which all of a screen is in view.

    Who wants large text gets all columns of it, and of the rows those around the cursor.
    """
    smallest_px = min(fitting(1, columns, room.width(), room.height()).font_px, look().grow(14))
    return fitting(rows, columns, room.width(), room.height(), smallest_px if look().large else SMALLEST_PX)


def cells_of_vt(room: QSize) -> Cells:
    """Return the cells of the usual size of text; smaller ones before a program has less than it is made for.

    Where text is large they are as large as leaves all columns, and of the rows those around the cursor are in view.
    """
    usual_px, (rows, columns) = look().grow(Type.MONO.size), LEAST_VT
    rows = 1 if look().large else rows
    wide, high = cells_for(usual_px).room(rows, columns)
    if wide <= room.width() and high <= room.height():
        return cells_for(usual_px)
    cells = fitting(rows, columns, room.width(), room.height(), largest_px=usual_px)
    return cells_for(cells.font_px) if look().large else cells
