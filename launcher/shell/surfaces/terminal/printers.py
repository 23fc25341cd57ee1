"""The printers of this computer, as CUPS knows them: which there are, and a page given to one.

CUPS' own programs do it, beside this process: a print server that hangs keeps no screen waiting, and what is printed is
in no file of ours. A page goes over the program's input, never in its arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QProcess, QProcessEnvironment, QTimer

from launcher.errors import LauncherError

WITHIN_MS: Final = 20_000
_DEFAULT: Final = "system default destination: "


class NoPrinterError(LauncherError):
    """There is no printer to print on."""

    reference = "no-printer"
    hint = "Tell IT the reference: this computer knows of no printer."


class NotPrintedError(LauncherError):
    """The printer did not take the page."""

    reference = "not-printed"
    hint = "Try another printer. If none takes it, tell IT the reference."
    retryable = True


@dataclass(frozen=True, slots=True)
class Printers:
    """Their names; the usual one is the first."""

    names: tuple[str, ...]


Answer = Callable[[Printers | LauncherError], None]
Done = Callable[[LauncherError | None], None]


class PrintServer:
    """Asks, and gives pages; on the main thread, which never waits. ``ask`` and ``give`` name the two programs.

    ``job``: what is printed is called so in a queue that everybody can read: nothing of what is on the screen.
    """

    def __init__(self, *, ask: str = "lpstat", give: str = "lp", job: str = "Terminal screen") -> None:
        self._job = job
        self._ask = ask
        self._give = give

    def printers(self, answer: Answer) -> None:
        """Ask which printers there are."""

        def ended(status: int | None, said: bytes) -> None:
            if status is None:
                answer(NoPrinterError("This computer cannot print: nothing is set up for it."))
                return
            found = printers_in(said.decode("utf-8", "replace"))
            answer(Printers(found) if found else NoPrinterError("No printer is set up on this computer."))

        self._run(self._ask, ["-e", "-d"], b"", ended)

    def give(self, printer: str, page: bytes, done: Done) -> None:
        """Give a page, a PDF, to a printer."""

        def ended(status: int | None, _said: bytes) -> None:
            done(None if status == 0 else NotPrintedError(f"The printer {printer} did not take the page."))

        self._run(self._give, ["-s", "-d", printer, "-t", self._job, "-o", "media=A4", "--", "-"], page, ended)

    def _run(
        self, program: str, arguments: list[str], given: bytes, ended: Callable[[int | None, bytes], None]
    ) -> None:
        """Run a program; ``ended`` is told its status, None where it could not be run, and what it said."""
        # Not its asker's: a page that is under way comes out although its tab is closed.
        process = QProcess(QCoreApplication.instance())
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("LC_ALL", "C")
        process.setProcessEnvironment(environment)
        process.setStandardErrorFile(QProcess.nullDevice())
        told: list[bool] = []

        def tell(status: int | None) -> None:
            if not told:
                told.append(True)
                said = process.readAllStandardOutput().data()
                process.deleteLater()
                ended(status, bytes(said))

        def finished(code: int, how: QProcess.ExitStatus) -> None:
            tell(code if how is QProcess.ExitStatus.NormalExit else -1)

        def failed(fault: QProcess.ProcessError) -> None:
            if fault is QProcess.ProcessError.FailedToStart:
                tell(None)

        process.finished.connect(finished)
        process.errorOccurred.connect(failed)
        QTimer.singleShot(WITHIN_MS, process, process.kill)
        process.start(program, arguments)
        process.write(given)
        process.closeWriteChannel()


def printers_in(untrusted_said: str) -> tuple[str, ...]:
    """Return the names that ``lpstat -e -d`` has said, the usual printer's first."""
    names: list[str] = []
    usual = ""
    for line in untrusted_said.splitlines():
        if line.startswith(_DEFAULT):
            usual = line.removeprefix(_DEFAULT).strip()
        elif line and not line.startswith("-") and not any(one.isspace() or not one.isprintable() for one in line):
            names.append(line)  # a name has no space in it; sentences have
    return tuple(sorted(dict.fromkeys(names), key=lambda name: name != usual))
