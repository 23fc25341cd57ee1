"""The sizes of 3270 displays: the four models and the sizes that a host is told instead of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """Rows and columns of a screen."""

    rows: int
    columns: int

    @property
    def cells(self) -> int:
        """How many there are."""
        return self.rows * self.columns


DEFAULT_SIZE: Final = Size(24, 80)
"""What every 3270 has; a host asks for the alternate one with Erase/Write Alternate."""

MODELS: Final = {2: Size(24, 80), 3: Size(32, 80), 4: Size(43, 80), 5: Size(27, 132)}
_MOST_CELLS: Final = 0x3FFF
"""What an address of 14 bits reaches."""


@dataclass(frozen=True, slots=True)
class Display:
    """What a host is told of the display: a model of 2–5 by its number, or a size that no model has."""

    model: int = 2
    alternate: Size | None = None
    """A larger alternate size than the model's; the host learns it when it asks."""

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise ValueError(f"there is no 3270 model {self.model}; known are 2, 3, 4 and 5")
        size = self.alternate
        if size is not None and (size.rows < 24 or size.columns < 80 or size.cells > _MOST_CELLS):
            raise ValueError("an alternate size has 24 rows and 80 columns at least, and 16383 cells at most")

    @property
    def size(self) -> Size:
        """The alternate size."""
        return self.alternate or MODELS[self.model]

    @property
    def device_type(self) -> str:
        """The name in TN3270E (RFC 2355, 7.1.1: the type says the size, not whether there is colour)."""
        return "IBM-DYNAMIC" if self.alternate else f"IBM-3278-{self.model}-E"

    @property
    def terminal_type(self) -> str:
        """The name in TN3270 (RFC 1576)."""
        return "IBM-DYNAMIC" if self.alternate else f"IBM-3279-{self.model}-E"
