"""Signs on by one request out of the browser: it is sent once, led nowhere, and what answers it is judged by the entry.

An answer that is neither the one nor the other is an error and speaks against nobody's password, which was given all
the same: nobody knows whether it counts as a wrong one.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

from pydantic import JsonValue

from launcher.addresses import host_of
from launcher.connectors.plan import WebEndpoint
from launcher.errors import LauncherError, SettingsError
from launcher.identity import http
from launcher.identity.worker import Worker
from launcher.recipes.steps import FIELD_VALUE
from launcher.session.browser_cookie import BrowserCookie, given_to
from launcher.session.set_cookies import cookies_from
from launcher.sign_on.driver import SystemCertificateRefusedError, SystemUnreachableError
from launcher.sign_on.outcome import SignOnOutcome, SignOnRefusedError
from launcher.sign_on.run import Values
from launcher.sign_on.serving import again_in_words, wait_asked_s

_ACCEPTS: Final = "application/json, text/html;q=0.9, */*;q=0.8"
_CALLED: Final = "Mozilla/5.0 (compatible; Station Launcher)"
_TOO_MANY: Final = 429


class EndpointAnswerError(LauncherError):
    """The address that signs on answered something that its entry does not know, or gave no cookie."""

    reference = "endpoint-answer-unexpected"
    hint = "Open it again. If it happens again, tell the helpdesk the reference: how this system signs on has changed."
    retryable = True


class EndpointUnansweredError(SystemUnreachableError):
    """The request may have gone out, and was not answered: the system may have the name and password."""


async def sign_on_at(
    endpoint: WebEndpoint, origins: tuple[str, ...], values: Values, within_s: float
) -> tuple[BrowserCookie, ...] | SignOnOutcome:
    """Send the request, once, and return the cookies that it gave; or the outcome where the system refused.

    Raises :class:`EndpointAnswerError` or :class:`EndpointUnansweredError` once it may have gone out, before that
    ``system-unreachable``, ``system-certificate-refused`` or what a missing value raises.
    """
    headers, content = await _content(endpoint, values)
    host = host_of(endpoint.url)
    # Not on the loop's own threads: a host that says nothing holds one, and an exit waits for those.
    worker = Worker("endpoint")
    try:
        async with asyncio.timeout(within_s):
            answer = await worker.run(lambda: _ask(endpoint, headers, content))
    except TimeoutError:
        raise EndpointUnansweredError(f"{host} did not answer in time.") from None
    finally:
        worker.close()
    return _judged(endpoint, origins, answer)


def _ask(endpoint: WebEndpoint, headers: Mapping[str, str], content: bytes) -> http.HttpAnswer:
    try:
        client = http.Client(http.trusting([endpoint.ca_file]), plain_on_loopback=True)
    except (OSError, ssl.SSLError) as fault:
        raise SettingsError(f"The CA file cannot be used: {endpoint.ca_file}", detail=str(fault)) from None
    try:
        return client.ask(endpoint.method, endpoint.url, data=content, headers=headers)
    except http.CertificateFault as fault:
        raise SystemCertificateRefusedError(
            f"The certificate of {fault.host} was refused: {fault.why.rstrip('.')}.", detail=fault.why
        ) from None
    except http.LargeAnswer as fault:
        raise EndpointAnswerError(f"{fault.host} sent more than an answer may hold.") from None
    except http.SlowAnswer as fault:
        raise EndpointUnansweredError(f"{fault.host} answers too slowly.") from None
    except (http.NotReached, http.AddressFault) as fault:
        raise SystemUnreachableError(f"{fault.host} does not answer.", detail=fault.why) from None
    except http.HttpFault as fault:
        raise EndpointUnansweredError(f"{fault.host} does not answer.", detail=fault.why) from None
    finally:
        client.close()


async def _content(endpoint: WebEndpoint, values: Values) -> tuple[Mapping[str, str], bytes]:
    parts = urlsplit(endpoint.url)
    headers = {"Accept": _ACCEPTS, "User-Agent": _CALLED, "Origin": f"{parts.scheme}://{parts.netloc}"}
    named = {name for _, text in endpoint.fields for name in FIELD_VALUE.findall(text)}
    named |= set(FIELD_VALUE.findall(endpoint.body))
    given = {name: (await values.resolve(name)).reveal() for name in sorted(named)}
    if endpoint.fields:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers, urlencode([(key, _filled(text, given)) for key, text in endpoint.fields]).encode()
    headers["Content-Type"] = "application/json"
    template: JsonValue = json.loads(endpoint.body)
    return headers, json.dumps(_filled_in(template, given)).encode()


def _filled(text: str, given: Mapping[str, str]) -> str:
    return FIELD_VALUE.sub(lambda found: given[found[1]], text)


def _filled_in(value: JsonValue, given: Mapping[str, str]) -> JsonValue:
    match value:
        case str():
            return _filled(value, given)
        case dict():
            return {key: _filled_in(one, given) for key, one in value.items()}
        case list():
            return [_filled_in(one, given) for one in value]
        case _:
            return value


def _judged(
    endpoint: WebEndpoint, origins: tuple[str, ...], untrusted: http.HttpAnswer
) -> tuple[BrowserCookie, ...] | SignOnOutcome:
    host, status = host_of(endpoint.url), untrusted.status
    refused = endpoint.failed_text and endpoint.failed_text in untrusted.text
    if status in endpoint.failed_status or refused:
        seen = f"{host}{urlsplit(endpoint.url).path}, HTTP status {status}"
        return SignOnOutcome("failed", endpoint.says, seen, 0, SignOnRefusedError.reference, tried=True)
    if status >= 500 or status == _TOO_MANY:
        again_s = wait_asked_s(_header(untrusted.headers, "retry-after"))
        raise EndpointUnansweredError(
            f"{host} cannot serve now.{again_in_words(again_s)}", detail=f"HTTP status {status}"
        )
    if status not in endpoint.ready_status:
        raise EndpointAnswerError(f"{host} answered the logon with HTTP status {status}.")
    if endpoint.ready_text not in untrusted.text:
        raise EndpointAnswerError(f"{host} did not answer what proves that the logon was accepted.")
    cookies = tuple(
        one
        for one in cookies_from(untrusted.set_cookies, endpoint.url)
        if given_to(one.domain, origins) is not None and (not endpoint.cookies or one.name in endpoint.cookies)
    )
    missing = [name for name in endpoint.cookies if name not in {one.name for one in cookies}]
    if missing or not cookies:
        raise EndpointAnswerError(f"{host} gave no cookie {', '.join(missing)}".rstrip() + " for this system's pages.")
    return cookies


def _header(untrusted_headers: Mapping[str, str], name: str) -> str:
    return next((value for one, value in untrusted_headers.items() if one.lower() == name), "")
