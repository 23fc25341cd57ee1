"""The cookies of a managed browser: those that are put into it, and the values of those that it has."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from launcher.session.browser_cookie import BrowserCookie, given_to

if TYPE_CHECKING:
    from launcher.shell.surfaces.managed.devtools import Line

CookiesOf = Callable[[tuple[str, ...]], Awaitable[tuple[BrowserCookie, ...]]]

ANSWER_S: Final = 2.0
"""A stopped browser, or one that is busy, is not waited for."""


async def put(line: Line, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...]) -> tuple[BrowserCookie, ...]:
    """Put in those that one of the origins is given, as far as the browser takes them in time, and return these.

    One by one: it refuses all that it is given together with one that it does not take.
    """
    from launcher.shell.surfaces.managed.devtools import AskRefusedError, LineEndedError  # late: see browser.py

    taken: list[BrowserCookie] = []
    with suppress(LineEndedError, TimeoutError):
        async with asyncio.timeout(ANSWER_S):
            for cookie in cookies:
                if (origin := given_to(cookie.domain, origins)) is None:
                    continue
                with suppress(AskRefusedError):
                    await line.ask("Storage.setCookies", {"cookies": [_theirs(cookie, origin)]}, page=False)
                    taken.append(cookie)
    return tuple(taken)


async def values(line: Line) -> frozenset[bytes]:
    """Return the values of all that it has; nothing where it does not answer."""
    from launcher.shell.surfaces.managed.devtools import AskRefusedError, LineEndedError  # late: see browser.py

    try:
        async with asyncio.timeout(ANSWER_S):
            untrusted = (await line.ask("Storage.getCookies", page=False)).get("cookies")
    except (AskRefusedError, LineEndedError, TimeoutError):
        return frozenset()
    held = untrusted if isinstance(untrusted, list) else []
    return frozenset(
        value.encode() for one in held if isinstance(one, dict) and isinstance(value := one.get("value"), str)
    )


def _theirs(cookie: BrowserCookie, origin: str) -> dict[str, object]:
    theirs: dict[str, object] = {
        "name": cookie.name,
        "value": cookie.value.reveal(),
        "url": f"{origin}{cookie.path}",
        "path": cookie.path,
        "secure": cookie.secure,
        "httpOnly": cookie.http_only,
    }
    if (port := urlsplit(origin).port) is not None:
        theirs["sourcePort"] = port
    if not cookie.host_only:
        theirs["domain"] = cookie.domain
    if cookie.expires_at is not None:
        theirs["expires"] = cookie.expires_at
    return theirs
