"""``system try ID --record FILE``: signs on to a host and writes the screens met as the beginning of a recipe.

Where the entry has screens, its own recipe signs on and off. Where it has none, the screens are shown one by one, and
whoever tries it says which field gets the name and the password, and which key is pressed. There is no session here and
no officer: name and password are the system's own, asked for at the terminal.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from launcher.bootstrap.parts import CONNECTORS, read_catalogue
from launcher.bootstrap.tools import SecretNotReadError, read_secret
from launcher.bootstrap.where import Where
from launcher.catalogue.entry import Entry
from launcher.connectors.base import plan_of
from launcher.connectors.plan import LaunchPlan, TerminalTarget
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.recipes.screens import ScreenFill
from launcher.secret import Secret
from launcher.session.openers.host_call import call_terminal
from launcher.sign_on.recording import Recording, RecordingDriver, entry_text, fill_for
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_off_screens, sign_on_screens
from launcher.sign_on.screen_sight import Sight, sight_of
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.engine import Engine
from launcher.terminal.errors import HostClosedLineError, TerminalLineError
from launcher.terminal.grid import CellGrid
from launcher.terminal.session_log import lines_without
from launcher.terminal.terminal import Terminal

Ask = Callable[[str], str]

ANSWER_S: Final = 15.0
QUIET_S: Final = 0.25
"""A screen that has not changed for so long is shown: a host may draw it in pieces."""

_VALUE: Final = re.compile(r"(?:(?P<field>\d+) +)?(?P<what>username|password|=.*)")
HELP: Final = """\
  3 username     field 3 gets the name ("username" alone: typed at the cursor, over SSH and telnet)
  4 password     field 4 gets the password
  5 =1           field 5 gets the text after =
  Enter, PF3 …   press that key; the next screen is shown
  look           show the screen again
  ready          this screen means ready: from here on sign off
  logon          after ready: this screen proves that nobody is signed on; the recording is written
  quit           end; what was met up to ready is written"""


class TrialNotRecordedError(LauncherError):
    """A trial was to be recorded, and there is nothing that could be, or nowhere to write it."""

    reference = "trial-not-recorded"
    hint = "Record a system whose kind is terminal, that this station may reach, into a file that is not there yet."


@dataclass(slots=True)
class Recorder:
    """One recording: a terminal, what was met so far, and what may be filled."""

    terminal: Terminal[Engine]
    recording: Recording
    values: Values
    secrets: tuple[Secret, ...]
    within_s: float
    ask: Ask
    driver: RecordingDriver = field(init=False)

    def __post_init__(self) -> None:
        """Have what is done written down."""
        self.driver = RecordingDriver(TerminalDriver(self.terminal), self.terminal, self.recording)

    async def by_recipe(self, target: TerminalTarget) -> None:
        """Sign on and off as the entry says."""
        outcome = await sign_on_screens(
            self.driver, target.screens, self.values, within_s=self.within_s, begins=target.begins
        )
        print(f"{outcome.outcome}: {outcome.says or outcome.last_seen}")
        if self.recording.ready and target.sign_off is not None:
            off = target.sign_off
            done = await sign_off_screens(
                self.driver, off.screens, Values(), within_s=off.within_s, line_end=off.line_end
            )
            self.recording.line_ended = done.proved and isinstance(self.terminal.lost, HostClosedLineError)
            if self.recording.line_ended and not self.recording.signed_off:
                self.recording.met(sight_of(self.terminal.grid))
                self.recording.is_logon()
            print("Signed off." if done.proved else f"Left signed on: {done.why_not}.")

    async def by_hand(self) -> None:
        """Show each screen and do what is said, until it is signed off or nobody says anything more."""
        print(HELP)
        await self._show()
        while not self.recording.signed_off:
            try:
                said = (await asyncio.to_thread(self.ask, "> ")).strip()
            except EOFError:
                return
            if said == "quit":
                return
            try:
                await self._do(said)
            except LauncherError as fault:
                print(fault.message)

    async def _do(self, said: str) -> None:
        if said in ("look", ""):
            self._print()
        elif said == "ready" and not self.recording.ready:
            self.recording.is_ready()
            print("Now sign off, as officers do; say logon at the screen that proves it.")
        elif said == "logon" and self.recording.ready:
            self.recording.line_ended = isinstance(self.terminal.lost, HostClosedLineError)
            self.recording.is_logon()
        elif (found := _VALUE.fullmatch(said)) is not None:
            await self._fill(found["field"], found["what"])
        else:
            await self.driver.press(said)
            await self._show()

    async def _fill(self, number: str | None, what: str) -> None:
        written = what[1:] if what.startswith("=") else "{" + what + "}"
        sight = sight_of(self.terminal.grid)
        fill = fill_for(int(number or 0), written, sight) if sight.fields else ScreenFill(value=written)
        value = Secret(written) if what.startswith("=") else await self.values.resolve(what)
        await self.driver.fill(fill, value, hides=fill.hides)

    async def _show(self) -> None:
        await self._settled()
        self.recording.met(sight_of(self.terminal.grid))
        self._print()

    async def _settled(self) -> None:
        """Wait for a screen that stays as it is and takes keys."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + ANSWER_S
        last: tuple[tuple[str, ...], bool] | None = None

        def change(grid: CellGrid) -> tuple[tuple[str, ...], bool] | None:
            sight = sight_of(grid)
            now = (sight.text, sight.locked)
            return now if now != last else None

        while loop.time() < ends:
            try:
                last = await self.terminal.wait_for(change, QUIET_S)
            except TerminalLineError as fault:
                print(fault.message)  # what the host has shown last is looked at all the same
                return
            except TimeoutError:
                if last is not None and not last[1] and "".join(last[0]).strip():
                    return

    def _print(self) -> None:
        sight = sight_of(self.terminal.grid)
        print("\n".join(_as_printed(sight, lines_without(self.terminal.grid, self.secrets))), flush=True)


