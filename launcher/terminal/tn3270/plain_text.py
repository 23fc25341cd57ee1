"""Text that a host sends outside 3270 data: of its control session (SSCP-LU), and of a plain terminal (NVT)."""

from __future__ import annotations

from launcher.terminal.tn3270.codepages import NULL, SPACE, CodePage
from launcher.terminal.tn3270.host_screen import HostScreen

_NEW_LINE, _START_FIELD, _INSERT_CURSOR, _SET_ADDRESS, _GRAPHIC = 0x15, 0x1D, 0x13, 0x11, 0x08
_MOST_SENT = 255


class PlainText:
    """Writes text below the last of it, and knows what a person has typed since."""

    def __init__(self, screen: HostScreen, code_page: CodePage) -> None:
        self._screen = screen
        self._code_page = code_page
        self.typed_from = 0
        """The cell at which the host left off: what is typed behind it goes back to it."""
        self._sequence = ""

    def write_sscp(self, untrusted: bytes) -> None:
        """Show what the control session says; the few 3270 orders that some hosts leave in it are passed over."""
        data = iter(untrusted)
        for byte in data:
            if byte == _NEW_LINE:
                self._new_line()
            elif byte == _START_FIELD:
                next(data, None)
                self._put(SPACE)
            elif byte == _SET_ADDRESS:
                next(data, None)
                next(data, None)
            elif byte == _GRAPHIC:
                self._put(next(data, SPACE))
            elif byte != _INSERT_CURSOR:
                self._put(byte)
        self.typed_from = self._screen.curadd
        self._screen.restore_keyboard()

    def write_nvt(self, untrusted: bytes) -> None:
        """Show plain text; of control sequences nothing is shown."""
        screen = self._screen
        for character in untrusted.decode("latin-1"):
            if self._sequence or character == "\x1b":
                self._in_sequence(character)
            elif character == "\n":
                column = screen.curadd % screen.maxcol
                self._new_line(clear=False)
                screen.curadd += column
            elif character == "\r":
                screen.curadd -= screen.curadd % screen.maxcol
            elif character == "\b":
                screen.curadd -= 1 if screen.curadd % screen.maxcol else 0
            elif character == "\a":
                screen.alarms += 1
            else:
                byte = self._code_page.byte_of(character)
                if byte is not None:
                    self._put(byte)
        screen.keyboard = ""
        screen.awaits_first = False

    def sscp_typed(self) -> bytes:
        """Return what was typed behind the host's text, and go to the next row."""
        screen = self._screen
        data = bytes(byte for byte in screen.plane_dc[self.typed_from :] if byte)[:_MOST_SENT]
        self._new_line(clear=False)
        return data

    def _in_sequence(self, character: str) -> None:
        """Pass over an escape sequence: CSI to its final character, any other's one character."""
        self._sequence += character
        csi = self._sequence.startswith("\x1b[")
        if (
            (csi and len(self._sequence) > 2 and "@" <= character <= "~")
            or (not csi and len(self._sequence) > 1)
            or len(self._sequence) > 32
        ):
            self._sequence = ""

    def _put(self, byte: int) -> None:
        screen = self._screen
        cell = screen.curadd
        screen.empty(cell, cell + 1)
        screen.plane_fa[cell] = 0
        screen.plane_dc[cell] = byte
        if cell + 1 == screen.cells:
            self._scroll()
            screen.curadd = screen.cells - screen.maxcol
        else:
            screen.curadd = cell + 1

    def _new_line(self, *, clear: bool = True) -> None:
        screen = self._screen
        end = (screen.curadd // screen.maxcol + 1) * screen.maxcol
        if clear:
            screen.empty(screen.curadd, end)
            screen.plane_fa[screen.curadd : end] = bytes(end - screen.curadd)
        if end == screen.cells:
            self._scroll()
            end -= screen.maxcol
        screen.curadd = end

    def _scroll(self) -> None:
        screen = self._screen
        for plane in (
            screen.plane_dc, screen.plane_fa, screen.plane_eh, screen.plane_cs, screen.plane_fg, screen.plane_bg,
        ):  # fmt: skip
            plane[:] = plane[screen.maxcol :] + bytes((NULL,)) * screen.maxcol
        self.typed_from = max(0, self.typed_from - screen.maxcol)
