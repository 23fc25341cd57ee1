"""OpenLDAP's own client, to prove the directory and the proxies without any code of ours."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import clean_environment


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ldapwhoami`` said: its status (49 is "invalid credentials") and its words, the policy's included."""

    status: int
    text: str


def bind(url: str, dn: str, password: str, ca: Path, *, starttls: bool = False, timeout_s: int = 5) -> Answer:
    """Bind once with the password policy control and say what came of it; status −1 is no answer in time."""
    # For "localhost" libldap expects the machine's own name in the certificate; the address is in ours too.
    url = url.replace("//localhost:", "//127.0.0.1:")
    argv = [
        "ldapwhoami",
        "-x",
        "-e",
        "ppolicy",
        "-H",
        url,
        "-D",
        dn,
        "-y",
        "/dev/stdin",
        *(["-ZZ"] if starttls else []),
    ]
    try:
        done = subprocess.run(
            argv,
            input=password,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            env=clean_environment(ca.parent) | {"LDAPTLS_CACERT": str(ca), "LDAPTLS_REQCERT": "demand"},
        )
    except subprocess.TimeoutExpired:
        return Answer(-1, "")
    return Answer(done.returncode, done.stdout + done.stderr)
