"""National Records, a system of 1974: what it shows and what it does with a key. No socket here.

It keeps a caller signed on when the line is only closed: whoever gets that line next is in the last one's session.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from launcher.demo.terminals.data_stream import BLUE, RED, WHITE, YELLOW, HostScreen, Input, Pressed, Text
from launcher.demo.terminals.host_accounts import HostAccounts

At = Literal["logon", "expired", "changed", "notice", "news", "menu", "list"]

PERSONS: Final = (
    ("R/77120/24", "ADAMS, K", "WANTED ON WARRANT", "NORTHFIELD"),
    ("R/77431/25", "BELL, T", "BAIL, NOT TO ENTER MILL LANE", "NORTHFIELD"),
    ("R/78015/25", "COLE, M", "MISSING, HIGH RISK", "ALDER COURT"),
)
VEHICLES: Final = (
    ("KL63 XYZ", "VAUXHALL ASTRA, BLUE", "NO INSURANCE", "SEEN 24 NOV"),
    ("AB12 CDE", "FORD TRANSIT, WHITE", "STOLEN, VALUE £14,200", "SEEN 21 NOV"),
)
_LISTS: Final = {"1": ("PERSONS", PERSONS), "2": ("VEHICLES", VEHICLES)}
_FAULT_ROW, _KEYS_ROW = 22, 24


@dataclass(slots=True)
class NationalRecords:
    """One line's dialogue; who is signed on there is with the accounts, and outlives it."""

    accounts: HostAccounts
    line: str
    at: At = "logon"
    fault: str = ""
    list: str = "1"
    asked: str = ""
    """Whose password was right, before they are signed on."""

    def __post_init__(self) -> None:
        """Go on where the line's last caller was, if they are signed on still."""
        if self.line in self.accounts.signed_on:
            self.at = "menu"

    def screen(self) -> HostScreen:
        """Return what is to be seen now."""
        body = {
            "logon": self._logon,
            "expired": self._expired,
            "changed": lambda: _text(8, "PASSWORD CHANGED."),
            "notice": lambda: _text(
                8, "RECORDS ARE FOR POLICE WORK ONLY.", "EACH LOOK IS WRITTEN DOWN WITH YOUR NAME."
            ),
            "news": lambda: _text(8, "THE INDEX OF PROPERTY IS AWAY FROM 02:00 TO 04:00 ON SUNDAYS."),
            "menu": self._menu,
            "list": self._list,
        }[self.at]
        title, keys = _HEADS[self.at]
        who = self.accounts.signed_on.get(self.line, "")
        top = (
            Text(1, 2, title, WHITE),
            Text(1, 72, self.line, BLUE),
            Text(2, 2, f"OFFICER {who}" if who else "", BLUE),
        )
        low = (Text(_FAULT_ROW, 2, self.fault, RED), Text(_KEYS_ROW, 2, keys, BLUE))
        return HostScreen((*(item for item in top if item.text), *body(), *(item for item in low if item.text)))

    def take(self, pressed: Pressed) -> None:
        """Do what the key asks for."""
        self.fault = ""
        match self.at, pressed.key:
            case "logon", "Enter":
                self._log_on(pressed.of("officer").strip().lower(), pressed.of("password"))
            case (("logon" | "expired"), "Clear"):
                self.at, self.asked = "logon", ""
            case "expired", "Enter":
                self.fault = self.accounts.change(self.asked, pressed.of("new"), pressed.of("again")).upper()
                self.at = "expired" if self.fault else "changed"
            case "expired", "PF3":
                self.at, self.asked = "logon", ""
            case "changed", "Enter":
                self._let_in()
            case "notice", "PF5":
                self.accounts.by_name[self.asked].notice = False
                self._let_in()
            case "notice", "PF3":
                self.at, self.asked = "logon", ""
            case "news", "Enter":
                self.at = "menu"
            case "menu", "Enter":
                self._choose(pressed.of("command").strip())
            case "list", "PF3":
                self.at = "menu"
            case (("menu" | "news"), "PF3"):
                who = self.accounts.signed_on.pop(self.line, "")
                self.at, self.fault = "logon", f"OFFICER {who.upper()} IS SIGNED OFF."
            case _:
                self.fault = "THAT KEY IS NOT USED HERE."

    def _log_on(self, name: str, password: str) -> None:
        if not self.accounts.right(name, password):
            self.fault = "NR012 OFFICER OR PASSWORD NOT KNOWN."
            return
        self.asked = name
        if self.accounts.by_name[name].expired:
            self.at = "expired"
        else:
            self._let_in()

    def _let_in(self) -> None:
        if self.accounts.by_name[self.asked].notice:
            self.at = "notice"
            return
        self.accounts.signed_on[self.line] = self.asked
        self.at, self.asked = "news", ""

    def _choose(self, command: str) -> None:
        if command in _LISTS:
            self.at, self.list = "list", command
        else:
            self.fault = "CHOOSE 1 OR 2."

    def _logon(self) -> tuple[Text | Input, ...]:
        return (
            *_text(4, "NATIONAL RECORDS", "PERSONS AND VEHICLES OF INTEREST"),
            Text(10, 2, "OFFICER   ===>"), Input("officer", 10, 18, 24),
            Text(12, 2, "PASSWORD  ===>"), Input("password", 12, 18, 40, hidden=True),
        )  # fmt: skip

    def _expired(self) -> tuple[Text | Input, ...]:
        return (
            *_text(4, "YOUR PASSWORD HAS EXPIRED.", "GIVE A NEW ONE, TWICE."),
            Text(10, 2, "NEW       ===>"), Input("new", 10, 18, 40, hidden=True),
            Text(12, 2, "AGAIN     ===>"), Input("again", 12, 18, 40, hidden=True),
        )  # fmt: skip

    def _menu(self) -> tuple[Text | Input, ...]:
        return (
            *_text(6, "1  PERSONS", "2  VEHICLES"),
            Text(20, 2, "COMMAND   ===>"), Input("command", 20, 18, 40),
        )  # fmt: skip

    def _list(self) -> tuple[Text | Input, ...]:
        title, rows = _LISTS[self.list]
        lines = [Text(4, 2, title, WHITE)]
        for row, (number, name, why, where) in enumerate(rows, 6):
            lines += [Text(row, 2, number), Text(row, 16, name), Text(row, 40, why, YELLOW), Text(row, 66, where[:14])]
        return tuple(lines)


_HEADS: Final[dict[At, tuple[str, str]]] = {
    "logon": ("LOGON", "ENTER=LOG ON"),
    "expired": ("NEW PASSWORD", "ENTER=CHANGE  PF3=LEAVE"),
    "changed": ("NEW PASSWORD", "ENTER=GO ON"),
    "notice": ("NOTICE", "PF5=I HAVE READ THIS  PF3=LEAVE"),
    "news": ("NEWS", "ENTER=GO ON  PF3=SIGN OFF"),
    "menu": ("MAIN MENU", "ENTER=CHOOSE  PF3=SIGN OFF"),
    "list": ("LIST", "PF3=BACK"),
}


def _text(row: int, *lines: str) -> tuple[Text, ...]:
    return tuple(Text(row + index, 2, line) for index, line in enumerate(lines))
