"""Lines and blocks are drawn from their names, and meet at the edges of their cells."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from launcher.shell.surfaces.terminal.boxes import Box, box_of, draw_box

INK = QColor("black")


def drawn(text: str, width: int = 10, height: int = 22) -> QImage:
    """Draw characters beside one another."""
    image = QImage(width * len(text), height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    for at, character in enumerate(text):
        draw_box(painter, QRect(at * width, 0, width, height), character, INK)
    painter.end()
    return image


def inked(image: QImage) -> set[tuple[int, int]]:
    return {
        (x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).lightness() < 200
    }


@pytest.mark.parametrize(
    ("character", "box"),
    [
        ("─", Box(left=1, right=1)),
        ("┃", Box(up=2, down=2)),
        ("┌", Box(down=1, right=1)),
        ("╔", Box(down=3, right=3)),
        ("╓", Box(down=3, right=1)),
        ("╂", Box(2, 2, 1, 1)),
        ("╼", Box(left=1, right=2)),
        ("┡", Box(up=2, down=1, right=2)),
        ("╭", Box(down=1, right=1, arc=True)),
        ("┄", Box(left=1, right=1, dashes=3)),
        ("╎", Box(up=1, down=1, dashes=2)),
        ("╲", Box(diagonal="\\")),
    ],
)
def test_the_arms_of_a_character_are_in_its_name(character: str, box: Box) -> None:
    assert box_of(character) == box


def test_every_character_of_both_blocks_leaves_ink() -> None:
    for code in range(0x2500, 0x25A0):
        assert inked(drawn(chr(code))), chr(code)


@pytest.mark.parametrize("row", ["──", "━━", "┌─", "├┤", "╭╮", "╞═", "══"])
def test_what_is_side_by_side_meets(row: str) -> None:
    ink = inked(drawn(row))
    rows = {y for x, y in ink if x == 9} & {y for x, y in ink if x == 10}
    assert rows


@pytest.mark.parametrize("size", [(7, 13), (10, 22), (11, 25), (20, 44)])
@pytest.mark.parametrize("corner", ["╔", "╚", "╗", "╝", "┌", "┘", "╒", "╜", "╬", "┼", "╟", "╤"])
def test_the_lines_of_a_corner_are_of_one_piece(corner: str, size: tuple[int, int]) -> None:
    # A double corner has two pieces, its inner and its outer line, and a double cross four.
    left = inked(drawn(corner, *size))
    pieces = 0
    while left:
        pieces += 1
        waiting = [left.pop()]
        while waiting:
            x, y = waiting.pop()
            for near in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if near in left:
                    left.remove(near)
                    waiting.append(near)
    assert pieces == {"╔": 2, "╚": 2, "╗": 2, "╝": 2, "╬": 4, "╟": 2, "╤": 2}.get(corner, 1)


def test_a_full_block_fills_its_cell() -> None:
    assert len(inked(drawn("█"))) == 10 * 22
    assert len(inked(drawn("▄"))) == len(inked(drawn("▀"))) == 10 * 11
