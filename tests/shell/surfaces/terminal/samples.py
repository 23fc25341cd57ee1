"""What hosts show in the tests, the benchmark and the pictures: a coloured logon, a menu in a shell, a full screen."""

from __future__ import annotations

from typing import Final

from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.models import Display, Size
from tests.unit.terminal.tn3270.streams import HIDDEN, PROTECTED, TN3270, UNPROTECTED, at, text, written

BLUE, RED, PINK, GREEN, TURQUOISE, YELLOW, WHITE = range(0xF1, 0xF8)
REVERSE, UNDERLINED, BLINKS = 0xF2, 0xF4, 0xF1
USERID: Final = (8, 20)
PASSWORD: Final = (9, 20)


def coloured(attribute: int, colour: int, highlight: int = 0) -> bytes:
    """Start field extended with a colour and perhaps a highlight."""
    pairs = bytes((0xC0, attribute, 0x42, colour)) + (bytes((0x41, highlight)) if highlight else b"")
    return bytes((0x29, len(pairs) // 2)) + pairs


def logon(columns: int = 80) -> bytes:
    """A logon screen with all seven colours, two input fields and what is hidden."""

    def put(row: int, column: int, said: str, colour: int, highlight: int = 0) -> bytes:
        return at(row, column - 1, columns) + coloured(PROTECTED, colour, highlight) + text(said)

    def asked(place: tuple[int, int], attribute: int, length: int) -> bytes:
        row, column = place
        start = at(row, column - 1, columns) + coloured(attribute, GREEN)
        return start + at(row, column + length, columns) + coloured(PROTECTED, BLUE)

    return written(
        put(0, 1, "NRC0010", BLUE),
        put(0, 24, "NATIONAL RECORDS CONSOLE", WHITE),
        put(0, 61, "26/11/25  03:12:44", TURQUOISE),
        put(2, 1, "-" * 78, BLUE),
        put(4, 3, "Type your user ID and password, then press Enter.", TURQUOISE),
        put(8, 3, "USER ID  . . . .", TURQUOISE),
        asked(USERID, UNPROTECTED, 8),
        put(9, 3, "PASSWORD . . . .", TURQUOISE),
        asked(PASSWORD, HIDDEN, 8),
        put(10, 3, "APPLICATION  . .", TURQUOISE),
        asked((10, 20), UNPROTECTED, 8),
        put(13, 3, "NOTICE", YELLOW, REVERSE),
        put(13, 11, "The register is read only from 04:00 to 04:20.", YELLOW),
        put(14, 3, "LAST USED", PINK),
        put(14, 14, "25/11/25 22:47 at terminal FD-02", GREEN),
        put(15, 3, "SECURITY", RED, UNDERLINED),
        put(15, 14, "Access is recorded. Use is limited to policing purposes.", RED),
        put(16, 3, "URGENT", RED, BLINKS),
        put(22, 1, "NRC0011I  Enter your user ID.", WHITE),
        put(23, 1, "F1=Help  F3=Exit  F7=Back  F8=Forward  F12=Cancel", BLUE),
        at(*USERID, columns),
        b"\x13",
    )


def engine_3270(said: bytes, display: Display | None = None) -> Tn3270Engine:
    """An engine on plain TN3270 to which a host has said something."""
    engine = Tn3270Engine(display if display is not None else Display())
    engine.feed(TN3270 + said)
    engine.to_send()
    return engine


def large_display() -> Display:
    """A display of 43 rows and 132 columns."""
    return Display(2, Size(43, 132))


def menu(rows: int = 24, columns: int = 80) -> bytes:
    """A shell's lines, and over them the box of a menu as ``dialog`` draws it."""
    out = ["\x1b[2J\x1b[H\x1b]2;records@desk-04: ~\x07"]
    out += [f"\x1b[1;32mrecords@desk-04\x1b[0m:\x1b[1;34m~\x1b[0m$ ls --color /srv/{n}\r\n" for n in range(3)]
    out.append(
        "\x1b[34;1mcases\x1b[0m  \x1b[32mexport.sh\x1b[0m  \x1b[31mold.tar.gz\x1b[0m  \x1b[36mlink\x1b[0m  notes\r\n"
    )
    out.append(
        "\x1b[2mfaint\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munderlined\x1b[0m \x1b[7mreversed\x1b[0m \x1b[9mstruck\x1b[0m"
    )
    out.append(" 中文 e\u0301 ß £ € → ✓\r\n")
    out.append(" ".join(f"\x1b[38;5;{n}m{n:3}\x1b[0m" for n in range(16, 232, 14)) + "\r\n")
    out.append("".join(f"\x1b[48;5;{n}m  " for n in range(16)) + "\x1b[0m ▁▂▃▄▅▆▇█ ░▒▓ ▖▗▘▙ ╭─╮╰─╯ ╱╲╳ ┏━┓┗━┛ ┄┅\r\n")
    left, top, width = 18, 9, 44
    lines = [
        "╔" + "═ Evidence store ".ljust(width - 2, "═") + "╗",
        *(f"║{said.ljust(width - 2)}║" for said in ("", "  Choose what to do:", "")),
        "╟" + "─" * (width - 2) + "╢",
        *(
            f"║{said.ljust(width - 2)}║"
            for said in ("  1  Book an item in", "  2  Find an item", "  3  Hand an item over")
        ),
        "╠" + "═" * 20 + "╤" + "═" * (width - 23) + "╣",
        "║" + "     < OK >".ljust(20) + "│" + "    < Cancel >".ljust(width - 23) + "║",
        "╚" + "═" * 20 + "╧" + "═" * (width - 23) + "╝",
    ]
    for row, line in enumerate(lines):
        colours = "\x1b[0;30;46m" if row == 6 else "\x1b[1;37;44m" if row == 5 else "\x1b[0;30;47m"
        edge, inner, end = line[0], line[1:-1], line[-1]
        out.append(f"\x1b[{top + row};{left}H\x1b[0;30;47m{edge}{colours}{inner}\x1b[0;30;47m{end}\x1b[0m")
    out.append(f"\x1b[{rows};1H\x1b[1;32mrecords@desk-04\x1b[0m:\x1b[1;34m~\x1b[0m$ ")
    return "".join(out).encode()


def coloured_lines(count: int, columns: int = 132) -> bytes:
    """Lines as a compiler or a log shows them: three looks in each."""
    lines = []
    for number in range(count):
        said = f"\x1b[36m{number:06}\x1b[0m \x1b[1mitem {number % 97:02}\x1b[0m "
        lines.append(said + f"\x1b[3{number % 7 + 1}mstored in bay {number % 41}\x1b[0m".ljust(columns - 20, "."))
    return "\r\n".join(lines).encode()
