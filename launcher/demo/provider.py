"""The demo's provider: OpenID (authorization code with PKCE S256, refresh with rotation) and CAS, one session for all.
It takes tokens back and, told by a client whom it is about, logs off.

It stands in for the force's provider so that the demo needs nothing installed. The tests use a certified provider
that nobody here wrote. Specifications: OpenID Connect Core 1.0 and RP-Initiated Logout 1.0, RFC 7636 (PKCE), RFC 9068
(JWT access tokens), RFC 7009 (revocation).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from html import escape
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from launcher.demo.people import DemoOfficer
from launcher.demo.service_tickets import ServiceTickets
from launcher.demo.web import OwnOriginOnly, Sessions, page

TOKEN_S = 3600
CODE_S = 60.0
CHALLENGE_LENGTH = 43  # of a SHA-256 in base64url without padding (RFC 7636, 4.2)
TITLE = "Force account"


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """A registered client; ``client_secret`` is empty for the launcher itself, a public client."""

    client_id: str
    redirect_uri: str
    client_secret: str = ""
    post_logout_redirect_uri: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    client: ClientEntry
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    mode: str


@dataclass(frozen=True, slots=True)
class _Granted:
    asked: _Asked
    user_name: str
    until: float


@dataclass(slots=True)
class Provider:
    """The provider's state and its application."""

    issuer: str
    path: str
    officers: tuple[DemoOfficer, ...]
    clients: dict[str, ClientEntry]
    audiences: tuple[str, ...]
    tickets: ServiceTickets = field(default_factory=lambda: ServiceTickets(frozenset()))
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}))
    sessions: Sessions = field(default_factory=Sessions)
    unsaid: frozenset[str] = frozenset()  # what a test lets it not say of itself
    _asked: dict[str, Callable[[str], Response]] = field(default_factory=dict)  # how it leads back, told who it is
    _codes: dict[str, _Granted] = field(default_factory=dict)
    _refresh: dict[str, _Granted] = field(default_factory=dict)

    @property
    def public_keys(self) -> KeySet:
        """The keys that relying parties check signatures with."""
        return KeySet([RSAKey.import_key(self.key.as_dict(private=False, kid="demo", use="sig", alg="RS256"))])

    def app(self, delay_s: float = 0.0) -> Starlette:
        """Build the application."""
        route = [
            Route(self.path + "/.well-known/openid-configuration", self._metadata),
            Route(self.path + "/keys", self._keys),
            Route(self.path + "/authorize", self._authorize),
            Route(self.path + "/logon", self._logon, methods=["POST"]),
            Route(self.path + "/token", self._token, methods=["POST"]),
            Route(self.path + "/revoke", self._revoke, methods=["POST"]),
            Route(self.path + "/logout", self._logout, methods=["GET", "POST"]),
            Route(self.path + "/cas/login", self._cas_login),
            Route(self.path + "/cas/serviceValidate", self.tickets.validate),
        ]
        guard = Middleware(OwnOriginOnly, delay_s=delay_s, across=(self.path + "/token", self.path + "/revoke"))
        app = Starlette(routes=route, middleware=[guard])
        app.state.sessions = self.sessions
        return app

    async def _metadata(self, _: Request) -> Response:
        said: dict[str, object] = {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + "/authorize",
            "token_endpoint": self.issuer + "/token",
            "jwks_uri": self.issuer + "/keys",
            "revocation_endpoint": self.issuer + "/revoke",
            "end_session_endpoint": self.issuer + "/logout",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
            "scopes_supported": ["openid", "profile", "offline_access", *self.audiences],
        }
        return JSONResponse({name: value for name, value in said.items() if name not in self.unsaid})

    async def _keys(self, _: Request) -> Response:
        return JSONResponse(self.public_keys.as_dict(private=False))

    async def _authorize(self, request: Request) -> Response:
        query = request.query_params
        client = self.clients.get(query.get("client_id", ""))
        if client is None or query.get("redirect_uri") != client.redirect_uri:
            return page(TITLE, "<p role=alert id='refused'>This system is not known here.</p>", status=400)
        pkce = query.get("code_challenge_method") == "S256" and len(query.get("code_challenge", "")) == CHALLENGE_LENGTH
        if not pkce or query.get("response_type") != "code":
            return page(TITLE, "<p role=alert id='refused'>PKCE with S256 is required.</p>", status=400)
        asked = _Asked(
            client,
            client.redirect_uri,
            query.get("scope", ""),
            query.get("state", ""),
            query.get("nonce", ""),
            query.get("code_challenge", ""),
            query.get("response_mode", "query"),
        )
        who = self.sessions.who(request)
        if who is not None:
            return self._back(asked, who)
        if query.get("prompt") == "none":  # OpenID Connect Core 1.0, 3.1.2.6
            said = {"error": "login_required", "state": asked.state, "iss": self.issuer}
            return RedirectResponse(f"{asked.redirect_uri}?{urlencode(said)}", 302)
        return self._ask_for(partial(self._back, asked))

    async def _cas_login(self, request: Request) -> Response:
        service = request.query_params.get("service", "")
        if service not in self.tickets.services:
            return page(TITLE, "<p role=alert id='refused'>This system is not known here.</p>", status=400)
        who = self.sessions.who(request)
        return self._ask_for(partial(self.tickets.back, service)) if who is None else self.tickets.back(service, who)

    def _ask_for(self, back: Callable[[str], Response]) -> Response:
        key = secrets.token_urlsafe(16)
        self._asked[key] = back
        return self._ask(key)

    def _ask(self, key: str, said: str = "", name: str = "") -> Response:
        alert = f"<p role=alert id='refused'>{escape(said)}</p>" if said else ""
        return page(
            TITLE,
            f"<h1>Log on to your force account</h1>{alert}<form method=post action='{self.path}/logon'>"
            f"<input type=hidden name=key value='{key}'><label for=username>Name or number</label>"
            f"<input id=username name=username value='{escape(name, quote=True)}' autocomplete=off autofocus>"
            "<label for=password>Password</label><input id=password name=password type=password>"
            "<button id=go>Log on</button></form>",
            hue="steel",
            status=401 if said else 200,
        )

    async def _logon(self, request: Request) -> Response:
        form = await request.form()
        key, name = str(form.get("key", "")), str(form.get("username", ""))
        back = self._asked.get(key)
        if back is None:
            return page(TITLE, "<p role=alert id='refused'>This logon is too old. Start again.</p>", status=400)
        officer = next((one for one in self.officers if one.user_name == name), None)
        given = str(form.get("password", ""))
        if officer is None or not hmac.compare_digest(officer.password.encode(), given.encode()):
            return self._ask(key, "Name or password not recognised.", name)
        del self._asked[key]
        response = back(name)
        self.sessions.begin(name, response)
        return response

    def _back(self, asked: _Asked, user_name: str) -> Response:
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Granted(asked, user_name, time.monotonic() + CODE_S)
        query = urlencode({"code": code, "state": asked.state, "iss": self.issuer})
        return RedirectResponse(f"{asked.redirect_uri}?{query}", 302)

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        client = self._client(request, form)
        if client is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        if form.get("grant_type") == "authorization_code":
            granted = self._codes.pop(form.get("code", ""), None)
            verifier = form.get("code_verifier", "").encode()
            challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
            good = (
                granted is not None
                and granted.until > time.monotonic()
                and granted.asked.challenge == challenge
                and granted.asked.redirect_uri == form.get("redirect_uri")
            )
        elif form.get("grant_type") == "refresh_token":
            granted = self._refresh.pop(form.get("refresh_token", ""), None)
            good = granted is not None
        else:
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        if granted is None or not good or granted.asked.client != client:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(self._tokens(granted, form.get("scope") or granted.asked.scope))

    def _client(self, request: Request, form: dict[str, str]) -> ClientEntry | None:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return None
        else:
            client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        client = self.clients.get(client_id)
        if client is None or not hmac.compare_digest(client.client_secret.encode(), secret.encode()):
            return None
        return client

    def _tokens(self, granted: _Granted, scope: str) -> dict[str, object]:
        officer = next(one for one in self.officers if one.user_name == granted.user_name)
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": officer.subject, "aud": granted.asked.client.client_id, "iat": now,
            "exp": now + TOKEN_S, "nonce": granted.asked.nonce, "preferred_username": officer.user_name,
            "name": officer.display_name, "email": officer.mail, "groups": list(officer.groups),
        }  # fmt: skip
        audience = next((one for one in self.audiences if any(s.startswith(one) for s in scope.split())), self.issuer)
        access = {
            "iss": self.issuer, "sub": officer.subject, "aud": audience, "iat": now, "exp": now + TOKEN_S,
            "client_id": granted.asked.client.client_id, "scope": scope, "jti": secrets.token_urlsafe(12),
        }  # fmt: skip
        refresh = secrets.token_urlsafe(32)
        self._refresh[refresh] = granted
        return {
            "token_type": "Bearer",
            "expires_in": TOKEN_S,
            "scope": scope,
            "id_token": jwt.encode({"alg": "RS256", "kid": "demo"}, claims, self.key),
            "access_token": jwt.encode({"alg": "RS256", "kid": "demo", "typ": "at+jwt"}, access, self.key),
            "refresh_token": refresh,
        }

    async def _revoke(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        client = self._client(request, form)
        if client is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        granted = self._refresh.get(form.get("token", ""))
        if granted is not None and granted.asked.client == client:
            del self._refresh[form["token"]]
        return Response()  # a token that is none is void already (RFC 7009, 2.2)

    async def _logout(self, request: Request) -> Response:
        """End the browser's session for a client that says whose it is, and ask everybody else."""
        query = request.query_params
        client = self.clients.get(query.get("client_id", ""))
        back = query.get("post_logout_redirect_uri", "")
        if back and (client is None or back != client.post_logout_redirect_uri):
            return page(TITLE, "<p role=alert id='refused'>This system is not known here.</p>", status=400)
        who = self.sessions.who(request)
        known = self._is_hint(query.get("id_token_hint", ""), client, who)
        if who is not None and not known and request.method == "GET":
            action = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
            return page(
                TITLE,
                f"<h1>Log off?</h1><form method=post action='{escape(action, quote=True)}'>"
                "<button id=yes name=yes value=yes>Log off</button></form>",
                hue="steel",
            )
        response: Response = page(TITLE, "<p id='logged-off'>You are logged off.</p>", hue="steel")
        if back:
            response = RedirectResponse(f"{back}?{urlencode({'state': query.get('state', '')})}", 303)
        self.sessions.end(request)
        return response

    def _is_hint(self, untrusted_token: str, client: ClientEntry | None, who: str | None) -> bool:
        """Say whether this ID token, expired or not, was given to the client for the caller."""
        try:
            claims = jwt.decode(untrusted_token, self.public_keys, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            return False
        return (
            client is not None
            and claims.get("iss") == self.issuer
            and claims.get("aud") == client.client_id
            and claims.get("preferred_username") == who
        )
