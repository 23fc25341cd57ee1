"""How automation signs on to each of the demo's web systems: by its pages, as an officer would, or as a script does."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp
import requests

from launcher.demo.content import DemoSystem
from launcher.demo.estate import LAUNCHER, VEHICLES_API, Addresses
from launcher.demo.people import Account, DemoOfficer
from launcher.demo.systems.endpoint import LOGON
from tests.bench.driven_chromium import WITHIN_S, DrivenChromium

READY = "#work"
_SHADOW = "document.querySelector('force-logon')?.shadowRoot"
_CODE_S, _SOON_S = 30, 10
"""How long a one-time code lasts, and how long before its end the next one is as good as there."""


async def sign_on(chromium: DrivenChromium, system: DemoSystem, where: Addresses, officer: DemoOfficer) -> None:
    """Open a system and sign on to it, until its work is seen."""
    account = officer.accounts.get(system.id) or Account(officer.user_name, officer.password)
    url = f"{where.systems[system.id]}/"
    match system.how:
        case "basic":
            said = base64.b64encode(f"{account.user_name}:{account.password}".encode()).decode()
            await chromium.open_with(f"Basic {said}", url, READY)
        case "token":
            await chromium.open_with(f"Bearer {await _token(chromium, where)}", url, READY)
        case "endpoint":
            await chromium.open(url)
            await chromium.seen("#refused")
            body = json.dumps(json.dumps({"name": account.user_name, "password": account.password}))
            await chromium.evaluate(
                f"fetch({json.dumps(LOGON)}, {{method: 'POST', body: {body}}}).then(() => location.reload())"
            )
            await chromium.seen(READY)
        case _:
            await chromium.open(url)
            await _by_page(chromium, system, officer, account)
            await chromium.seen(READY)


async def _by_page(chromium: DrivenChromium, system: DemoSystem, officer: DemoOfficer, account: Account) -> None:
    match system.how:
        case "federated" | "cas":
            await _at_the_provider(chromium, officer, READY)
        case "two pages":
            await chromium.fill("#user", account.user_name)
            await chromium.press("#next")
            await chromium.fill("#password", account.password)
            await chromium.press("#go")
        case "pages":
            for field, value in (("#user", account.user_name), ("#password", account.password), ("#place", "north")):
                await chromium.fill(field, value, within=_SHADOW)
            await chromium.press("#go", within=_SHADOW)
            await chromium.seen("#start")
            await chromium.evaluate("document.querySelector('#duty').checked = true")
            await chromium.press("#start")
        case _:
            await chromium.fill("#user", account.user_name)
            await chromium.fill("#password", account.password)
            await chromium.press("#go")
            if system.how == "one-time code":
                # The one before, which is taken too, unless the present one ends soon: the next is the officer's.
                code = pyotp.TOTP(account.otp_seed).at(int(time.time()) - _CODE_S + _SOON_S)
                await chromium.fill("#code", code)
                await chromium.press("#check")


async def _at_the_provider(chromium: DrivenChromium, officer: DemoOfficer, ready: str) -> None:
    """Sign on there where nobody is yet."""
    await chromium.seen(f"#username, {ready}")
    if await chromium.evaluate("!!document.querySelector('#username')"):
        await chromium.fill("#username", officer.user_name)
        await chromium.fill("#password", officer.password)
        await chromium.press("#go")


async def _token(chromium: DrivenChromium, where: Addresses) -> str:
    """Have the provider give an access token, by authorization code and PKCE."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": LAUNCHER.client_id,
        "redirect_uri": LAUNCHER.redirect_uri,
        "response_type": "code",
        "scope": f"openid {VEHICLES_API}/read",
        "state": "driven",
        "nonce": "driven",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    await chromium.open(f"{where.issuer}/authorize?{urlencode(asked)}")
    answer = await chromium.went_to(LAUNCHER.redirect_uri)
    (code,) = parse_qs(urlsplit(answer).query)["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": LAUNCHER.client_id,
        "redirect_uri": LAUNCHER.redirect_uri,
        "code_verifier": verifier,
    }
    said = await asyncio.to_thread(
        requests.post, f"{where.issuer}/token", form, verify=str(where.ca_file), timeout=WITHIN_S
    )
    return str(said.json()["access_token"])
