"""The armoury: nginx over https that lets in who presents a certificate of its own authority, and nobody else."""

from __future__ import annotations

import datetime
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.servers.certificates import Certificates
from tests.servers.process import LOOPBACK, once_written, programs_missing
from tests.servers.server import Server, running

READY = "main#ready"

Kind = Literal["ec", "rsa"]


@dataclass(frozen=True, slots=True)
class Holder:
    """An officer's certificate with its key, PEM."""

    certificate: bytes
    key: bytes

    def pkcs12(self, password: str) -> bytes:
        """The file that an officer is given."""
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            load_pem_private_key,
            pkcs12,
        )

        key = load_pem_private_key(self.key, None)
        assert isinstance(key, pkcs12.PKCS12PrivateKeyTypes)
        sealed = BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(
            b"officer", key, x509.load_pem_x509_certificate(self.certificate), None, sealed
        )


def missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing("nginx-light", "nginx")


class Armoury(Server):
    """The armoury at ``https://custody.localhost``; ``issue`` makes certificates that it takes."""

    def __init__(self, folder: Path, certificates: Certificates, authority: Armoury | None = None) -> None:
        import trustme  # not at the top: see missing()

        super().__init__(folder, "custody.localhost", scheme="https")
        self.url = f"{self.origin}/"
        self._authority = authority._authority if authority else trustme.CA(organization_name="Officers")
        self._others = trustme.CA(organization_name="Somebody else's officers")
        self._access = folder / "access.log"
        (folder / "officers.pem").write_bytes(self._authority.cert_pem.bytes())
        config = folder / "nginx.conf"
        temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in _TEMPORARY)
        config.write_text(_CONFIG.format(folder=folder, port=self.port, files=certificates.server, temporary=temporary))
        self.runs("nginx", "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log"))

    def issue(self, name: str, *, kind: Kind = "ec", ours: bool = True, days: int = 30) -> Holder:
        """Make a certificate for an officer; ``days`` below 0: its time is over."""
        import trustme

        now = datetime.datetime.now(datetime.UTC)
        leaf = (self._authority if ours else self._others).issue_cert(
            f"{name}@force.example",
            common_name=name,
            not_before=now - datetime.timedelta(days=90),
            not_after=now + datetime.timedelta(days=days),
            key_type=trustme.KeyType.RSA if kind == "rsa" else trustme.KeyType.ECDSA,
        )
        return Holder(leaf.cert_chain_pems[0].bytes(), leaf.private_key_pem.bytes())

    def let_in(self, at_least: int = 0) -> list[str]:
        """Who was let in, by the common names that they presented, once so many were: a line is written after its page.

        Raises ``TimeoutError``.
        """
        return once_written(self._let_in, lambda found: len(found) >= at_least)

    def _let_in(self) -> list[str]:
        lines = self._access.read_text().splitlines() if self._access.exists() else []
        return [line.partition("200 ")[2] for line in lines if line.startswith("200 ")]


def running_armoury(certificates: Certificates, *, authority: Armoury | None = None) -> AbstractContextManager[Armoury]:
    """The started armoury, ended and deleted afterwards; with the ``authority`` of another, it takes the same ones."""
    return running("nginx", lambda folder: Armoury(folder, certificates, authority))


_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

_CONFIG = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
  {temporary}
  log_format asked "$status $ssl_client_s_dn_cn";
  access_log {folder}/access.log asked;
  map $ssl_client_s_dn $ssl_client_s_dn_cn {{ default ""; "~CN=(?<cn>[^,]+)" $cn; }}
  default_type text/html;
  ssl_certificate {files.certificate};
  ssl_certificate_key {files.key};
  ssl_session_cache off;
  server {{
    listen {LOOPBACK}:{port} ssl;
    ssl_client_certificate {folder}/officers.pem;
    ssl_verify_client on;
    location / {{
      return 200 '<!doctype html><title>Armoury</title><main id="ready">$ssl_client_s_dn_cn</main>';
    }}
  }}
}}
""".replace("{LOOPBACK}", LOOPBACK)
