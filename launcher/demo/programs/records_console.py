"""A records program of the demo: wants name and password on its standard input or an inherited descriptor.

Run as a program of its own, with the standard library only. It refuses a wrong password with exit status 3, and a
session left without a command for ``--idle-s`` ends by itself.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import select
import sys
from pathlib import Path

REFUSED = 3


def _credentials(descriptor: int) -> tuple[str, str]:
    with os.fdopen(descriptor, "rb", buffering=0, closefd=descriptor != 0) as pipe:
        lines: list[bytes] = []
        line = b""
        while len(lines) < 2 and (byte := pipe.read(1)):
            if byte == b"\n":
                lines.append(line)
                line = b""
            else:
                line += byte
    if len(lines) < 2:
        return "", ""
    return lines[0].decode(), lines[1].decode()


def main() -> int:
    """Sign a caller on, say so, and answer commands until the pipe closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--title", required=True)
    parser.add_argument("--accounts", required=True, type=Path)
    parser.add_argument("--credentials-fd", type=int, default=0)
    parser.add_argument("--idle-s", type=float, default=1800.0)
    parser.add_argument("--delay-s", type=float, default=0.0)
    options = parser.parse_args()
    print(f"{options.title}: waiting for name and password", flush=True)
    user_name, password = _credentials(options.credentials_fd)
    if options.delay_s:
        select.select([], [], [], options.delay_s)
    account = json.loads(options.accounts.read_text()).get(user_name, {"salt": "00", "hash": ""})
    digest = hashlib.scrypt(password.encode(), salt=bytes.fromhex(account["salt"]), n=2**12, r=8, p=1).hex()
    if not hmac.compare_digest(digest, account["hash"]):
        print("REFUSED: name or password not recognised", flush=True)
        return REFUSED
    print(f"READY: {options.title} for {user_name}", flush=True)
    while True:
        readable, _, _ = select.select([sys.stdin], [], [], options.idle_s)
        if not readable:
            print("EXPIRED: nothing was asked for too long, log on again", flush=True)
            return 0
        command = sys.stdin.readline()
        if not command:
            return 0
        print(f"{len(command.split())} words received, 0 records match", flush=True)


if __name__ == "__main__":
    sys.exit(main())
