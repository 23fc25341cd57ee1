"""A program that leaves its parent, its process group and its environment behind, and lives on: ``… PID_FILE``."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Say READY from the process that has gone its own way."""
    if os.fork():
        os.read(0, 1)  # the one that was started stays until its input closes
        return
    os.setsid()
    if os.fork():
        return
    Path(sys.argv[1]).write_text(str(os.getpid()), encoding="utf-8")
    print("READY: gone my own way", flush=True)
    os.execve("/bin/sleep", ["sleep", "1000"], {})  # noqa: S606 - without an environment, and without a shell


if __name__ == "__main__":
    main()
