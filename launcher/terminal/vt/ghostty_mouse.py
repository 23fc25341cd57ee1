"""The mouse by the library's own encoder: what a program is sent that has asked for it, in the form it wants."""

from __future__ import annotations

from typing import Any, Final

from launcher.terminal.mouse import MouseAct, MouseButton
from launcher.terminal.vt.libghostty import SIZES, ffi, lib, made, new

_ROOM_BYTES: Final = 64
_SHIFT, _CTRL, _ALT = 1, 2, 4
_BUTTONS: Final[dict[MouseButton, int]] = {
    "left": lib.GHOSTTY_MOUSE_BUTTON_LEFT,
    "middle": lib.GHOSTTY_MOUSE_BUTTON_MIDDLE,
    "right": lib.GHOSTTY_MOUSE_BUTTON_RIGHT,
    "wheel-up": lib.GHOSTTY_MOUSE_BUTTON_FOUR,
    "wheel-down": lib.GHOSTTY_MOUSE_BUTTON_FIVE,
}
_MOUSE_ACTIONS: Final = {
    "press": lib.GHOSTTY_MOUSE_ACTION_PRESS,
    "release": lib.GHOSTTY_MOUSE_ACTION_RELEASE,
    "move": lib.GHOSTTY_MOUSE_ACTION_MOTION,
}


class MouseEncoder:
    """Turns what the mouse does into what the application's modes ask for."""

    def __init__(self) -> None:
        self._encoder: Any = made("MouseEncoder", "mouse_encoder")
        self._event: Any = made("MouseEvent", "mouse_event")

    def encoded(self, terminal: Any, act: MouseAct, rows: int, columns: int) -> bytes:
        """Return what an act is sent as; nothing where the application has not asked for it."""
        # The library counts in pixels: in ones that are as large as a cell, whatever that is on the screen.
        size: Any = new(
            "MouseSize",
            {
                "size": SIZES["MouseSize"],
                "screen_width": columns,
                "screen_height": rows,
                "cell_width": 1,
                "cell_height": 1,
            },
        )
        held = new("bool", act.kind == "press" or (act.kind == "move" and bool(act.button)))
        lib.ghostty_mouse_encoder_setopt_from_terminal(self._encoder, terminal)
        lib.ghostty_mouse_encoder_setopt(self._encoder, lib.GHOSTTY_MOUSE_ENCODER_OPT_SIZE, size)
        lib.ghostty_mouse_encoder_setopt(self._encoder, lib.GHOSTTY_MOUSE_ENCODER_OPT_ANY_BUTTON_PRESSED, held)
        lib.ghostty_mouse_event_set_action(self._event, _MOUSE_ACTIONS[act.kind])
        if act.button:
            lib.ghostty_mouse_event_set_button(self._event, _BUTTONS[act.button])
        else:
            lib.ghostty_mouse_event_clear_button(self._event)
        lib.ghostty_mouse_event_set_mods(self._event, _SHIFT * act.shift | _CTRL * act.ctrl | _ALT * act.alt)
        place: Any = new("MousePosition", {"x": act.column + 0.5, "y": act.row + 0.5})
        lib.ghostty_mouse_event_set_position(self._event, place[0])
        room, length = new("chars", _ROOM_BYTES), new("size_t")
        if lib.ghostty_mouse_encoder_encode(self._encoder, self._event, room, _ROOM_BYTES, length):
            return b""
        return bytes(ffi.buffer(room, length[0]))
