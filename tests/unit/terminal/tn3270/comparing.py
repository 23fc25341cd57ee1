"""Our screen and ``s3270``'s beside each other: text, fields, attributes and cursor."""

from __future__ import annotations

from collections.abc import Iterator

from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.host_screen import HostScreen
from tests.servers.s3270 import S3270, Cell, Seen

_ATTRIBUTE_BITS = 0x3D
"""Protected, numeric, display and modified: what a field's attribute says; the rest only makes it a character."""


def screen_of(engine: Tn3270Engine) -> HostScreen:
    """Return the planes of an engine: the comparison is of what a host has written, not of how it is drawn."""
    return engine._screen


def speaks_tn3270e(engine: Tn3270Engine) -> bool:
    """Say whether its records have headers."""
    return engine._telnet.mode == "tn3270e"


def feed_both(engine: Tn3270Engine, other: S3270, data: bytes, for_other: bytes | None = None) -> tuple[bytes, bytes]:
    """Give both what a host sends, and return what each answers."""
    engine.feed(data)
    for_other = data if for_other is None else for_other
    return engine.to_send(), other.feed(for_other) if for_other else b""


def differences(engine: Tn3270Engine, seen: Seen, text: list[str]) -> list[str]:
    """Say where the two differ; nothing where they agree."""
    screen = screen_of(engine)
    if not any(screen.plane_dc) and not any(screen.plane_fa) and all(cell == Cell(0) for cell in seen.cells):
        return []  # before a host's first erase s3270 is as large as its model already; both are empty
    if (screen.maxrow, screen.maxcol) != (seen.rows, seen.columns):
        return [f"size {screen.maxrow}x{screen.maxcol}, s3270 {seen.rows}x{seen.columns}"]
    found = [*_cells(screen, seen), *_text(engine, text)]
    if (cursor := divmod(screen.curadd, screen.maxcol)) != seen.cursor:
        found.append(f"cursor {cursor}, s3270 {seen.cursor}")
    if (screen.keyboard == "") != seen.unlocked:
        found.append(f"keyboard {screen.keyboard!r}, s3270 {'un' if seen.unlocked else ''}locked")
    return found


def _cells(screen: HostScreen, seen: Seen) -> Iterator[str]:
    for at, cell in enumerate(seen.cells):
        place = divmod(at, screen.maxcol)
        attribute = screen.plane_fa[at] & _ATTRIBUTE_BITS if screen.plane_fa[at] else None
        theirs = cell.attribute & _ATTRIBUTE_BITS if cell.attribute is not None else None
        if attribute != theirs:
            yield f"{place}: attribute {attribute}, s3270 {theirs}"
        elif attribute is None and screen.plane_dc[at] != cell.byte:
            yield f"{place}: character {screen.plane_dc[at]:02x}, s3270 {cell.byte:02x}"
        ground = screen.plane_bg[at]
        if attribute is None:
            ground = cell.background  # of a character's own ground Debian's s3270 prints the foreground
        ours = (_colour(screen.plane_fg[at]), _colour(ground), screen.plane_eh[at] & 0x0F)
        if attribute is None and cell.byte == 0:
            continue  # an emptied cell has lost its colours here, as the reference has it; s3270 leaves them
        its = (_colour(cell.foreground), _colour(cell.background), cell.highlight & 0x0F)
        if ours != its:
            yield f"{place}: colours and highlighting {ours}, s3270 {its}"


def _colour(colour: int) -> int:
    return colour if colour > 0xF0 else 0


def _text(engine: Tn3270Engine, text: list[str]) -> Iterator[str]:
    for row, (ours, theirs) in enumerate(zip(engine.grid.lines(), text, strict=True)):
        if ours.rstrip() != theirs.rstrip():
            yield f"row {row}: {ours.rstrip()!r}, s3270 {theirs.rstrip()!r}"
