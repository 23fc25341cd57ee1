"""The reference of a logon: Debian's Chromium, warm, driven over its debugging pipe as automation does it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from launcher.shell.surfaces.managed.devtools import AskRefusedError, Line

WITHIN_S = 60.0
POLL_S = 0.004

# Value and events as a person's typing has them; automation's libraries do the same.
_FILL = """((field, value) => { if (!field) return false; field.value = value;
field.dispatchEvent(new Event('input', {bubbles: true})); field.dispatchEvent(new Event('change', {bubbles: true}));
return true; })"""


def missing() -> str | None:
    """What is not there, if anything."""
    return None if shutil.which("chromium") else "chromium is not installed"


class DrivenChromium:
    """One browser with one page."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def forget(self) -> None:
        """Empty the profile of who was signed on."""
        await self._line.ask("Network.clearBrowserCookies")

    async def open(self, url: str) -> None:
        """Go to an address."""
        await self._line.ask("Page.navigate", {"url": url})

    async def open_with(self, authorization: str, url: str, shows: str) -> None:
        """Go to an address with a header in each request, until the page shows an element."""
        await self._line.ask("Network.setExtraHTTPHeaders", {"headers": {"Authorization": authorization}})
        await self.open(url)
        await self.seen(shows)
        await self._line.ask("Network.setExtraHTTPHeaders", {"headers": {}})

    async def went_to(self, beginning: str) -> str:
        """Wait until the page was sent to an address that begins so, whether anybody answers there; return it all."""
        by = time.monotonic() + WITHIN_S
        while time.monotonic() < by:
            with suppress(AskRefusedError):  # between two documents
                history = await self._line.ask("Page.getNavigationHistory")
                entries, current = history.get("entries"), history.get("currentIndex")
                if isinstance(entries, list) and isinstance(current, int):
                    url = str(entries[current].get("url"))
                    if url.startswith(beginning):
                        return url
            await asyncio.sleep(POLL_S)
        raise RuntimeError(f"not led to {beginning}")

    async def fill(self, field: str, value: str, *, within: str = "document") -> None:
        """Write into a field once it is there; ``within``: a script's expression for where it stands."""
        await self.seen(field, within=within)
        await self.evaluate(f"{_FILL}({within}.querySelector({json.dumps(field)}), {json.dumps(value)})")

    async def press(self, control: str, *, within: str = "document") -> None:
        """Press a control once it is there."""
        await self.seen(control, within=within)
        await self.evaluate(f"{within}.querySelector({json.dumps(control)}).click()")

    async def seen(self, element: str, *, within: str = "document") -> None:
        """Wait until the page has an element."""
        by = time.monotonic() + WITHIN_S
        while not await self.evaluate(f"!!({within}?.querySelector({json.dumps(element)}))"):
            if time.monotonic() > by:
                raise RuntimeError(f"not seen: {element}")
            await asyncio.sleep(POLL_S)

    async def evaluate(self, script: str) -> object:
        """Run a script in the page; None where it could not be run: between two documents, for one."""
        try:
            said = await self._line.ask("Runtime.evaluate", {"expression": script, "returnByValue": True})
        except AskRefusedError:
            return None
        result = said.get("result")
        return result.get("value") if isinstance(result, dict) else None


@asynccontextmanager
async def driven_chromium(
    folder: Path, *, negotiates: str = "", environment: Mapping[str, str] | None = None
) -> AsyncIterator[DrivenChromium]:
    """Start the browser, without a screen and with nothing of its own to do, and end it.

    ``negotiates``: the hosts that are shown the ticket which the ``environment`` leads to.
    """
    profile = folder / "profile"
    profile.mkdir()
    # A fresh profile else fails its first Negotiate challenge.
    known = {"net": {"received_http_auth_negotiate_headers": True}}
    (profile / "Local State").write_text(json.dumps(known), encoding="utf-8")
    argv = [
        shutil.which("chromium") or "chromium",
        "--remote-debugging-pipe", f"--user-data-dir={profile}", "--headless=new", "--disable-gpu",
        "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-extensions", "--disable-dev-shm-usage", "--ignore-certificate-errors", "--window-size=1280,800",
        f"--auth-server-allowlist={negotiates}", "about:blank",
    ]  # fmt: skip
    if os.geteuid() == 0:
        argv.insert(-1, "--no-sandbox")
    line = await Line.open(tuple(argv), {**os.environ, "HOME": str(folder), **(environment or {})}, folder)
    try:
        for domain in ("Page.enable", "Network.enable"):
            await line.ask(domain)
        yield DrivenChromium(line)
    finally:
        line.tell("Browser.close", page=False)
        async with asyncio.timeout(WITHIN_S):
            await line.ended.wait()
        await line.close()
