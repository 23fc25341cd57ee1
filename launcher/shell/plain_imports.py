"""Imports are as Python has them again once this module is loaded.

PySide6 puts itself in front of every import: it reads the source of each module that is loaded after it for its own
name, for those who write ``from __feature__ import``. Nobody does here, and it is a tenth of all that a session
calculates until its screens are there.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - which does it

# WORKAROUND https://bugreports.qt.io/browse/PYSIDE-2029: there is no option for it.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
