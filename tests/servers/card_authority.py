"""The authority behind officers' cards in a Kerberos realm (PKINIT, RFC 4556): its key, the realm's and theirs."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from tests.servers.process import clean_environment, files_missing

_EXTENSIONS: Final = """\
[x]
basicConstraints=CA:FALSE
keyUsage=digitalSignature,nonRepudiation,keyEncipherment,keyAgreement
extendedKeyUsage={purpose}
subjectAltName=otherName:1.3.6.1.5.2.2;SEQUENCE:principal
[principal]
realm=EXP:0,GeneralString:{realm}
principal_name=EXP:1,SEQUENCE:name
[name]
name_type=EXP:0,INTEGER:{kind}
name_string=EXP:1,SEQUENCE:parts
[parts]
{parts}
"""
_REALM_S, _OFFICER_S = "1.3.6.1.5.2.3.5", "1.3.6.1.5.2.3.4,clientAuth"


def missing() -> str | None:
    """What is not installed, if anything."""
    return files_missing("krb5-pkinit", "/usr/lib/x86_64-linux-gnu/krb5/plugins/preauth/pkinit.so")


class CardAuthority:
    """Makes certificates of one realm in a folder."""

    def __init__(self, folder: Path, realm: str) -> None:
        self._folder = folder
        self._realm = realm
        usage = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self._openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=Card authority",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            *usage,
        )
        self._issue("kdc", _REALM_S, 2, f"a=GeneralString:krbtgt\nb=GeneralString:{realm}")
        self.trusted = f"pkinit_anchors = FILE:{folder / 'ca.pem'}"
        self.shown = f"pkinit_identity = FILE:{folder / 'kdc.pem'},{folder / 'kdc.key'}\n  {self.trusted}"

    def issue(self, name: str, pin: str) -> str:
        """Make an officer's certificate, its key under a PIN, and return where they lie as kinit names it."""
        self._issue(name, _OFFICER_S, 1, f"a=GeneralString:{name}")
        key = self._folder / f"{name}.key"
        self._openssl("rsa", "-aes256", "-passout", "stdin", "-in", str(key), "-out", f"{name}.locked", given=pin)
        key.unlink()
        return f"FILE:{self._folder / name}.pem,{self._folder / name}.locked"

    def issue_pkcs12(self, name: str, word: str) -> bytes:
        """Make an officer's certificate and key in one file under a word, as a card takes them."""
        self._issue(name, _OFFICER_S, 1, f"a=GeneralString:{name}")
        held = ("-inkey", f"{name}.key", "-in", f"{name}.pem", "-name", name)
        self._openssl("pkcs12", "-export", *held, "-passout", "stdin", "-out", f"{name}.p12", given=word)
        return (self._folder / f"{name}.p12").read_bytes()

    def _issue(self, name: str, purpose: str, kind: int, parts: str) -> None:
        extensions = self._folder / f"{name}.extensions"
        extensions.write_text(_EXTENSIONS.format(purpose=purpose, realm=self._realm, kind=kind, parts=parts))
        self._openssl(
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            f"/CN={name}",
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.csr",
        )
        self._openssl(
            "x509",
            "-req",
            "-in",
            f"{name}.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "30",
            "-extfile",
            str(extensions),
            "-extensions",
            "x",
            "-out",
            f"{name}.pem",
        )

    def _openssl(self, *arguments: str, given: str = "") -> None:
        subprocess.run(
            ("openssl", *arguments),
            cwd=self._folder,
            input=given,
            text=True,
            capture_output=True,
            check=True,
            timeout=20,
            env=clean_environment(self._folder),
        )
