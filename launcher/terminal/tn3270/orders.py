"""The orders in a host's data that tnz does not carry out as a host means them, and the cells that they change."""

from __future__ import annotations

from typing import Final

from launcher.terminal.tn3270.host_data import NO_CHARACTERS, HostDataError
from launcher.terminal.tn3270.planes import ATTRIBUTE, INPUT, MODIFIED, Form, not_input, printable

GRAPHIC_SET: Final = 0xF1
_FIELD, _HIGHLIGHT, _FOREGROUND, _CHARACTER_SET, _BACKGROUND = 0xC0, 0x41, 0x42, 0x43, 0x45


class Orders:
    """Stands before tnz's class, whose names it has; its callers are tnz's."""

    plane_dc: bytearray
    plane_fa: bytearray
    plane_eh: bytearray
    plane_cs: bytearray
    plane_fg: bytearray
    plane_bg: bytearray
    curadd: int
    bufadd: int
    maxrow: int
    maxcol: int
    _Tnz__pt_erase: bool
    _Tnz__proc_eh: int
    _Tnz__proc_cs: int
    _Tnz__proc_fg: int
    _Tnz__proc_bg: int
    _cells_left = 0
    _form: Form | None = None
    _form_of = b""
    typed = False
    """Something was typed since the last key went to the host."""

    @property
    def cells(self) -> int:
        """How many cells the screen has now."""
        return self.maxrow * self.maxcol

    @property
    def form(self) -> Form:
        """The fields as they are now; made anew when an attribute has changed."""
        if self._form is None or self._form_of != self.plane_fa:
            self._form, self._form_of = Form(self.plane_fa), bytes(self.plane_fa)
        return self._form

    def address(self, address_bytes: bytes) -> int:
        """Return the cell that two bytes name: 14 bits where the first two are clear, else 12."""
        if len(address_bytes) != 2:
            raise HostDataError("an address is cut short")
        high, low = address_bytes
        cell = (high & 0x3F) << 8 | low if high & 0xC0 == 0 else (high & 0x3F) << 6 | low & 0x3F
        if cell >= self.cells:
            raise HostDataError(f"cell {cell} is beyond the screen")
        return cell

    def _process_data(self, data: bytes, begidx: int, endidx: int, zti: None = None) -> None:
        text = NO_CHARACTERS.sub(b"", data[begidx:endidx])
        for at in range(0, len(text), self.cells):
            self._put(text[at : at + self.cells], self._Tnz__proc_cs)

    def _put(self, text: bytes, character_set: int) -> None:
        if not text:
            return
        at, length = self.bufadd, len(text)
        for plane, data in (
            (self.plane_dc, text),
            (self.plane_fa, bytes(length)),
            (self.plane_eh, bytes((self._Tnz__proc_eh,)) * length),
            (self.plane_cs, bytes((character_set,)) * length),
            (self.plane_fg, bytes((self._Tnz__proc_fg,)) * length),
            (self.plane_bg, bytes((self._Tnz__proc_bg,)) * length),
        ):
            to_end = self.cells - at
            plane[at : at + length] = data[:to_end]
            plane[: max(0, length - to_end)] = data[to_end:]
        self.bufadd = (at + length) % self.cells

    def _spend(self, cells: int, too_much: str = "it fills the screen too often") -> None:
        self._cells_left -= cells
        if self._cells_left < 0:
            raise HostDataError(too_much)

    def erase_input(self, start: int, stop: int) -> None:
        """Empty what may be typed into among these cells."""
        if start >= stop:
            return
        before = self.plane_fa[:start].rstrip(b"\0") or self.plane_fa.rstrip(b"\0") or b"\0"
        kept = not_input(before[-1], self.plane_fa[start:stop])
        for plane in (self.plane_dc, self.plane_eh, self.plane_cs, self.plane_fg, self.plane_bg):
            plane[start:stop] = (int.from_bytes(plane[start:stop]) & kept).to_bytes(stop - start)

    def _process_order_0x5(self, order: bytes, start: int, stop: int, zti: None = None) -> int:
        """Program tab: to the next field that takes input, and the rest of a field emptied where text was just put."""
        self._spend(self.cells)
        begin = self.bufadd
        attribute = ATTRIBUTE.search(self.plane_fa, begin)
        if self._Tnz__pt_erase and not self.plane_fa[begin]:
            self.empty(begin, attribute.start() if attribute else self.cells)
            self._Tnz__pt_erase = attribute is None
        found = INPUT.search(self.plane_fa, attribute.start()) if attribute else None
        self.bufadd = found.start() + 1 if found else 0
        return start + 1

    def _process_order_0x12(self, order: bytes, start: int, stop: int, zti: None = None) -> int:
        """Erase unprotected to address."""
        end = self.address(order[start + 1 : start + 3])
        begin = self.bufadd
        self._spend(2 * ((end - begin) % self.cells or self.cells))
        if begin < end:
            self.erase_input(begin, end)
        else:
            self.erase_input(begin, self.cells)
            self.erase_input(0, end)
        self.bufadd = end
        self._Tnz__pt_erase = False
        return start + 3

    def _process_order_0x3c(self, order: bytes, start: int, stop: int, zti: None = None) -> int:
        """Repeat to address."""
        end = self.address(order[start + 1 : start + 3])
        graphic = order[start + 3 : start + 4] == b"\x08"
        at = start + 3 + graphic
        if at >= stop:
            raise HostDataError("an order is cut short")
        cells = (end - self.bufadd) % self.cells or self.cells
        self._spend(cells)
        self._put(order[at : at + 1] * cells, GRAPHIC_SET if graphic else self._Tnz__proc_cs)
        self._Tnz__pt_erase = False
        return at + 1

    def _process_order_0x28(self, order: bytes, start: int, stop: int, zti: None = None) -> int:
        """Set attribute; kinds that are not known are passed over."""
        if stop - start < 3:
            raise HostDataError("an attribute is cut short")
        kind, value = order[start + 1 : start + 3]
        if kind in (0x00, _HIGHLIGHT):
            self._Tnz__proc_eh = value if kind else 0
        if kind in (0x00, _FOREGROUND):
            self._Tnz__proc_fg = value if kind else 0
        if kind in (0x00, _BACKGROUND):
            self._Tnz__proc_bg = value if kind else 0
        if kind in (0x00, _CHARACTER_SET):
            self._Tnz__proc_cs = GRAPHIC_SET if kind and value == GRAPHIC_SET else 0
        self._Tnz__pt_erase = False
        return start + 3

    def _process_order_0x29(self, order: bytes, start: int, stop: int, zti: None = None) -> int:
        """Start field extended."""
        pairs, end = self._pairs(order, start, stop)
        at = self.bufadd
        for plane in (self.plane_dc, self.plane_eh, self.plane_cs, self.plane_fg, self.plane_bg):
            plane[at] = 0
        self.plane_fa[at] = printable(0)
        self._extend(at, pairs)
        self.bufadd = (at + 1) % self.cells
        self._Tnz__pt_erase = False
        return end

    def _process_order_0x2c(self, order: bytes, start: int, stop: int, zti: None = None) -> int:
        """Modify field; where none begins it is passed over."""
        pairs, end = self._pairs(order, start, stop)
        self._Tnz__pt_erase = False
        if self.plane_fa[self.bufadd]:
            self._extend(self.bufadd, pairs)
            self.bufadd = (self.bufadd + 1) % self.cells
        return end

    def _pairs(self, order: bytes, start: int, stop: int) -> tuple[list[tuple[int, int]], int]:
        end = start + 2 + 2 * order[start + 1] if stop - start > 1 else stop + 1
        if end > stop:
            raise HostDataError("a field's attributes are cut short")
        flat = order[start + 2 : end]
        return list(zip(flat[::2], flat[1::2], strict=True)), end

    def _extend(self, at: int, pairs: list[tuple[int, int]]) -> None:
        for kind, value in pairs:
            if kind == _FIELD:
                self.plane_fa[at] = printable(value)
            elif kind == _HIGHLIGHT:
                self.plane_eh[at] = value
            elif kind == _FOREGROUND:
                self.plane_fg[at] = value
            elif kind == _BACKGROUND:
                self.plane_bg[at] = value
            elif kind == _CHARACTER_SET:
                self.plane_cs[at] = GRAPHIC_SET if value == GRAPHIC_SET else 0

    def empty(self, start: int, stop: int) -> None:
        """Empty cells that hold no attribute; none where the range is."""
        if start < stop:
            for plane in (self.plane_dc, self.plane_eh, self.plane_cs, self.plane_fg, self.plane_bg):
                plane[start:stop] = bytes(stop - start)

    def mark_modified(self, attribute_at: int | None) -> None:
        """Let a field go to the host with the next key, because a person has changed it."""
        self.typed = True
        if attribute_at is not None:
            self.plane_fa[attribute_at] = printable(self.plane_fa[attribute_at] | MODIFIED)
