"""The road to the provider: TLS with our own trust, nothing from the environment, bounded in time and size.

It is what MSAL is given as its ``http_client``; discovery and the signing keys come by it too. No call raises anything
but a :class:`LauncherError`, and none puts a token, a code or a body into it.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection

from launcher.errors import SettingsError
from launcher.identity.federated.errors import (
    ProviderAnswerError,
    ProviderCertificateError,
    ProviderUnreachableError,
)

CONNECT_S = 3.0
ANSWER_S = 10.0
LARGEST_ANSWER = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; ``text`` may hold tokens and is never shown."""

    status_code: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class ProviderHttp:
    """A client of one provider. Blocking: call it from a worker thread."""

    def __init__(self, ca_file: Path | None) -> None:
        try:
            context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        except (OSError, ssl.SSLError) as fault:
            raise SettingsError(f"The provider's CA file cannot be used: {ca_file}", detail=str(fault)) from None
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc and no REQUESTS_CA_BUNDLE of whoever started us
        self._session.adapters.clear()  # no http://, whatever a document says
        self._session.mount("https://", _OwnTrust(context))
        self._kept: dict[str, Answer] = {}

    def keep(self, url: str) -> Answer:
        """Get the document and give the same answer to whoever asks for it later.

        MSAL fetches the discovery document by itself; so it works with the very one that we have checked.
        """
        answer = self.get(url)
        if answer.status_code == requests.codes.ok:
            self._kept[url] = answer
        return answer

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a GET; the shape is that of ``requests``, as MSAL wants it."""
        if not params and (kept := self._kept.get(url)):
            return kept
        return self._ask("GET", url, params, None, headers)

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a POST with a form as its body."""
        return self._ask("POST", url, params, data, headers)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _ask(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        data: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        host = _host(url)
        # Not "from fault" below: the library's exceptions hold the request, and that holds codes and tokens.
        try:
            with self._session.request(
                method,
                url,
                params=params,
                data=data,
                headers=headers,
                timeout=(CONNECT_S, ANSWER_S),
                allow_redirects=False,  # a code or token goes where the provider's document says, and nowhere else
                stream=True,
            ) as response:
                body = _body(response, host)
                return Answer(response.status_code, body, dict(response.headers))
        except requests.exceptions.RequestException as fault:
            certificate, wrong_address = _certificate_fault(fault), isinstance(fault, ValueError)
            kind = type(fault).__name__
        if certificate:
            raise ProviderCertificateError(
                f"The certificate of {host} is not one this station trusts.", detail=certificate
            )
        if wrong_address:
            raise ProviderAnswerError(f"The provider names an address that cannot be used: {host}", detail=kind)
        raise ProviderUnreachableError(f"{host} does not answer.", detail=kind)


class _LoopbackConnection(HTTPSConnection):
    """Knows that ``*.localhost`` is this machine (RFC 6761), as browsers do and the C library here does not."""

    def _new_conn(self):  # type: ignore[no-untyped-def] # a socket, as the base says
        name = self._dns_host
        if name.rstrip(".").endswith(".localhost"):
            self._dns_host = "localhost"
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name  # the certificate is checked against the name that was asked for


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _LoopbackConnection


class _OwnTrust(HTTPAdapter):
    """Verifies with our context alone; the stock adapter would add the bundle that comes with the library."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **settings: object) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Leave the trust to the context."""


def _body(response: requests.Response, host: str) -> str:
    deadline = time.monotonic() + ANSWER_S
    read = bytearray()
    for chunk in response.iter_content(16384):
        read += chunk
        if len(read) > LARGEST_ANSWER:
            raise ProviderAnswerError(f"{host} sent more than an answer may hold.")
        if time.monotonic() > deadline:
            raise ProviderUnreachableError(f"{host} answers too slowly.")
    return read.decode(errors="replace")


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or "the provider"
    except ValueError:
        return "the provider"


def _certificate_fault(fault: BaseException) -> str:
    """Say what is wrong with the certificate, if that is what the fault is about; its cause lies deep."""
    waiting: list[object] = [fault]
    met: set[int] = set()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in met:
            continue
        met.add(id(one))
        if isinstance(one, ssl.SSLCertVerificationError):
            return one.verify_message
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return ""
