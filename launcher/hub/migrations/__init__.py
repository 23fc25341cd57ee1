"""The steps from one form of the store to the next, oldest first; :mod:`launcher.hub.steps` takes them.

Each step is a module of ``versions``. A step that was released is never changed: what is new gets another.
"""

from typing import Final

NEWEST: Final = "0001"
"""The last step's name."""
