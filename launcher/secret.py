"""The type of every secret: a value that cannot be shown by accident.

Python cannot wipe memory, so a secret's real protection is that the process holding it ends (DESIGN §2). This type
guards the other roads out: ``repr``, ``str``, formatting, pickling and JSON all refuse or hide.
"""

from __future__ import annotations

from typing import NoReturn, final


@final
class Secret:
    """A password, token, ticket or seed; read it with :meth:`reveal` at the one place that needs it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value in clear. Call it as late as possible and keep the result in no attribute."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not written down")
