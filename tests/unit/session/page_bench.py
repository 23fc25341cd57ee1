"""A session with a web system whose logon has pages, and what an officer does on them by hand."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.secret import Secret
from launcher.session import commands as c
from tests.contract.drivers.paper import PaperDriver
from tests.contract.drivers.site import NAME, PASSWORD, served
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Bench, Running
from tests.unit.sign_on.paged_site import NEW, PagedSite

SYSTEM = "records"
OWN = Credential(NAME, Secret(PASSWORD), Secret("JBSWY3DPEHPK3PXP"))

PAGES = """
[[page]]
name = "law"
means = "notice"
selector = "#law"

[[page]]
name = "logon"
selector = "#password"
fill = [{ field = "#name", value = "{username}" }, { field = "#password", value = "{password}" }]
press = "#go"
next = ["news", "refused", "expired", "home"]

[[page]]
name = "news"
selector = "#news"
press = "#on"
next = ["home"]

[[page]]
name = "refused"
means = "failed"
selector = "#refused"
says_at = "#refused"

[[page]]
name = "expired"
means = "change-password"
selector = "#old"

[[page]]
name = "home"
means = "ready"
selector = "#main"
"""
CHANGE = """
[web.change_password]
shortest = 8
[[web.change_password.page]]
name = "change"
selector = "#new"
fill = [{ field = "#old", value = "{password}" }, { field = "#new", value = "{new_password}" }]
press = "#go"
next = ["changed", "not-taken"]
[[web.change_password.page]]
name = "changed"
means = "changed"
selector = "#changed"
[[web.change_password.page]]
name = "not-taken"
means = "failed"
selector = "#not-taken"
says_at = "#not-taken"
"""


def entry(origin: str, *, change: bool = True, pages: str = PAGES) -> str:
    top = f'name = "Records"\nkind = "web"\nwithin_s = 20\n[web]\nurl = "{origin}/"\nsign_on = "form"\n'
    return top + (CHANGE if change else "") + pages


@contextmanager
def station(folder: Path, site: PagedSite, *, change: bool = True) -> Iterator[Bench]:
    """A station with the system, whose officer's name and password for it are kept already."""
    with served(site) as origin:  # type: ignore[arg-type]
        made = t.bench(folder, {SYSTEM: entry(origin, change=change)}, {SYSTEM: OWN})
        made.sites = {origin: site}  # type: ignore[dict-item]
        yield made


async def opened(here: Running, *states: str) -> str:
    """Log on, open the system, and return what it needs."""
    await here.log_on()
    here.send(c.OpenSystem(SYSTEM))
    return (await here.launch(SYSTEM, *(states or ("needs", "ready", "failed")))).needs


def tab_of(here: Running) -> PaperDriver:
    return here.surfaces.open[SYSTEM]


async def pressed(here: Running, control: str) -> None:
    """Press by the officer's own hand."""
    tab = tab_of(here)
    tab.acts += 1
    await tab.press(control, "")


def killed_at(made: Bench, step: str) -> None:
    """Have the password changed in a process of its own, which kills itself with signal 9 at this step."""
    child = os.fork()
    if child == 0:
        try:
            _dying(made, step)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it was never killed at {step}"
    assert os.WTERMSIG(status) == signal.SIGKILL


def _dying(made: Bench, step: str) -> None:
    def at(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    propose, settle, fill, press = Grants.propose, Grants.settle, PaperDriver.fill, PaperDriver.press
    changing = False

    async def proposing(self: Grants, system: str, current: Credential, new: Secret) -> None:
        nonlocal changing
        changing = True
        at("before propose")
        await propose(self, system, current, new)
        at("after propose")

    async def settling(self: Grants, system: str, *, changed: bool) -> None:
        at("before settle")
        await settle(self, system, changed=changed)
        at("after settle")

    async def filling(self: PaperDriver, field: str, value: Secret, **how: bool) -> None:
        await fill(self, field, value, **how)
        at("after fill" if changing else "")

    async def pressing(self: PaperDriver, control: str, key: str) -> None:
        at("before press" if changing else "")
        await press(self, control, key)
        await asyncio.sleep(0)  # the site has it by now
        await asyncio.sleep(0)
        at("after press" if changing else "")

    Grants.propose, Grants.settle = proposing, settling  # type: ignore[method-assign]
    PaperDriver.fill, PaperDriver.press = filling, pressing  # type: ignore[method-assign]

    async def story() -> None:
        async with made.session() as here:
            assert await opened(here) == "new-password"
            here.send(c.GiveNewPassword(SYSTEM, Secret(NEW)))
            await here.launch(SYSTEM, "ready", "failed")

    asyncio.run(story())
