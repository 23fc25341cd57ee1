"""The launchpad: every system of the officer, found as they type, opened by a key."""

from launcher.shell.launchpad.launchpad import Launchpad

__all__ = ["Launchpad"]
