"""Every colour that a host can name is readable in both themes, and what it hides stays hidden."""

from __future__ import annotations

from itertools import product

import pytest

from launcher.shell.look.tokens import Theme
from launcher.shell.surfaces.terminal.colours import READS, colour_values, colours_for, contrast
from launcher.terminal.grid import DEFAULT, Flag, palette, rgb

THEMES: tuple[Theme, ...] = ("light", "dark")


@pytest.mark.parametrize("theme", THEMES)
def test_letters_read_on_every_ground(theme: Theme) -> None:
    every = [DEFAULT, *map(palette, range(256)), rgb(1, 2, 3), rgb(128, 128, 128)]
    grounds = [DEFAULT, *map(palette, range(16)), palette(59), palette(244), rgb(120, 119, 121)]
    flags = (0, Flag.FAINT, Flag.REVERSE)
    unread = [
        (ink, ground, flag)
        for ink, ground, flag in product(every, grounds, flags)
        if ink != ground and contrast(*colour_values(ink, ground, flag, theme)) < READS
    ]
    assert unread == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_of_a_3270_are_told_apart(theme: Theme) -> None:
    eight = [colour_values(palette(index), DEFAULT, 0, theme)[0] for index in (9, 10, 11, 12, 13, 14, 15)]
    assert len(set(eight)) == 7


def test_what_the_host_paints_in_its_own_ground_cannot_be_read() -> None:
    ink, ground = colour_values(palette(4), palette(4), 0, "dark")
    assert ink == ground
    ink, ground = colour_values(DEFAULT, DEFAULT, Flag.HIDDEN, "light")
    assert ink == ground


def test_reversed_is_the_same_pair_the_other_way_round() -> None:
    ink, ground = colour_values(palette(10), DEFAULT, 0, "dark")
    assert colour_values(palette(10), DEFAULT, Flag.REVERSE, "dark") == (ground, ink)


def test_a_host_that_mixes_colours_without_end_fills_no_memory() -> None:
    colours = colours_for("light")
    for mixed in range(10_000):
        colours.pair(rgb(mixed >> 8, mixed & 0xFF, 7), DEFAULT, 0)
    assert len(colours._pairs) <= 4097
