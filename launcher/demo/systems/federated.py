"""A system that trusts the force's OpenID provider: an OpenID Connect relying party, code flow with PKCE."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from launcher.demo.web import OwnOriginOnly, Sessions, Table, found, page, table_page


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows this system by."""

    client_id: str
    client_secret: str
    redirect_uri: str


def federated_system(
    title: str,
    hue: str,
    table: Table,
    *,
    issuer: str,
    client: Client,
    keys: KeySet,
    ca_file: str,
    delay_s: float = 0.0,
) -> Starlette:
    """Build the application; without a session it goes to the provider and comes back signed on."""
    sessions = Sessions()
    started: dict[str, tuple[str, str]] = {}  # state: nonce, verifier

    def to_provider() -> Response:
        state, nonce, verifier = (secrets.token_urlsafe(24) for _ in range(3))
        started[state] = (nonce, verifier)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode(
            {
                "response_type": "code",
                "client_id": client.client_id,
                "redirect_uri": client.redirect_uri,
                "scope": "openid profile",
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        return RedirectResponse(f"{issuer}/authorize?{query}", 302)

    async def work(request: Request) -> Response:
        who = sessions.who(request)
        return to_provider() if who is None else table_page(title, table, hue=hue, who=who)

    def redeem(code: str, verifier: str) -> dict[str, object]:
        with requests.Session() as road:  # a connection kept open would hold the provider's end up
            road.trust_env = False  # an environment's CA bundle would win over ours
            road.verify = ca_file
            answer = road.post(
                f"{issuer}/token",
                data={
                    "grant_type": "authorization_code",
                    "code": code,
                    "redirect_uri": client.redirect_uri,
                    "code_verifier": verifier,
                },
                auth=(client.client_id, client.client_secret),
                timeout=20,
            )
        answer.raise_for_status()
        body: dict[str, object] = answer.json()
        return body

    async def callback(request: Request) -> Response:
        nonce, verifier = started.pop(request.query_params.get("state", ""), ("", ""))
        if not nonce or "code" not in request.query_params:
            return page(title, "<p role=alert id='refused'>The logon was not completed.</p>", hue=hue, status=400)
        try:
            answer = await run_in_threadpool(redeem, request.query_params["code"], verifier)
            token = jwt.decode(str(answer["id_token"]), keys, algorithms=["RS256"])
            jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": issuer},
                aud={"essential": True, "value": client.client_id},
                nonce={"essential": True, "value": nonce},
                exp={"essential": True},
            ).validate(token.claims)
        except (JoseError, ValueError, KeyError, requests.RequestException):
            return page(title, "<p role=alert id='refused'>The logon was refused.</p>", hue=hue, status=401)
        response = found("/")
        sessions.begin(str(token.claims.get("preferred_username", token.claims["sub"])), response)
        return response

    async def note(request: Request) -> Response:
        return found("/") if sessions.who(request) else to_provider()

    app = Starlette(
        routes=[Route("/", work), Route("/callback", callback), Route("/note", note, methods=["POST"])],
        middleware=[Middleware(OwnOriginOnly, delay_s=delay_s)],
    )
    app.state.sessions = sessions
    return app
