"""``system try ID --record FILE``: signs on to a host and writes the screens met as the beginning of a recipe.

Where the entry has screens, its own recipe signs on and off. Where it has none, the screens are shown one by one, and
whoever tries it says which field gets the name and the password, and which key is pressed. There is no session here and
no officer: name and password are the system's own, asked for at the terminal.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from launcher.bootstrap.asked import SecretNotReadError, read_secret
from launcher.bootstrap.host_loop import HostLoop
from launcher.bootstrap.parts import CONNECTORS, read_catalogue
from launcher.bootstrap.recorder import HELP, NotUnderstoodError, Recorder
from launcher.bootstrap.road import one_look
from launcher.bootstrap.where import Where
from launcher.catalogue.entry import Entry
from launcher.connectors.base import plan_of
from launcher.connectors.plan import LaunchPlan, TerminalTarget
from launcher.errors import CatalogueError, LauncherError
from launcher.grants.credential import Credential
from launcher.policy.settings import Settings
from launcher.policy.toml_faults import unknown
from launcher.secret import Secret
from launcher.session.openers.host_call import call_terminal
from launcher.sign_on.recorded_entry import entry_text, faults_of
from launcher.sign_on.recording import Recording
from launcher.sign_on.run import Values

Ask = Callable[[str], str]

NO_PASSWORD: Final = frozenset({"key", "ticket"})
"""Ways to sign on that give the host none."""
STOPPED: Final = 130
"""The exit status after Ctrl C, as a shell has it."""


class TrialNotRecordedError(LauncherError):
    """A trial was to be recorded, and there is nothing that could be, or nowhere to write it."""

    reference = "trial-not-recorded"
    hint = "Record a system whose kind is terminal, that this station may reach, into a file that is not there yet."


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked before the host is called."""

    credential: Credential
    shown_as: str


def run_recording(
    where: Where, system: str, user_name: str | None, password_fd: int | None, file: Path, ask: Ask = input
) -> int:
    """Record a system's screens. Raises :class:`LauncherError`; exit status 0 when it became ready."""
    settings = where.settings()
    entry = usable_entry(settings, system)
    plan, target = planned(settings, system)
    if file.exists():
        raise TrialNotRecordedError(f"{file} is there already, and is not written over.")
    if not os.access(file.parent, os.W_OK):
        raise TrialNotRecordedError(f"Nothing can be written to {file.parent}.")
    try:
        asked = _ask(plan, user_name, password_fd, ask)
        with one_look(where, settings):
            recording = _record(plan, target, asked, ask)
    except KeyboardInterrupt:
        print("\nStopped: nothing was written.")
        return STOPPED
    if not recording.ready:
        print("Nothing was written: no screen was said or seen to mean ready.")
        return 1
    _write(file, entry, recording)
    return 0


def planned(settings: Settings, system: str, *, otherwise: str | None = None) -> tuple[LaunchPlan, TerminalTarget]:
    """Return what is to be called.

    Raises :class:`TrialNotRecordedError` where it is no terminal, :class:`CatalogueError` where it cannot be used.

    ``otherwise``: what to do with one that is no terminal.
    """
    entry = usable_entry(settings, system)
    plan = plan_of(CONNECTORS, entry, settings)
    if not isinstance(plan.target, TerminalTarget):
        raise TrialNotRecordedError(f"{entry.name} has no terminal.", hint=otherwise)
    return plan, plan.target


def usable_entry(settings: Settings, system: str) -> Entry:
    """Return an entry. Raises :class:`CatalogueError` with its faults, those against the policy too."""
    catalogue = read_catalogue(settings)
    entry = catalogue.entry(system)
    if entry is not None:
        return entry
    folder = settings.station.catalogue
    file = folder / f"{system}.toml"
    if file.is_file():
        faults = "\n".join(str(fault) for fault in catalogue.faults if fault.file == file)
        raise CatalogueError(
            f"The entry of {system} in {folder} has faults, so it cannot be used.",
            hint="Correct the entry, or the station file that forbids it.",
            detail=faults,
        )
    said = unknown("system", system, [one.id for one in catalogue.entries])
    raise CatalogueError(f"In {folder}: {said}.", hint="station-launcher catalogue list names the systems.")


