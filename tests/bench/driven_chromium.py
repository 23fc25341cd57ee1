"""The reference of a logon: Debian's Chromium, warm, driven over its debugging pipe as automation does it."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pyotp

from launcher.demo.content import DemoSystem
from launcher.demo.people import Account, DemoOfficer
from launcher.demo.systems.endpoint import LOGON
from launcher.shell.surfaces.managed.devtools import AskRefusedError, Line

WITHIN_S = 60.0
POLL_S = 0.004

_SHADOW = "document.querySelector('force-logon')?.shadowRoot"
# Value and events as a person's typing has them; automation's libraries do the same.
_FILL = """((field, value) => { if (!field) return false; field.value = value;
field.dispatchEvent(new Event('input', {bubbles: true})); field.dispatchEvent(new Event('change', {bubbles: true}));
return true; })"""


def missing() -> str | None:
    """What is not there, if anything."""
    return None if shutil.which("chromium") else "chromium is not installed"


class DrivenChromium:
    """One browser with one page; every logon begins without cookies."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._codes: set[str] = set()

    async def forget(self) -> None:
        """Empty the profile of who was signed on."""
        await self._line.ask("Network.clearBrowserCookies")
        await self._line.ask("Page.navigate", {"url": "about:blank"})

    async def ready_ms(self, system: DemoSystem, origin: str, officer: DemoOfficer) -> float:
        """Open the system and sign on by its page, as its entry says; return the time until its work is seen."""
        account = officer.accounts.get(system.id) or Account(officer.user_name, officer.password)
        begun = time.perf_counter()
        match system.how:
            case "basic":
                await self._with_basic(origin, account)
            case "endpoint":
                await self._by_endpoint(origin, account)
            case _:
                await self._line.ask("Page.navigate", {"url": f"{origin}/"})
                await self._by_page(system, officer, account)
        await self._seen("document.querySelector('#work')")
        return (time.perf_counter() - begun) * 1000.0

    async def _by_page(self, system: DemoSystem, officer: DemoOfficer, account: Account) -> None:
        name, password = account.user_name, account.password
        match system.how:
            case "federated" | "cas":
                await self._fill("#username", officer.user_name)
                await self._fill("#password", officer.password)
                await self._press("#go")
            case "two pages":
                await self._fill("#user", name)
                await self._press("#next")
                await self._fill("#password", password)
                await self._press("#go")
            case "pages":
                for field, value in (("#user", name), ("#password", password), ("#place", "north")):
                    await self._fill(field, value, within=_SHADOW)
                await self._press("#go", within=_SHADOW)
                await self._seen("document.querySelector('#start')")
                await self._evaluate("document.querySelector('#duty').checked = true")
                await self._press("#start")
            case _:
                await self._fill("#user", name)
                await self._fill("#password", password)
                await self._press("#go")
                if system.how == "one-time code":
                    await self._fill("#code", self._code(account))
                    await self._press("#check")

    def _code(self, account: Account) -> str:
        maker = pyotp.TOTP(account.otp_seed)
        code = next(
            one for one in (maker.at(int(time.time()) + away) for away in (0, 30, -30)) if one not in self._codes
        )
        self._codes.add(code)
        return code

    async def _with_basic(self, origin: str, account: Account) -> None:
        said = base64.b64encode(f"{account.user_name}:{account.password}".encode()).decode()
        await self._line.ask("Network.setExtraHTTPHeaders", {"headers": {"Authorization": f"Basic {said}"}})
        await self._line.ask("Page.navigate", {"url": f"{origin}/"})
        await self._seen("document.querySelector('#work')")
        await self._line.ask("Network.setExtraHTTPHeaders", {"headers": {}})

    async def _by_endpoint(self, origin: str, account: Account) -> None:
        await self._line.ask("Page.navigate", {"url": f"{origin}/"})
        await self._seen("document.querySelector('#refused')")
        body = json.dumps(json.dumps({"name": account.user_name, "password": account.password}))
        await self._evaluate(
            f"fetch({json.dumps(LOGON)}, {{method: 'POST', body: {body}}}).then(() => location.reload())"
        )

    async def _fill(self, field: str, value: str, *, within: str = "document") -> None:
        await self._seen(f"{within}?.querySelector({json.dumps(field)})")
        await self._evaluate(f"{_FILL}({within}.querySelector({json.dumps(field)}), {json.dumps(value)})")

    async def _press(self, control: str, *, within: str = "document") -> None:
        await self._seen(f"{within}?.querySelector({json.dumps(control)})")
        await self._evaluate(f"{within}.querySelector({json.dumps(control)}).click()")

    async def _seen(self, what: str) -> None:
        by = time.monotonic() + WITHIN_S
        while not await self._evaluate(f"!!({what})"):
            if time.monotonic() > by:
                raise RuntimeError(f"not seen: {what}")
            await asyncio.sleep(POLL_S)

    async def _evaluate(self, script: str) -> object:
        try:
            said = await self._line.ask("Runtime.evaluate", {"expression": script, "returnByValue": True})
        except AskRefusedError:  # between two documents
            return None
        result = said.get("result")
        return result.get("value") if isinstance(result, dict) else None


@asynccontextmanager
async def driven_chromium(folder: Path) -> AsyncIterator[DrivenChromium]:
    """Start the browser, without a screen and with nothing of its own to do, and end it."""
    argv = [
        shutil.which("chromium") or "chromium",
        "--remote-debugging-pipe", f"--user-data-dir={folder / 'profile'}", "--headless=new", "--disable-gpu",
        "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-extensions", "--disable-dev-shm-usage", "--ignore-certificate-errors", "--window-size=1280,800",
        "about:blank",
    ]  # fmt: skip
    if os.geteuid() == 0:
        argv.append("--no-sandbox")
    line = await Line.open(tuple(argv), {**os.environ, "HOME": str(folder)})
    try:
        for domain in ("Page.enable", "Network.enable"):
            await line.ask(domain)
        yield DrivenChromium(line)
    finally:
        line.tell("Browser.close", page=False)
        async with asyncio.timeout(WITHIN_S):
            await line.ended.wait()
        await line.close()
