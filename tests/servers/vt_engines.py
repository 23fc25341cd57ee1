"""The better of the two VT engines, whose package is not built for every computer; the other one is always there."""

from __future__ import annotations

from launcher.terminal.vt.choice import ENGINES, vt_choice


def ghostty_missing() -> str | None:
    """Why it cannot be loaded here, if it cannot."""
    choice = vt_choice({"ghostty": ENGINES["ghostty"]})
    return None if choice.make else choice.said.partition(": ")[2]
