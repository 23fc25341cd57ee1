"""The application's palette from the tokens: what Fusion draws by itself follows the theme without a stylesheet."""

from __future__ import annotations

from PySide6.QtGui import QPalette

from launcher.shell.look.tokens import Colours

_ROLE = QPalette.ColorRole
_GROUP = QPalette.ColorGroup


def palette_of(colours: Colours) -> QPalette:
    """Return the palette of a theme."""
    palette = QPalette()
    for role, colour in (
        (_ROLE.Window, colours.canvas),
        (_ROLE.WindowText, colours.text),
        (_ROLE.Base, colours.surface),
        (_ROLE.AlternateBase, colours.sunken),
        (_ROLE.Text, colours.text),
        (_ROLE.PlaceholderText, colours.text2),
        (_ROLE.Button, colours.surface),
        (_ROLE.ButtonText, colours.text),
        (_ROLE.BrightText, colours.on_action),
        (_ROLE.Light, colours.hover),
        (_ROLE.Midlight, colours.line),
        (_ROLE.Mid, colours.line),
        (_ROLE.Dark, colours.edge),
        (_ROLE.Shadow, colours.edge),
        (_ROLE.Highlight, colours.action),
        (_ROLE.HighlightedText, colours.on_action),
        (_ROLE.Accent, colours.accent),
        (_ROLE.Link, colours.accent),
        (_ROLE.LinkVisited, colours.accent),
        (_ROLE.ToolTipBase, colours.chrome_raised),
        (_ROLE.ToolTipText, colours.chrome_text),
    ):
        palette.setColor(role, colour)
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        palette.setColor(_GROUP.Disabled, role, colours.disabled)
    palette.setColor(_GROUP.Disabled, _ROLE.Button, colours.disabled_bg)
    return palette


def chrome_palette_of(colours: Colours) -> QPalette:
    """Return the palette for widgets that stand on chrome."""
    palette = palette_of(colours)
    for role, colour in (
        (_ROLE.Window, colours.chrome),
        (_ROLE.WindowText, colours.chrome_text),
        (_ROLE.Base, colours.chrome_raised),
        (_ROLE.Text, colours.chrome_text),
        (_ROLE.PlaceholderText, colours.chrome_text2),
        (_ROLE.Button, colours.chrome_raised),
        (_ROLE.ButtonText, colours.chrome_text),
    ):
        palette.setColor(role, colour)
    return palette
