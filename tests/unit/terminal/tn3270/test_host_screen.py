"""``tnz`` behind our names: begun without its constructor, and cut off from everything outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tnz.tnz import Tnz, bit6

from launcher.terminal.tn3270.codepages import code_page
from launcher.terminal.tn3270.host_screen import GRAPHICS, HostScreen
from launcher.terminal.tn3270.models import Display, Size
from launcher.terminal.tn3270.planes import printable
from tests.unit.terminal.tn3270.streams import at, engine, field, line, text

NOT_NEEDED = {
    "_binary_local", "_binary_remote", "_event", "_limin", "_limout", "_sendbuf", "_transport", "alt", "bytes_received",
    "bytes_sent", "capable_color", "codec_info", "colors", "cp_00", "cp_F1", "cs_00", "cs_F1", "ddmdata", "ddmdict",
    "ddmrecv", "ddmsend", "file_appends", "local_do", "local_dont", "local_will", "local_wont", "lu_name",
    "readlines_pa2", "remote_do", "remote_dont", "remote_will", "remote_wont", "seslost", "terminal_type",
    "use_tn3270e", "_Tnz__cert_verified", "_Tnz__connect_task", "_Tnz__ddmascii", "_Tnz__ddmdata", "_Tnz__ddmerr",
    "_Tnz__ddmfile", "_Tnz__ddmmsg", "_Tnz__ddmopen", "_Tnz__ddmrecnum", "_Tnz__ddmtdat", "_Tnz__ddmupload",
    "_Tnz__encoding", "_Tnz__eor", "_Tnz__host_verified", "_Tnz__inds_rm", "_Tnz__indsdict", "_Tnz__indsenc",
    "_Tnz__indsfile", "_Tnz__indsisf", "_Tnz__indspend", "_Tnz__indstemp", "_Tnz__indstr", "_Tnz__loop",
    "_Tnz__pndrec", "_Tnz__readlines_maxrow", "_Tnz__reply_cattrs", "_Tnz__reply_mode", "_Tnz__secure",
    "_Tnz__start_tls_completed", "_Tnz__start_tls_hostname", "_Tnz__wait_rv", "_Tnz__waiting", "_Tnz__work_buffer",
    "_Tnz__zti",
}  # fmt: skip
"""What tnz's constructor makes for what is cut off here: sockets, telnet, file transfer, its own keyboard."""


def a_screen() -> HostScreen:
    return HostScreen(Display(), code_page("cp285"), lambda _record: None)


def test_all_that_tnz_begins_with_is_begun_here_or_known_not_to_be_needed() -> None:
    theirs = set(vars(Tnz("theirs")))
    ours = set(vars(a_screen()))
    assert theirs - ours - {"name"} == NOT_NEEDED


def test_nothing_of_the_environment_the_terminal_or_the_log_counts(tmp_path: Path) -> None:
    program = (
        "import sys; sys.stdin = sys.stdout = None\n"
        "from launcher.terminal.tn3270.engine import Tn3270Engine\n"
        "made = Tn3270Engine()\n"
        "made.feed(b'\\xff\\xfd\\x28\\xf5\\xc3')\n"
        "import logging\n"
        "found = (made.grid.rows, made.grid.columns, logging.getLogger('tnz').handlers)\n"
        "sys.exit(0 if found == (24, 80, []) else 1)\n"
    )
    environment = {**os.environ, "SESSION_PS_SIZE": "62x160", "TNZ_COLORS": "x", "TNZ_LOGGING": str(tmp_path / "no")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=Path(__file__).parents[4], check=False)
    assert done.returncode == 0


def test_six_bits_are_sent_as_tnz_sends_them() -> None:
    assert [printable(bits) for bits in range(256)] == [bit6(bits) for bits in range(256)]


def test_graphics_are_lines_and_boxes() -> None:
    assert [GRAPHICS[byte] for byte in (0xC5, 0xD5, 0xC4, 0xD4, 0xA2, 0x85)] == list("┌┐└┘─│")
    assert all(len(character) == 1 for character in GRAPHICS)
    assert line(engine(b"\x08\xc5\x08\xa2\x08\xd5"), 0) == "┌─┐"


def test_a_program_tab_goes_to_the_next_input_field_and_empties_what_it_passes() -> None:
    made = engine(at(0, 0), field(0x40), text("OLD TEXT"), at(0, 20), field(0x60), at(0, 30), field(0x40), text("B"))
    made.feed(b"\xf1\xc3" + at(0, 1) + text("NEW") + b"\x05" + text("X") + b"\xff\xef")
    assert line(made, 0) == " NEW" + " " * 27 + "X"


def test_a_display_has_a_model_or_a_size_that_can_be_addressed() -> None:
    assert Display(5).size == Size(27, 132)
    for wrong in ((6, None), (2, Size(20, 80)), (2, Size(200, 132))):
        with pytest.raises(ValueError, match=r"no 3270 model|alternate size"):
            Display(*wrong)