def say_left(target: TerminalTarget, *, may_be_on: bool, confirmed: bool) -> None:
    """Say whether somebody may be left signed on, now that the line is closed; ``confirmed``: by the host."""
    if may_be_on and confirmed and target.line == "ssh" and target.sign_off is None:
        print("Signed off: the host has ended what was begun there, with the line.")
    elif may_be_on:
        print(f"Somebody may be signed on at {target.host}:{target.port} still: log off there.")


def _ask(plan: LaunchPlan, user_name: str | None, password_fd: int | None, ask: Ask) -> _Asked:
    """Ask for what is given to the host, and for what must not be written down. Raises :class:`SecretNotReadError`."""
    try:
        shown_as = ask("How the host may show your own name, which is then left out (empty: not at all): ")
    except EOFError:
        shown_as = ""
        print("\nIt was not said, so what the host shows of it is not left out of the recording.")
    try:
        user_name = user_name or ask(f"Name at {plan.name}: ")
    except EOFError:
        raise SecretNotReadError("No name could be read: give one with --user.") from None
    none = plan.sign_on in NO_PASSWORD and password_fd is None
    password = Secret("") if none else read_secret(f"Password at {plan.name}: ", password_fd)
    return _Asked(Credential(user_name, password), shown_as)


def _record(plan: LaunchPlan, target: TerminalTarget, asked: _Asked, ask: Ask) -> Recording:
    with HostLoop() as host:
        recorder = host.call(_called(plan, target, asked))
        try:
            if target.screens:
                host.call(recorder.by_recipe())
            else:
                _by_hand(host, recorder, ask)
        finally:
            confirmed = host.call(recorder.terminal.close()) and not recorder.left_before
            # Where nobody has described a sign-off yet, what was signed on to beyond SSH need not end with its line.
            confirmed = confirmed and (bool(target.screens) or not recorder.recording.needs)
            say_left(target, may_be_on=recorder.may_be_on or recorder.left_before, confirmed=confirmed)
    return recorder.recording


async def _called(plan: LaunchPlan, target: TerminalTarget, asked: _Asked) -> Recorder:
    credential, shown_as = asked.credential, asked.shown_as
    call = partial(call_terminal, plan, target, credential)
    terminal = await call()
    leave_out = (credential.user_name, shown_as, *shown_as.replace(".", " ").split())
    recording = Recording(terminal.engine.family, leave_out, (credential.password,))
    values = Values(credential.user_name, credential.password)
    return Recorder(terminal, call, recording, values, target, plan.within_s, may_be_on=target.line == "ssh")


def _by_hand(host: HostLoop, recorder: Recorder, ask: Ask) -> None:
    """Show each screen and do what is said, until it is signed off or nobody says anything more."""
    print(HELP)
    host.call(recorder.begin())
    while not (recorder.recording.signed_off or recorder.over):
        try:
            said = ask("> ").strip()
        except EOFError:
            return
        if said == "quit":
            return
        try:
            host.call(recorder.do(said))
        except NotUnderstoodError as fault:
            print(fault)
        except LauncherError as fault:
            print(fault.message)


def _write(file: Path, entry: Entry, recording: Recording) -> None:
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(entry_text(entry.source.untrusted, recording))
    except OSError as fault:
        raise TrialNotRecordedError(f"{file} cannot be written: {fault.strerror}.") from fault
    missing = "" if recording.refusals else ": what the host shows for a wrong password is not in it"
    print(
        f"Written to {file}. Read it, and complete it{missing}. Then put it in the entry's place, and check it: "
        "station-launcher catalogue check"
    )
    if entry.screens:
        print("What the entry had and was not met is not in it: take over what is still wanted.")
    for one in faults_of(recording):
        print(one)
    if not recording.signed_off:
        print("The sign-off was not recorded.")
