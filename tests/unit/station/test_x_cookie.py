"""A session's key to the display: its display's entry alone, in its own account's hands."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from launcher.station.x_cookie import cookie
from tests.servers.xvfb import Screen
from tests.unit.station.slot_bench import SAY, Guest, few_places, program, slot_homes

# Connects to the display as Xlib does, with the cookie of the file or another one; says whether it was let in.
CONNECTS = f"""{SAY}
import socket, struct
entry = open(os.environ["XAUTHORITY"], "rb").read()
place, fields = 2, []
for _ in range(4):
    length = struct.unpack_from(">H", entry, place)[0]
    fields.append(entry[place + 2:place + 2 + length])
    place += 2 + length
name, key = fields[2], fields[3] if sys.argv[2] == "own" else b"\\1" * 16
end = socket.socket(socket.AF_UNIX)
try:
    end.connect("\\0/tmp/.X11-unix/X" + sys.argv[1])
except OSError:
    end.connect("/tmp/.X11-unix/X" + sys.argv[1])
padded = lambda text: text + bytes(-len(text) % 4)
end.sendall(struct.pack("<BxHHHHxx", 0x6c, 11, 0, len(name), len(key)) + padded(name) + padded(key))
mode = os.stat(os.environ["XAUTHORITY"])
say((end.recv(1) == b"\\1", mode.st_mode & 0o777, mode.st_uid == os.getuid(), len(entry) == place))
"""


@pytest.mark.needs("root")
def test_a_slot_may_show_windows_with_its_own_cookie_and_with_no_other(screen: Screen) -> None:
    subprocess.run(
        ["xauth", "-f", str(screen.authority), "-i"],
        input=f"add :999 . {'0' * 32}\nexit\n",
        text=True,
        check=True,
        capture_output=True,
    )
    with slot_homes(1, environ=dict(screen.environment), open_to_all=few_places) as homes:
        home = homes.make()
        number = screen.display.removeprefix(":")
        for which, let_in in (("own", True), ("other", False)):
            guest = Guest(homes, home, program(CONNECTS, number, which))
            guest.end()
            assert guest.said == f"({let_in}, 384, True, True)"


@pytest.mark.parametrize("untrusted", [b"", b"\0", b"\1\0\0\4host\0\1" + b"7", b"\xff" * 9])
def test_a_file_that_is_cut_short_gives_nothing(tmp_path: Path, untrusted: bytes) -> None:
    (tmp_path / "authority").write_bytes(untrusted)
    assert cookie({"DISPLAY": ":7", "XAUTHORITY": str(tmp_path / "authority")}) == b""


def test_without_a_display_or_a_file_there_is_no_cookie(tmp_path: Path) -> None:
    assert cookie({}) == b""
    assert cookie({"DISPLAY": ":7", "HOME": str(tmp_path)}) == b""
    assert cookie({"DISPLAY": "wayland", "XAUTHORITY": "/dev/null"}) == b""


def test_the_entries_of_the_display_and_of_every_display_are_taken_whole(tmp_path: Path) -> None:
    def entry(number: bytes) -> bytes:
        fields = (b"host", number, b"MIT-MAGIC-COOKIE-1", number * 16)
        return b"\1\0" + b"".join(len(one).to_bytes(2, "big") + one for one in fields)

    (tmp_path / ".Xauthority").write_bytes(entry(b"6") + entry(b"7") + entry(b"") + entry(b"77"))
    assert cookie({"DISPLAY": ":7.0", "HOME": str(tmp_path)}) == entry(b"7") + entry(b"")
