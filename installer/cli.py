"""The commands of the set-up: demo, test, bench, setup, lock."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from installer.checks import check_names, checks, run_checks
from installer.console import SetUpError
from installer.lock_making import make_locks
from installer.locks import DEMO, TEST
from installer.machine import this_machine
from installer.paths import ROOT, VENV, venv_python
from installer.set_up import Prepared, prepare

NOT_UNDERSTOOD = 2
SET_UP_FAILED = 4
INTERRUPTED = 130
UNREAD = 141

_DESCRIPTION = "Sets Station Launcher up in this folder and runs it. Needs nothing but Python."
_EXIT_STATUSES = """\
exit status:
  0    all is well
  1    a check failed (test), or the program that was started said so
  2    the command line was not understood
  3    all that ran passed, but something could not run for want of system packages (test, setup)
  4    the set-up failed; what failed is told, with the log of it
  130  interrupted
"""

_TEST_HELP = """\
usage: python3 -m installer test [--only CHECK] [PYTEST'S ARGUMENTS]

Sets everything up, then runs every check, each to its end:
  {every}.
Those that mostly wait run beside the others, where there are two processors, and are told last.

  --only CHECK         run this check and no other; tests means its parts, too: {parts};
                       types means types-win
  PYTEST'S ARGUMENTS   what the tests are run with, all in one: a folder, a file, -k WORD, -x
"""


def main(arguments: Sequence[str]) -> int:
    """Carries out one command line; returns the status to exit with."""
    # A command passes on what follows its name, options and all, so only the name and what stands before it are ours.
    parser = _parser()
    split = next((i for i, word in enumerate(arguments) if not word.startswith("-")), len(arguments))
    parsed = parser.parse_args(arguments[: split + 1])
    command: Callable[[Sequence[str]], int] = parsed.command
    try:
        status = command(arguments[split + 1 :])
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # who read what is printed has seen enough: | head
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return UNREAD
    except SetUpError as error:
        print(error.report(), file=sys.stderr, flush=True)
        return SET_UP_FAILED
    except OSError as error:  # a full disk, a folder that may not be written, an environment in use
        print(f"Not done: {error}\n  what to do: put that right, then run again", file=sys.stderr, flush=True)
        return SET_UP_FAILED
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here, or mends what is half done.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m installer",
        description=_DESCRIPTION,
        epilog=_EXIT_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, does, text in (
        (
            "demo",
            _demo,
            "set everything up, then open the demonstration: demo [--headless] [--journey NAME] [--json FILE] …",
        ),
        ("test", _test, "set everything up, then run every check and test: test [--only CHECK] [pytest's arguments]"),
        ("bench", _bench, "set everything up, then run the benchmarks: bench [NAME …] [--json FILE]"),
        ("setup", _setup, "set everything up, and no more: setup [--extras demo|test]"),
        ("lock", _lock, "for developers: make the lock files and the list of licences again"),
    ):
        commands.add_parser(name, help=text, add_help=False).set_defaults(command=does)
    return parser


def _demo(arguments: Sequence[str]) -> int:
    if _asks_for_help(arguments):
        return _say_help("launcher", "demo")
    machine = this_machine()
    windows = machine.display and not {"--headless", "--journey"} & set(arguments)
    prepared = prepare(DEMO, machine, windows=windows)
    _need_screen(prepared)
    return _become([str(venv_python(VENV)), "-m", "launcher", "demo", *arguments])


def _test(arguments: Sequence[str]) -> int:
    if _asks_for_help(arguments):
        parts = ", ".join(check.name for check in checks((), ()) if check.part_of == "tests")
        print(_TEST_HELP.format(every=", ".join(check_names()), parts=parts), end="")
        return 0
    only = ""
    rest = list(arguments)
    if rest[:1] == ["--only"]:
        only, rest = "".join(rest[1:2]), rest[2:]
        if only not in check_names():  # said now, and not after everything was set up
            print(f"--only takes one of {', '.join(check_names())}, not {only!r}.", file=sys.stderr)
            return NOT_UNDERSTOOD
    return run_checks(prepare(TEST, this_machine(), windows=False), rest, only)


def _bench(arguments: Sequence[str]) -> int:
    if _asks_for_help(arguments):
        return _say_help("tests.bench")
    prepared = prepare(TEST, this_machine(), windows=False)
    _need_screen(prepared)
    return _become([str(venv_python(VENV)), "-m", "tests.bench", *arguments])


def _setup(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m installer setup")
    parser.add_argument("--extras", choices=(DEMO, TEST), default=DEMO, help="what is to run here (demo)")
    machine = this_machine()
    prepared = prepare(parser.parse_args(arguments).extras, machine, windows=machine.display)
    return 0 if prepared.complete else 3


def _lock(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="python3 -m installer lock").parse_args(arguments)
    make_locks()
    return 0


def _asks_for_help(arguments: Sequence[str]) -> bool:
    return bool({"-h", "--help"} & set(arguments))


def _say_help(module: str, *words: str) -> int:
    """Lets a program say what it takes. That needs nothing but Python, so nothing is set up for it."""
    argv = [sys.executable, "-m", module, *words, "--help"]
    return subprocess.run(argv, cwd=ROOT, check=False).returncode


def _need_screen(prepared: Prepared) -> None:
    if not prepared.screen_problem:
        return
    hint = prepared.command or "install the system library that it names, then run again"
    raise SetUpError(f"the screen's libraries do not load: {prepared.screen_problem}", hint)


def _become(argv: Sequence[str]) -> int:
    """Hands the terminal over to the program that was set up for."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":  # on Windows a replaced program loses its terminal
        os.execv(argv[0], list(argv))  # noqa: S606 - an argv array, no shell
    return subprocess.run(argv, check=False).returncode
