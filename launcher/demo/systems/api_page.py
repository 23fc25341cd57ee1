"""A page without a logon of its own, fed by an API that wants an access token (RFC 6750) for its own audience."""

from __future__ import annotations

import json

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from launcher.demo.web import OwnOriginOnly, Table, page

SCRIPT = """
fetch('/api/records').then(async (answer) => {
  const said = document.getElementById('said');
  if (!answer.ok) { said.id = 'refused'; said.setAttribute('role', 'alert');
    said.textContent = 'The records are not available to you (' + answer.status + ').'; return; }
  const data = await answer.json(), table = document.createElement('table'), head = table.insertRow();
  for (const column of data.columns) { const cell = document.createElement('th'); cell.textContent = column;
    head.append(cell); }
  for (const row of data.rows) { const line = table.insertRow();
    for (const text of row) line.insertCell().textContent = text; }
  table.id = 'work'; said.replaceWith(table);
});
"""


def api_page_system(
    title: str, hue: str, table: Table, *, issuer: str, audience: str, keys: KeySet, delay_s: float = 0.0
) -> Starlette:
    """Build the application; ``keys`` are the provider's public keys."""

    def allowed(request: Request) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        try:
            token = jwt.decode(value, keys, algorithms=["RS256"])
            jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": issuer},
                aud={"essential": True, "value": audience},
                exp={"essential": True},
            ).validate(token.claims)
        except (JoseError, ValueError):
            return False
        return True

    async def work(_: Request) -> Response:
        return page(
            title, f"<h1>{table.heading}</h1><p id='said'>Loading records.</p><script>{SCRIPT}</script>", hue=hue
        )

    async def records(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse({"error": "invalid_token"}, 401, {"WWW-Authenticate": "Bearer"})
        return JSONResponse(json.loads(json.dumps({"columns": table.columns, "rows": table.rows})))

    async def note(request: Request) -> Response:
        return Response(status_code=204 if allowed(request) else 401)

    return Starlette(
        routes=[Route("/", work), Route("/api/records", records), Route("/note", note, methods=["POST"])],
        middleware=[Middleware(OwnOriginOnly, delay_s=delay_s)],
    )
