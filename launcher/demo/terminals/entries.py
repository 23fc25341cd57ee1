"""The catalogue's entries of the demo's hosts with terminals: examples of what a force writes."""

from __future__ import annotations

from string import Template
from typing import Final

from launcher.demo.terminals.host_accounts import SHORTEST_PASSWORD

_NATIONAL_RECORDS: Final = """\
[terminal]
line = "tn3270"
host = "$host"
port = $port
sign_on = "form"
# A line on which somebody was left signed on shows their screen: they are signed off first.
begins = ["logon", "left"]

[[screen]]
name = "logon"
at = [{ text = "LOGON", row = 1, column = 2 }]
hidden_inputs = 1
fill = [{ label = "OFFICER", value = "{username}" }, { hidden = true, value = "{password}" }]
press = "Enter"
next = ["refused", "expired", "notice", "news", "menu"]
within_s = $within_s

[[screen]]
name = "left"
at = [{ text = "PF3=", row = 24 }]
press = "PF3"
next = ["left", "logon"]
within_s = $within_s

[[screen]]
name = "changed"
text = ["PASSWORD CHANGED"]
press = "Enter"
next = ["notice", "news", "menu"]
within_s = $within_s

[[screen]]
name = "news"
at = [{ text = "NEWS", row = 1, column = 2 }]
press = "Enter"
next = ["menu"]
within_s = $within_s

[[screen]]
name = "menu"
at = [{ text = "MAIN MENU", row = 1, column = 2 }]
means = "ready"

[[screen]]
name = "refused"
at = [{ text = "NR012", row = 22, column = 2 }]
means = "failed"
says_row = 22

[[screen]]
name = "expired"
at = [{ text = "NEW PASSWORD", row = 1, column = 2 }]
hidden_inputs = 2
means = "change-password"

[[screen]]
name = "notice"
at = [{ text = "NOTICE", row = 1, column = 2 }]
means = "notice"
says = "Read it, and press PF5."

[terminal.sign_off]
within_s = $within_s

[[terminal.sign_off.screen]]
name = "logon"
at = [{ text = "LOGON", row = 1, column = 2 }]
means = "logon"

[[terminal.sign_off.screen]]
name = "anything"
press = "PF3"
next = ["anything", "logon"]

[terminal.change_password]
shortest = $shortest
longest = 40

[[terminal.change_password.screen]]
name = "expired"
text = ["YOUR PASSWORD HAS EXPIRED"]
hidden_inputs = 2
fill = [{ input = 1, value = "{new_password}" }, { input = 2, value = "{new_password}" }]
press = "Enter"
next = ["changed", "not-taken"]
within_s = $within_s

[[terminal.change_password.screen]]
name = "changed"
text = ["PASSWORD CHANGED"]
means = "changed"

[[terminal.change_password.screen]]
name = "not-taken"
at = [{ text = "NEW PASSWORD", row = 1, column = 2 }, { text = "PASSWORD", row = 22 }]
means = "failed"
says_row = 22
"""

_DUTY_LOG: Final = """\
[terminal]
line = "ssh"
host = "$host"
port = $port
sign_on = "password"
begins = ["menu", "expired"]

[[screen]]
name = "menu"
at = [{ text = "DUTY LOG", row = 1 }, { text = "F10 Log off", row = 24 }]
means = "ready"

[[screen]]
name = "expired"
before_cursor = "New password:"
means = "change-password"

[[screen]]
name = "changed"
text = ["Your password is changed"]
press = "Enter"
next = ["menu"]
within_s = $within_s

[terminal.sign_off]
within_s = $within_s
line_end = true

[[terminal.sign_off.screen]]
name = "logon"
at = [{ text = "DUTY LOG", row = 1 }]
before_cursor = "Name:"
means = "logon"

[[terminal.sign_off.screen]]
name = "anything"
press = "F10"
next = ["anything", "logon"]

[terminal.change_password]
shortest = $shortest
longest = 128

[[terminal.change_password.screen]]
name = "new"
before_cursor = "New password:"
fill = [{ value = "{new_password}" }]
press = "Enter"
next = ["again"]
within_s = $within_s

[[terminal.change_password.screen]]
name = "again"
before_cursor = "Again:"
fill = [{ value = "{new_password}" }]
press = "Enter"
next = ["changed", "not-taken"]
within_s = $within_s

[[terminal.change_password.screen]]
name = "changed"
text = ["Your password is changed"]
means = "changed"

[[terminal.change_password.screen]]
name = "not-taken"
before_cursor = "New password:"
absent = ["has expired"]
means = "failed"
says_row = 4
"""

_ENTRIES: Final = {"3270": Template(_NATIONAL_RECORDS), "ssh": Template(_DUTY_LOG)}


def terminal_tables(how: str, host: str, port: int, delay_s: float) -> str:
    """Return the entry's tables besides its name and place, as TOML; ``how`` is ``3270`` or ``ssh``."""
    within_s = f"{15 + 5 * delay_s:g}"
    return _ENTRIES[how].substitute(host=host, port=port, within_s=within_s, shortest=SHORTEST_PASSWORD)
