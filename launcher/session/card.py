"""The officer's card, opened with its PIN in the library that the browser engine takes certificates from (NSS).

The engine offers what an open card holds and never asks for a PIN itself: a card that is not open holds nothing for it.
The library is this process's own, which is one officer's session; :meth:`Card.close` locks the card again. A PIN is
given once and kept nowhere: cards count wrong ones, and lock themselves.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from launcher.errors import LauncherError
from launcher.secret import Secret

_NSS: Final = "libnss3.so"
_NAME: Final = "station-card"
_ANY: Final = 0  # PR_FALSE
_DONE: Final = 0
_WRONG: Final = -2  # SECWouldBlock: the PIN, and nothing else, was wrong
_EVERY_MECHANISM: Final = ctypes.c_ulong(0xFFFFFFFF)  # CKM_INVALID_MECHANISM

_POINTER, _TEXT, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_CALLS: Final = (
    ("NSS_InitReadWrite", _INT, (_TEXT,)),
    ("SECMOD_LoadUserModule", _POINTER, (_TEXT, _POINTER, _INT)),
    ("SECMOD_DestroyModule", None, (_POINTER,)),
    ("PK11_GetAllTokens", _POINTER, (ctypes.c_ulong, _INT, _INT, _POINTER)),
    ("PK11_GetFirstSafe", _POINTER, (_POINTER,)),
    ("PK11_GetNextSafe", _POINTER, (_POINTER, _POINTER, _INT)),
    ("PK11_FreeSlotList", None, (_POINTER,)),
    ("PK11_GetModule", _POINTER, (_POINTER,)),
    ("PK11_IsPresent", _INT, (_POINTER,)),
    ("PK11_NeedLogin", _INT, (_POINTER,)),
    ("PK11_NeedUserInit", _INT, (_POINTER,)),
    ("PK11_IsLoggedIn", _INT, (_POINTER, _POINTER)),
    ("PK11_CheckUserPassword", _INT, (_POINTER, _TEXT)),
    ("PK11_Logout", _INT, (_POINTER,)),
)


class _Module(ctypes.Structure):
    """The beginning of NSS's own ``SECMODModuleStr`` (secmodt.h)."""

    _fields_ = (("arena", ctypes.c_void_p), ("internal", ctypes.c_int), ("loaded", ctypes.c_int))


class _Element(ctypes.Structure):
    """NSS's ``PK11SlotListElementStr`` (secmodt.h)."""

    _fields_ = (
        ("next", ctypes.c_void_p),
        ("before", ctypes.c_void_p),
        ("slot", ctypes.c_void_p),
        ("references", ctypes.c_int),
    )


class CardUnavailableError(LauncherError):
    """No card can be read, or the computer is not set up for cards."""

    reference = "card-not-read"
    hint = "Put your card in and open the system again. If it happens again, tell the helpdesk the reference."
    retryable = True


class CardPinWrong(LauncherError):  # noqa: N818 - an answer, not a fault
    """The card did not take this PIN."""

    reference = "card-pin-wrong"
    hint = "Type the PIN of your card again, with care: after a few wrong ones a card locks itself."


class Card:
    """The card of one officer in one session. Its methods block."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._nss: ctypes.CDLL | None = None
        self._module: int | None = None

    def is_open(self, library: Path, home: Path) -> bool:
        """Say whether the card that is in was opened; ``home`` is the session's, where the engine's library has files.

        Raises :class:`CardUnavailableError` where none is in.
        """
        with self._lock:
            nss = self._loaded(library, home)
            with self._slots(nss) as slots:
                if not slots:
                    raise CardUnavailableError("There is no card in the reader.")
                return bool(nss.PK11_IsLoggedIn(slots[0], None))

    def open(self, library: Path, home: Path, pin: Secret) -> None:
        """Open the card with its PIN, tried once. Raises :class:`CardPinWrong` or :class:`CardUnavailableError`."""
        with self._lock:
            nss = self._loaded(library, home)
            opened, wrong = False, False
            with self._slots(nss) as slots:
                for slot in slots[:1]:  # one PIN for one card: of a second one it would be a wrong guess
                    told = nss.PK11_CheckUserPassword(slot, pin.reveal().encode()) if pin else _WRONG
                    opened, wrong = told == _DONE, told == _WRONG
        if wrong:
            raise CardPinWrong("Your card did not take this PIN.")
        if not opened:
            raise CardUnavailableError("No card could be opened. It may be out, or have locked itself.")

    def close(self) -> None:
        """Lock the card again; one that was never opened is no fault. The library ends with the process."""
        with self._lock:
            if self._nss is None or self._module is None:
                return
            with self._slots(self._nss) as slots:
                for slot in slots:
                    self._nss.PK11_Logout(slot)

    def _loaded(self, library: Path, home: Path) -> ctypes.CDLL:
        if self._nss is None:
            self._nss = _library()
        nss = self._nss
        if self._module is None:
            folder = home / ".pki" / "nssdb"
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # As the engine does, which finds it done: who comes second changes nothing.
            if nss.NSS_InitReadWrite(f"sql:{folder}".encode()) != _DONE:
                raise CardUnavailableError("The browser's certificates cannot be reached.")
            escaped = str(library).replace("\\", "\\\\").replace('"', '\\"')
            module = nss.SECMOD_LoadUserModule(f'library="{escaped}" name="{_NAME}"'.encode(), None, _ANY)
            if not module or not _Module.from_address(module).loaded:
                if module:
                    nss.SECMOD_DestroyModule(module)
                raise CardUnavailableError(f"The library of the cards cannot be used: {library.name}.")
            self._module = module
        return nss

    @contextlib.contextmanager
    def _slots(self, nss: ctypes.CDLL) -> Iterator[list[int]]:
        """Give the readers of our library that hold a card with a PIN."""
        listed = nss.PK11_GetAllTokens(_EVERY_MECHANISM, _ANY, _ANY, None)
        slots: list[int] = []
        try:
            element = nss.PK11_GetFirstSafe(listed) if listed else None
            while element:
                slot = _Element.from_address(element).slot
                ours = nss.PK11_GetModule(slot) == self._module and nss.PK11_IsPresent(slot)
                if ours and nss.PK11_NeedLogin(slot) and not nss.PK11_NeedUserInit(slot):
                    slots.append(slot)
                element = nss.PK11_GetNextSafe(listed, element, _ANY)
            yield slots
        finally:
            if listed:
                nss.PK11_FreeSlotList(listed)


def _library() -> ctypes.CDLL:
    """Return the library that the browser engine has in this process. Raises :class:`CardUnavailableError`."""
    try:
        nss = ctypes.CDLL(_NSS)
    except OSError:
        raise CardUnavailableError("This computer's browser takes no cards.") from None
    for name, result, arguments in _CALLS:
        call = getattr(nss, name)
        call.restype, call.argtypes = result, arguments
    return nss
