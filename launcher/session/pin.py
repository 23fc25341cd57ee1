"""The PIN of one sitting: what may be one, and whether it was typed. It never leaves the officer's own process."""
# ruff: noqa: N818 - these are answers, not faults

from __future__ import annotations

import hmac
from itertools import pairwise
from typing import Final

from launcher.errors import LauncherError
from launcher.secret import Secret

TRIES: Final = 3
SHORTEST: Final = 4
"""A number of fewer digits is in too many PINs to be refused in all of them."""


class PinTooSimple(LauncherError):
    """The PIN is not one that an officer may set: too easy to guess, or of another length."""

    reference = "pin-too-simple"
    hint = "Choose other digits: not all the same, not in a row, and not your number."


class PinWrong(LauncherError):
    """What was typed into the lock screen is not the PIN."""

    reference = "pin-wrong"
    hint = "Type your PIN again, or log on in full."


def check_pin(pin: Secret, digits: int, number: str) -> None:
    """Raise :class:`PinTooSimple` where this PIN may not be set by the officer with this number."""
    clear = pin.reveal()
    if not (clear.isascii() and clear.isdecimal() and len(clear) == digits):
        raise PinTooSimple(f"A PIN has {digits} digits here.")
    # A row goes on past nine: 8901 is one.
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(clear)}
    if steps in ({0}, {1}, {9}):
        raise PinTooSimple("This PIN is too easy to guess: its digits are all the same, or in a row.")
    own = "".join(filter(str.isdecimal, number))
    if len(own) >= SHORTEST and (own in clear or clear in own):
        raise PinTooSimple("This PIN is too easy to guess: your number is in it.")


class PinChanges:
    """Sets, changes and takes back the PIN of one sitting: one that is set lets only who knows it do so.

    Whoever sits down for a moment at a terminal that is not locked could come back by a PIN of their own later.
    """

    def __init__(self, digits: int, number: str) -> None:
        self._digits = digits
        self._number = number
        self._tries = TRIES

    def changed(self, held: Secret | None, new: Secret, current: Secret) -> Secret | None:
        """Return what holds instead of ``held``; None: no PIN. Raises :class:`PinTooSimple`, :class:`PinWrong`."""
        if held is not None:
            if self._tries <= 0 or not same_pin(held, current):
                self._tries = max(0, self._tries - 1)
                raise wrong_current_pin(self._tries)
            self._tries = TRIES
        if not new or not self._digits:
            return None
        check_pin(new, self._digits, self._number)
        return new

    def proved_again(self) -> None:
        """The officer has proved themselves in full: they may try again."""
        self._tries = TRIES


def same_pin(pin: Secret, typed: Secret) -> bool:
    """Say whether it is the PIN, in a time that does not tell how much of it was right."""
    return hmac.compare_digest(pin.reveal().encode(), typed.reveal().encode())


def wrong_pin(tries_left: int) -> PinWrong:
    """Return what is said of a wrong PIN."""
    if tries_left <= 0:
        return PinWrong(
            "That was not your PIN, and it does not open this screen any more.",
            hint="Log on in full. After that the PIN holds again.",
        )
    left = "There is one more try." if tries_left == 1 else f"There are {tries_left} more tries."
    return PinWrong(f"That was not your PIN. {left}")


def wrong_current_pin(tries_left: int) -> PinWrong:
    """Return what is said where a PIN is to be changed and the one that holds was not given."""
    if tries_left <= 0:
        return PinWrong(
            "That was not the PIN that holds now, and it cannot be changed any more.",
            hint="It goes when you log off. Until then you come back by logging on in full.",
        )
    return PinWrong("That was not the PIN that holds now.", hint="Type the PIN that holds now, then the new one twice.")
