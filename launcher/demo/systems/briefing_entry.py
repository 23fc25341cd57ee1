"""The catalogue's entry of the system whose logon has branches: an example of what a force writes."""

from __future__ import annotations

from string import Template
from typing import Final

from launcher.demo.systems.briefing import LEAST

_BRIEFING: Final = Template("""\
[web]
url = "$origin/"
sign_on = "form"

[[page]]
name = "logon"
# The fields lie in a web component: >>> goes on into it.
selector = "force-logon >>> #user"
fill = [
    { field = "force-logon >>> #user", value = "{username}" },
    { field = "force-logon >>> #password", value = "{password}" },
    { field = "force-logon >>> #place", value = "north" },
]
press = "force-logon >>> #go"
next = ["refused", "expired", "notice", "duty", "home"]
within_s = $within_s

[[page]]
name = "refused"
selector = "#refused"
means = "failed"
says_at = "#refused"

[[page]]
name = "expired"
selector = "#fresh"
means = "change-password"

[[page]]
name = "changed"
selector = "#changed"
press = "#on"
next = ["notice", "duty"]
within_s = $within_s

[[page]]
# Shown to the officer, who presses it; it is recorded, and the next pages are the recipe's again.
name = "notice"
selector = "#read"
means = "notice"

[[page]]
name = "duty"
selector = "#start"
fill = [{ field = "#duty", value = "response" }]
press = "#start"
next = ["home"]
within_s = $within_s

[[page]]
name = "home"
selector = "#work"
means = "ready"

[web.change_password]
shortest = $least
within_s = $within_s

[[web.change_password.page]]
name = "new"
selector = "#fresh"
fill = [
    { field = "#old", value = "{password}" },
    { field = "#fresh", value = "{new_password}" },
    { field = "#again", value = "{new_password}" },
]
press = "#change"
next = ["changed", "not-taken"]
within_s = $within_s

[[web.change_password.page]]
name = "changed"
selector = "#changed"
means = "changed"

[[web.change_password.page]]
name = "not-taken"
selector = "#not-taken"
means = "failed"
says_at = "#not-taken"
""")


def briefing_tables(origin: str, delay_s: float) -> str:
    """Return the entry's tables; slow servers are given their time."""
    return _BRIEFING.substitute(origin=origin, least=LEAST, within_s=f"{15 + 5 * delay_s:g}")