def run_recording(
    where: Where, system: str, user_name: str | None, password_fd: int | None, file: Path, ask: Ask = input
) -> int:
    """Record a system's screens. Raises :class:`LauncherError`; exit status 0 when it became ready."""
    settings = where.settings()
    entry = read_catalogue(settings).entry(system)
    if entry is None:
        raise TrialNotRecordedError(f"There is no system {system} that can be used in {settings.station.catalogue}.")
    plan = plan_of(CONNECTORS, entry, settings)
    if not isinstance(plan.target, TerminalTarget):
        raise TrialNotRecordedError(f"{entry.name} has no terminal.")
    if file.exists():
        raise TrialNotRecordedError(f"{file} is there already, and is not written over.")
    if not os.access(file.parent, os.W_OK):
        raise TrialNotRecordedError(f"Nothing can be written to {file.parent}.")
    try:
        user_name = user_name or ask(f"Name at {entry.name}: ")
        shown_as = ask("Your name as the host may show it (left out of the recording; empty: none): ")
    except EOFError:
        raise SecretNotReadError("No name could be read: give one with --user.") from None
    password = read_secret("Password: ", password_fd)
    credential = Credential(user_name, password)
    recording = asyncio.run(_record(plan, plan.target, credential, shown_as, ask))
    if not recording.ready:
        print("Nothing was written: no screen was said or seen to mean ready.")
        return 1
    _write(file, entry, recording)
    return 0


async def _record(
    plan: LaunchPlan, target: TerminalTarget, credential: Credential, shown_as: str, ask: Ask
) -> Recording:
    terminal = await call_terminal(plan, target, credential)
    try:
        leave_out = (credential.user_name, shown_as, *shown_as.replace(".", " ").split())
        recording = Recording(terminal.engine.family, leave_out, (credential.password,))
        values = Values(credential.user_name, credential.password)
        recorder = Recorder(terminal, recording, values, (credential.password,), plan.within_s, ask)
        await (recorder.by_recipe(target) if target.screens else recorder.by_hand())
    finally:
        await terminal.close()
    return recording


def _write(file: Path, entry: Entry, recording: Recording) -> None:
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(entry_text(entry.source.untrusted, recording))
    except OSError as fault:
        raise TrialNotRecordedError(f"{file} cannot be written: {fault.strerror}.") from fault
    print(f"Written to {file}. Read it, complete it, and check it: station-launcher catalogue check")
    if not recording.signed_off:
        print("The sign-off was not recorded: somebody may be signed on there still.")


def _as_printed(sight: Sight, lines: tuple[str, ...]) -> Iterator[str]:
    yield ""
    for row, line in enumerate(lines, 1):
        if line.strip():
            yield f"{row:3} | {line}"
    for number, one in enumerate(sight.inputs, 1):
        row, column = divmod(one.start, sight.columns)
        hidden = ", does not show what is typed" if one.hidden else ""
        yield f"    field {number}: row {row + 1}, column {column + 1}, {one.length} long{hidden}"
