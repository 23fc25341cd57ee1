"""A session program without screens: it speaks the wire and does what a test tells it over a Unix socket.

Run by the supervisor as ``python stand_in_session.py HANDS BEAT_S [OPTION …]``; options: ``dies-at-start``,
``dies-when-shown``, ``ignores-end``, ``ignores-lock``, ``keeps-warming``, ``outlives-the-station``. A test's order is
one line of JSON, ``{"do": …}``; each is answered by one line.
"""

from __future__ import annotations

import json
import os
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from launcher.residue import answer, masked_patterns
from launcher.timings import SpoolReader
from launcher.wire import messages
from launcher.wire.codec import decode_to_session, decode_to_station, encode
from launcher.wire.records import LaunchRecord, Record
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
        self.tell(messages.Warm(pid=os.getpid()))
        if "keeps-warming" not in self.options:
            self.tell(messages.Complete())
        waiting = selectors.DefaultSelector()
        waiting.register(self.link, selectors.EVENT_READ, self.from_station)
        waiting.register(self.hands, selectors.EVENT_READ, self.from_hands)
        lines = {self.link: _lines(self.link), self.hands: _lines(self.hands)}
        beat_at = time.monotonic()
        while True:
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + self.beat_s
                self.tell(messages.Beat(screen_age_ms=self.screen_age_ms))
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
        match decode_to_session(line):
            case messages.Show(name=name, focus=focus):
                if "dies-when-shown" in self.options:
                    os.kill(os.getpid(), signal.SIGKILL)
                self.say({"shown": name, "focus": focus})
                self.tell(messages.Shown(took_ms=0.0))
            case messages.End(reason=reason):
                self.say({"end": reason})
                if "ignores-end" not in self.options:
                    sys.exit(0)
            case messages.ScanYourself() as wish:
                self.tell(answer(wish, f"session {os.getpid()}"))
            case messages.Unresponsive(silent_ms=silent_ms):
                self.say({"unresponsive": silent_ms})
            case messages.Knock():
                self.tell(messages.Beat(screen_age_ms=self.screen_age_ms))
            case messages.Kept(folder=folder):
                self.say({"kept": folder})
            case message:
                self.lock.from_station(message)

    def from_hands(self, line: bytes | None) -> None:
        if line is None:
            signal.pause()
            return
        order = json.loads(line)
        match order["do"]:
            case "sign-in":
                number = order.get("number", "4471")
                said = {"officer": f"test#{number}", "number": number}
                more = {name: one for name, one in order.items() if name != "do"}
                self.tell(messages.SignedIn.model_validate({**said, **more}))
            case "tell":
                self.tell(decode_to_station(json.dumps({"v": 1, **order["message"]}).encode()))
            case "log-off":
                self.tell(messages.LoggingOff())
                for phase in ("stop_apps", "sign_off"):
                    self.tell(messages.LeavingPhase.model_validate({"phase": phase}))
                    self.tell(messages.LeavingPhase.model_validate({"phase": phase, "ended": True}))
                self.say({"did": "log-off"})
                sys.exit(0)
            case "replace":
                self.tell(messages.ReplaceMe(why=order["why"], name=order["name"]))
            case "complete":
                self.tell(messages.Complete())
            case "record":
                self.tell(_a_launch())
            case "left-signed-on":
                self.tell(messages.LeftSignedOn(systems=("custody",)))
            case "signed-on-at":
                sign_off_s = order.get("sign_off_s", 0.0)
                self.tell(messages.SignedOnAt(systems=tuple(order["systems"]), sign_off_s=sign_off_s))
            case "say-badly":
                self.link.sendall(order["line"].encode() + b"\n")
            case "say-endlessly":
                self.link.settimeout(10)
                try:
                    self.link.sendall(b"x" * (messages.MAX_LINE_BYTES + 1024))
                except OSError:
                    sys.exit(1)
            case "screen-freezes":
                self.screen_age_ms = order["age_ms"]
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
                self.tell(messages.WantsKept(issuer=order["issuer"], subject=order["subject"]))
                return
            case "try":
                self.say({"tried": tried(order["code"])})
                return
            case "works-in":
                self.tell(messages.WorksIn(folder=order["folder"]))
            case "hold-secrets":
                secret = Path(order["as_in"]).read_text() if "as_in" in order else secrets.token_urlsafe(18)
                self.kept.append(secret)
                if order.get("keep_in"):
                    Path(order["keep_in"]).write_text(secret)
                if order.get("leave_in"):
                    Path(order["leave_in"]).write_text(secret.encode().hex())
                self.tell(masked_patterns([secret]).to_wire())
            case what:
                self.lock.from_hands(what, order)
        self.say({"did": order["do"]})

    def tell(self, message: Record) -> None:
        try:
            self.link.sendall(encode(message))
        except OSError:
            if "outlives-the-station" not in self.options:
                sys.exit(1)

    def say(self, what: dict[str, object]) -> None:
        self.hands.sendall(json.dumps(what).encode() + b"\n")


def tried(code: str) -> str:
    """Return what an expression of a test comes to in this session's account, or the kind of fault it meets."""
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


def _a_launch() -> messages.Recorded:
    return messages.Recorded(
        record=LaunchRecord(
            at=time.time(),
            system="custody",
            system_kind="web",
            sign_on="form",
            outcome="ready",
            prompts=0,
            total_ms=1200.0,
            phases=(),
        )
    )


if __name__ == "__main__":
    StandIn(sys.argv[1], float(sys.argv[2]), frozenset(sys.argv[3:])).run()
