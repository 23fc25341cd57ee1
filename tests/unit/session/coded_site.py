"""A system that takes a one-time code once: one that was used, e.g. at another terminal, it refuses."""

from __future__ import annotations

from dataclasses import replace

import pyotp

from tests.contract.drivers.site import Request, Response
from tests.unit.grants.test_one_time import SEED, Clock
from tests.unit.sign_on.paged_site import CODE, PagedSite

CODED_PAGES = """
[[page]]
name = "logon"
selector = "#password"
fill = [{ field = "#name", value = "{username}" }, { field = "#password", value = "{password}" }]
press = "#go"
next = ["code", "refused", "news"]

[[page]]
name = "code"
selector = "#code"
fill = [{ field = "#code", value = "{otp}" }]
press = "#go"
next = ["wrong-code", "refused", "news"]

[[page]]
name = "wrong-code"
means = "failed"
selector = "#wrong"
says_at = "#wrong"
refused = "code"

[[page]]
name = "refused"
means = "failed"
selector = "#refused"

[[page]]
name = "news"
means = "ready"
selector = "#news"
"""
CODED_STEPS = """
[[step]]
do = "fill"
field = "#name"
value = "{username}"
[[step]]
do = "fill"
field = "#password"
value = "{password}"
[[step]]
do = "press"
control = "#go"
[[step]]
do = "wait"
selector = "#code"
[[step]]
do = "fill"
field = "#code"
value = "{otp}"
[[step]]
do = "press"
control = "#go"

[[marker]]
means = "failed"
selector = "#wrong"
refused = "code"
[[marker]]
means = "failed"
selector = "#refused"
[[marker]]
means = "ready"
selector = "#news"
"""


class CodedSite(PagedSite):
    """Takes each code of the seed once, by the same clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(code=True)
        self.clock = clock
        self._used: set[str] = set()

    def code_now(self) -> str:
        """The code that there is now."""
        return pyotp.TOTP(SEED.reveal()).at(int(self.clock()))

    def use(self) -> None:
        """The code that there is now is used, somewhere else."""
        self._used.add(self.code_now())

    def codes(self) -> list[str]:
        """What it was given, in order."""
        return [value for field, value in self.given if field == "code"]

    def passwords(self) -> int:
        """How often it was given one."""
        return sum(field == "password" for field, _ in self.given)

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        given = request.form.get("code")
        if given is None:
            return super().respond(request)
        right = given == self.code_now() and given not in self._used
        self._used.add(given)
        answer = super().respond(replace(request, form={"code": CODE if right else "0"}))
        self.given[-1] = ("code", given)
        return answer


def coded(origin: str, more: str = CODED_PAGES) -> str:
    """An entry of it."""
    top = f'name = "Records"\nkind = "web"\nwithin_s = 20\n[web]\nurl = "{origin}/"\nsign_on = "form"\n'
    return top + 'credential = "store"\notp = true\n' + more
