"""Where a key takes the current tile."""

from __future__ import annotations

from PySide6.QtCore import Qt

_Key = Qt.Key


def stepped(row: int, count: int, columns: int, page: int, key: int) -> int | None:
    """Return the row that ``key`` leads to from ``row`` (-1: none yet), or None when the key does not move.

    ``columns`` tiles stand in a line and ``page`` lines are in sight; in a list (one column) left and right do not
    move, so that they stay with the text of the search field.
    """
    steps = {_Key.Key_Down: columns, _Key.Key_Up: -columns}
    if columns > 1:
        steps |= {_Key.Key_Right: 1, _Key.Key_Left: -1}
    lines = max(1, page - 1) * columns
    steps |= {_Key.Key_PageDown: lines, _Key.Key_PageUp: -lines}
    step = steps.get(_Key(key))
    if step is None:
        return None
    if count == 0:
        return row
    if row < 0:
        return 0
    goal = row + step
    if key in (_Key.Key_Right, _Key.Key_Left):
        return min(max(goal, 0), count - 1)
    if goal < 0:
        return row % columns if key == _Key.Key_PageUp else row
    if goal >= count:
        # Down from the last full line goes to the last tile of a shorter one.
        return count - 1 if key == _Key.Key_PageDown or row // columns < (count - 1) // columns else row
    return goal
