"""A session program without screens: it speaks the wire and does what a test tells it over a Unix socket.

Run by the supervisor as ``python stand_in_session.py HANDS BEAT_S [OPTION …]``; options: ``dies-at-start``,
``dies-when-shown``, ``ignores-end``, ``ignores-lock``, ``keeps-warming``, ``outlives-the-station``, ``searches``. A
test's order is one line of JSON, ``{"do": …}``; each is answered by one line.

Journeys start hundreds of these. What it says is written down by hand, and the product's models, which take longer to
load than most journeys play, stay out: the station reads each line with them, and refuses what is none.
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from launcher.wire.first_words import MAX_LINE_BYTES, VERSION
from tests.journeys.stand_in_lock import Lock

# A program that leaves its parent, its process group and its environment behind, and then lives on.
ESCAPES = """
import os, sys, time
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
open(sys.argv[1], "w").write(str(os.getpid()))
os.close(int(sys.argv[2]))
os.execve("/bin/sleep", ["sleep", "1000"], {})
"""


A_LAUNCH = {
    "kind": "launch", "system": "custody", "system_kind": "web", "sign_on": "form", "outcome": "ready", "prompts": 0,
    "total_ms": 1200.0, "phases": [],
}  # fmt: skip


class StandIn:
    """One session: no screen, no officer, the wire only."""

    def __init__(self, hands_path: str, beat_s: float, options: frozenset[str]) -> None:
        self.link = socket.socket(fileno=int(os.environ.pop("STATION_LAUNCHER_LINK")))
        self.link.set_inheritable(False)
        self.beat_s = beat_s
        self.options = options
        self.screen_age_ms = 0.0
        self.kept: list[object] = []
        self.hands = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.hands.connect(hands_path)
        self.lock = Lock(self.tell, self.say, ignores="ignores-lock" in options)
        self.say({"pid": os.getpid()})

    def run(self) -> NoReturn:
        if "dies-at-start" in self.options:
            sys.exit(3)
        if "searches" in self.options:
            _search()
        self.tell("warm", pid=os.getpid())
        if "keeps-warming" not in self.options:
            self.tell("complete")
        waiting = selectors.DefaultSelector()
        waiting.register(self.link, selectors.EVENT_READ, self.from_station)
        waiting.register(self.hands, selectors.EVENT_READ, self.from_hands)
        lines = {self.link: _lines(self.link), self.hands: _lines(self.hands)}
        beat_at = time.monotonic()
        while True:
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + self.beat_s
                self.tell("beat", screen_age_ms=self.screen_age_ms)
            for key, _ in waiting.select(max(0.0, beat_at - time.monotonic())):
                assert isinstance(key.fileobj, socket.socket)
                for line in next(lines[key.fileobj]):
                    key.data(line)

    def from_station(self, line: bytes | None) -> None:
        if line is None:
            if "outlives-the-station" not in self.options:
                sys.exit(0)
            signal.pause()
            return
        said = json.loads(line)
        match said:
            case {"kind": "show", "name": name, "focus": focus}:
                if "dies-when-shown" in self.options:
                    os.kill(os.getpid(), signal.SIGKILL)
                self.say({"shown": name, "focus": focus})
                self.tell("shown", took_ms=0.0)
            case {"kind": "end", "reason": reason}:
                self.say({"end": reason})
                if "ignores-end" not in self.options:
                    sys.exit(0)
            case {"kind": "scan"}:
                self.send(_search().scanned(line))
            case {"kind": "unresponsive", "silent_ms": silent_ms}:
                self.say({"unresponsive": silent_ms})
            case {"kind": "knock"}:
                self.tell("beat", screen_age_ms=self.screen_age_ms)
            case {"kind": "kept", "folder": folder}:
                self.say({"kept": folder})
            case {"v": _, "kind": kind, **fields}:
                self.lock.from_station(kind, fields)

    def from_hands(self, line: bytes | None) -> None:
        if line is None:
            signal.pause()
            return
        order = json.loads(line)
        match order["do"]:
            case "sign-in":
                number = order.get("number", "4471")
                more = {name: one for name, one in order.items() if name != "do"}
                self.tell("signed-in", **{"officer": f"test#{number}", "number": number, **more})
            case "tell":
                self.tell(**order["message"])
            case "log-off":
                self.tell("logging-off")
                for phase in ("stop_apps", "sign_off"):
                    self.tell("leaving-phase", phase=phase)
                    self.tell("leaving-phase", phase=phase, ended=True)
                self.say({"did": "log-off"})
                sys.exit(0)
            case "replace":
                self.tell("replace", why=order["why"], name=order["name"])
            case "complete":
                self.tell("complete")
            case "record":
                self.tell("recorded", record=A_LAUNCH | {"at": time.time()})
            case "left-signed-on":
                self.tell("left-signed-on", systems=["custody"])
            case "signed-on-at":
                self.tell("signed-on-at", systems=order["systems"], sign_off_s=order.get("sign_off_s", 0.0))
            case "say-badly":
                self.link.sendall(order["line"].encode() + b"\n")
            case "say-endlessly":
                self.link.settimeout(10)
                try:
                    self.link.sendall(b"x" * (MAX_LINE_BYTES + 1024))
                except OSError:
                    sys.exit(1)
            case "screen-freezes":
                self.screen_age_ms = order["age_ms"]
            case "beat":
                self.tell("beat", screen_age_ms=self.screen_age_ms)
            case "start-program":
                program = subprocess.Popen(["/bin/sleep", "1000"])
                self.kept.append(program)
                self.say({"program": program.pid})
                return
            case "start-escaping-program":
                reads, writes = os.pipe()
                os.set_inheritable(writes, True)
                starter = subprocess.Popen(
                    [sys.executable, "-c", ESCAPES, order["path"], str(writes)], pass_fds=[writes]
                )
                starter.wait()
                os.close(writes)
                os.read(reads, 1)
                self.say({"program": int(Path(order["path"]).read_text())})
                return
            case "descriptors":
                listed = subprocess.run(["/bin/ls", "-l", "/proc/self/fd"], capture_output=True, text=True, check=True)
                self.say({"sockets": listed.stdout.count("socket:")})
                return
            case "environment":
                self.say({"environment": dict(os.environ)})
                return
            case "wants-kept":
                self.tell("wants-kept", issuer=order["issuer"], subject=order["subject"])
                return
            case "try":
                self.say({"tried": tried(order["code"])})
                return
            case "works-in":
                self.tell("works-in", folder=order["folder"])
            case "hold-secrets":
                secret = (
                    Path(order["as_in"]).read_text()
                    if "as_in" in order
                    else base64.urlsafe_b64encode(os.urandom(18)).decode()
                )
                self.kept.append(secret)
                if order.get("keep_in"):
                    Path(order["keep_in"]).write_text(secret)
                if order.get("leave_in"):
                    Path(order["leave_in"]).write_text(secret.encode().hex())
                self.send(_search().canaries(secret))
            case what:
                self.lock.from_hands(what, order)
        self.say({"did": order["do"]})

    def tell(self, kind: str, **fields: object) -> None:
        self.send(json.dumps({"v": VERSION, "kind": kind, **fields}).encode() + b"\n")

    def send(self, line: bytes) -> None:
        try:
            self.link.sendall(line)
        except OSError:
            if "outlives-the-station" not in self.options:
                sys.exit(1)

    def say(self, what: dict[str, object]) -> None:
        self.hands.sendall(json.dumps(what).encode() + b"\n")


def _search() -> ModuleType:
    from tests.journeys import stand_in_search

    return stand_in_search


def tried(code: str) -> str:
    """Return what an expression of a test comes to in this session's account, or the kind of fault it meets."""
    from launcher.timings import SpoolReader

    try:
        return str(eval(code, {"os": os, "Path": Path, "SpoolReader": SpoolReader}))  # noqa: S307 - a test's own words
    except Exception as fault:
        return type(fault).__name__


def _lines(end: socket.socket) -> Iterator[list[bytes | None]]:
    """Yield the complete lines of each read; None once the other end is gone."""
    rest = b""
    while True:
        got = end.recv(65536)
        if not got:
            yield [None]
            continue
        *whole, rest = (rest + got).split(b"\n")
        yield list(whole)


if __name__ == "__main__":
    StandIn(sys.argv[1], float(sys.argv[2]), frozenset(sys.argv[3:])).run()
