"""The stand-in session's lock: it locks, is come back to, proves officers over another's lock, and covers.

What it is told is said to the test word for word, ``{"<kind of the message>": {…its fields…}}``; the proof crosses
between two of them as between two real sessions.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Mapping

PROOF = b"the fresh proof\n"


class Lock:
    """What one session knows of locks; ``tell`` speaks to the station, ``say`` to the test."""

    def __init__(self, tell: Callable[..., None], say: Callable[[dict[str, object]], None], *, ignores: bool) -> None:
        self._tell = tell
        self._say = say
        self._ignores = ignores
        self._own_face = False
        self._listens: socket.socket | None = None
        self._number = ""

    def from_station(self, kind: str, fields: dict[str, object]) -> None:
        """Do what the station says, and say so."""
        self._say({kind: fields})
        match fields | {"kind": kind}:
            case {"kind": "show-over" | "cover" | "ask-second"} | {"kind": "uncover", "sign_in": True}:
                self._tell("shown", took_ms=0.0)
            case {"kind": "lock", "why": str(why)} if not self._ignores:
                self._lock(why)
            case {"kind": "resume", "pid": int(pid)}:
                self._tell("unlocked", by="proof", took_ms=1.0)
                self._take_proof(pid)
            case {"kind": "hand-proof", "address": str(address), "pid": int(pid)}:
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as to:
                    to.connect(address.replace("@", "\0", 1))
                    assert _pid_of(to) == pid
                    to.sendall(PROOF)
            case {"kind": "enter"}:
                self._tell("signed-in", officer=f"test#{self._number}", number=self._number)

    def from_hands(self, what: str, order: Mapping[str, object]) -> None:
        """Do what the test says."""
        fields = {name: value for name, value in order.items() if name != "do"}
        match what:
            case "pin":
                self._own_face = bool(order.get("works", True))
            case "lock":
                self._lock("asked", listens=bool(order.get("listens", True)))
            case "unlock":
                self._tell("unlocked", by="pin", took_ms=2.0)
            case "prove":
                self._number = str(order["number"])
                officer = str(order.get("officer", f"test#{self._number}"))
                take_over = bool(order.get("take_over"))
                self._tell("proved", officer=officer, number=self._number, take_over=take_over)
            case "wants-proof" | "face-wanted" | "holds" | "playing" | "touched" | "cover-answered":
                self._tell(what, **fields)
            case _:
                raise ValueError(what)

    def _lock(self, why: str, *, listens: bool = True) -> None:
        """Lock; without ``listens`` no fresh proof can be taken."""
        name = os.urandom(8).hex()
        if listens:
            self._listens = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._listens.bind(f"\0{name}")
            self._listens.listen(1)
        self._tell("locked", why=why, own_face=self._own_face, address=f"@{name}" if listens else "")

    def _take_proof(self, pid: int) -> None:
        """Wait for the proof; the officer is at work meanwhile."""
        if self._listens is None:
            self._say({"proof": "none"})
            return
        self._listens.settimeout(10)
        try:
            comes, _ = self._listens.accept()
        except TimeoutError:
            self._say({"proof": "none"})
            return
        with comes:
            assert _pid_of(comes) == pid
            proof = comes.makefile("rb").readline()
        self._listens.close()
        self._listens = None
        self._say({"proof": "whole" if proof == PROOF else "cut"})


def _pid_of(end: socket.socket) -> int:
    pid, _, _ = struct.unpack("3i", end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return int(pid)
