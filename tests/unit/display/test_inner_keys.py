"""The keys of an inner window: those of the outer one are pressed by hand alone, and by no program's word."""

from __future__ import annotations

import pytest
from Xlib import XK, X
from Xlib.protocol.event import FocusOut, KeyPress

from launcher.display.inner_keys import InnerKeys
from tests.servers.x_programs import Eyes, type_keys
from tests.servers.xvfb import Screen
from tests.unit.display.conftest import Opened

pytestmark = pytest.mark.needs("xvfb", "xdotool")

OUTER, INNER = (0x10C060, (0, 0, 400, 300)), (0xC01060, (20, 20, 200, 150))


def test_what_another_program_says_of_keys_presses_none(screen: Screen, eyes: Eyes, opened: Opened) -> None:
    (_, outer), (_, inner) = opened.window(*OUTER), opened.window(*INNER)
    window = eyes.window(inner)
    window.set_input_focus(X.RevertToParent, X.CurrentTime)
    eyes.until(lambda: eyes.focus() == inner)
    keys = InnerKeys(screen.display, inner, outer)
    try:
        keys.want(["Ctrl+K"])
        said = {"time": X.CurrentTime, "root": eyes.root, "window": window, "child": X.NONE, "same_screen": 1}
        at = {"root_x": 1, "root_y": 1, "event_x": 1, "event_y": 1}
        key = eyes.display.keysym_to_keycode(XK.XK_k)
        window.send_event(KeyPress(detail=key, state=X.ControlMask, **said, **at), event_mask=X.FocusChangeMask)
        left = FocusOut(window=window, mode=X.NotifyNormal, detail=X.NotifyNonlinear)
        window.send_event(left, event_mask=X.FocusChangeMask)
        eyes.display.sync()
        assert keys.heard() == ()
        assert keys.inside
        type_keys(screen, "ctrl+k")
        pressed: list[str] = []
        eyes.until(lambda: pressed.extend(keys.heard()) or pressed)
        assert pressed == ["Ctrl+K"]
    finally:
        keys.close()
