"""The Duty Log, a system with menus: what it draws with escape sequences, what it does with a key. No socket here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from launcher.demo.terminals.host_accounts import HostAccounts

At = Literal["name", "password", "new", "again", "changed", "menu", "list", "end"]

LINES: Final = {
    "Officers on duty": (
        "2210  B. Marsh      Response   06:00 - 14:00   RP14",
        "4471  A. Okafor     Custody    06:00 - 14:00   Block B",
        "5102  D. Whitlock   Roads      06:00 - 16:00   RT02",
    ),
    "Vehicles out": (
        "RP14  Response car  fuel 80 %   out since 06:12",
        "RT02  Traffic car   fuel 55 %   out since 06:05",
    ),
}
ITEMS: Final = (*LINES, "Log off")
LONGEST_LINE: Final = 128

_KEYS: Final = {
    b"\x1b[A": "Up", b"\x1bOA": "Up", b"\x1b[B": "Down", b"\x1bOB": "Down", b"\x1b[21~": "F10",
    b"\r": "Enter", b"\n": "Enter", b"\x7f": "Backspace", b"\x08": "Backspace", b"\x04": "Ctrl+D",
}  # fmt: skip


class KeyReader:
    """Takes bytes in pieces of any size, and gives keys by their names and characters as they are."""

    def __init__(self) -> None:
        self._rest = b""

    def keys(self, untrusted: bytes) -> Iterator[str]:
        """Give the keys that are whole."""
        data = self._rest + untrusted
        self._rest = b""
        while data:
            known = next((sequence for sequence in _KEYS if data.startswith(sequence)), b"")
            if known:
                yield _KEYS[known]
                data = data[len(known) :]
            elif data[:1] == b"\x1b":
                if len(data) < 8 and any(sequence.startswith(data) for sequence in _KEYS):
                    self._rest = data
                    return
                data = data[1:]
            else:
                if data[:1].isascii() and chr(data[0]).isprintable():
                    yield chr(data[0])
                data = data[1:]


@dataclass(slots=True)
class DutyLog:
    """One caller's dialogue. ``name`` is who is to be signed on; ``proved``: SSH has had their password already."""

    accounts: HostAccounts
    line: str
    name: str = ""
    proved: bool = False
    at: At = "name"
    said: str = ""
    chosen: int = 0
    typed: str = ""
    new: str = ""

    def __post_init__(self) -> None:
        """Begin with the menu for whom SSH has let in."""
        if self.proved:
            self._let_in()

    def drawn(self) -> str:
        """Return the whole screen with its escape sequences."""
        match self.at:
            case "end":
                return "\x1b[0m\x1b[H\x1b[2JGoodbye.\r\n"
            case "menu" | "list":
                return self._framed()
            case "changed":
                return _top() + "\x1b[4;3HYour password is changed. Enter goes on."
            case "new" | "again":
                prompt = "New password:" if self.at == "new" else "Again:"
                said = self.said or "Your password has expired."
                return f"{_top()}\x1b[4;3H{said}\x1b[6;3H{prompt} "
            case _:
                name = self.name if self.at == "password" else self.typed
                said = f"\x1b[4;3H{self.said}" if self.said else ""
                asks = "\x1b[7;3HPassword: " if self.at == "password" else f"\x1b[6;{9 + len(self.typed)}H"
                return f"{_top()}{said}\x1b[6;3HName: {name}{asks}"

    def take(self, key: str) -> bool:
        """Do what a key asks for; say whether the screen is another one now."""
        match self.at:
            case "menu" | "list":
                return self._in_a_menu(key)
            case "changed":
                if key == "Enter":
                    self._let_in()
                return key == "Enter"
            case "end":
                return False
        if key == "Ctrl+D" and self.at == "name":
            self.at = "end"
            return True
        if key == "F10":
            self._sign_off()
            return True
        if key == "Enter":
            line, self.typed, self.said = self.typed, "", ""
            self._line(line)
            return True
        if key == "Backspace":
            self.typed = self.typed[:-1]
        elif len(key) == 1 and len(self.typed) < LONGEST_LINE:
            self.typed += key
        return self.at == "name"  # what is typed in secret is not shown

    def hung_up(self) -> None:
        """Sign the caller off: a shell ends with its line."""
        self.accounts.signed_on.pop(self.line, None)

    def _line(self, line: str) -> None:
        match self.at:
            case "name":
                self.name, self.at = line.strip(), "password" if line.strip() else "name"
            case "password":
                if self.accounts.right(self.name, line):
                    self._let_in()
                else:
                    self.at, self.said = "name", "Name or password not known."
            case "new":
                self.new, self.at = line, "again"
            case _:
                new, self.new = self.new, ""
                why_not = self.accounts.change(self.name, new, line)
                self.at, self.said = ("new", f"{why_not}.") if why_not else ("changed", "")

    def _let_in(self) -> None:
        if self.accounts.by_name[self.name].expired:
            self.at = "new"
            return
        self.accounts.signed_on[self.line] = self.name
        self.at, self.chosen = "menu", 0

    def _in_a_menu(self, key: str) -> bool:
        if key == "F10":
            self._sign_off()
        elif self.at == "list":
            self.at = "menu"
        elif key in ("Up", "Down"):
            self.chosen = (self.chosen + (1 if key == "Down" else -1)) % len(ITEMS)
        elif key in ("1", "2", "3"):
            self.chosen = int(key) - 1
            self._choose()
        elif key == "Enter":
            self._choose()
        else:
            return False
        return True

    def _choose(self) -> None:
        if ITEMS[self.chosen] in LINES:
            self.at = "list"
        else:
            self._sign_off()

    def _sign_off(self) -> None:
        self.accounts.signed_on.pop(self.line, None)
        self.at, self.name, self.typed, self.new = "name", "", "", ""
        self.said = "You are logged off."

    def _framed(self) -> str:
        out = [_top(), f"\x1b[2;3HOfficer {self.name}\x1b[?1h\x1b[?25l"]
        if self.at == "menu":
            out.append("\x1b[4;2H┌" + "─" * 30 + "┐")
            for index, item in enumerate(ITEMS):
                look = "\x1b[7m" if index == self.chosen else ""
                out.append(f"\x1b[{5 + index};2H│{look} {index + 1}  {item:25}\x1b[0m │")
            out.append(f"\x1b[{5 + len(ITEMS)};2H└" + "─" * 30 + "┘")
        else:
            title = ITEMS[self.chosen]
            out.append(f"\x1b[4;3H\x1b[1m{title}\x1b[0m")
            out += [f"\x1b[{6 + row};3H{line}" for row, line in enumerate(LINES[title])]
        keys = "Up, Down, Enter  F10 Log off" if self.at == "menu" else "Any key: back  F10 Log off"
        return "".join(out) + f"\x1b[24;3H\x1b[36m{keys}\x1b[0m"


def _top() -> str:
    """Return an empty screen with the system's name on it."""
    return "\x1b[?1l\x1b[?25h\x1b[0m\x1b[2J\x1b[1;1H\x1b[44;97m" + "  DUTY LOG".ljust(80) + "\x1b[0m"
