"""What a server's Set-Cookie lines say, as a browser reads them (RFC 6265, 5.2 and 5.3; prefixes: RFC 6265bis)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from launcher.addresses import hostname_of, is_private
from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie

LONGEST: Final = 4096
MOST: Final = 100

_BLANK: Final = " \t"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ADDRESS: Final = re.compile(r"[\d.]+|.*:.*")


def cookies_from(untrusted_lines: Iterable[str], url: str, *, now_s: float | None = None) -> tuple[BrowserCookie, ...]:
    """Return the cookies that an answer from this address has set and not taken back; what is no cookie is left out.

    A cookie for other hosts than the address's own and those above it in its domain is none.
    """
    now_s = time.time() if now_s is None else now_s
    kept: dict[tuple[str, str, str], BrowserCookie] = {}
    for untrusted in tuple(untrusted_lines)[:MOST]:
        cookie = _cookie(untrusted, url, now_s)
        if cookie is None:
            continue
        key = (cookie.name, cookie.domain, cookie.path)
        kept.pop(key, None)
        if cookie.expires_at is None or cookie.expires_at > now_s:
            kept[key] = cookie
    return tuple(kept.values())


def _cookie(untrusted: str, url: str, now_s: float) -> BrowserCookie | None:
    if len(untrusted) > LONGEST or _CONTROL.search(untrusted):
        return None
    pair, *rest = untrusted.split(";")
    name, equals, value = pair.partition("=")
    name, value = name.strip(_BLANK), value.strip(_BLANK)
    if not equals or not name:
        return None
    said = _attributes(rest)
    parts = urlsplit(url)
    host = hostname_of(url)
    domain = _domain(said.get("domain", ""), host)
    path = said.get("path", "")
    if not path.startswith("/"):
        path = parts.path.rpartition("/")[0] or "/"
    secure, private = "secure" in said, is_private(url)
    if domain is None or (secure and not private):
        return None
    if name.lower().startswith(("__secure-", "__host-")) and not secure:
        return None
    if name.lower().startswith("__host-") and (domain.startswith(".") or path != "/"):
        return None
    return BrowserCookie(
        name=name,
        value=Secret(value),
        domain=domain,
        path=path,
        secure=secure,
        http_only="httponly" in said,
        expires_at=_expires_at(said, now_s),
    )


def _attributes(untrusted: Iterable[str]) -> dict[str, str]:
    """Return what follows the value, by name in lower case; of two of the same name the later one counts."""
    found = {}
    for one in untrusted:
        name, _, value = one.partition("=")
        found[name.strip(_BLANK).lower()] = value.strip(_BLANK)
    return found


def _domain(untrusted: str, host: str) -> str | None:
    """Return the host, or a dot and the domain that has it; None where the server speaks for others."""
    named = untrusted.lower().removeprefix(".")
    if not named:
        return host
    if named == host:
        # Of an address or a name of one label there is nothing below.
        return host if _ADDRESS.fullmatch(host) or "." not in host else f".{named}"
    if _ADDRESS.fullmatch(host) or "." not in named or not host.endswith(f".{named}"):
        return None
    return f".{named}"


def _expires_at(said: dict[str, str], now_s: float) -> int | None:
    lasts = said.get("max-age", "")
    if re.fullmatch(r"-?\d{1,12}", lasts):
        return round(now_s) + int(lasts) if int(lasts) > 0 else 0
    try:
        return max(0, round(parsedate_to_datetime(said["expires"]).timestamp()))
    except (KeyError, ValueError, OverflowError):
        return None
