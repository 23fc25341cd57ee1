"""What a tester says while a host is recorded, done on the host and written down: which field gets what, which key."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from launcher.connectors.plan import TerminalTarget
from launcher.connectors.terminal.screen_rules import key_faults
from launcher.errors import LauncherError
from launcher.recipes.screens import ScreenFill
from launcher.secret import Secret
from launcher.sign_on.recording import Recording, RecordingDriver, fill_for
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_off_screens, sign_on_screens
from launcher.sign_on.screen_sight import Sight, field_of, sight_of
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.engine import Engine
from launcher.terminal.errors import FieldRefusedError, HostClosedLineError, TerminalLineError
from launcher.terminal.grid import CellGrid
from launcher.terminal.session_log import lines_without
from launcher.terminal.terminal import Terminal

ANSWER_S: Final = 15.0
NO_CHANGE_S: Final = 3.0
"""A VT host that has written nothing so long after a key may have nothing to say to it."""
QUIET_S: Final = 0.25
"""A screen that has not changed for so long is shown: a host may draw it in pieces."""

HELP: Final = """\
  3 username     field 3 gets the name ("username" alone: typed at the cursor, over SSH and telnet)
  4 password     field 4 gets the password
  4 wrong        field 4 gets a password that is none, for the host to refuse: say failed at what it shows then
  5 =1           field 5 gets the text after =, which is written down as it stands
  Enter, PF3 …   press that key; the next screen is shown
  look           look again: a slow host may not have shown all
  failed         before ready: this screen is the host's refusal; it is written down, and the host is called again
  notice         before ready: officers have to read this screen themselves; then press the key that goes on
  ready          this screen means ready: from here on sign off
  logon          after ready: this screen proves that nobody is signed on; the recording is written
  quit           end; what was met is written if it came to ready
  help           show this again"""

_VALUE: Final = re.compile(r"(?:(?P<field>\d+) +)?(?P<what>username|password|wrong|=.*)")
_WRONG: Final = "NotThe1st"
"""What is given as a wrong password; in a field that is shorter, its beginning."""
_ASKS_IN_SECRET: Final = re.compile(r"pass|pin\b|secret|code", re.IGNORECASE)


class NotUnderstoodError(Exception):
    """What the tester said is not done; its text tells them why, and they say something else."""


@dataclass(slots=True)
class Recorder:
    """One recording: a terminal, what was met so far, and what may be filled."""

    terminal: Terminal[Engine]
    call: Callable[[], Awaitable[Terminal[Engine]]]
    """Calls the host again."""
    recording: Recording
    values: Values
    target: TerminalTarget
    within_s: float
    may_be_on: bool
    """Somebody may be signed on at the host: SSH has let them in, or a value was given."""
    driver: RecordingDriver = field(init=False)
    over: bool = False
    """The host was called again in vain: nothing more can be met."""
    left_before: bool = False
    """The host has not confirmed the end of an earlier line, on which SSH had let somebody in."""
    _let_in: bool = field(init=False)
    _gave_wrong: bool = False
    _doubted: bool = False
    """The tester was told that the screen in front looks like others."""

    def __post_init__(self) -> None:
        """Have what is done written down."""
        self._let_in = self.may_be_on
        self._drive()

    def _drive(self) -> None:
        driver = TerminalDriver(self.terminal, encoding=self.target.encoding or "utf-8")
        self.driver = RecordingDriver(driver, self.terminal, self.recording)

    async def by_recipe(self) -> None:
        """Sign on and off as the entry says."""
        self.may_be_on = True
        outcome = await sign_on_screens(
            self.driver, self.target.screens, self.values, within_s=self.within_s, begins=self.target.begins
        )
        self.may_be_on = outcome.outcome != "failed" or self._let_in
        print(f"{outcome.outcome}: {outcome.says or outcome.last_seen}")
        off = self.target.sign_off
        if off is None or not self.may_be_on:
            return
        if not self.recording.ready:  # nothing is written of it, but nobody is left there
            driver = TerminalDriver(self.terminal, encoding=self.target.encoding or "utf-8")
            self.driver = RecordingDriver(driver, self.terminal, Recording("vt", ()))
        done = await sign_off_screens(
            self.driver,
            off.screens,
            Values(self.values.user_name),
            within_s=off.within_s,
            line_end=off.line_end,
        )
        self.recording.line_ended = done.proved and self._host_has_closed and self.recording.ready
        if self.recording.line_ended and not self.recording.signed_off:
            self.recording.met(sight_of(self.terminal.grid))
            self.recording.is_logon()
        self.may_be_on = not done.proved
        print("Signed off." if done.proved else f"Not signed off: {done.why_not}.")

    async def begin(self) -> None:
        """Show the screen that the host begins with."""
        await self._settled(None)
        self._show()
        self._ask_what_the_end_means()

    async def do(self, said: str) -> None:
        """Do what the tester says. Raises :class:`NotUnderstoodError`, and what a line or a field does."""
        if said in ("look", ""):
            await self._settled(None)
            self._show() if self.recording.untouched else self._print()
            self._ask_what_the_end_means()
        elif said == "help":
            print(HELP)
        elif said == "ready":
            self._is_ready()
        elif said == "failed":
            await self._is_refusal()
        elif said == "notice":
            self._is_notice()
        elif said == "logon":
            self._is_logon()
        elif (found := _VALUE.fullmatch(said)) is not None:
            await self._fill(int(found["field"] or 0), found["what"])
        elif wrong := next(key_faults(self.target.line, said), None):
            raise NotUnderstoodError(f"{wrong[1][0].upper()}{wrong[1][1:]}; help says what else can be said.")
        else:
            before = sight_of(self.terminal.grid)
            await self.driver.press(said)
            await self._settled(before)
            self._show()
            self._ask_what_the_end_means()

    def _ask_what_the_end_means(self) -> None:
        """Where the host has closed the line nothing more comes: only the tester can say what that was."""
        if self._host_has_closed and self.recording.ready:
            print("The host has closed the line. Say logon if that proves that nobody is signed on there, or quit.")
        elif self._host_has_closed:
            print("The host has closed the line. Say failed if that was its refusal, or quit.")

    @property
    def _host_has_closed(self) -> bool:
        return isinstance(self.terminal.lost, HostClosedLineError)

    def _is_ready(self) -> None:
        if self.recording.ready:
            raise NotUnderstoodError("A screen was said to mean ready already.")
        if self._gave_wrong:
            raise NotUnderstoodError("The host was given a password that is none: say failed at its refusal, or quit.")
        self._must_stand_out("ready")
        self.recording.is_ready()
        print("Now sign off, as officers do; say logon at the screen that proves it.")

    def _is_notice(self) -> None:
        if self.recording.ready:
            raise NotUnderstoodError("notice is said before ready: at a sign-off nobody reads anything.")
        if not self._let_in and "password" not in self.recording.needs:
            raise NotUnderstoodError(
                "A notice ends the signing on, and the password was not given yet: press the key that goes on instead, "
                "and the screen is written as one that leads on."
            )
        self._must_be_as_shown("notice")
        self._must_stand_out("notice")
        self.recording.is_notice()
        print("Now press the key with which officers go on.")

    async def _is_refusal(self) -> None:
        if self.recording.ready:
            raise NotUnderstoodError("failed is said before ready.")
        self._must_be_as_shown("failed")
        if len(self.recording.sign_on) < 2:
            raise NotUnderstoodError("The host was given nothing yet that it could refuse.")
        self._must_stand_out("failed")
        self.recording.is_refusal()
        self._gave_wrong, self.may_be_on = False, self._let_in
        confirmed = await self.terminal.close()
        self.left_before = self.left_before or (self._let_in and not confirmed)
        print("The refusal is written down. The host is called again: sign on now as officers do.")
        try:
            self.terminal = await self.call()
        except LauncherError:
            self.over = True
            raise
        self._drive()
        await self.begin()

    def _is_logon(self) -> None:
        if not self.recording.ready:
            raise NotUnderstoodError("Say ready first, at the screen that proves that somebody is signed on.")
        if not self._host_has_closed:
            self._must_stand_out("logon")
        self.recording.line_ended = self._host_has_closed
        self.recording.is_logon()
        self.may_be_on = False

    def _must_be_as_shown(self, word: str) -> None:
        """Refuse to let a screen end the way on which something was done: that is what leads on from it."""
        if not self.recording.untouched:
            raise NotUnderstoodError(f"Something was done on this screen: press its key, and say {word} at what comes.")

    def _must_stand_out(self, word: str) -> None:
        """Refuse once to let a screen prove something that nothing tells from those before it.

        It must be the one that was shown, too.
        """
        if self.recording.untouched and not self.recording.shows(sight_of(self.terminal.grid)):
            self._show()
            raise NotUnderstoodError(f"The screen has changed meanwhile: say {word} again, if this is the one.")
        if not self.recording.stands_out(refuses=word == "failed") and not self._doubted:
            self._doubted = True
            raise NotUnderstoodError(
                "Nothing that may be written down tells this screen from those before it: the host may have more to "
                f"show. Say look, or press a key; say {word} again, and the entry is to be completed by hand."
            )

    async def _fill(self, number: int, what: str) -> None:
        sight = sight_of(self.terminal.grid)
        literal = what.startswith("=")
        written = what[1:] if literal else "{password}" if what == "wrong" else "{" + what + "}"
        if not sight.fields:
            fill = ScreenFill(value=written)
        elif number:
            fill = fill_for(number, written, sight, self.recording.is_nobodys)
        else:
            raise NotUnderstoodError(f"Say which field, as in 1 {what}.")
        if literal:
            self._must_not_be_secret(written, fill, sight)
        if what == "wrong":
            value = Secret(_WRONG[: field_of(fill, sight).length] if sight.fields else _WRONG)
        else:
            value = Secret(written) if literal else await self.values.resolve(what)
        before, self.may_be_on = self.may_be_on, self.may_be_on or bool(fill.names)
        try:
            await self.driver.fill(fill, value, hides=fill.hides)
        except FieldRefusedError:  # nothing was filled
            self.may_be_on = before
            raise
        self._gave_wrong = self._gave_wrong or what == "wrong"

    def _must_not_be_secret(self, text: str, fill: ScreenFill, sight: Sight) -> None:
        """Refuse a text that is to be written down and has no place in a file."""
        if "{" in text or "}" in text or not text.isprintable():
            raise NotUnderstoodError("A text that is written down has no braces, and no keys in it.")
        if not self.recording.is_nobodys(text):
            raise NotUnderstoodError("That holds your name or your password: say username, or password.")
        line = "".join(sight.text[sight.cursor // sight.columns * sight.columns : sight.cursor])
        if field_of(fill, sight).hidden if sight.fields else _ASKS_IN_SECRET.search(line):
            raise NotUnderstoodError("What is typed there is not shown, and so not written down: say password.")

    async def _settled(self, before: Sight | None) -> None:
        """Wait for a screen that stays as it is and takes keys, and is another than before a key was pressed."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + ANSWER_S
        last = _state_of(before) if before is not None else None
        within_s = NO_CHANGE_S if before is not None else QUIET_S

        def change(grid: CellGrid) -> tuple[tuple[str, ...], int, bool] | None:
            now = _state_of(sight_of(grid))
            return now if now != last else None

        while loop.time() < ends:
            try:
                last, within_s = await self.terminal.wait_for(change, within_s), QUIET_S
            except TerminalLineError as fault:
                print(fault.message)  # what the host has shown last is looked at all the same
                return
            except TimeoutError:
                if last is not None and not last[2] and "".join(last[0]).strip():
                    return

    def _show(self) -> None:
        self._doubted = False
        self.recording.met(sight_of(self.terminal.grid))
        self._print()

    def _print(self) -> None:
        sight = sight_of(self.terminal.grid)
        secrets = (self.values.password,) if self.values.password is not None else ()
        print("\n".join(_as_printed(sight, lines_without(self.terminal.grid, secrets))), flush=True)


def _state_of(sight: Sight) -> tuple[tuple[str, ...], int, bool]:
    return sight.text, sight.cursor, sight.locked


def _as_printed(sight: Sight, lines: tuple[str, ...]) -> Iterator[str]:
    yield ""
    for row, line in enumerate(lines, 1):
        if line.strip():
            yield f"{row:3} | {line}"
    for number, one in enumerate(sight.inputs, 1):
        row, column = divmod(one.start, sight.columns)
        hidden = ", does not show what is typed" if one.hidden else ""
        yield f"    field {number}: row {row + 1}, column {column + 1}, {one.length} long{hidden}"
