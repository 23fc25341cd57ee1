"""Runs the benchmarks named, or all of them, and prints each figure beside its reference. No time ever fails it."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import printed

ORDER = (
    "shell_start",
    "next_screen",
    "sign_in_overhead",
    "ten_together",
    "web_sign_ons",
    "resume",
    "hand_over",
    "killed",
    "keystroke",
    "terminal_paint",
    "terminal_sign_on",
    "vt_throughput",
    "spool",
    "hub",
    "hub_find",
)
"""All benchmarks, in the order they are run."""

APART = ("soak",)
"""Those that take long and are run only where they are named."""


def main(arguments: Sequence[str]) -> int:
    """Run them; status 1 when one could not be run at all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which (default: all but {', '.join(APART)}): {', '.join((*ORDER, *APART))}",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures as data")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - {*ORDER, *APART}:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join((*ORDER, *APART))}")
    if options.json:
        try:
            options.json.open("a", encoding="utf-8").close()  # said before a long run, not after it
        except OSError as fault:
            parser.error(f"{options.json} cannot be written: {fault.strerror}")
    _prepare_environment()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n", flush=True)
    measured: dict[str, object] = {"python": platform.python_version(), "cores": os.cpu_count()}
    failed = False
    for name in [one for one in (*ORDER, *APART) if one in (options.names or ORDER)]:
        try:
            module = importlib.import_module(f"tests.bench.{name}")
            result = module.measure()
        except Exception:  # one that cannot be run keeps none of the others from being run
            traceback.print_exc()
            print(f"{name}: could not be run\n", flush=True)
            measured[name] = {"error": traceback.format_exc(limit=1)}
            failed = True
            continue
        measured[name] = result
        failed = failed or bool(result.get("failed"))
        print(printed(name, (module.__doc__ or "").strip().splitlines()[0], result), end="\n\n", flush=True)
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    return 1 if failed else 0


def _prepare_environment() -> None:
    """Measure on a screen in memory, whatever this is started on, and modules compiled as installed ones are."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_LOGGING_RULES"] = "*.debug=false;*.info=false;*.warning=false"  # the offscreen platform says a lot


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
