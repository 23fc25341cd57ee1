"""How the shell looks: tokens, type, icons, words and the painted controls every screen is built from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.late import handing_out

# A module of the name of its function is loaded at once: loaded later it would stand in the function's place.
from launcher.shell.look.announce import alert, announce
from launcher.shell.look.look import CurrentLook, Look, current, dress, look
from launcher.shell.look.pulse import pulse, shown_share
from launcher.shell.look.telling import telling

if TYPE_CHECKING:
    from launcher.shell.look.button_row import ButtonRow
    from launcher.shell.look.buttons import Button, Kind
    from launcher.shell.look.fields import FieldBox, IconButton, LineEdit, LineField
    from launcher.shell.look.focus_ring import FocusRing, RingShape, reveal, ring_margin
    from launcher.shell.look.icons import has_icon, icon, paint_icon
    from launcher.shell.look.inline_error import ErrorPanel
    from launcher.shell.look.menu import Menu
    from launcher.shell.look.paint import broken, chip_height, chip_width, draw_chip, draw_line, rounded
    from launcher.shell.look.plates import Plate, group_of, monogram, paint_plate
    from launcher.shell.look.progress import ProgressSegments, Step, paint_bar
    from launcher.shell.look.scroll import scrolling, thin_bars
    from launcher.shell.look.segmented import Segmented
    from launcher.shell.look.states import (
        LAUNCH_STATES,
        STATES,
        StateBadge,
        paint_state,
        paint_state_icon,
        state_height,
        state_width,
        state_word,
    )
    from launcher.shell.look.surfaces import Card, Chrome, Ground
    from launcher.shell.look.tab_order import tab_as_read
    from launcher.shell.look.tell_row import TellRow
    from launcher.shell.look.text import Text, chrome_text1, chrome_text2, text1, text2
    from launcher.shell.look.text_list import TextList
    from launcher.shell.look.tokens import Colours, Group, Phase, Radius, Role, State, Type, faded, mixed
    from launcher.shell.look.words import about, has_word, load_words, seconds, word

__all__ = [
    "LAUNCH_STATES",
    "STATES",
    "Button",
    "ButtonRow",
    "Card",
    "Chrome",
    "Colours",
    "CurrentLook",
    "ErrorPanel",
    "FieldBox",
    "FocusRing",
    "Ground",
    "Group",
    "IconButton",
    "Kind",
    "LineEdit",
    "LineField",
    "Look",
    "Menu",
    "Phase",
    "Plate",
    "ProgressSegments",
    "Radius",
    "RingShape",
    "Role",
    "Segmented",
    "State",
    "StateBadge",
    "Step",
    "TellRow",
    "Text",
    "TextList",
    "Type",
    "about",
    "alert",
    "announce",
    "broken",
    "chip_height",
    "chip_width",
    "chrome_text1",
    "chrome_text2",
    "current",
    "draw_chip",
    "draw_line",
    "dress",
    "faded",
    "group_of",
    "has_icon",
    "has_word",
    "icon",
    "load_words",
    "look",
    "mixed",
    "monogram",
    "paint_bar",
    "paint_icon",
    "paint_plate",
    "paint_state",
    "paint_state_icon",
    "pulse",
    "reveal",
    "ring_margin",
    "rounded",
    "scrolling",
    "seconds",
    "shown_share",
    "state_height",
    "state_width",
    "state_word",
    "tab_as_read",
    "telling",
    "text1",
    "text2",
    "thin_bars",
    "word",
]

if not TYPE_CHECKING:
    __getattr__ = handing_out(
        __name__,
        {
            "button_row": ("ButtonRow",),
            "buttons": ("Button", "Kind"),
            "fields": ("FieldBox", "IconButton", "LineEdit", "LineField"),
            "focus_ring": ("FocusRing", "RingShape", "reveal", "ring_margin"),
            "icons": ("has_icon", "icon", "paint_icon"),
            "inline_error": ("ErrorPanel",),
            "menu": ("Menu",),
            "paint": ("broken", "chip_height", "chip_width", "draw_chip", "draw_line", "rounded"),
            "plates": ("Plate", "group_of", "monogram", "paint_plate"),
            "progress": ("ProgressSegments", "Step", "paint_bar"),
            "scroll": ("scrolling", "thin_bars"),
            "segmented": ("Segmented",),
            "states": (
                "LAUNCH_STATES",
                "STATES",
                "StateBadge",
                "paint_state",
                "paint_state_icon",
                "state_height",
                "state_width",
                "state_word",
            ),
            "surfaces": ("Card", "Chrome", "Ground"),
            "tab_order": ("tab_as_read",),
            "tell_row": ("TellRow",),
            "text": ("Text", "chrome_text1", "chrome_text2", "text1", "text2"),
            "text_list": ("TextList",),
            "tokens": ("Colours", "Group", "Phase", "Radius", "Role", "State", "Type", "faded", "mixed"),
            "words": ("about", "has_word", "load_words", "seconds", "word"),
        },
    )
