"""The road to the provider, as MSAL wants its ``http_client``; discovery and the signing keys come by it too.

No call raises anything but a :class:`LauncherError`, and none puts a token, a code or a body into it.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launcher.errors import SettingsError
from launcher.identity import http
from launcher.identity.federated.errors import (
    ProviderAnswerError,
    ProviderCertificateError,
    ProviderUnreachableError,
)

_OK = 200


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
            context = http.trusting([ca_file], system=ca_file is None)
        except (OSError, ssl.SSLError) as fault:
            raise SettingsError(f"The provider's CA file cannot be used: {ca_file}", detail=str(fault)) from None
        self._client = http.Client(context)
        self._kept: dict[str, Answer] = {}

    def keep(self, url: str) -> Answer:
        """Get the document and give the same answer to whoever asks for it later.

        MSAL fetches the discovery document by itself; so it works with the very one that we have checked.
        """
        answer = self.get(url)
        if answer.status_code == _OK:
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
        self._client.close()

    def _ask(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        data: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        try:
            answer = self._client.ask(method, url, params=params, data=data, headers=headers)
        except http.HttpFault as fault:
            raise _said(fault) from None
        return Answer(answer.status, answer.text, answer.headers)


def _said(fault: http.HttpFault) -> ProviderCertificateError | ProviderAnswerError | ProviderUnreachableError:
    host = fault.host or "the provider"
    match fault:
        case http.CertificateFault():
            return ProviderCertificateError(
                f"The certificate of {host} is not one this station trusts.", detail=fault.why
            )
        case http.AddressFault():
            return ProviderAnswerError(f"The provider names an address that cannot be used: {host}", detail=fault.why)
        case http.LargeAnswer():
            return ProviderAnswerError(f"{host} sent more than an answer may hold.")
        case http.SlowAnswer():
            return ProviderUnreachableError(f"{host} answers too slowly.")
        case _:
            return ProviderUnreachableError(f"{host} does not answer.", detail=fault.why)
